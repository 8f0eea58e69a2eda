import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { commands, type Disposable, env, ProgressLocation, Uri, window, workspace } from 'vscode';
import { type ChoiceKey, keepChoice } from './choices.ts';
import { configUri, writeConfig } from './config-edit.ts';
import {
  COMMANDS,
  type CommandId,
  INTERNAL_COMMANDS,
  type InternalCommandId,
  type RunCommandId,
  WALKTHROUGH_ID,
} from './contributions.ts';
import type { DatasetDocument } from './dataset-document.ts';
import { checkPage } from './diagnostics.ts';
import { listDiffering } from './differing-rows.ts';
import { registerCommand } from './editor-api.ts';
import { FileComparison } from './file-comparison.ts';
import { templateOptions } from './found-models.ts';
import { askCommit, askTokenizer } from './hub/ask-tokenizer.ts';
import { clearToken, setToken } from './hugging-face.ts';
import type { Lens } from './lens-parts.ts';
import { type MaskOption, maskOptions, maskPair } from './mask-choices.ts';
import { currentRow, editorOf, goToProblem, goToRow } from './navigation.ts';
import { FORMATS, MASKS, MAX_LENGTHS } from './options.ts';
import { count, counted, percent, short } from './rows/words.ts';

/** Commands of training runs have a table of their own (runs/). */
type OwnCommandId = Exclude<CommandId, RunCommandId> | InternalCommandId;
type Command = (lens: Lens) => (...args: readonly unknown[]) => unknown;

/** Every other command, by its id: a missing one does not compile. */
const TABLE: Readonly<Record<OwnCommandId, Command>> = {
  [COMMANDS.inspectRow]: (lens) => async (target) => {
    const { uri, row } = (isTarget(target) ? target : {}) as { uri?: string; row?: number };
    const dataset = uri === undefined ? current(lens) : lens.datasets.get(Uri.parse(uri));
    if (dataset === undefined) return noDataset();
    await lens.inspector.show(dataset, row ?? currentRow(dataset));
  },
  [COMMANDS.selectTokenizer]: (lens) => () =>
    choose(lens, 'tokenizer', 'Tokenizer', (dataset) => askTokenizer(lens.hub, dataset)),
  [COMMANDS.pinTokenizer]: (lens) => () =>
    choose(lens, 'tokenizer', 'Tokenizer', (dataset) => askCommit(lens.hub, dataset)),
  [COMMANDS.setToken]: (lens) => () => setToken(lens.secrets),
  [COMMANDS.clearToken]: (lens) => () => clearToken(lens.secrets),
  [COMMANDS.selectChatTemplate]: (lens) => () =>
    choose(lens, 'chatTemplate', 'Chat template', async () => {
      const picked = await pick('Select a chat template', [
        ...(await templateOptions()).map(({ value, label }) => ({ label, description: detailOf(value), value })),
        { label: '$(file) File…', description: 'a .jinja file', value: null },
      ]);
      const value =
        picked === null ? await openOne({ filters: { 'Chat templates': ['jinja', 'jinja2', 'j2'] } }) : picked;
      return value === '' ? null : value;
    }),
  [COMMANDS.selectMask]: (lens) => () => choose(lens, 'mask', 'Loss mask', () => pick('Select a loss mask', MASKS)),
  [COMMANDS.selectFormat]: (lens) => () =>
    choose(lens, 'format', 'Row format', () => pick('Select the row format', FORMATS)),
  [COMMANDS.setMaxLength]: (lens) => () =>
    choose(lens, 'maxLength', 'Max length', async (dataset) => {
      const now = dataset.analysis?.project.settings.maxLength;
      const text = await window.showInputBox({
        title: 'Max length in tokens',
        value: String(now ?? ''),
        placeHolder: MAX_LENGTHS.join(', '),
        validateInput: (input) => (lengthOf(input) === null ? 'Give a whole number of tokens, 1 or more.' : null),
      });
      return text === undefined ? undefined : (lengthOf(text) ?? undefined);
    }),
  [COMMANDS.validateDataset]: (lens) => async () => {
    const dataset = current(lens);
    if (dataset === undefined) return noDataset();
    await dataset.restart();
    await commands.executeCommand('workbench.actions.view.problems');
  },
  [COMMANDS.nextProblem]: (lens) => () => withDataset(lens, (dataset) => goToProblem(dataset, 1, true)),
  [COMMANDS.previousProblem]: (lens) => () => withDataset(lens, (dataset) => goToProblem(dataset, -1, true)),
  [COMMANDS.nextRow]: (lens) => () => withDataset(lens, (dataset) => goToRow(dataset, currentRow(dataset) + 1, true)),
  [COMMANDS.previousRow]: (lens) => () =>
    withDataset(lens, (dataset) => goToRow(dataset, currentRow(dataset) - 1, true)),
  [COMMANDS.showTokenCounts]: (lens) => () => withDataset(lens, showTokenCounts),
  [COMMANDS.exportTokens]: (lens) => (target) => loadExport(lens).runExport(lens, current(lens), target),
  [COMMANDS.compareMasks]: (lens) => () =>
    withDataset(lens, (dataset) => lens.inspector.compare(dataset, currentRow(dataset))),
  [COMMANDS.listMaskDifferences]: (lens) => () => withDataset(lens, (dataset) => listMaskDifferences(lens, dataset)),
  [COMMANDS.createConfig]: (lens) => () => createConfig(lens),
  [COMMANDS.openSamples]: (lens) => async () => {
    // A copy: the samples are there to be edited, and the extension's own folder is replaced by each update.
    const samples = Uri.joinPath(lens.storage, 'samples');
    await workspace.fs.createDirectory(lens.storage);
    await workspace.fs.copy(Uri.joinPath(lens.extensionUri, 'samples'), samples, { overwrite: true });
    await commands.executeCommand('vscode.openFolder', samples, { forceNewWindow: true });
  },
  [COMMANDS.showCheckDocumentation]: (lens) => (code) => showCheck(lens, code),
  [COMMANDS.reloadTokenizers]: (lens) => () => {
    lens.hub.forget();
    return lens.datasets.refresh(true);
  },
  [COMMANDS.restartWorker]: (lens) => async () => {
    lens.services.restart();
    await Promise.all(lens.datasets.all.map((dataset) => dataset.restart()));
  },
  [COMMANDS.openWalkthrough]: () => () =>
    commands.executeCommand('workbench.action.openWalkthrough', WALKTHROUGH_ID, false),
  [COMMANDS.showLog]: (lens) => () => lens.log.show(true),
  [INTERNAL_COMMANDS.setConfig]: () => async (uri, path, value) => {
    if (typeof uri !== 'string' || !isPath(path)) return;
    await writeConfig(Uri.parse(uri), path, value);
  },
};

