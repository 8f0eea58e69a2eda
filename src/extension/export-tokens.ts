import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { commands, ProgressLocation, type QuickPickItem, TabInputText, Uri, window, workspace } from 'vscode';
import type { MaskSpec } from '../core/config.ts';
import {
  EXPORT_FORMATS,
  type ExportFormat,
  type ExportOptions,
  type ExportRequest,
  exportPath,
  exportTokens,
  type TokenExport,
} from '../node/export-tokens.ts';
import { hashFile } from '../node/hash-file.ts';
import type { Project } from '../node/project.ts';
import { type OpenFile, openRows, openRowsOf, type TextRow } from '../node/row-chunks.ts';
import type { DatasetDocument } from './dataset-document.ts';
import type { Lens } from './lens-parts.ts';
import { plainName } from './options.ts';
import { count, counted } from './rows/words.ts';

/** What the command may be told, so that it need not ask. */
interface ExportTarget {
  /** Address of the dataset; else the active one. */
  readonly uri?: string;
  readonly format?: ExportFormat;
  /** Path of the folder in which the export gets a folder of its own. */
  readonly folder?: string;
}

interface Choice extends QuickPickItem {
  readonly format: ExportFormat;
  /** The heading of docs/export.md that says how to train. */
  readonly section: string;
}

const CHOICES: readonly Choice[] = [
  { format: 'arrow', label: 'TRL and others', description: 'an Arrow file', section: 'trl' },
  {
    format: 'jsonl',
    label: 'axolotl',
    description: 'a JSON Lines file, for a dataset with an empty type',
    section: 'axolotl',
  },
  { format: 'dataset', label: 'LLaMA-Factory', description: 'a folder, for tokenized_path', section: 'llama-factory' },
  { format: 'dataset', label: 'torchtune', description: 'a folder, for load_from_disk', section: 'torchtune' },
];

/** A dataset as it is now. */
interface Source {
  readonly uri: Uri;
  readonly project: Project;
  /** Rows; null where only reading tells. */
  readonly count: number | null;
  readonly sha256: string;
  open(): Promise<OpenFile<TextRow>>;
}

/**
 * Asks for a trainer and a folder, and writes ids and labels of the active dataset, or of the one that `given` names.
 * Resolves to what was written, if it was.
 */
export async function runExport(
  lens: Lens,
  active: DatasetDocument | undefined,
  given: unknown,
): Promise<TokenExport | undefined> {
  const target = targetOf(given);
  const named = target.uri === undefined ? activeFile() : Uri.parse(target.uri);
  const dataset = named === undefined ? active : lens.datasets.get(named);
  const uri = dataset?.document.uri ?? named;
  if (uri === undefined) {
    void window.showInformationMessage('Open a JSONL file, or a JSON array of rows, and try again.');
    return undefined;
  }
  const { mask } = (await lens.projects.of(uri)).settings;
  const choice = await choiceOf(target.format, mask);
  if (choice === undefined) return undefined;
  const folder = target.folder ?? (await askFolder(uri));
  if (folder === undefined) return undefined;
  const name = basename(uri.path).replace(/\.(jsonl|ndjson|json)$/, '');
  const place = { folder: join(folder, `${name}-tokens`), name, format: choice.format };
  if (existsSync(exportPath(place)) && !(await mayReplace(exportPath(place)))) return undefined;
  try {
    const source = await (dataset === undefined ? fileSource(lens, uri) : textSource(lens, dataset));
    const made = await withProgress(name, source.count, async (options) =>
      exportTokens(await requestOf(lens, source, place), lens.services.get(), options),
    );
    if (made !== null) void tell(lens, made, source, choice);
    return made ?? undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    lens.log.error(`${uri.toString(true)}: ${reason}`);
    void window.showErrorMessage(`The tokens are not exported. ${reason}`);
    return undefined;
  }
}

function targetOf(given: unknown): ExportTarget {
  const { uri, format, folder } = (typeof given === 'object' && given !== null ? given : {}) as Record<string, unknown>;
  const known = EXPORT_FORMATS.find((name) => name === format);
  return {
    ...(typeof uri === 'string' ? { uri } : {}),
    ...(known === undefined ? {} : { format: known }),
    ...(typeof folder === 'string' ? { folder } : {}),
  };
}

/** Of the active tab: a file that is too large for a document has a tab and nothing else. */
function activeFile(): Uri | undefined {
  const input = window.tabGroups.activeTabGroup.activeTab?.input;
  const isRows =
    input instanceof TabInputText && input.uri.scheme === 'file' && /\.(jsonl|ndjson)$/.test(input.uri.path);
  return isRows ? input.uri : undefined;
}

/** The trainer that the mask is of comes first. */
async function choiceOf(format: ExportFormat | undefined, mask: MaskSpec): Promise<Choice | undefined> {
  if (format !== undefined) return CHOICES.find((choice) => choice.format === format);
  // The sections are named as the presets are.
  const preset = typeof mask === 'string' ? mask : mask.preset;
  const items = CHOICES.toSorted((a, b) => Number(b.section === preset) - Number(a.section === preset));
  return window.showQuickPick(items, { title: 'Export tokens for a trainer', matchOnDescription: true });
}

