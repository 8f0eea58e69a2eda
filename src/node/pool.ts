import { Worker } from 'node:worker_threads';
import { Channel } from '../core/channel.ts';
import type { Settings } from '../core/config.ts';
import type { WorkerData, WorkerRequests } from './worker-protocol.ts';

type WorkerChannel = Channel<WorkerRequests, never, Record<never, never>, never>;

/** One thing for one worker to do. `run` gets a channel whose worker has the settings' tokenizer loaded. */
export interface Job {
  readonly settings: Settings;
  readonly urgent: boolean;
  /** Milliseconds, without loading the tokenizer. */
  readonly limit: number;
  run(channel: WorkerChannel): Promise<void>;
  /** The worker was ended because the limit passed, or it died. */
  lost(reason: 'timeout' | 'died', detail: string): void;
}

/** Loading a large tokenizer from a slow disk takes a while; a row never does. */
const LOAD_LIMIT = 60_000;

interface Slot {
  readonly worker: Worker;
  readonly channel: WorkerChannel;
  /** Settings (as JSON) whose engine this worker has. */
  prepared: ReadonlySet<string>;
  /** The settings of the last job that it was ready for. */
  settings: Settings | null;
  /** What it was given: it works on the first, and a second one may wait there for its turn. */
  readonly jobs: Job[];
  timer: NodeJS.Timeout | undefined;
}

export interface PoolSize {
  /** Worker threads at most; one is started when none is free. */
  readonly threads: number;
  /** Of these, how many may do jobs that are not urgent at one time. */
  readonly background: number;
}

/**
 * Worker threads with two queues: urgent jobs first. A worker that does not answer in time is ended and replaced. One that
 * does background work has the next job at hand already, so that it does not wait for a host that has other things to do.
 */
export class WorkerPool {
  readonly #path: string;
  readonly #data: WorkerData;
  readonly #size: PoolSize;
  readonly #slots: Slot[] = [];
  readonly #urgent: Job[] = [];
  readonly #later: Job[] = [];
  #disposed = false;

  constructor(path: string, data: WorkerData, size: PoolSize) {
    this.#path = path;
    this.#data = data;
    this.#size = size;
  }

  add(job: Job): void {
    (job.urgent ? this.#urgent : this.#later).push(job);
    this.#pump();
  }

  /** Drops queued jobs; those that run go on. */
  cancel(jobs: ReadonlySet<Job>): void {
    for (const queue of [this.#urgent, this.#later])
      for (let i = queue.length - 1; i >= 0; i--) if (jobs.has(queue[i]!)) queue.splice(i, 1);
  }

  /** Every worker forgets what it loaded. */
  async reload(): Promise<void> {
    await Promise.all(
      this.#slots.map((slot) => {
        slot.prepared = new Set();
        slot.settings = null;
        return slot.channel.request('reload', {});
      }),
    );
  }

  dispose(): void {
    this.#disposed = true;
    for (const slot of this.#slots) {
      clearTimeout(slot.timer);
      slot.channel.dispose();
      void slot.worker.terminate();
    }
    this.#slots.length = 0;
  }

  #pump(): void {
    while (!this.#disposed) {
      const queue = this.#urgent.length > 0 ? this.#urgent : this.#later;
      const [job] = queue;
      if (job === undefined) return;
      const slot = job.urgent ? this.#idleSlot() : this.#slotForLater(job);
      if (slot === undefined) return;
      queue.shift();
      slot.jobs.push(job);
      void this.#execute(slot, job);
    }
  }

  #slotForLater(job: Job): Slot | undefined {
    const working = this.#slots.filter(({ jobs }) => jobs[0]?.urgent === false);
    const idle = working.length < this.#size.background ? this.#idleSlot() : undefined;
    return idle ?? working.find(({ jobs, settings }) => jobs.length === 1 && settings === job.settings);
  }

  #idleSlot(): Slot | undefined {
    const idle = this.#slots.find(({ jobs }) => jobs.length === 0);
    if (idle || this.#slots.length >= this.#size.threads) return idle;
    return this.#start();
  }

  #start(): Slot {
    const worker = new Worker(this.#path, { workerData: this.#data, stdout: false, stderr: false });
    const channel: WorkerChannel = new Channel(
      (message) => worker.postMessage(message),
      {},
      () => {},
    );
    const slot: Slot = { worker, channel, prepared: new Set(), settings: null, jobs: [], timer: undefined };
    worker.on('message', (message: unknown) => void channel.receive(message));
    worker.on('error', (error) => this.#remove(slot, 'died', error.message));
    worker.on('exit', (code) => this.#remove(slot, 'died', `exit code ${code}`));
    this.#slots.push(slot);
    return slot;
  }

  #remove(slot: Slot, reason: 'timeout' | 'died', detail: string): void {
    const at = this.#slots.indexOf(slot);
    if (at < 0) return;
    this.#slots.splice(at, 1);
    clearTimeout(slot.timer);
    slot.channel.dispose();
    void slot.worker.terminate();
    const [job, ...waiting] = slot.jobs.splice(0);
    // What waited behind it is not to blame.
    this.#later.unshift(...waiting);
    job?.lost(reason, detail);
    this.#pump();
  }

  async #execute(slot: Slot, job: Job): Promise<void> {
    try {
      if (slot.settings !== job.settings) await this.#prepare(slot, job.settings);
      if (slot.jobs[0] === job) this.#allow(slot, job.limit);
      await job.run(slot.channel);
    } catch (error) {
      // A closed channel was reported by #remove already; anything else is the job's own failure.
      if (this.#slots.includes(slot)) job.lost('died', error instanceof Error ? error.message : String(error));
    } finally {
      clearTimeout(slot.timer);
      const at = slot.jobs.indexOf(job);
      if (at >= 0) slot.jobs.splice(at, 1);
      const [next] = slot.jobs;
      if (next !== undefined) this.#allow(slot, next.limit);
      this.#pump();
    }
  }

  async #prepare(slot: Slot, settings: Settings): Promise<void> {
    if (!slot.prepared.has(JSON.stringify(settings))) {
      this.#allow(slot, LOAD_LIMIT);
      slot.prepared = new Set(await slot.channel.request('prepare', { settings }));
    }
    slot.settings = settings;
  }

  /** The worker is ended where it has not answered in so many milliseconds from now. */
  #allow(slot: Slot, limit: number): void {
    clearTimeout(slot.timer);
    slot.timer = setTimeout(() => this.#remove(slot, 'timeout', `${limit / 1000} seconds`), limit);
  }
}