export const registerCommands = (lens: Lens): readonly Disposable[] =>
  (Object.keys(TABLE) as OwnCommandId[]).map((id) => registerCommand(id, TABLE[id](lens)));

/** The dataset that a command is about: of the active editor, else the one that the inspector shows. */
const current = (lens: Lens): DatasetDocument | undefined => lens.datasets.active ?? lens.inspector.dataset;

/** What exports tokens is a bundle of its own. */
const loadExport = ({ extensionUri }: Lens): typeof import('./export-tokens.ts') =>
  createRequire(import.meta.url)(Uri.joinPath(extensionUri, 'dist', 'export.cjs').fsPath);

function noDataset(): void {
  void window.showInformationMessage('Open a JSONL file, or a JSON array of rows, and try again.');
}

async function withDataset(lens: Lens, run: (dataset: DatasetDocument) => unknown): Promise<void> {
  const dataset = current(lens);
  if (dataset === undefined) noDataset();
  else await run(dataset);
}

/** Asks for a value and keeps it where the file gets its settings from. */
async function choose(
  lens: Lens,
  key: ChoiceKey,
  name: string,
  ask: (dataset: DatasetDocument) => Promise<unknown>,
): Promise<void> {
  const dataset = current(lens);
  if (dataset === undefined) return noDataset();
  const value = await ask(dataset);
  if (value === undefined) return;
  const project = await lens.projects.of(dataset.document.uri);
  await keepChoice(dataset.document.uri, project, key, value);
  lens.log.info(`${name}: ${JSON.stringify(value)} for ${dataset.document.uri.toString(true)}`);
}

async function pick<T>(
  title: string,
  items: readonly { readonly label: string; readonly description?: string; readonly value: T }[],
): Promise<T | undefined> {
  const picked = await window.showQuickPick(items, { title, matchOnDescription: true });
  return picked?.value;
}

async function openOne(options: Parameters<typeof window.showOpenDialog>[0]): Promise<string | undefined> {
  const [chosen] = (await window.showOpenDialog({ ...options, openLabel: 'Select' })) ?? [];
  return chosen?.fsPath;
}

const detailOf = (value: string): string =>
  value === '' || value.startsWith('bundled:') ? '' : workspace.asRelativePath(value);

const lengthOf = (input: string): number | null => {
  const value = Number(input.replaceAll(/[,_ ]/g, ''));
  return Number.isInteger(value) && value >= 1 ? value : null;
};

