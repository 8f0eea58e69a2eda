import type { BatchEvent, Figure } from './events.ts';
import { firstNotBelow, growingDoubles, growingFloats, growingInts } from './growing.ts';
import { figureOf, numberOf } from './read-events.ts';

/** A row of a step's batch. */
export interface BatchRow {
  /** Line of the training file, from 1. */
  readonly line: number;
  /** Row of train.arrow, from 0. */
  readonly row: number;
  /** Tokens [from, to) of the row; null: all of it. */
  readonly piece: readonly [number, number] | null;
  /** Mean loss of the trained tokens; null where none is trained or it was not recorded. */
  readonly loss: Figure | null;
  /** Trained tokens; null where it was not recorded. */
  readonly trained: number | null;
}

/** What a step was made of. */
export interface StepBatch {
  readonly step: number;
  readonly rows: readonly BatchRow[];
  readonly tokens: number;
  /** Sequences: with packing fewer than rows. */
  readonly packs: number;
  readonly loss: Figure | null;
}

/** Losses of a watched row, one for each token from `from` on; NaN for a token that is not trained. */
export interface WatchedLosses {
  readonly step: number;
  readonly from: number;
  readonly loss: Float32Array;
}

/** Which rows each step trained, in about 12 bytes a row. */
export interface StepIndex {
  readonly length: number;
  add(batch: BatchEvent): void;
  /** Drops the steps at or after that one. */
  cut(from: number): void;
  /** The batch of a step; null where it is not known. */
  at(step: number): StepBatch | null;
  /** The batches of the steps after `after` up to `step`: a point of a plot that logs every n steps stands for all of them. */
  between(after: number, step: number): readonly StepBatch[];
  has(step: number): boolean;
  /** Whether rows of the last batch had a trained token; null where that is not recorded. */
  readonly trains: boolean | null;
  /** By row of train.arrow, from first to last; of one row the last ones are kept. */
  watched(row: number): readonly WatchedLosses[];
}

/** A loss that is null: no token is trained. Float32 holds it exactly, and no loss is so low. */
const NOTHING = -(2 ** 120);
/** Losses recorded token by token that are kept of one row. */
const KEPT = 64;
/** Rows are kept as 32 bits. */
const MOST_ROWS = 2 ** 31 - 1;
const FAR = 1 << 25;
const MAX_WATCHED_ROWS = 10_000;

export function stepIndex(): StepIndex {
  const steps = growingDoubles();
  /** Where the rows of a step begin in the lists below. */
  const begins = growingDoubles();
  const tokens = growingDoubles();
  const packs = growingInts();
  const losses = growingDoubles();
  const rows = growingInts();
  const loss = growingFloats();
  const trained = growingInts();
  /** Pairs; empty until a row is in pieces. */
  const pieces = growingInts();
  /** Line of each row of train.arrow; 0: not seen yet. */
  let lines = new Int32Array(1024);
  /** Lines of rows so far out that a list up to them would be waste: a broken file has such. */
  const farLines = new Map<number, number>();
  const watched = new Map<number, WatchedLosses[]>();

  const remember = (row: number, line: number): void => {
    if (row > FAR) {
      farLines.set(row, line);
      return;
    }
    if (row >= lines.length) {
      const bigger = new Int32Array(Math.max(row + 1, lines.length * 2));
      bigger.set(lines);
      lines = bigger;
    }
    lines[row] = line;
  };
  const batchAt = (at: number): StepBatch => {
    const begin = begins.at(at);
    const end = at + 1 < steps.length ? begins.at(at + 1) : rows.length;
    const list: BatchRow[] = [];
    for (let i = begin; i < end; i++) {
      const row = rows.at(i);
      const from = pieces.length > 0 ? pieces.at(2 * i) : -1;
      const n = trained.at(i);
      const value = loss.at(i);
      list.push({
        line: (row > FAR ? farLines.get(row) : lines[row]) ?? 0,
        row,
        piece: from < 0 ? null : [from, pieces.at(2 * i + 1)],
        // Six digits after the point, as train.py writes them: the others are made by 32 bits.
        loss: n < 0 || value === NOTHING ? null : figureOf(Math.round(value * 1e6) / 1e6),
        trained: n < 0 ? null : n,
      });
    }
    const own = losses.at(at);
    return {
      step: steps.at(at),
      rows: list,
      tokens: tokens.at(at),
      packs: packs.at(at),
      loss: own === NOTHING ? null : figureOf(own),
    };
  };

  return {
    get length() {
      return steps.length;
    },
    add(batch) {
      steps.push(batch.step);
      begins.push(rows.length);
      tokens.push(batch.tokens);
      packs.push(new Set(batch.micro.map((micro) => micro.join())).size || batch.rows.length);
      losses.push(batch.step_loss === undefined ? NOTHING : numberOf(batch.step_loss));
      if (batch.pieces !== undefined && pieces.length === 0) pieces.append(new Int32Array(2 * rows.length).fill(-1));
      const hasPieces = batch.pieces !== undefined || pieces.length > 0;
      batch.rows.forEach((row, i) => {
        const known = Math.min(row, MOST_ROWS);
        remember(known, batch.lines[i] ?? 0);
        rows.push(known);
        const value = batch.loss?.[i];
        loss.push(value === null || value === undefined ? NOTHING : numberOf(value));
        trained.push(batch.n?.[i] ?? -1);
        if (!hasPieces) return;
        const piece = batch.pieces?.[i] ?? null;
        pieces.push(piece?.[0] ?? -1);
        pieces.push(piece?.[1] ?? -1);
      });
      for (const { row, from, loss } of batch.watched ?? []) {
        const list = watched.get(row) ?? [];
        if (list.length === 0 && watched.size === MAX_WATCHED_ROWS) continue;
        list.push({ step: batch.step, from, loss: Float32Array.from(loss, (value) => numberOf(value)) });
        watched.set(row, list.slice(-KEPT));
      }
    },
    cut(from) {
      const length = firstNotBelow(steps, from);
      if (length === steps.length) return;
      const row = begins.at(length);
      for (const list of [steps, begins, tokens, packs, losses]) list.cut(length);
      for (const list of [rows, loss, trained]) list.cut(row);
      if (pieces.length > 0) pieces.cut(2 * row);
      for (const [row, list] of watched)
        watched.set(
          row,
          list.filter(({ step }) => step < from),
        );
    },
    at(step) {
      const at = firstNotBelow(steps, step);
      return steps.at(at) === step ? batchAt(at) : null;
    },
    between(after, step) {
      const found: StepBatch[] = [];
      for (let at = firstNotBelow(steps, after + 1); at < steps.length && steps.at(at) <= step; at++)
        found.push(batchAt(at));
      return found;
    },
    has: (step) => steps.at(firstNotBelow(steps, step)) === step,
    get trains() {
      if (steps.length === 0) return null;
      const begin = begins.at(steps.length - 1);
      let known = false;
      for (let i = begin; i < rows.length; i++) {
        if (trained.at(i) > 0) return true;
        if (trained.at(i) === 0) known = true;
      }
      return known ? false : null;
    },
    watched: (row) => watched.get(row) ?? [],
  };
}
