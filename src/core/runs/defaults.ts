import type { Comparison, JsonObject, Method, Recording, RunSpec } from './spec.ts';

/** Rows (with packing: packs) of one optimizer step, over all devices. */
export const EFFECTIVE_BATCH = 16;

export const DEFAULT_RECORDING: Recording = { rowLoss: true, watch: [] };
export const DEFAULT_COMPARISON: Comparison = { prompts: 4, maxNewTokens: 128 };

/** peft's LoraConfig (peft 0.21). */
export const DEFAULT_PEFT: JsonObject = {
  r: 16,
  lora_alpha: 32,
  lora_dropout: 0.05,
  target_modules: 'all-linear',
};

/** Usual for fine-tuning; adapters bear and need about ten times as much. */
const LEARNING_RATES: Readonly<Record<Method, { readonly whole: number; readonly adapters: number }>> = {
  full: { whole: 2e-5, adapters: 2e-4 },
  lora: { whole: 2e-5, adapters: 2e-4 },
  qlora: { whole: 2e-5, adapters: 2e-4 },
  dpo: { whole: 5e-6, adapters: 5e-5 },
  kto: { whole: 5e-6, adapters: 5e-5 },
};

/** Whether small adapters are trained instead of the weights. */
export const hasAdapters = (method: Method, peft: unknown): boolean =>
  method === 'lora' || method === 'qlora' || ((method === 'dpo' || method === 'kto') && isGiven(peft));

const isGiven = (value: unknown): boolean => value !== null && value !== undefined;

export const defaultLearningRate = (method: Method, adapters: boolean): number =>
  LEARNING_RATES[method][adapters ? 'adapters' : 'whole'];

/**
 * The trainer's arguments that a spec does not name, by TRL's names (TRL 1.16, transformers 5.23: `warmup_steps`,
 * `eval_steps` and `save_steps` below 1 are shares of all steps). `gradient_accumulation_steps` is not among them: it
 * follows from the number of devices, see `withAccumulation`. `bf16` is left to the trainer, which knows the device.
 */
export function defaultArgs(
  method: Method,
  options: { readonly adapters: boolean; readonly packed: boolean; readonly evaluated: boolean },
): JsonObject {
  // Packs without flash attention need the square of a batch's length in memory: one pack at a time.
  const rows = options.packed ? 1 : 2;
  return {
    num_train_epochs: 3,
    learning_rate: defaultLearningRate(method, options.adapters),
    lr_scheduler_type: 'cosine',
    warmup_steps: 0.03,
    per_device_train_batch_size: rows,
    per_device_eval_batch_size: rows,
    logging_steps: 1,
    eval_strategy: options.evaluated ? 'steps' : 'no',
    ...(options.evaluated ? { eval_steps: 0.1 } : {}),
    save_strategy: 'steps',
    save_steps: 0.1,
    save_total_limit: 2,
    seed: 42,
  };
}

/** Batches to gather so that a step has `effective` rows, or as near as whole batches come; at least 1. */
export function accumulationFor(effective: number, perDevice: number, worldSize: number): number {
  const atOnce = Math.max(1, perDevice) * Math.max(1, worldSize);
  return Math.max(1, Math.round(effective / atOnce));
}

const numberIn = (args: JsonObject, key: string): number | null => {
  const value = args[key];
  return typeof value === 'number' && Number.isFinite(value) && value >= 1 ? value : null;
};

/** The arguments for that many devices: what the spec says of `gradient_accumulation_steps` holds, else it is chosen. */
export function withAccumulation(args: JsonObject, worldSize: number): JsonObject {
  if (args['gradient_accumulation_steps'] !== undefined) return args;
  const perDevice = numberIn(args, 'per_device_train_batch_size') ?? 8;
  return { ...args, gradient_accumulation_steps: accumulationFor(EFFECTIVE_BATCH, perDevice, worldSize) };
}

/** Rows (with packing: packs) of one optimizer step. */
export function effectiveBatch(args: JsonObject, worldSize: number): number {
  const perDevice = numberIn(args, 'per_device_train_batch_size') ?? 8;
  const accumulation =
    numberIn(args, 'gradient_accumulation_steps') ?? accumulationFor(EFFECTIVE_BATCH, perDevice, worldSize);
  return perDevice * accumulation * Math.max(1, worldSize);
}

/** Half the batch on each device and as many rows in a step as before; null where a batch is one row already. */
export function halvedBatch(
  args: JsonObject,
  worldSize: number,
): { readonly perDevice: number; readonly args: JsonObject } | null {
  const perDevice = numberIn(args, 'per_device_train_batch_size') ?? 8;
  if (perDevice < 2) return null;
  const half = Math.floor(perDevice / 2);
  const accumulation = accumulationFor(effectiveBatch(args, worldSize), half, worldSize);
  return {
    perDevice: half,
    args: { ...args, per_device_train_batch_size: half, gradient_accumulation_steps: accumulation },
  };
}

/** A spec as the file gives it, every default filled in. */
export function withDefaults(given: Partial<RunSpec> & Pick<RunSpec, 'model' | 'data'>): RunSpec {
  const method = given.method ?? 'lora';
  const packing = given.packing ?? false;
  const adapters = hasAdapters(method, given.peft);
  const evaluated = isGiven(given.data.eval);
  return {
    ...given,
    data: { train: given.data.train, eval: given.data.eval ?? null },
    method,
    args: { ...defaultArgs(method, { adapters, packed: packing !== false, evaluated }), ...given.args },
    peft: adapters ? { ...DEFAULT_PEFT, ...given.peft } : null,
    target: given.target ?? 'local',
    gpus: given.gpus ?? 'auto',
    nodes: given.nodes ?? 1,
    packing,
    record: { ...DEFAULT_RECORDING, ...given.record },
    compare: { ...DEFAULT_COMPARISON, ...given.compare },
  };
}
