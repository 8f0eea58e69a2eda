import type { StepDetail, StepRow } from '../../core/run-protocol.ts';
import type { RunManifest } from '../../core/runs/folder.ts';
import { figureOf, numberOf } from '../../core/runs/read-events.ts';
import type { BatchRow, StepBatch } from '../../core/runs/step-index.ts';
import { hashOf, linesOf } from './file-lines.ts';
import type { FollowedRun } from './followed-run.ts';

/** Rows that are sent with their text; a step of many packs has thousands. */
const MOST = 200;
/** Bytes of a line of which the text is taken, and characters of it that are shown. */
const BYTES = 2000;
const CHARACTERS = 160;

/** The rows that a step trained, worst first, with the first words of each. */
export async function stepDetail(run: FollowedRun, step: number, manifest: RunManifest | null): Promise<StepDetail> {
  const batches = batchesOf(run, step);
  const rows = sorted(batches.flatMap(({ rows }) => rows));
  const shown = rows.slice(0, MOST);
  const [texts, dataChanged] = await Promise.all([
    textsOf(
      run.record.trainPath,
      shown.map(({ line }) => line),
    ),
    isChanged(run.record.trainPath, manifest?.train.sha256),
  ]);
  const { steps, columns } = run.events.reducer.view();
  const at = steps.indexOf(step);
  const figure = (name: string) => {
    const value = columns[name]?.[at];
    return at === -1 || value === undefined ? null : figureOf(value);
  };
  return {
    step,
    loss: figure('loss') ?? batches.at(-1)?.loss ?? null,
    gradNorm: figure('grad_norm'),
    tokens: batches.length === 0 ? null : batches.reduce((sum, { tokens }) => sum + tokens, 0),
    packs: batches.reduce((sum, { packs }) => sum + packs, 0),
    rows: shown.map((row): StepRow => {
      const { line, loss, trained, piece } = row;
      return { line, loss, tokens: trained, piece, text: texts.get(line) ?? '' };
    }),
    totalRows: rows.length,
    dataChanged,
  };
}

/** Lines of a step's rows, worst first, each once. */
export const stepLines = (run: FollowedRun, step: number): readonly BatchRow[] => {
  const seen = new Set<number>();
  return sorted(batchesOf(run, step).flatMap(({ rows }) => rows)).filter(
    ({ line }) => !seen.has(line) && seen.add(line) !== undefined,
  );
};

/** A point of a plot that logs every n steps stands for all of them. */
function batchesOf(run: FollowedRun, step: number): readonly StepBatch[] {
  const { steps } = run.events.reducer.view();
  const at = steps.indexOf(step);
  const before = at > 0 ? (steps[at - 1] ?? 0) : at === 0 ? 0 : step - 1;
  return run.events.reducer.batches.between(before, step);
}

const weight = ({ loss }: BatchRow): number => {
  const value = loss === null ? Number.NEGATIVE_INFINITY : numberOf(loss);
  // What is not a number any more is the worst of all.
  return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
};
const sorted = (rows: readonly BatchRow[]): readonly BatchRow[] =>
  [...rows].sort((a, b) => {
    const [first, second] = [weight(a), weight(b)];
    return first === second ? a.line - b.line : second - first;
  });

/** The first words of lines of a dataset; nothing where it cannot be read. */
export async function textsOf(path: string, lines: readonly number[]): Promise<ReadonlyMap<number, string>> {
  try {
    const found = await linesOf(path, lines, BYTES);
    return new Map([...found].map(([line, text]) => [line, snippet(text)]));
  } catch {
    return new Map();
  }
}

/** The words of a row without its JSON: what a person recognises it by. */
export function snippet(line: string): string {
  const words = [
    ...line.matchAll(
      /"(?:content|value|text|prompt|completion|instruction|output|chosen|question|response)"\s*:\s*("(?:[^"\\]|\\.)*"?)/g,
    ),
  ]
    .map(([, quoted = '']) => plain(quoted))
    .filter((text) => text.trim() !== '')
    .join(' · ');
  const text = (words === '' ? line : words).replace(/\s+/g, ' ').trim();
  return text.length > CHARACTERS ? `${text.slice(0, CHARACTERS - 1)}…` : text;
}

function plain(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    // Cut in the middle.
    return quoted
      .slice(1)
      .replace(/\\[nrt]/g, ' ')
      .replace(/\\(.)/g, '$1');
  }
}

async function isChanged(path: string, sha256: string | undefined): Promise<boolean> {
  if (sha256 === undefined) return false;
  return (await hashOf(path)) !== sha256;
}
