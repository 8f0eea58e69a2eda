import { EventEmitter, type LogOutputChannel } from 'vscode';
import type { RunRecord } from '../../core/runs/folder.ts';
import { isOver, type PrepareStep, plainStatus, type RunState, type RunStatus } from '../../core/runs/state.ts';
import type { Target } from '../../core/runs/target.ts';
import { type Cursor, type Runner, START } from '../../node/runs/runner.ts';
import { Debounced } from '../timing.ts';
import type { MetricsMirror } from './metrics-mirror.ts';
import { pollDelay } from './poll-delay.ts';
import { RunLog } from './run-log.ts';
import type { StoredRun } from './run-store.ts';

/** `reset`: all events are read again from the begin. */
export type RunChange = 'status' | 'events' | 'reset' | 'log';

/** Lines of out.log that are kept. */
const LOG_LINES = 400;

export interface FollowedParts {
  /** Read from a file of another program: there is nothing to stop, fetch or remove. */
  readonly imported: boolean;
  /** Null: nothing is asked of a target (no trust, or an imported run). */
  runner(target: Target): Promise<Runner | null>;
  readonly mirror: MetricsMirror;
  readonly log: LogOutputChannel;
  /** Where they are all there already: the events, and the file that they were read from. */
  readonly events?: RunLog;
  readonly source?: string;
}

/** One run: what is known of it, and the polls that keep it up to date. Polls only read; one is in flight at a time. */
export class FollowedRun {
  readonly #parts: FollowedParts;
  readonly #changed = new EventEmitter<RunChange>();
  readonly #timer = new Debounced(() => void this.#poll());
  readonly events: RunLog;
  readonly onDidChange = this.#changed.event;
  readonly #record: RunRecord;
  #status: RunStatus;
  #cursor: Cursor = START;
  #lines: string[] = [];
  #watchers = 0;
  #comparisons = 0;
  #failures = 0;
  #more = false;
  #polling = false;
  #following = false;
  #restored: Promise<void> | null = null;
  #disposed = false;
  /** What the store knew before any event was read. */
  readonly #known: StoredRun | null;
  told: boolean;

  constructor(record: RunRecord, status: RunStatus, parts: FollowedParts, known: StoredRun | null = null) {
    this.#record = record;
    this.#status = status;
    this.#parts = parts;
    this.events = parts.events ?? new RunLog();
    this.#known = known;
    this.told = known?.told ?? false;
  }

  get record(): RunRecord {
    return this.#record;
  }

  get id(): string {
    return this.#record.id;
  }

  get status(): RunStatus {
    return this.#status;
  }

  /** The state, or the one before the target stopped to answer. */
  get lastState(): RunState {
    return this.#status.state === 'unknown' ? (this.#status.last ?? 'unknown') : this.#status.state;
  }

  get imported(): boolean {
    return this.#parts.imported;
  }

  /** The file that an imported run was read from. */
  get source(): string | null {
    return this.#parts.source ?? null;
  }

