import { counted, figure } from '../checks/lib/words.ts';
import type { FormatName } from '../formats/format.ts';
import { blankComments } from '../jsonl/lenient.ts';
import { defaultLearningRate, effectiveBatch, hasAdapters } from './defaults.ts';
import { place } from './parse-spec.ts';
import type { Json, RunSpec } from './spec.ts';
import type { SpecFinding, SpecPath, SpecProblem } from './spec-problem.ts';

/** What is known of the data and the place of a run; null: not known, and not judged. */
export interface DataFacts {
  /** Rows of the training file, before a share of them is held out. */
  readonly rows: number | null;
  /** Tokens of the longest row, before the cut. */
  readonly longest: number | null;
  /** Rows that are cut at maxLength. */
  readonly truncatedRows: number | null;
  /** Tokens of all rows, before the cut. */
  readonly tokens: number | null;
  /** That of the training file. */
  readonly format?: FormatName | null;
  /** maxLength that holds: the spec's or that of `sft-lens.json`. */
  readonly maxLength?: number | null;
  readonly device?: 'cuda' | 'mps' | 'cpu' | null;
  /** Devices of all nodes. */
  readonly worldSize?: number | null;
}

export const NO_DATA_FACTS: DataFacts = { rows: null, longest: null, truncatedRows: null, tokens: null };

/** What is known to hurt in a spec that can be started, and what does not fit its data. `text`: of the spec. */
export function specWarnings(text: string, spec: RunSpec, facts: DataFacts): readonly SpecProblem[] {
  return place(blankComments(text), [...RULES.flatMap((rule) => [...rule(spec, facts)])]);
}

type Rule = (spec: RunSpec, facts: DataFacts) => Iterable<SpecFinding>;

