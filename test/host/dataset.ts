import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Diagnostic, languages, type TextDocument, type TextEditor, Uri, window, workspace } from 'vscode';
import { until } from './helpers.ts';

/** A fresh folder with the given files. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'sft-lens-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

export async function openFile(path: string): Promise<TextEditor> {
  const document = await workspace.openTextDocument(Uri.file(path));
  return window.showTextDocument(document, { preview: false });
}

/** Our diagnostics of a document, in the order of the text. */
export const problemsOf = ({ uri }: TextDocument): readonly Diagnostic[] =>
  languages
    .getDiagnostics(uri)
    .filter(({ source }) => source === 'SFT Lens')
    .toSorted((a, b) => a.range.start.compareTo(b.range.start));

export const codeOf = ({ code }: Diagnostic): unknown => (typeof code === 'object' ? code.value : code);

/** Waits for a diagnostic with this code. */
export const problem = (document: TextDocument, code: string): Promise<Diagnostic> =>
  until(`${code} in ${document.uri.path}`, () => problemsOf(document).find((one) => codeOf(one) === code));

export const noProblem = (document: TextDocument, code: string): Promise<boolean> =>
  until(`no ${code} in ${document.uri.path}`, () => !problemsOf(document).some((one) => codeOf(one) === code));

export const row = (user: string, assistant: string, role = 'assistant'): string =>
  JSON.stringify({
    messages: [
      { role: 'user', content: user },
      { role, content: assistant },
    ],
  });
