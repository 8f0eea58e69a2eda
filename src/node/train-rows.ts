import type { AnswerRow, TokenRow } from '../core/analysis-types.ts';
import type { RowOf } from './token-sink.ts';

const IGNORED_LABEL = -100;
/** Tokens. After the end of a turn a template prints a line break or two at most. */
const TAIL = 4;

/** A row as TRL's SFTTrainer reads it; the three lists are equally long, labels -100 where masked. */
export const SFT_COLUMNS = {
  input_ids: 'ids',
  labels: 'ids',
  assistant_masks: 'bits',
  /** From 1. */
  source_line: 'number',
} as const;
/**
 * The columns that go into a model, and no other: axolotl 0.19 with sample packing and LLaMA-Factory 0.9.5 put every column
 * that they find into their batches.
 */
export const BATCH_COLUMNS = { input_ids: 'ids', attention_mask: 'bits', labels: 'ids' } as const;
export const DPO_COLUMNS = {
  prompt_ids: 'ids',
  chosen_ids: 'ids',
  rejected_ids: 'ids',
  source_line: 'number',
} as const;
export const KTO_COLUMNS = { prompt_ids: 'ids', completion_ids: 'ids', label: 'flag', source_line: 'number' } as const;

/** A row that can be trained on, and what counting needs of it. */
export interface TrainRow<R> {
  readonly row: R;
  readonly tokens: number;
  readonly trained: number;
  /** Tokens cut off by the limit. */
  readonly truncated: number;
  /** Tokens of its longest sequence. */
  readonly length: number;
  readonly maxId: number;
  /** Its last trained tokens: one of them ends the answer. */
  readonly tail: Int32Array;
}

/** Cut to `maxLength` tokens and labeled; null where no token within has a label. */
export function sftRow(
  { ids, trained }: TokenRow,
  maxLength: number,
  line: number,
): TrainRow<RowOf<typeof SFT_COLUMNS>> | null {
  const kept = ids.subarray(0, maxLength);
  const masks = trained.subarray(0, maxLength);
  const last = masks.lastIndexOf(1);
  if (last < 0) return null;
  const labels = kept.map((id, i) => (masks[i] ? id : IGNORED_LABEL));
  return {
    row: { input_ids: kept, labels, assistant_masks: masks, source_line: line },
    tokens: kept.length,
    trained: masks.reduce((sum, bit) => sum + bit, 0),
    truncated: ids.length - kept.length,
    length: kept.length,
    maxId: largest(kept),
    tail: kept.subarray(Math.max(0, last + 1 - TAIL, masks.lastIndexOf(0, last) + 1), last + 1),
  };
}

/** Answers cut so that each fits with its prompt; null where one of them is cut off whole, as TRL 1.16 drops such rows. */
function cutAnswers({ prompt, answers }: AnswerRow, maxLength: number) {
  const room = Math.max(0, maxLength - prompt.length);
  const cut = answers.map((answer) => answer.subarray(0, room));
  if (cut.some((answer) => answer.length === 0)) return null;
  const trained = sum(cut.map((answer) => answer.length));
  return {
    cut,
    facts: {
      tokens: prompt.length + trained,
      trained,
      truncated: sum(answers.map((answer) => answer.length)) - trained,
      length: prompt.length + Math.max(...cut.map((answer) => answer.length)),
      maxId: Math.max(largest(prompt), ...cut.map(largest)),
      tail: cut[0]!.subarray(-TAIL),
    },
  };
}

export function dpoRow(row: AnswerRow, maxLength: number, line: number): TrainRow<RowOf<typeof DPO_COLUMNS>> | null {
  const answers = cutAnswers(row, maxLength);
  if (answers === null) return null;
  const [chosen_ids, rejected_ids] = answers.cut as [Int32Array, Int32Array];
  return { row: { prompt_ids: row.prompt, chosen_ids, rejected_ids, source_line: line }, ...answers.facts };
}

export function ktoRow(row: AnswerRow, maxLength: number, line: number): TrainRow<RowOf<typeof KTO_COLUMNS>> | null {
  const answers = cutAnswers(row, maxLength);
  if (answers === null) return null;
  const completion_ids = answers.cut[0]!;
  const label = row.rating === true;
  return { row: { prompt_ids: row.prompt, completion_ids, label, source_line: line }, ...answers.facts };
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

function largest(ids: Int32Array): number {
  let max = 0;
  for (const id of ids) if (id > max) max = id;
  return max;
}

export interface TrainCounts {
  rows: number;
  written: number;
  withoutLabel: number;
  unreadable: number;
  tokens: number;
  trained: number;
  truncated: number;
  longest: number;
  maxId: number;
}

export const noCounts = (): TrainCounts => ({
  rows: 0,
  written: 0,
  withoutLabel: 0,
  unreadable: 0,
  tokens: 0,
  trained: 0,
  truncated: 0,
  longest: 0,
  maxId: 0,
});

export function countRow(counts: TrainCounts, row: TrainRow<unknown>): void {
  counts.written++;
  counts.tokens += row.tokens;
  counts.trained += row.trained;
  counts.truncated += row.truncated;
  counts.longest = Math.max(counts.longest, row.length);
  counts.maxId = Math.max(counts.maxId, row.maxId);
}