const numberIn = (spec: RunSpec, key: string): number | null => {
  const value = spec.args[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
};
const pointer = (path: SpecPath): string => `/${path.join('/')}`;
const warning = (path: SpecPath, message: string, title?: string, value?: Json, key: SpecPath = path): SpecFinding => ({
  severity: 'warning',
  pointer: pointer(path),
  message,
  ...(title === undefined || value === undefined ? {} : { fix: { title, key, value } }),
});
/** "2e-4", "0.0002" is harder to read. */
const rateText = (rate: number): string => (rate < 0.001 ? rate.toExponential().replace(/\.?0*e/, 'e') : String(rate));
/** Whole percents; below 1 with a digit. */
const percent = (share: number): string =>
  `${share >= 0.01 ? Math.round(share * 100) : Number((share * 100).toFixed(1))}%`;
const stepsOf = (spec: RunSpec, rows: number, worldSize: number): number =>
  Math.ceil((rows * (numberIn(spec, 'num_train_epochs') ?? 3)) / effectiveBatch(spec.args, worldSize));

/** Above and below these a learning rate is known to hurt. */
function limits(spec: RunSpec): { readonly low: number; readonly high: number; readonly usual: string } {
  const preference = spec.method === 'dpo' || spec.method === 'kto';
  if (hasAdapters(spec.method, spec.peft))
    return preference
      ? { low: 1e-7, high: 1e-4, usual: '5e-6 to 5e-5' }
      : { low: 1e-5, high: 1e-3, usual: '1e-4 to 5e-4' };
  return preference
    ? { low: 1e-8, high: 1e-5, usual: '5e-7 to 5e-6' }
    : { low: 1e-7, high: 5e-5, usual: '1e-5 to 5e-5' };
}

function* learningRate(spec: RunSpec): Generator<SpecFinding> {
  const rate = numberIn(spec, 'learning_rate');
  if (rate === null) return;
  const { low, high, usual } = limits(spec);
  const adapters = hasAdapters(spec.method, spec.peft);
  const what =
    spec.method === 'full'
      ? 'full training'
      : spec.method === 'lora' || spec.method === 'qlora'
        ? 'LoRA'
        : `${spec.method.toUpperCase()}${adapters ? ' with adapters' : ''}`;
  const better = defaultLearningRate(spec.method, adapters);
  const title = `Set to ${rateText(better)}`;
  if (rate > high)
    yield warning(
      ['args', 'learning_rate'],
      `A learning rate of ${rateText(rate)} is high for ${what}, where ${usual} is usual: the model may forget what it could, or diverge.`,
      title,
      better,
    );
  else if (rate < low)
    yield warning(
      ['args', 'learning_rate'],
      `A learning rate of ${rateText(rate)} is low for ${what}, where ${usual} is usual: the model may hardly change.`,
      title,
      better,
    );
}

/** So often rows are learned by heart rather than from. */
const MANY_EPOCHS = 5;
const FEW_ROWS = 200;

function* epochs(spec: RunSpec, { rows }: DataFacts): Generator<SpecFinding> {
  const count = numberIn(spec, 'num_train_epochs');
  if (count === null || (numberIn(spec, 'max_steps') ?? -1) > 0) return;
  const of = rows === null ? '' : ` over ${counted(rows, 'row')}`;
  if (count > MANY_EPOCHS)
    yield warning(
      ['args', 'num_train_epochs'],
      `${figure(count)} epochs${of} teach the model its rows by heart. 1 to 3 are usual: set 3, and watch the eval loss.`,
      'Set to 3',
      3,
    );
  else if (rows !== null && rows < FEW_ROWS && count > 3)
    yield warning(
      ['args', 'num_train_epochs'],
      `${figure(count)} epochs${of} teach the model its rows by heart. Add rows, or set 3 and watch the eval loss.`,
      'Set to 3',
      3,
    );
}

function* length(spec: RunSpec, { rows, longest, truncatedRows, maxLength }: DataFacts): Generator<SpecFinding> {
  const limit = spec.maxLength ?? maxLength ?? null;
  if (rows === null || rows === 0 || truncatedRows === null || truncatedRows === 0 || limit === null) return;
  const share = truncatedRows / rows;
  if (share < 0.01 || spec.packing === 'bfd_split') return;
  const raised = longest === null ? null : Math.ceil(longest / 64) * 64;
  yield warning(
    ['maxLength'],
    `\`maxLength\` of ${figure(limit)} cuts ${figure(truncatedRows)} of ${counted(rows, 'row')} (${percent(share)})${longest === null ? '' : `; the longest has ${counted(longest, 'token')}`}. What is cut off is not learned: raise it, or shorten the rows.`,
    raised === null ? undefined : `Raise to ${figure(raised)}`,
    raised ?? undefined,
  );
}

function* warmUp(spec: RunSpec): Generator<SpecFinding> {
  if (numberIn(spec, 'warmup_steps') !== 0) return;
  const schedule = spec.args['lr_scheduler_type'];
  if (schedule === 'constant') return;
  yield warning(
    ['args', 'warmup_steps'],
    'There is no warm-up: the first steps go at the full learning rate and may undo what the model could. 0.03 is usual.',
    'Set to 0.03',
    0.03,
  );
}

/** Fewer steps than these teach little. */
const FEW_STEPS = 20;

function* batch(spec: RunSpec, { rows, worldSize }: DataFacts): Generator<SpecFinding> {
  if (rows === null || rows === 0 || spec.packing !== false || (numberIn(spec, 'max_steps') ?? -1) > 0) return;
  const devices = worldSize ?? 1;
  const effective = effectiveBatch(spec.args, devices);
  const steps = stepsOf(spec, rows, devices);
  if (steps >= FEW_STEPS || effective <= 2) return;
  const key =
    spec.args['gradient_accumulation_steps'] === undefined
      ? 'per_device_train_batch_size'
      : 'gradient_accumulation_steps';
  const perDevice = numberIn(spec, 'per_device_train_batch_size') ?? 1;
  const accumulation = Math.max(
    1,
    Math.floor((rows * (numberIn(spec, 'num_train_epochs') ?? 3)) / FEW_STEPS / devices / perDevice),
  );
  yield warning(
    ['args', key],
    `${counted(rows, 'row')} in steps of ${figure(effective)} make ${counted(steps, 'step')}, too few to learn much. Take fewer rows to a step: set \`gradient_accumulation_steps\` to ${figure(accumulation)}.`,
    `Set \`gradient_accumulation_steps\` to ${figure(accumulation)}`,
    accumulation,
    ['args', 'gradient_accumulation_steps'],
  );
}

function* evaluation(spec: RunSpec, { rows }: DataFacts): Generator<SpecFinding> {
  const { train, eval: held } = spec.data;
  if (held === null) {
    if (rows === null || rows >= 100)
      yield warning(
        ['data', 'eval'],
        'No rows are held out, so that overfitting cannot be seen. Set `eval` to a share of the rows, 0.05.',
        'Set `eval` to 0.05',
        0.05,
      );
    return;
  }
  if (held === train)
    yield warning(
      ['data', 'eval'],
      '`eval` is the training file: a model that learned it by heart would look best. Set it to a share, 0.05.',
      'Set to 0.05',
      0.05,
    );
  if (typeof held !== 'number' || rows === null) return;
  const out = Math.floor(rows * held);
  if (out < 1)
    yield {
      ...warning(
        ['data', 'eval'],
        `A share of ${held} of ${counted(rows, 'row')} is not even one row. Set \`eval\` to a file or a greater share.`,
        'Set to 0.2',
        0.2,
      ),
      severity: 'error',
    };
  else if (rows - out < 1)
    yield {
      ...warning(
        ['data', 'eval'],
        `A share of ${held} of ${counted(rows, 'row')} leaves none to train on. Set a smaller one.`,
        'Set to 0.05',
        0.05,
      ),
      severity: 'error',
    };
  else if (out < 10 && rows >= 50) {
    const better = Math.min(0.2, Math.ceil(1000 / rows) / 100);
    yield warning(
      ['data', 'eval'],
      `${counted(out, 'row')} to evaluate: the eval loss will jump about. Set \`eval\` to ${better} or to a file.`,
      `Set to ${better}`,
      better,
    );
  }
}

/** Without flash attention the mask of a batch of packs has (rows x length)^2 cells (TRL 1.16). */
function* packing(spec: RunSpec, { device, rows, tokens, maxLength }: DataFacts): Generator<SpecFinding> {
  if (spec.packing === false) return;
  const load = spec.args['model_init_kwargs'];
  const attention =
    typeof load === 'object' && load !== null && !Array.isArray(load) && 'attn_implementation' in load
      ? load['attn_implementation']
      : undefined;
  const flash = typeof attention === 'string' && /flash/.test(attention);
  const perDevice = numberIn(spec, 'per_device_train_batch_size') ?? 8;
  if (perDevice > 1 && (!flash || device === 'cpu'))
    yield warning(
      ['args', 'per_device_train_batch_size'],
      `Packing ${figure(perDevice)} sequences to a batch without flash attention takes memory by the square of their length. Set it to 1: the rows of a step stay the same.`,
      'Set to 1',
      1,
    );
  const limit = spec.maxLength ?? maxLength ?? null;
  if (rows !== null && rows > 0 && tokens !== null && limit !== null && tokens / rows > 0.7 * limit)
    yield warning(
      ['packing'],
      `Rows have ${figure(Math.round(tokens / rows))} of ${counted(limit, 'token')} on average: hardly two fit together. Set \`packing\` to \`false\`.`,
      'Set to `false`',
      false,
    );
}

const PREFERENCE_ROWS: ReadonlySet<FormatName> = new Set(['preference']);

function* format(spec: RunSpec, { format }: DataFacts): Generator<SpecFinding> {
  const { method } = spec;
  if (format === undefined || format === null || format === 'unknown' || format === 'columns') return;
  const error = (message: string, title: string, to: Json): SpecFinding => ({
    ...warning(['method'], message, title, to),
    severity: 'error',
  });
  if (method === 'dpo' && !PREFERENCE_ROWS.has(format))
    yield error(
      `The method \`dpo\` needs rows with \`chosen\` and \`rejected\`, and the rows have the format \`${format}\`. Set \`method\` to ${format === 'kto' ? '`kto`' : '`lora`'}.`,
      format === 'kto' ? 'Set to `kto`' : 'Set to `lora`',
      format === 'kto' ? 'kto' : 'lora',
    );
  else if (method === 'kto' && format !== 'kto')
    yield error(
      `The method \`kto\` needs rows with \`completion\` and \`label\`, and the rows have the format \`${format}\`. Set \`method\` to ${PREFERENCE_ROWS.has(format) ? '`dpo`' : '`lora`'}.`,
      PREFERENCE_ROWS.has(format) ? 'Set to `dpo`' : 'Set to `lora`',
      PREFERENCE_ROWS.has(format) ? 'dpo' : 'lora',
    );
  else if (method !== 'dpo' && PREFERENCE_ROWS.has(format))
    yield warning(
      ['method'],
      `The rows are pairs of answers, and \`${method}\` trains on the chosen ones only. Set \`method\` to \`dpo\` to learn from both.`,
      'Set to `dpo`',
      'dpo',
    );
  else if (method !== 'kto' && format === 'kto')
    yield warning(
      ['method'],
      `The rows say of each answer whether it is good, and \`${method}\` trains on the bad ones, too. Set \`method\` to \`kto\`.`,
      'Set to `kto`',
      'kto',
    );
}

function* device(spec: RunSpec, { device }: DataFacts): Generator<SpecFinding> {
  if (spec.method === 'qlora' && (device === 'cpu' || device === 'mps'))
    yield {
      ...warning(
        ['method'],
        'The method `qlora` needs an NVIDIA GPU, and the target has none. Set `method` to `lora`, or choose another target.',
        'Set to `lora`',
        'lora',
      ),
      severity: 'error',
    };
}

const RULES: readonly Rule[] = [format, device, learningRate, epochs, length, warmUp, batch, evaluation, packing];
