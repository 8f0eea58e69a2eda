import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { ProgressLocation, Range, Selection, Uri, window, workspace } from 'vscode';
import { parseSpec } from '../../core/runs/parse-spec.ts';
import type { RunSpec } from '../../core/runs/spec.ts';
import type { SpecProblem } from '../../core/runs/spec-problem.ts';
import type { Target } from '../../core/runs/target.ts';
import { COMMANDS, RUN_SPEC_SUFFIX, type RunCommandId } from '../contributions.ts';
import type { DatasetDocument } from '../dataset-document.ts';
import { failedProbe, pickTarget, probeSentence, probeText } from './check-target.ts';
import { writeDemo } from './demo-run.ts';
import { dryRunText } from './dry-run.ts';
import { newRecord, prepareRun } from './engine.ts';
import { type FollowedRun, sentencesOf } from './followed-run.ts';
import type { ImportedRuns } from './imported-runs.ts';
import { newRun } from './new-run.ts';
import type { RunsHost } from './parts.ts';
import { runOf } from './pick-run.ts';
import type { RunActions } from './run-actions.ts';
import type { RunDocuments } from './run-documents.ts';
import type { RunManager } from './run-manager.ts';
import type { RunPanels } from './run-panels.ts';
import { actionsOf } from './run-tree.ts';
import { specFacts } from './spec-facts.ts';
import { isSpecPath, specName } from './spec-files.ts';
import type { Targets } from './targets.ts';
import { showTokenLoss } from './token-loss.ts';
import { trusted } from './trust.ts';

export interface CommandParts {
  readonly host: RunsHost;
  readonly manager: RunManager;
  readonly targets: Targets;
  readonly actions: RunActions;
  readonly panels: RunPanels;
  readonly documents: RunDocuments;
  readonly imported: ImportedRuns;
}

type Command = (parts: CommandParts, argument: unknown) => unknown;

/** A command on a run in a state for it. Each but the reading ones needs a trusted workspace. */
const onRun =
  (title: string, action: string, run: (parts: CommandParts, run: FollowedRun) => unknown): Command =>
  async (parts, argument) => {
    if (!trusted()) return;
    const chosen = await runOf(parts.manager, argument, title, (one) => actionsOf(one).includes(action));
    if (chosen !== undefined) await run(parts, chosen);
  };

