import { type Disposable, EventEmitter, type LogOutputChannel, workspace } from 'vscode';
import type { RunRecord } from '../../core/runs/folder.ts';
import { plainStatus, type RunStatus } from '../../core/runs/state.ts';
import type { Target } from '../../core/runs/target.ts';
import type { Runner } from '../../node/runs/runner.ts';
import { CONTEXT_KEYS } from '../contributions.ts';
import { Disposables } from '../disposables.ts';
import { setContext } from '../editor-api.ts';
import { Throttled } from '../timing.ts';
import { FollowedRun, type RunChange } from './followed-run.ts';
import { MetricsMirror } from './metrics-mirror.ts';
import type { RunLog } from './run-log.ts';
import type { RunStore, StoredRun } from './run-store.ts';
import type { Targets } from './targets.ts';

/** Milliseconds between two writes of a run's figures. */
const STORE_INTERVAL = 2000;

export interface ManagerParts {
  readonly store: RunStore;
  readonly targets: Targets;
  /** Where copies of metrics are kept. */
  readonly cache: string;
  readonly log: LogOutputChannel;
  createRunner(target: Target): Promise<Runner>;
}

/**
 * All runs that are known: started here, remembered from earlier windows, or found on a target. Closing the window ends
 * the polls and touches no run.
 */
export class RunManager {
  readonly #parts: ManagerParts;
  readonly #owned = new Disposables();
  readonly #runs = new Map<string, FollowedRun>();
  readonly #runners = new Map<string, Promise<Runner>>();
  readonly #changed = this.#owned.add(new EventEmitter<{ readonly run: FollowedRun; readonly change: RunChange }>());
  readonly #listed = this.#owned.add(new EventEmitter<void>());
  /** A run learned something. */
  readonly onDidChange = this.#changed.event;
  /** A run was added or removed. */
  readonly onDidChangeRuns = this.#listed.event;

  constructor(parts: ManagerParts) {
    this.#parts = parts;
    for (const known of parts.store.all) this.#add(this.#follower(known.record, known));
    this.#owned.add(workspace.onDidGrantWorkspaceTrust(() => this.attach()));
    this.attach();
  }

  /** The newest first. */
  get all(): readonly FollowedRun[] {
    return [...this.#runs.values()].sort((a, b) => b.record.created - a.record.created);
  }

  get(id: string): FollowedRun | undefined {
    return this.#runs.get(id);
  }

  /** The runs of a spec file, the newest first. */
  of(specPath: string): readonly FollowedRun[] {
    return this.all.filter(({ record }) => record.specPath === specPath);
  }

  /** Follows every run that is not over. Without trust nothing is asked of any target. */
  attach(): void {
    if (!workspace.isTrusted) return;
    for (const run of this.#runs.values()) if (!run.over || !run.told) run.follow();
  }

  /** A run that is to be known from now on. */
  add(record: RunRecord): FollowedRun {
    const known = this.#runs.get(record.id);
    if (known !== undefined) return known;
    return this.#add(this.#follower(record, null));
  }

  /** A run that another program wrote: read only, and not kept with ours. */
  addImported(record: RunRecord, status: RunStatus, events: RunLog, source: string): FollowedRun {
    const known = this.#runs.get(record.id);
    if (known !== undefined) return known;
    return this.#add(this.#follower(record, null, { status, events, source }));
  }

  /** Looks on every target (or one) for runs that this window does not know; sentences of those that do not answer. */
  async discover(targets: readonly Target[] = this.#parts.targets.all): Promise<readonly string[]> {
    if (!workspace.isTrusted) return [];
    const problems = await Promise.all(
      targets.map(async (target) => {
        try {
          // What a folder says of its target is not believed: it is where it was found.
          for (const record of await (await this.runner(target)).list()) {
            if (this.#runs.has(record.id)) continue;
            const run = this.add({ ...record, target });
            // That it ended before anybody looked is no news.
            run.told = true;
            run.follow();
          }
          return null;
        } catch (error) {
          return `${target.name}: ${error instanceof Error ? error.message : String(error)}`;
        }
      }),
    );
    return problems.filter((problem) => problem !== null);
  }

  /** One for each target, kept while the window lives. */
  runner(target: Target): Promise<Runner> {
    const key = JSON.stringify(target);
    let runner = this.#runners.get(key);
    if (runner === undefined) {
      runner = this.#parts.createRunner(target);
      this.#runners.set(key, runner);
      runner.catch(() => this.#runners.delete(key));
    }
    return runner;
  }

  async forget(run: FollowedRun): Promise<void> {
    this.#runs.delete(run.id);
    run.dispose();
    await run.mirror.remove();
    await this.#parts.store.remove(run.id);
    this.#tell();
  }

  async save(run: FollowedRun): Promise<void> {
    if (this.#runs.get(run.id) === run && !run.imported) await this.#parts.store.put(run.stored);
  }

  dispose(): void {
    for (const run of this.#runs.values()) run.dispose();
    for (const runner of this.#runners.values())
      void runner.then(
        (one) => one.dispose(),
        () => undefined,
      );
    this.#owned.dispose();
  }

  #follower(
    record: RunRecord,
    known: StoredRun | null,
    foreign: { readonly status: RunStatus; readonly events: RunLog; readonly source: string } | null = null,
  ): FollowedRun {
    return new FollowedRun(
      record,
      foreign?.status ?? known?.status ?? plainStatus('unknown', Date.now()),
      {
        ...(foreign === null ? {} : { events: foreign.events, source: foreign.source }),
        imported: foreign !== null,
        mirror: new MetricsMirror(this.#parts.cache, record.id),
        log: this.#parts.log,
        runner: async (target) => (foreign !== null || !workspace.isTrusted ? null : this.runner(target)),
      },
      known,
    );
  }

  #add(run: FollowedRun): FollowedRun {
    this.#runs.set(run.id, run);
    const saving = this.#owned.add(new Throttled(() => void this.save(run), STORE_INTERVAL));
    const listening: Disposable = run.onDidChange((change) => {
      if (change === 'status') saving.now();
      else if (change === 'events') saving.schedule();
      this.#changed.fire({ run, change });
    });
    this.#owned.add(listening);
    this.#tell();
    return run;
  }

  #tell(): void {
    void setContext(CONTEXT_KEYS.hasRuns, this.#runs.size > 0);
    this.#listed.fire();
  }
}
