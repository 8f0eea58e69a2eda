import { createEventReader } from '../../core/runs/read-events.ts';
import { type RunFacts, type RunReducer, runReducer } from '../../core/runs/series.ts';

/** The events of one run, as text arrives, and what they say together. */
export class RunLog {
  readonly #reader = createEventReader();
  readonly reducer: RunReducer;

  constructor(reducer: RunReducer = runReducer()) {
    this.reducer = reducer;
  }

  /** Text of metrics.jsonl, which goes on where the last one ended. */
  append(text: string): void {
    this.reducer.add(this.#reader.push(text));
  }

  clear(): void {
    this.#reader.reset();
    this.reducer.reset();
  }

  get facts(): RunFacts {
    return this.reducer.facts;
  }

  get empty(): boolean {
    return this.facts.lastEvent === null && this.facts.step === 0;
  }

  get step(): number {
    return this.facts.step;
  }

  get maxSteps(): number | null {
    return this.facts.begin?.max_steps || null;
  }

  /** The last training loss; null before the first. */
  get loss(): number | null {
    const loss = this.reducer.view().columns['loss'];
    const at = loss?.findLastIndex((value, i) => !Number.isNaN(value) || i === loss.length - 1) ?? -1;
    return loss?.[at] ?? null;
  }
}