  get over(): boolean {
    return isOver(this.#status.state);
  }

  get step(): number {
    return this.events.empty ? (this.#known?.step ?? 0) : this.events.step;
  }

  get maxSteps(): number | null {
    return this.events.maxSteps ?? this.#known?.maxSteps ?? null;
  }

  get loss(): number | null {
    return this.events.loss ?? this.#known?.loss ?? null;
  }

  /** The last lines of out.log. */
  get logLines(): readonly string[] {
    return this.#lines;
  }

  get mirror(): MetricsMirror {
    return this.#parts.mirror;
  }

  get stored(): StoredRun {
    const { record, status, step, maxSteps, loss, told } = this;
    return { record, status, step, maxSteps, loss, told };
  }

  /** A person sees it while the returned object lives: it is looked at more often. */
  watch(): { dispose(): void } {
    this.#watchers++;
    if (this.#following) this.#timer.schedule(0);
    let ended = false;
    return {
      dispose: () => {
        if (!ended) this.#watchers--;
        ended = true;
      },
    };
  }

  /** Begins to poll; harmless when it does already. */
  follow(): void {
    this.#following = true;
    this.#timer.schedule(0);
  }

  /** Polls at once, whatever the waiting time. */
  async retry(): Promise<void> {
    this.#failures = 0;
    this.#following = true;
    await this.#poll();
  }

  /** Reads the events of a run that is over, from the copy of an earlier window or from its target. */
  load(): Promise<void> {
    return (this.#restored ??= this.#load());
  }

  /** While it is prepared here the target knows nothing of it. */
  preparing(steps: readonly PrepareStep[]): void {
    this.#following = false;
    this.#timer.dispose();
    this.setStatus({ ...plainStatus('preparing', Date.now()), steps });
  }

  /** Rises with each comparison that was asked for here: those are told of by no event. */
  get comparisons(): number {
    return this.#comparisons;
  }

  /** Whether compare.json may be there: the run told so, or somebody asked for it after its end. */
  get mayBeCompared(): boolean {
    return this.events.facts.compare !== null || this.#comparisons > 0 || this.over;
  }

  compared(): void {
    this.#comparisons++;
    this.#changed.fire('events');
  }

  /** All of the log, where nothing follows it. */
  setLog(text: string): void {
    this.#lines = [];
    this.#takeLog(text);
  }

  setStatus(status: RunStatus): void {
    const before = this.#status;
    this.#status = status;
    if (JSON.stringify({ ...before, seen: 0 }) !== JSON.stringify({ ...status, seen: 0 })) this.#changed.fire('status');
  }

  /** The run goes on: its end is forgotten, and everything is read again. */
  again(): void {
    this.told = false;
    this.#forget();
    this.#restored = null;
    this.#lines = [];
    this.#cursor = START;
    this.#failures = 0;
  }

  dispose(): void {
    this.#disposed = true;
    this.#timer.dispose();
    this.#changed.dispose();
    void this.#parts.mirror.dispose();
  }

  async #load(): Promise<void> {
    if (!this.events.empty || this.imported) return;
    const kept = this.over ? await this.#parts.mirror.restore() : null;
    if (kept !== null) {
      this.events.append(kept);
      this.#changed.fire('reset');
      return;
    }
    this.#following = true;
    await this.#poll();
  }

  async #poll(): Promise<void> {
    if (this.#polling || this.#disposed) return;
    this.#polling = true;
    try {
      const runner = await this.#parts.runner(this.#record.target);
      if (runner === null) return;
      const poll = await runner.poll(this.#record, this.#cursor);
      // It was resumed, or the window closed, while the target was asked.
      if (this.#disposed || !this.#following) return;
      this.#failures = poll.status.state === 'unknown' ? this.#failures + 1 : 0;
      this.#more = poll.more;
      await this.#take(poll.metrics, poll.truncated);
      this.#takeLog(poll.log);
      this.#cursor = poll.cursor;
      this.setStatus(poll.status.state === 'unknown' ? this.#unknown(poll.status) : poll.status);
    } catch (error) {
      this.#failures++;
      this.#more = false;
      this.#parts.log.warn(`Run ${this.id}: ${String(error)}`);
      const { message, remedy } = sentencesOf(error);
      this.setStatus(this.#unknown({ ...this.#status, reason: message, remedy }));
    } finally {
      this.#polling = false;
      this.#schedule();
    }
  }

  async #take(metrics: string, truncated: boolean): Promise<void> {
    if (truncated) this.#forget();
    if (metrics === '') return;
    this.events.append(metrics);
    this.#changed.fire('events');
    await this.#parts.mirror.append(metrics).catch((error) => this.#parts.log.warn(`No copy is kept: ${error}`));
  }

  #forget(): void {
    this.events.clear();
    void this.#parts.mirror.clear();
    this.#changed.fire('reset');
  }

  #takeLog(text: string): void {
    if (text === '') return;
    const [first = '', ...rest] = text.split('\n');
    const last = this.#lines.pop() ?? '';
    // A progress bar writes over its own line.
    this.#lines = [...this.#lines, last + first, ...rest]
      .map((line) => line.slice(line.replace(/\r$/, '').lastIndexOf('\r') + 1))
      .slice(-LOG_LINES);
    this.#changed.fire('log');
  }

  /** The state before stays known: not seen is not failed. */
  #unknown(status: RunStatus): RunStatus {
    const delay = pollDelay({ ...this.#situation(), failures: Math.max(1, this.#failures), more: false }) ?? 0;
    return {
      ...status,
      state: 'unknown',
      seen: this.#status.seen,
      last: this.lastState === 'unknown' ? null : this.lastState,
      nextTry: Date.now() + delay,
    };
  }

  #situation() {
    return {
      state: this.#status.state,
      remote: this.#record.target.ssh !== null,
      visible: this.#watchers > 0,
      more: this.#more,
      failures: this.#failures,
    };
  }

  #schedule(): void {
    if (!this.#following || this.#disposed) return;
    const delay = pollDelay(this.#situation());
    if (delay === null) {
      this.#following = false;
      void this.#parts.mirror.keep();
    } else this.#timer.schedule(delay);
  }
}

/** The sentences of a `RunnerError`, and of any other error its message. */
export function sentencesOf(error: unknown): { readonly message: string; readonly remedy: string | null } {
  const message = error instanceof Error ? error.message : String(error);
  const remedy = error instanceof Error && 'remedy' in error && typeof error.remedy === 'string' ? error.remedy : null;
  return { message, remedy };
}
