import { mkdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { commands, env, ProgressLocation, Uri, window, workspace } from 'vscode';
import type { RunCommand } from '../../core/run-protocol.ts';
import { halvedBatch } from '../../core/runs/defaults.ts';
import { endingOf } from '../../core/runs/endings.ts';
import { RUN_FILES, type RunRecord, type TrainerSpec } from '../../core/runs/folder.ts';
import type { RunSpec } from '../../core/runs/spec.ts';
import { isOver, type PrepareStep, plainStatus } from '../../core/runs/state.ts';
import type { Runner } from '../../node/runs/runner.ts';
import { COMMANDS } from '../contributions.ts';
import { secretsOf } from '../hugging-face.ts';
import { newRecord, type PreparedRun, prepareRun, settingsFor } from './engine.ts';
import { type FollowedRun, sentencesOf } from './followed-run.ts';
import type { ImportedRuns } from './imported-runs.ts';
import type { RunsHost } from './parts.ts';
import type { RunDocuments } from './run-documents.ts';
import type { RunManager } from './run-manager.ts';
import { description } from './run-words.ts';
import { trusted } from './trust.ts';

export interface ActionParts {
  readonly host: RunsHost;
  readonly manager: RunManager;
  readonly documents: RunDocuments;
  readonly imported: ImportedRuns;
  show(run: FollowedRun | null): void;
  close(run: FollowedRun): void;
}

/** What can be done to runs, whoever asks: a command, the tree, the dashboard. */
export class RunActions {
  readonly #parts: ActionParts;
  /** Runs that are being prepared, to be cancelled. */
  readonly #starting = new Map<string, AbortController>();

  constructor(parts: ActionParts) {
    this.#parts = parts;
  }

  get host(): RunsHost {
    return this.#parts.host;
  }

  /** Name of the dataset that a new run would train on; null where none is open. */
  get openDataset(): string | null {
    const dataset = this.host.datasets.active ?? this.host.inspector.dataset ?? this.host.datasets.all[0];
    return dataset === undefined ? null : basename(dataset.document.uri.path);
  }

  /** Null where nothing may be asked of the target. */
  async runnerOf(run: FollowedRun): Promise<Runner | null> {
    return run.imported || !workspace.isTrusted ? null : this.#parts.manager.runner(run.record.target);
  }

  /** Hands the rows off, starts the run and follows it. It is shown from its first step on. */
  async start(
    specPath: string,
    name: string,
    spec: RunSpec,
    target: RunRecord['target'],
  ): Promise<FollowedRun | undefined> {
    const live = this.#parts.manager.of(specPath).find(({ status }) => !isOver(status.state));
    if (live !== undefined && !(await this.#another(live))) return undefined;
    const record = await newRecord(specPath, name, spec, target);
    const run = this.#parts.manager.add(record);
    run.preparing([]);
    this.#parts.show(run);
    void this.#begin(run, false);
    return run;
  }

  /** Goes on from the last whole checkpoint. */
  async resume(run: FollowedRun): Promise<void> {
    if (!isOver(run.status.state)) throw new Error('The run is not over. Stop it first.');
    run.again();
    run.preparing([]);
    this.#parts.show(run);
    void this.#begin(run, true);
  }

  cancel(run: FollowedRun): void {
    this.#starting.get(run.id)?.abort();
  }

  async stop(run: FollowedRun, mode: 'checkpoint' | 'kill'): Promise<void> {
    if (run.status.state === 'preparing' && this.#starting.has(run.id)) {
      this.cancel(run);
      return;
    }
    const runner = await this.#runner(run);
    await runner.stop(run.record, mode);
    if (run.status.state === 'running') run.setStatus({ ...run.status, state: 'stopping' });
    void run.retry();
  }

  async remove(run: FollowedRun): Promise<void> {
    const { record } = run;
    if (!run.imported) {
      const remove = 'Remove';
      const detail = `The folder ${record.folder} with its checkpoints is deleted${record.target.ssh === null ? '' : ` on ${record.target.name}`}. This cannot be undone.`;
      if ((await window.showWarningMessage(`Remove run ${record.name}?`, { modal: true, detail }, remove)) !== remove)
        return;
      await (await this.#runner(run)).remove(record);
    }
    this.#parts.close(run);
    if (run.imported) await this.#parts.imported.forget(run);
    await this.#parts.manager.forget(run);
  }

  /** Answers of base and tuned model side by side; the dashboard shows them when they are there. */
  async compare(run: FollowedRun, wanted?: string): Promise<void> {
    await run.load();
    const { saves } = run.events.facts;
    // Only a checkpoint that the run told of. Without one: the model at its end, or the last checkpoint where it has none.
    const checkpoint =
      saves.find(({ path }) => path === wanted)?.path ??
      (run.status.state === 'succeeded' ? null : (saves.at(-1)?.path ?? null));
    if (checkpoint === null && run.status.state !== 'succeeded')
      throw new Error(`Run ${run.record.name} has saved no checkpoint yet. Stop it with a checkpoint first.`);
    const runner = await this.#runner(run);
    const { compare } = run.record.spec;
    const manifest = await this.#manifest(runner, run);
    const rows = Math.min(compare.prompts > 0 ? compare.prompts : 4, manifest?.eval?.written ?? 0);
    if (rows === 0) {
      void window.showInformationMessage(
        `Run ${run.record.name} held out no rows to ask about. Set \`eval\` of its spec to a file or a share of the rows, and start it again.`,
      );
      return;
    }
    const held = Array.from({ length: rows }, (_, row) => row);
    await this.#withProgress(`Comparing base and tuned model of ${run.record.name}`, async (signal) => {
      await runner.compare(
        run.record,
        {
          checkpoint,
          prompts: held,
          rows: held.map((row) => ({ split: 'eval' as const, row })),
          maxNewTokens: compare.maxNewTokens,
        },
        signal,
      );
    });
    run.compared();
    this.#parts.show(run);
  }

  async fetch(run: FollowedRun): Promise<void> {
    const { checkpoints } = { checkpoints: run.events.facts.saves.map(({ path }) => path) };
    const items = [
      ...(run.status.state === 'succeeded'
        ? [{ label: 'Model', description: 'what the run saved at its end', what: 'model' as const }]
        : []),
      ...checkpoints
        .toReversed()
        .map((checkpoint) => ({ label: basename(checkpoint), description: 'checkpoint', what: { checkpoint } })),
      { label: 'Logs', description: 'out.log and metrics.jsonl', what: 'logs' as const },
    ];
    const picked = await window.showQuickPick(items, { title: `Fetch from run ${run.record.name}` });
    if (picked === undefined) return;
    const [folder] =
      (await window.showOpenDialog({
        canSelectFolders: true,
        canSelectFiles: false,
        openLabel: 'Fetch Into This Folder',
        defaultUri: Uri.file(dirname(run.record.specPath)),
      })) ?? [];
    if (folder === undefined) return;
    const to = join(folder.fsPath, `${run.record.name}-${run.id}`);
    const runner = await this.#runner(run);
    await this.#withProgress(`Fetching ${picked.label} of ${run.record.name}`, () =>
      runner.fetch(run.record, picked.what, to),
    );
    const show = 'Show Folder';
    if ((await window.showInformationMessage(`${picked.label} of ${run.record.name} is in ${to}.`, show)) === show)
      await commands.executeCommand('revealFileInOS', Uri.file(to));
  }

  /** The last part of out.log, of a run that nobody follows. */
  async readLog(run: FollowedRun): Promise<void> {
    const bytes = await (await this.runnerOf(run))?.read(run.record, RUN_FILES.log);
    if (bytes) run.setLog(new TextDecoder().decode(bytes.subarray(-200_000)));
  }

  /** Ids of the run's rows as text. */
  async decode({ record }: FollowedRun, ids: readonly (readonly number[])[]): Promise<readonly string[]> {
    return this.host.services.get().decode(ids, await settingsFor(this.host, record, record.trainPath));
  }

  async diffSpecs(run: FollowedRun, other: FollowedRun): Promise<void> {
    const uri = ({ record }: FollowedRun): Uri =>
      this.#parts.documents.uri(`${record.id}/${record.name}.json`, `${JSON.stringify(record.spec, null, 2)}\n`);
    await this.#parts.documents.diff(uri(other), uri(run), `${other.record.name} ↔ ${run.record.name}`);
  }

  /** What a button of the dashboard asks for. */
  async run(command: RunCommand, run: FollowedRun | null, argument?: string): Promise<void> {
    switch (command) {
      case 'new-run':
        await commands.executeCommand(COMMANDS.newRun);
        return;
      case 'demo-run':
        await commands.executeCommand(COMMANDS.demoRun);
        return;
      case 'manage-trust':
        await commands.executeCommand('workbench.trust.manage');
        return;
      case 'dismiss-notice':
        return;
    }
    if (run === null) throw new Error('There is no run here.');
    switch (command) {
      case 'open-log':
        return this.#openLog(run);
      case 'open-spec':
        return this.#openSpec(run);
      case 'open-folder':
        return this.#openFolder(run);
    }
    if (!trusted()) return;
    switch (command) {
      case 'stop':
        return this.stop(run, 'checkpoint');
      case 'kill':
        return this.stop(run, 'kill');
      case 'cancel':
        return run.status.state === 'preparing' && this.#starting.has(run.id)
          ? this.cancel(run)
          : this.stop(run, 'kill');
      case 'resume':
        return this.resume(run);
      case 'start-again':
        return this.#startAgain(run, argument);
      case 'retry-now':
        return run.retry();
      case 'compare-now':
        return this.compare(run, argument);
      case 'fetch':
        return this.fetch(run);
    }
  }

  /** Two runs of one spec are rarely meant. */
  async #another(live: FollowedRun): Promise<boolean> {
    const start = 'Start Another';
    const open = 'Open Dashboard';
    const message = `Run ${live.record.name} of this spec goes on: ${description(live)}.`;
    const chosen = await window.showWarningMessage(message, open, start);
    if (chosen === open) this.#parts.show(live);
    return chosen === start;
  }

  async #begin(run: FollowedRun, resume: boolean): Promise<void> {
    const { record } = run;
    const abort = new AbortController();
    this.#starting.set(record.id, abort);
    let own: readonly PrepareStep[] = [];
    try {
      const runner = await this.#parts.manager.runner(record.target);
      const tell = (steps: readonly PrepareStep[]): void => run.preparing([...own, ...steps]);
      const prepared = await this.#prepared(
        run,
        resume,
        (steps) => {
          own = steps;
          tell([]);
        },
        abort.signal,
      );
      const secrets = await secretsOf(this.host.secrets);
      await runner.start(
        { record, trainer: prepared.trainer, staging: prepared.staging, resume, secrets },
        tell,
        abort.signal,
      );
      run.setStatus(plainStatus('queued', Date.now()));
      run.follow();
    } catch (error) {
      this.host.log.error(`Run ${record.id}: ${String(error)}`);
      const { message, remedy } = sentencesOf(error);
      const state = abort.signal.aborted ? 'stopped' : 'failed';
      run.setStatus({
        ...plainStatus(state, Date.now()),
        reason: abort.signal.aborted ? 'Cancelled before it began.' : message,
        remedy,
      });
    } finally {
      this.#starting.delete(record.id);
      await rm(this.#staging(record), { recursive: true, force: true });
    }
  }

  /**
   * A resume trains on what the run was handed at its begin, whatever the dataset became since: its folder has all of it.
   * Only what never began is handed off now.
   */
  async #prepared(
    run: FollowedRun,
    resume: boolean,
    onSteps: (steps: readonly PrepareStep[]) => void,
    signal: AbortSignal,
  ): Promise<Pick<PreparedRun, 'trainer' | 'staging'>> {
    const staging = this.#staging(run.record);
    const spec = resume ? await (await this.#runner(run)).read(run.record, RUN_FILES.spec) : null;
    if (spec === null) return prepareRun(this.host, run.record, staging, onSteps, signal);
    await mkdir(staging, { recursive: true });
    return { staging, trainer: JSON.parse(new TextDecoder().decode(spec)) as TrainerSpec };
  }

  #staging({ id }: RunRecord): string {
    return Uri.joinPath(this.host.storage, 'staging', id).fsPath;
  }

  /** After an out of memory: half the batch, as many rows in a step. */
  async #startAgain(run: FollowedRun, argument: string | undefined): Promise<void> {
    const { record } = run;
    const { spec } = record;
    const retry = endingOf({
      code: run.status.code,
      error: run.status.error,
      log: run.logLines.join('\n'),
      spec,
      worldSize: run.events.facts.begin?.world_size ?? null,
      longest: null,
      checkpoints: run.events.facts.saves.length,
    })?.retry;
    // The page names a batch only where the ending does; a plain start again changes nothing.
    const args = retry?.args ?? (argument === undefined ? null : halvedBatch(spec.args, 1)?.args) ?? spec.args;
    await this.start(record.specPath, record.name, { ...spec, args }, record.target);
  }

  async #openLog(run: FollowedRun): Promise<void> {
    const { record } = run;
    if (record.target.ssh === null && !run.imported) {
      await window.showTextDocument(Uri.file(join(record.folder, RUN_FILES.log)));
      return;
    }
    await this.readLog(run);
    await this.#parts.documents.show(`${record.id}/out.log`, run.logLines.join('\n'));
  }

  async #openSpec({ record }: FollowedRun): Promise<void> {
    try {
      await window.showTextDocument(Uri.file(record.specPath), { preview: false });
    } catch {
      await this.#parts.documents.show(`${record.id}/${record.name}.json`, `${JSON.stringify(record.spec, null, 2)}\n`);
    }
  }

  async #openFolder({ record }: FollowedRun): Promise<void> {
    if (record.target.ssh === null) await commands.executeCommand('revealFileInOS', Uri.file(record.folder));
    else {
      const copy = 'Copy Path';
      const where = `${record.target.ssh}:${record.folder}`;
      if ((await window.showInformationMessage(where, copy)) === copy) await env.clipboard.writeText(where);
    }
  }

  async #runner(run: FollowedRun): Promise<Runner> {
    const runner = await this.runnerOf(run);
    if (runner === null) throw new Error('This run was imported: it can be read, not changed.');
    return runner;
  }

  async #manifest(runner: Runner, run: FollowedRun): Promise<PreparedRun['manifest'] | null> {
    const bytes = await runner.read(run.record, RUN_FILES.manifest);
    return bytes === null ? null : (JSON.parse(new TextDecoder().decode(bytes)) as PreparedRun['manifest']);
  }

  async #withProgress(title: string, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    await window.withProgress({ location: ProgressLocation.Notification, title, cancellable: true }, (_, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      return work(abort.signal);
    });
  }
}