async function showTokenCounts(dataset: DatasetDocument): Promise<void> {
  const { totals, analysis } = dataset;
  if (totals === null || analysis === null) return;
  const { maxLength } = analysis.project.settings;
  const row = currentRow(dataset);
  const counts = dataset.summary(row)?.counts;
  const sofar = totals.checked < totals.rows ? ` of ${counted(totals.checked, 'checked row')}` : '';
  const lines = [
    ...(counts === undefined
      ? []
      : [
          `Row ${row + 1}: ${counted(counts.tokens, 'token')}, ${counts.trained} trained, ${percent(counts.tokens, maxLength)} of ${maxLength}.`,
        ]),
    `File: ${counted(totals.rows, 'row')}, ${short(totals.tokens)} tokens${sofar}, ${percent(totals.trained, totals.tokens)} trained, ${counted(totals.truncated, 'token')} cut.`,
  ];
  const copy = 'Copy';
  if ((await window.showInformationMessage(lines.join(' '), copy)) === copy) {
    await env.clipboard.writeText(lines.join('\n'));
  }
}

/** Asks for two masks, counts the file under them, and lists the rows that differ. */
async function listMaskDifferences(lens: Lens, dataset: DatasetDocument): Promise<void> {
  const configured = dataset.analysis?.project.settings.mask;
  if (configured === undefined) return;
  const options = maskOptions(configured);
  const own = maskPair(configured, null, null).first.value;
  const ask = (title: string, items: readonly MaskOption[]) => pick(title, items);
  const first = await ask(
    'First mask',
    options.toSorted((a, b) => Number(b.value === own) - Number(a.value === own)),
  );
  if (first === undefined) return;
  const second = await ask(
    `Rows where ${first} differs from`,
    options.filter(({ value }) => value !== first),
  );
  if (second === undefined) return;
  const pair = maskPair(configured, first, second);
  const done = await window.withProgress(
    { location: ProgressLocation.Notification, title: 'Comparing loss masks', cancellable: true },
    async (progress, token) => {
      const comparison = new FileComparison(lens.services, (diff) => {
        if (diff !== null) progress.report({ message: `${count(diff.done)} of ${counted(diff.rows, 'row')}` });
      });
      const stop = token.onCancellationRequested(() => comparison.stop());
      await comparison.count(dataset, pair);
      stop.dispose();
      return comparison;
    },
  );
  const { kind, rows, differ } = done.state;
  if (kind === 'failed') {
    void window.showErrorMessage('The rows could not be compared. Show the log, or restart the analysis.');
  } else if (differ > 0) {
    await listDiffering(dataset, pair, done.differing, () => undefined);
  } else if (kind === 'done') {
    void window.showInformationMessage(
      `${pair.first.label} and ${pair.second.label} train the same tokens in all ${counted(rows, 'row')}.`,
    );
  }
}

async function createConfig(lens: Lens): Promise<void> {
  const dataset = current(lens);
  const data = dataset?.document.uri ?? workspace.workspaceFolders?.[0]?.uri.with({ fragment: '' });
  if (data === undefined) return noDataset();
  const project = await lens.projects.of(dataset === undefined ? Uri.joinPath(data, 'rows.jsonl') : data);
  const uri = configUri(dataset === undefined ? Uri.joinPath(data, 'rows.jsonl') : data, project.configPath);
  if (project.configPath === null) {
    const { tokenizer, mask, maxLength } = project.settings;
    for (const [key, value] of Object.entries({ tokenizer, mask, maxLength })) await writeConfig(uri, [key], value);
  }
  await editorOf(uri, true);
}

/** Without a code (from the palette): one of the checks that the active file has problems of, or any. */
async function showCheck(lens: Lens, code: unknown): Promise<void> {
  const chosen = typeof code === 'string' && /^[a-z0-9/-]+$/.test(code) ? code : await pickCheck(lens);
  if (chosen === undefined) return;
  const page = checkPage(lens.extensionUri, chosen);
  try {
    await workspace.fs.stat(page);
  } catch {
    void window.showWarningMessage(`There is no page about ${chosen}.`);
    return;
  }
  await commands.executeCommand('markdown.showPreview', page);
}

async function pickCheck(lens: Lens): Promise<string | undefined> {
  const folder = Uri.joinPath(lens.extensionUri, 'docs', 'checks');
  const pages = (await workspace.fs.readDirectory(folder)).map(([name]) => basename(name, '.md')).sort();
  return pick(
    'Show the page of a check',
    pages.map((name) => ({ label: name.replace('-', '/'), value: name.replace('-', '/') })),
  );
}

const isTarget = (value: unknown): value is { readonly uri: string; readonly row: number } =>
  typeof value === 'object' &&
  value !== null &&
  'uri' in value &&
  typeof value.uri === 'string' &&
  'row' in value &&
  Number.isInteger(value.row);

const isPath = (value: unknown): value is readonly (string | number)[] =>
  Array.isArray(value) && value.every((key) => typeof key === 'string' || typeof key === 'number');
