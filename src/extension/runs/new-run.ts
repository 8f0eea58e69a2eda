import { basename, dirname, isAbsolute, relative, sep } from 'node:path';
import { type QuickPickItem, Uri, window, workspace } from 'vscode';
import type { FormatName } from '../../core/formats/format.ts';
import { makeSpecText } from '../../core/runs/make-spec.ts';
import type { Method } from '../../core/runs/spec.ts';
import { RUN_SPEC_SUFFIX } from '../contributions.ts';
import type { DatasetDocument } from '../dataset-document.ts';
import { pickTarget } from './check-target.ts';
import { modelChoices } from './models.ts';
import type { RunManager } from './run-manager.ts';
import type { Targets } from './targets.ts';

const METHODS: readonly { readonly method: Method; readonly label: string; readonly description: string }[] = [
  { method: 'lora', label: 'LoRA', description: 'small adapters beside the weights: fits most GPUs' },
  { method: 'full', label: 'Full', description: 'every weight: best, and needs the most memory' },
  { method: 'qlora', label: 'QLoRA', description: 'adapters beside 4-bit weights: needs an NVIDIA GPU' },
];
const PREFERENCE: typeof METHODS = [{ method: 'dpo', label: 'DPO', description: 'chosen against rejected answers' }];
const KTO: typeof METHODS = [{ method: 'kto', label: 'KTO', description: 'answers that are good or bad' }];

/** Rows below which a share that is held out says nothing. */
const FEW = 10;
const MANY = 200;

export interface NewRunParts {
  readonly manager: RunManager;
  readonly targets: Targets;
}

/** Asks for model, target and method, writes the run spec beside the dataset and opens it. */
export async function newRun(dataset: DatasetDocument, parts: NewRunParts): Promise<Uri | undefined> {
  const { uri } = dataset.document;
  const folder = uri.with({ path: dirname(uri.path) });
  const model = await pickModel(parts.manager, folder);
  if (model === undefined) return undefined;
  const target = await pickTarget(parts.targets, 'Where does it run?');
  if (target === undefined) return undefined;
  const method = await pickMethod(dataset.analysis?.format);
  if (method === undefined) return undefined;
  const text = makeSpecText({
    model,
    train: basename(uri.path),
    eval: evalShare(dataset.rows.count, method),
    method,
    target: target.name,
  });
  const spec = await freeName(folder, `${basename(uri.path).replace(/\.(jsonl|ndjson|json)$/, '')}-${method}`);
  await workspace.fs.writeFile(spec, new TextEncoder().encode(text));
  await window.showTextDocument(spec, { preview: false });
  return spec;
}

/** Enough rows to judge by, and nearly all left to learn from. */
function evalShare(rows: number, method: Method): number | null {
  if (rows < FEW || method === 'dpo' || method === 'kto') return null;
  return rows < MANY ? 0.1 : 0.05;
}

/** What is typed is a choice, too. */
function pickModel(manager: RunManager, folder: Uri): Promise<string | undefined> {
  type Item = QuickPickItem & { readonly model: string };
  const picker = window.createQuickPick<Item>();
  picker.title = 'Which model is tuned?';
  picker.placeholder = 'A name of the Hugging Face Hub, or a folder';
  picker.matchOnDescription = true;
  picker.busy = true;
  let known: readonly Item[] = [];
  const show = (): void => {
    const typed = picker.value.trim();
    const own = typed === '' || known.some(({ label }) => label === typed) ? [] : [{ label: typed, model: typed }];
    picker.items = [...known, ...own];
  };
  picker.onDidChangeValue(show);
  void modelChoices(manager).then((choices) => {
    known = choices.map(({ model, why }) => ({
      model: why === 'folder' ? portable(model, folder.fsPath) : model,
      label: why === 'folder' ? workspace.asRelativePath(model) : model,
      description: why,
    }));
    picker.busy = false;
    show();
  });
  return new Promise((resolve) => {
    picker.onDidAccept(() => {
      const [item] = picker.activeItems;
      const model = item?.model ?? picker.value.trim();
      if (model === '') return;
      resolve(model);
      picker.hide();
    });
    picker.onDidHide(() => {
      resolve(undefined);
      picker.dispose();
    });
    picker.show();
  });
}

async function pickMethod(format: FormatName | undefined): Promise<Method | undefined> {
  const methods =
    format === 'preference' ? [...PREFERENCE, ...METHODS] : format === 'kto' ? [...KTO, ...METHODS] : METHODS;
  return (await window.showQuickPick(methods, { title: 'How is it trained?', matchOnDescription: true }))?.method;
}

/** A path below the spec's folder is kept relative, so that the spec holds on every machine. */
export function portable(path: string, folder: string): string {
  const short = relative(folder, path);
  return short === '' || short.startsWith('..') || isAbsolute(short) ? path : `./${short.split(sep).join('/')}`;
}

async function freeName(folder: Uri, name: string): Promise<Uri> {
  for (let number = 1; ; number++) {
    const uri = Uri.joinPath(folder, `${name}${number === 1 ? '' : `-${number}`}${RUN_SPEC_SUFFIX}`);
    try {
      await workspace.fs.stat(uri);
    } catch {
      return uri;
    }
  }
}
