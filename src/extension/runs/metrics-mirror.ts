import { appendFile, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const NEWLINE = 0x0a;
/** What each line of a `batch` event has; its step is read from the line. */
const BATCH = /"event":\s*"batch"/;
const STEP = /"step":\s*(\d+)/;

/**
 * A copy of metrics.jsonl on this computer. The rows of each step are many: they stay in the file, and only where each
 * step's line is is kept in memory. One file for each window while a run goes on, its final name when it is over.
 */
export class MetricsMirror {
  readonly #path: string;
  readonly #final: string;
  /** Byte offset and length of the last `batch` line of each step. */
  readonly #batches = new Map<number, readonly [number, number]>();
  #bytes = 0;
  #kept = false;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(folder: string, id: string) {
    this.#path = join(folder, `${id}-${process.pid}.jsonl`);
    this.#final = join(folder, `${id}.jsonl`);
  }

  /** What an earlier window kept of a run that is over; null where there is none. */
  async restore(): Promise<string | null> {
    try {
      const text = await readFile(this.#final, 'utf8');
      this.#index(Buffer.from(text));
      this.#kept = true;
      return text;
    } catch {
      return null;
    }
  }

  /** Whole lines. */
  append(text: string): Promise<void> {
    if (text === '') return Promise.resolve();
    const bytes = Buffer.from(text);
    this.#index(bytes);
    return this.#next(async () => {
      await mkdir(dirname(this.#path), { recursive: true });
      await appendFile(this.#path, bytes);
    });
  }

  /** Everything is sent again from its begin. */
  clear(): Promise<void> {
    this.#batches.clear();
    this.#bytes = 0;
    this.#kept = false;
    return this.#next(() => rm(this.#path, { force: true }));
  }

  /** The last `batch` line of a step; null where none was written. */
  async batch(step: number): Promise<string | null> {
    const place = this.#batches.get(step);
    if (place === undefined) return null;
    return this.#next(async () => {
      const file = await open(this.#kept ? this.#final : this.#path);
      try {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(place[1]), 0, place[1], place[0]);
        return buffer.toString('utf8', 0, bytesRead);
      } finally {
        await file.close();
      }
    });
  }

  /** All lines, for what reads a run as a whole. */
  text(): Promise<string> {
    return this.#next(async () => {
      try {
        return await readFile(this.#kept ? this.#final : this.#path, 'utf8');
      } catch {
        return '';
      }
    });
  }

  get steps(): Iterable<number> {
    return this.#batches.keys();
  }

  /** The run is over: the copy is what later windows show. */
  keep(): Promise<void> {
    return this.#next(async () => {
      if (this.#kept || this.#bytes === 0) return;
      await rename(this.#path, this.#final);
      this.#kept = true;
    });
  }

  async remove(): Promise<void> {
    await this.clear();
    await rm(this.#final, { force: true });
  }

  async dispose(): Promise<void> {
    if (!this.#kept) await this.#next(() => rm(this.#path, { force: true }));
  }

  #index(bytes: Buffer): void {
    for (let from = 0; from < bytes.length; ) {
      const newline = bytes.indexOf(NEWLINE, from);
      const end = newline === -1 ? bytes.length : newline;
      // The names stand at the beginning of a line, before the long lists.
      const head = bytes.toString('latin1', from, Math.min(end, from + 200));
      const step = BATCH.test(head) ? STEP.exec(head) : null;
      if (step !== null) this.#batches.set(Number(step[1]), [this.#bytes + from, end - from]);
      from = end + 1;
    }
    this.#bytes += bytes.length;
  }

  /** One after the other; a failure is the caller's alone. */
  #next<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work, work);
    this.#queue = result.catch(() => undefined);
    return result;
  }
}
