import { dirname } from 'node:path';
import { applyEdits, modify } from 'jsonc-parser';
import { Range, Uri, WorkspaceEdit, window, workspace } from 'vscode';
import { CONFIG_FILE } from './contributions.ts';

type Path = readonly (string | number)[];

const FORMATTING = { insertSpaces: true, tabSize: 2, eol: '\n' } as const;
const EMPTY = '{}\n';

/** Where the `sft-lens.json` of a data file is, or would be created: the workspace folder, else the file's own. */
export function configUri(data: Uri, configPath: string | null): Uri {
  if (configPath !== null) return Uri.file(configPath);
  const folder = workspace.getWorkspaceFolder(data)?.uri ?? data.with({ path: dirname(data.path) });
  return Uri.joinPath(folder, CONFIG_FILE);
}

/** `text` with the value at `path` set; comments, order and spelling of all else stay. */
export const setIn = (text: string, path: Path, value: unknown): string => {
  const source = text.trim() === '' ? EMPTY : text;
  return applyEdits(source, modify(source, [...path], value, { formattingOptions: FORMATTING }));
};

/** Writes one value into `sft-lens.json`, creating it when it is missing, as one edit that can be undone. */
export async function writeConfig(uri: Uri, path: Path, value: unknown): Promise<void> {
  const text = await textOf(uri);
  const edit = new WorkspaceEdit();
  if (text === null) {
    edit.createFile(uri, { ignoreIfExists: true, contents: new TextEncoder().encode(setIn(EMPTY, path, value)) });
  } else {
    edit.replace(uri, new Range(0, 0, Number.MAX_SAFE_INTEGER, 0), setIn(text, path, value));
  }
  if (!(await workspace.applyEdit(edit))) {
    void window.showErrorMessage(`${CONFIG_FILE} cannot be changed. Check that it may be written.`);
    return;
  }
  // The command line and the next window read the file, not the editor.
  await (await workspace.openTextDocument(uri)).save();
}

async function textOf(uri: Uri): Promise<string | null> {
  try {
    return (await workspace.openTextDocument(uri)).getText();
  } catch {
    return null;
  }
}
