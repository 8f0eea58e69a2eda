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
  busy: Job | null;
}

export interface PoolSize {
  /** Worker threads at most; one is started when none is free. */
  readonly threads: number;
  /** Of these, how many may do jobs that are not urgent at one time. */
  readonly background: number;
}

/** Worker threads with two queues: urgent jobs first. A worker that does not answer in time is ended and replaced. */
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
        return slot.channel.request('reload', {});
      }),
    );
  }

  dispose(): void {
    this.#disposed = true;
    for (const slot of this.#slots) {
      slot.channel.dispose();
      void slot.worker.terminate();
    }
    this.#slots.length = 0;
  }

  #pump(): void {
    while (!this.#disposed) {
      const queue = this.#urgent.length > 0 ? this.#urgent : this.#mayDoLater() ? this.#later : [];
      if (queue.length === 0) return;
      const slot = this.#idleSlot();
      const job = slot && queue.shift();
      if (!job) return;
      slot.busy = job;
      void this.#execute(slot, job);
    }
  }

  #mayDoLater(): boolean {
    return this.#slots.filter(({ busy }) => busy?.urgent === false).length < this.#size.background;
  }

  #idleSlot(): Slot | undefined {
    const idle = this.#slots.find((slot) => slot.busy === null);
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
    const slot: Slot = { worker, channel, prepared: new Set(), busy: null };
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
    slot.channel.dispose();
    void slot.worker.terminate();
    const job = slot.busy;
    slot.busy = null;
    job?.lost(reason, detail);
    this.#pump();
  }

  async #execute(slot: Slot, job: Job): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const within = (limit: number): void => {
      clearTimeout(timer);
      timer = setTimeout(() => this.#remove(slot, 'timeout', `${limit / 1000} seconds`), limit);
    };
    try {
      const key = JSON.stringify(job.settings);
      if (!slot.prepared.has(key)) {
        within(LOAD_LIMIT);
        slot.prepared = new Set(await slot.channel.request('prepare', { settings: job.settings }));
      }
      within(job.limit);
      await job.run(slot.channel);
    } catch (error) {
      // A closed channel was reported by #remove already; anything else is the job's own failure.
      if (this.#slots.includes(slot)) job.lost('died', error instanceof Error ? error.message : String(error));
    } finally {
      clearTimeout(timer);
      if (slot.busy === job) slot.busy = null;
      this.#pump();
    }
  }
}