/** Every command of training runs, by its id: a missing one does not compile. */
const TABLE: Readonly<Record<RunCommandId, Command>> = {
  [COMMANDS.newRun]: async (parts) => {
    if (!trusted()) return;
    const dataset = openDataset(parts.host);
    if (dataset === undefined) return noDataset();
    await newRun(dataset, parts);
  },
  [COMMANDS.startRun]: async (parts, argument) => {
    if (!trusted()) return;
    const found = await specOf(parts, argument);
    if (found !== null) await parts.actions.start(found.uri.fsPath, specName(found.uri), found.spec, found.target);
  },
  [COMMANDS.dryRun]: async (parts, argument) => {
    if (!trusted()) return;
    const found = await specOf(parts, argument);
    if (found !== null) await dryRun(parts, found);
  },
  [COMMANDS.openRun]: async ({ manager, panels }, argument) => {
    // Another computer may have started them: their folders tell.
    if (manager.all.length === 0 && workspace.isTrusted) await findRuns(manager);
    if (manager.all.length === 0) return panels.show(null);
    const run = await runOf(manager, argument === '' ? undefined : argument, 'Open the dashboard of a run');
    if (run !== undefined) panels.show(run);
  },
  [COMMANDS.stopRun]: onRun('Stop a run with a checkpoint', 'stoppable', ({ actions }, run) =>
    actions.stop(run, 'checkpoint'),
  ),
  [COMMANDS.killRun]: onRun('Kill a run', 'killable', ({ actions }, run) => actions.stop(run, 'kill')),
  [COMMANDS.resumeRun]: onRun('Resume a run', 'resumable', ({ actions }, run) => actions.resume(run)),
  [COMMANDS.removeRun]: onRun('Remove a run', 'removable', ({ actions }, run) => actions.remove(run)),
  [COMMANDS.compareRun]: onRun('Compare base and tuned model', 'comparable', ({ actions }, run) =>
    actions.compare(run),
  ),
  [COMMANDS.fetchModel]: onRun('Fetch from a run', 'fetchable', async ({ actions }, run) => {
    await run.load();
    await actions.fetch(run);
  }),
  [COMMANDS.demoRun]: async (parts) => {
    if (!trusted()) return;
    const uri = await writeDemo(parts.host.extensionUri, parts.host.storage);
    const found = await specOf(parts, uri.toString());
    if (found !== null) await parts.actions.start(uri.fsPath, specName(uri), found.spec, found.target);
  },
  [COMMANDS.importRun]: async ({ imported, panels }, argument) => {
    const run = await imported.import(argument);
    if (run !== undefined) panels.show(run);
  },
  [COMMANDS.showTokenLoss]: async ({ host, manager, actions }, argument) => {
    const dataset = host.datasets.active ?? host.inspector.dataset;
    if (dataset === undefined) return noDataset();
    await showTokenLoss({ manager, actions, losses: host.losses }, dataset, argument);
  },
  [COMMANDS.refreshRuns]: async ({ manager }) => {
    if (!trusted()) return;
    const problems = await window.withProgress({ location: { viewId: 'sftLens.runs' } }, async () => {
      for (const run of manager.all) if (run.status.state === 'unknown') void run.retry();
      return manager.discover();
    });
    if (problems.length > 0) void window.showWarningMessage(problems.join(' '));
  },
  [COMMANDS.checkTarget]: checkTarget,
};

/** Looks for runs on every target. That none is known where one does not answer is no proof that there is none. */
async function findRuns(manager: RunManager): Promise<void> {
  const look = (): Thenable<readonly string[]> =>
    window.withProgress({ location: ProgressLocation.Window, title: 'Looking for runs' }, () => manager.discover());
  let problems = await look();
  // A connection that was cut is made anew.
  if (problems.length > 0) problems = await look();
  if (problems.length > 0)
    void window.showWarningMessage(`${problems.join(' ')} Run "SFT Lens: Refresh Runs" to look again.`);
}

