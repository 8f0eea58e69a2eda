import { appendFile, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * A copy of metrics.jsonl on this computer, so that a past run is shown without its target. One file for each window while
 * the run goes on, its final name when it is over.
 */
export class MetricsMirror {
  readonly #path: string;
  readonly #final: string;
  #empty = true;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(folder: string, id: string) {
    this.#path = join(folder, `${id}-${process.pid}.jsonl`);
    this.#final = join(folder, `${id}.jsonl`);
  }

  /** What an earlier window kept of a run that is over; null where there is none. */
  restore(): Promise<string | null> {
    return this.#next(() => readFile(this.#final, 'utf8').catch(() => null));
  }

  append(text: string): Promise<void> {
    return this.#next(async () => {
      await mkdir(dirname(this.#path), { recursive: true });
      await appendFile(this.#path, text);
      this.#empty = false;
    });
  }

  /** Everything is sent again from its begin. */
  clear(): Promise<void> {
    return this.#next(async () => {
      await rm(this.#path, { force: true });
      this.#empty = true;
    });
  }

  /** The run is over: the copy is what later windows show. */
  keep(): Promise<void> {
    return this.#next(async () => {
      if (this.#empty) return;
      await rename(this.#path, this.#final);
      this.#empty = true;
    });
  }

  async remove(): Promise<void> {
    await this.clear();
    await this.#next(() => rm(this.#final, { force: true }));
  }

  dispose(): Promise<void> {
    return this.clear();
  }

  /** One after the other; a failure is the caller's alone. */
  #next<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work, work);
    this.#queue = result.catch(() => undefined);
    return result;
  }
}
