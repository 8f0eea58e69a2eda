/** Calls `run` `delay` ms after the last `schedule`. */
export class Debounced {
  readonly #run: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(run: () => void) {
    this.#run = run;
  }

  schedule(delay: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#run();
    }, delay);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

/** Calls `run` at once, then at most once per `interval` ms; the last request is never lost. */
export class Throttled {
  readonly #run: () => void;
  readonly #interval: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #last = Number.NEGATIVE_INFINITY;

  constructor(run: () => void, interval: number) {
    this.#run = run;
    this.#interval = interval;
  }

  schedule(): void {
    if (this.#timer !== undefined) return;
    const wait = Math.max(0, this.#last + this.#interval - performance.now());
    if (wait === 0) this.now();
    else this.#timer = setTimeout(() => this.now(), wait);
  }

  /** Runs at once, and the interval starts anew. */
  now(): void {
    this.dispose();
    this.#last = performance.now();
    this.#run();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
