import type { CompareView, StepRow } from '../../core/run-protocol.ts';
import type { CompareResult } from '../../core/runs/events.ts';
import { RUN_FILES } from '../../core/runs/folder.ts';
import { type EvalRow, numberOf, readCompare, readEvalRows } from '../../core/runs/read-events.ts';
import type { Runner } from '../../node/runs/runner.ts';
import type { FollowedRun } from './followed-run.ts';
import { textsOf } from './step-rows.ts';

/** Rows of the eval set that are listed, worst first. */
const WORST = 50;

/** Answers before and after, and the rows of the eval set that the model knows least; null where there is nothing yet. */
export async function compareView(
  run: FollowedRun,
  runner: Runner,
  decode: (ids: readonly (readonly number[])[]) => Promise<readonly string[]>,
): Promise<CompareView | null> {
  const { facts } = run.events;
  const lastEval = facts.evals.at(-1);
  const read = async (path: string | undefined): Promise<string> => {
    const bytes = path === undefined ? null : await runner.read(run.record, path);
    return bytes === null ? '' : new TextDecoder().decode(bytes);
  };
  const [compared, evaluated] = await Promise.all([
    read(run.mayBeCompared ? (facts.compare?.file ?? RUN_FILES.compare) : undefined),
    read(lastEval?.file),
  ]);
  const result = compared === '' ? null : readCompare(compared);
  const rows = worst(readEvalRows(evaluated));
  if (result === null && rows.length === 0) return null;
  const texts = await textsOf(
    run.record.evalPath ?? run.record.trainPath,
    rows.map(({ line }) => line),
  );
  return {
    checkpoint: result?.checkpoint ?? '',
    prompts: result === null ? [] : await promptsOf(result, decode),
    worst: rows.map(
      ({ line, loss, n }): StepRow => ({ line, loss, tokens: n, piece: null, text: texts.get(line) ?? '' }),
    ),
  };
}

/** Texts of a model that has no tokenizer of its own are made with the one that the rows were handed off with. */
async function promptsOf(
  { prompts }: CompareResult,
  decode: (ids: readonly (readonly number[])[]) => Promise<readonly string[]>,
): Promise<CompareView['prompts']> {
  const texts = await decode(prompts.flatMap(({ ids }) => KINDS.map((kind) => ids[kind])));
  return prompts.map((answers, at) => {
    const text = (kind: (typeof KINDS)[number], order: number): string =>
      answers[kind] ?? texts[at * KINDS.length + order] ?? '';
    const [prompt, expected, base, tuned] = KINDS.map(text);
    return { line: answers.line, prompt: prompt ?? '', expected: expected ?? '', base: base ?? '', tuned: tuned ?? '' };
  });
}

const KINDS = ['prompt', 'expected', 'base', 'tuned'] as const;

const worst = (rows: readonly EvalRow[]): readonly EvalRow[] =>
  rows
    .filter(({ loss }) => loss !== null)
    .sort((a, b) => (numberOf(b.loss) || 0) - (numberOf(a.loss) || 0))
    .slice(0, WORST);
