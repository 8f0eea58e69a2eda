import { differs, type RowDiff } from '../core/mask/row-diff.ts';
import type { FileDiff } from '../core/protocol.ts';
import type { Analysis, DatasetDocument } from './dataset-document.ts';
import type { MaskPair } from './mask-choices.ts';
import type { Services } from './services.ts';

/** Rows of one request: small enough that an end is soon. */
const BATCH_ROWS = 300;
/** Milliseconds between two reports of how far it got. */
const REPORT_INTERVAL = 250;

/** Two masks over the rows of a file, counted in the background; what was counted stays until rows, masks or settings change. */
export class FileComparison {
  readonly #services: Services;
  readonly #report: (diff: FileDiff | null) => void;
  #of: { readonly analysis: Analysis; readonly version: number; readonly key: string; readonly pair: MaskPair } | null =
    null;
  #dataset: DatasetDocument | null = null;
  #rows = new Map<number, RowDiff>();
  #state: FileDiff = { kind: 'stopped', done: 0, rows: 0, differ: 0 };
  #abort: AbortController | null = null;

  constructor(services: Services, report: (diff: FileDiff | null) => void) {
    this.#services = services;
    this.#report = report;
  }

  get state(): FileDiff {
    return this.#state;
  }

  /** The rows that differ, those with the most tokens first; rows count from 0. */
  get differing(): readonly (readonly [row: number, diff: RowDiff])[] {
    const size = ({ onlyA, onlyB }: RowDiff): number => onlyA + onlyB;
    return [...this.#rows].sort(([a, x], [b, y]) => size(y) - size(x) || a - b);
  }

  get pair(): MaskPair | null {
    return this.#of?.pair ?? null;
  }

  /** Counts the file under the two masks, or goes on where it stopped. Resolves when it ends or is stopped. */
  async count(dataset: DatasetDocument, pair: MaskPair): Promise<void> {
    const { analysis } = dataset;
    if (analysis === null) return;
    const { version } = dataset.document;
    const key = JSON.stringify(pair.sides);
    const known = this.#of;
    const same = known?.analysis === analysis && known.version === version && known.key === key;
    if (same && (this.#abort !== null || this.#state.kind === 'done')) {
      this.#report(this.#state);
      return;
    }
    this.stop();
    if (!same) {
      this.#rows = new Map();
      this.#state = { kind: 'counting', done: 0, rows: dataset.rows.count, differ: 0 };
    }
    this.#of = { analysis, version, key, pair };
    this.#dataset = dataset;
    const abort = (this.#abort = new AbortController());
    try {
      await this.#run(dataset, analysis, pair, abort.signal);
    } catch {
      // Stopped, or the workers were: the view says how far it got.
      if (!abort.signal.aborted) this.#set({ ...this.#state, kind: 'failed' });
    } finally {
      if (this.#abort === abort) this.#abort = null;
    }
  }

  /** Goes on with what was stopped. */
  async resume(): Promise<void> {
    if (this.#dataset !== null && this.#of !== null) await this.count(this.#dataset, this.#of.pair);
  }

  stop(): void {
    if (this.#abort === null) return;
    this.#abort.abort();
    this.#abort = null;
    this.#set({ ...this.#state, kind: 'stopped' });
  }

  dispose(): void {
    this.#abort?.abort();
    this.#abort = null;
  }

  async #run(
    dataset: DatasetDocument,
    { project, format }: Analysis,
    pair: MaskPair,
    signal: AbortSignal,
  ): Promise<void> {
    const { version } = dataset.document;
    let { done, differ } = this.#state;
    let told = 0;
    while (done < dataset.rows.count) {
      const from = done;
      const to = Math.min(dataset.rows.count, from + BATCH_ROWS);
      const texts = Array.from({ length: to - from }, (_, i) => dataset.rows.text(from + i));
      const results = await this.#services.get().compare(texts, project.settings, format, pair.sides, { signal });
      if (signal.aborted) return;
      // Rows have moved: the numbers of those before are not theirs any more.
      if (dataset.document.version !== version) break;
      results.forEach((result, i) => {
        if (result === null || !differs(result)) return;
        this.#rows.set(from + i, result);
        differ++;
      });
      done = to;
      this.#state = { kind: 'counting', done, rows: dataset.rows.count, differ };
      if (performance.now() - told < REPORT_INTERVAL) continue;
      told = performance.now();
      this.#report(this.#state);
    }
    this.#set({ ...this.#state, kind: done < dataset.rows.count ? 'stopped' : 'done' });
  }

  #set(state: FileDiff): void {
    this.#state = state;
    this.#report(state);
  }
}