async function askFolder(uri: Uri): Promise<string | undefined> {
  const [folder] =
    (await window.showOpenDialog({
      title: 'Folder to export the tokens to',
      openLabel: 'Export Here',
      canSelectFiles: false,
      canSelectFolders: true,
      ...(uri.scheme === 'file' ? { defaultUri: Uri.file(dirname(uri.fsPath)) } : {}),
    })) ?? [];
  return folder?.scheme === 'file' ? folder.fsPath : undefined;
}

async function mayReplace(path: string): Promise<boolean> {
  const replace = 'Replace';
  // With its folder: by the name alone it may be taken for the dataset.
  const name = join(basename(dirname(path)), basename(path));
  const options = { modal: true, detail: `An earlier export in ${dirname(dirname(path))}.` };
  return (await window.showWarningMessage(`Replace ${name}?`, options, replace)) === replace;
}

/** The text of the editor, saved or not. Its lines are kept as they are now, whatever is typed meanwhile. */
async function textSource(lens: Lens, dataset: DatasetDocument): Promise<Source> {
  const { document, rows, analysis } = dataset;
  const kept = Array.from({ length: rows.count }, (_, row) => ({ text: rows.text(row), line: rows.lineOf(row) + 1 }));
  const isSaved = document.uri.scheme === 'file' && !document.isDirty;
  const text = isSaved ? null : document.getText();
  const project = await lens.projects.of(document.uri);
  return {
    uri: document.uri,
    project,
    count: kept.length,
    sha256: text === null ? await hashFile(document.uri.fsPath) : createHash('sha256').update(text).digest('hex'),
    async open() {
      const opened = await openRowsOf(kept, project.settings, lens.services.get());
      return { ...opened, format: analysis?.format ?? opened.format };
    },
  };
}

async function fileSource(lens: Lens, uri: Uri): Promise<Source> {
  const project = await lens.projects.of(uri);
  return {
    uri,
    project,
    count: null,
    sha256: await hashFile(uri.fsPath),
    open: () => openRows(uri.fsPath, project.settings, lens.services.get()),
  };
}

/** Throws where the tokens would be those of a stand-in. */
async function requestOf(
  lens: Lens,
  { uri, project: { settings }, sha256, open }: Source,
  place: Pick<ExportRequest, 'folder' | 'name' | 'format'>,
): Promise<ExportRequest> {
  const { problems } = await lens.services.get().resolve(settings);
  if (problems.length > 0) throw new Error(problems.join(' '));
  return {
    ...place,
    source: uri.scheme === 'file' ? uri.fsPath : uri.toString(true),
    sha256: async () => sha256,
    rows: await open(),
    settings,
  };
}

/** Null where it was canceled. */
async function withProgress(
  name: string,
  rows: number | null,
  run: (options: ExportOptions) => Promise<TokenExport>,
): Promise<TokenExport | null> {
  const location = ProgressLocation.Notification;
  return window.withProgress(
    { location, title: `Exporting the tokens of ${name}`, cancellable: true },
    async (progress, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      let done = 0;
      const onProgress = (read: number): void => {
        if (rows === null) progress.report({ message: counted(read, 'row') });
        else
          progress.report({
            message: `${count(read)} of ${counted(rows, 'row')}`,
            increment: (100 * (read - done)) / rows,
          });
        done = read;
      };
      try {
        return await run({ onProgress, signal: abort.signal });
      } catch (error) {
        if (abort.signal.aborted) return null;
        throw error;
      }
    },
  );
}

async function tell(lens: Lens, { path, manifest }: TokenExport, { project }: Source, choice: Choice): Promise<void> {
  const { written, tokens, trained, withoutLabel, unreadable, tokenizer } = manifest;
  const sentences = [
    `Exported ${counted(written, 'row')} to ${workspace.asRelativePath(path)}: ${counted(tokens, 'token')} of ${plainName(tokenizer)}, ${count(trained)} trained.`,
    ...(withoutLabel === 0 ? [] : [`Left out without a token to train: ${counted(withoutLabel, 'row')}.`]),
    ...(unreadable === 0 ? [] : [`Left out as not readable: ${counted(unreadable, 'row')}.`]),
    ...(project.untrusted.length === 0
      ? []
      : ['The workspace is not trusted, so its own tokenizer and chat template were not used.']),
  ];
  lens.log.info(sentences.join(' '));
  const show =
    written === 0 || project.untrusted.length > 0 ? window.showWarningMessage : window.showInformationMessage;
  const how = 'Show How to Train';
  if ((await show(sentences.join(' '), how)) !== how) return;
  const page = Uri.joinPath(lens.extensionUri, 'docs', 'export.md').with({ fragment: choice.section });
  await commands.executeCommand('markdown.showPreview', page);
}