/** What goes wrong is said with what to do. */
export async function runCommand(parts: CommandParts, id: RunCommandId, args: readonly unknown[]): Promise<unknown> {
  try {
    return await TABLE[id](parts, args[0]);
  } catch (error) {
    parts.host.log.error(`${id}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    const { message, remedy } = sentencesOf(error);
    void window.showErrorMessage([message, ...(remedy === null ? [] : [remedy])].join(' '));
    return undefined;
  }
}

const openDataset = ({ datasets, inspector }: RunsHost): DatasetDocument | undefined =>
  datasets.active ?? inspector.dataset ?? datasets.all.find(({ document }) => !isSpecPath(document.uri.path));

function noDataset(): void {
  void window.showInformationMessage('Open a JSONL file, or a JSON array of rows, and try again.');
}

interface FoundSpec {
  readonly uri: Uri;
  readonly text: string;
  readonly spec: RunSpec;
  readonly target: Target;
  /** What is known besides the text and does not keep the run from starting. */
  readonly warnings: readonly SpecProblem[];
}

/** The spec that a command is about, saved and without an error; null where a person was told why not. */
async function specOf(parts: CommandParts, argument: unknown): Promise<FoundSpec | null> {
  const uri = await specUri(argument);
  if (uri === undefined) return null;
  const document = await workspace.openTextDocument(uri);
  if (document.isDirty && !(await document.save())) throw new Error(`${basename(uri.path)} cannot be saved.`);
  const text = document.getText();
  const { spec, problems } = parseSpec(text);
  const more = spec === null ? [] : await specFacts(parts, uri, text, spec);
  const all = [...problems, ...more];
  const error = all.find(({ severity }) => severity === 'error');
  if (spec === null || error !== undefined) {
    await showProblem(uri, error);
    return null;
  }
  const target = parts.targets.get(spec.target);
  if (target === undefined)
    throw new Error(`The target ${spec.target} is not known. Add it to the setting sftLens.targets.`);
  return { uri, text, spec, target, warnings: all };
}

async function specUri(argument: unknown): Promise<Uri | undefined> {
  if (argument instanceof Uri) return argument;
  if (typeof argument === 'string' && argument !== '') return Uri.parse(argument);
  const active = window.activeTextEditor?.document.uri;
  if (active !== undefined && isSpecPath(active.path)) return active;
  const found = await workspace.findFiles(`**/*${RUN_SPEC_SUFFIX}`, '**/node_modules/**', 200);
  if (found.length === 0) {
    void window.showInformationMessage(
      'There is no run spec yet. Open a dataset and run "SFT Lens: New Training Run…".',
    );
    return undefined;
  }
  const items = found.map((uri) => ({ uri, label: specName(uri), description: workspace.asRelativePath(uri) }));
  return items.length === 1
    ? items[0]?.uri
    : (await window.showQuickPick(items, { title: 'Which run spec?', matchOnDescription: true }))?.uri;
}

async function showProblem(uri: Uri, problem: SpecProblem | undefined): Promise<void> {
  const show = 'Show';
  const said = window.showErrorMessage(`${basename(uri.path)}: ${problem?.message ?? 'it cannot be read.'}`, show);
  if ((await said) !== show || problem === undefined) return;
  const editor = await window.showTextDocument(uri);
  const [from, to] = problem.range.map((offset) => editor.document.positionAt(offset));
  if (from === undefined || to === undefined) return;
  editor.selection = new Selection(from, to);
  editor.revealRange(new Range(from, to));
}

/** The hand-off alone: what the run would train on, and nothing is started. */
async function dryRun({ host, documents }: CommandParts, { uri, spec, target, warnings }: FoundSpec): Promise<void> {
  const name = specName(uri);
  const record = await newRecord(uri.fsPath, name, spec, target);
  const staging = Uri.joinPath(host.storage, 'staging', `dry-${record.id}`).fsPath;
  try {
    const text = await window.withProgress(
      { location: ProgressLocation.Notification, title: `Dry run of ${name}`, cancellable: true },
      async (progress, token) => {
        const abort = new AbortController();
        token.onCancellationRequested(() => abort.abort());
        const prepared = await prepareRun(
          host,
          record,
          staging,
          ([step]) => progress.report({ message: step?.detail ?? '' }),
          abort.signal,
        );
        return dryRunText(
          name,
          spec,
          prepared,
          warnings.map(({ message }) => message),
        );
      },
    );
    await documents.show(`${record.id}/Dry run of ${name}.txt`, text);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function checkTarget({ targets, manager, documents }: CommandParts, argument: unknown): Promise<void> {
  if (!trusted()) return;
  const target =
    typeof argument === 'string' ? targets.get(argument) : await pickTarget(targets, 'Which target is checked?');
  if (target === undefined) return;
  const probe = await window.withProgress(
    { location: ProgressLocation.Notification, title: `Checking ${target.name}`, cancellable: true },
    async (_, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      try {
        return await (await manager.runner(target)).probe(abort.signal);
      } catch (error) {
        return failedProbe(error);
      }
    },
  );
  const details = 'Details';
  const sentence = probeSentence(target, probe);
  const said =
    probe.reachable && probe.problems.length === 0
      ? window.showInformationMessage(sentence, details)
      : window.showWarningMessage(sentence, details);
  if ((await said) === details) await documents.show(`targets/${target.name}.txt`, probeText(target, probe));
}
