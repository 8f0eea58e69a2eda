import { nearest, quoted } from '../checks/lib/words.ts';
import { escapeToken, type SpecFinding, type SpecFix } from './spec-problem.ts';
import {
  DPO_ARGUMENTS,
  KTO_ARGUMENTS,
  LORA_ARGUMENTS,
  RENAMED,
  SET_BY_RUN,
  SFT_ARGUMENTS,
} from './trainer-arguments.ts';

type Plain = Readonly<Record<string, unknown>>;
const objectIn = (plain: Plain, key: string): Plain => {
  const value = plain[key];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Plain) : {};
};

const ARGUMENTS: Readonly<Record<string, { readonly names: readonly string[]; readonly config: string }>> = {
  dpo: { names: DPO_ARGUMENTS, config: 'DPOConfig' },
  kto: { names: KTO_ARGUMENTS, config: 'KTOConfig' },
};
const SFT = { names: SFT_ARGUMENTS, config: 'SFTConfig' };

/** What a spec alone says is wrong, beyond its schema. */
export function checkSpec(plain: Plain): SpecFinding[] {
  return [...checkArguments(plain), ...checkPeft(plain), ...checkTogether(plain)];
}

function* checkArguments(plain: Plain): Generator<SpecFinding> {
  const args = objectIn(plain, 'args');
  const { names, config } = ARGUMENTS[String(plain['method'])] ?? SFT;
  const known = new Set(names);
  for (const key of Object.keys(args)) {
    const pointer = `/args/${escapeToken(key)}`;
    const path = ['args', key];
    const instead = Object.hasOwn(SET_BY_RUN, key) ? SET_BY_RUN[key] : undefined;
    if (instead !== undefined) {
      yield {
        message: `\`${key}\` is set by the run itself. ${instead}`,
        severity: 'error',
        pointer,
        at: 'key',
        fix: removal(key, path),
      };
      continue;
    }
    if (known.has(key)) continue;
    const renamed = Object.hasOwn(RENAMED, key) ? RENAMED[key] : undefined;
    const meant = renamed ?? nearest(key, names);
    const change =
      meant === null || Object.hasOwn(args, meant)
        ? {}
        : { fix: { title: `Change to \`${meant}\``, key: path, value: undefined, rename: meant } };
    yield {
      message:
        renamed !== undefined
          ? `\`${key}\` is called \`${renamed}\` now. Change it.`
          : `${quoted(key)} is no argument of ${config} (TRL 1.16), which would refuse it. ${meant === null ? 'Remove it, unless the target has another version.' : `Did you mean \`${meant}\`?`}`,
      severity: 'warning',
      pointer,
      at: 'key',
      ...change,
    };
  }
}

function* checkPeft(plain: Plain): Generator<SpecFinding> {
  const { method } = plain;
  const peft = objectIn(plain, 'peft');
  if (method === 'full' && plain['peft'] !== undefined && plain['peft'] !== null)
    yield {
      message: 'The method `full` trains every weight and has no adapters. Remove `peft`, or set `method` to `lora`.',
      severity: 'error',
      pointer: '/peft',
      at: 'key',
      fix: { title: 'Set `method` to `lora`', key: ['method'], value: 'lora' },
    };
  for (const key of Object.keys(peft)) {
    if (LORA_ARGUMENTS.includes(key)) continue;
    const meant = nearest(key, LORA_ARGUMENTS);
    yield {
      message: `${quoted(key)} is no argument of LoraConfig (peft 0.21), which would refuse it. ${meant === null ? 'Remove it, unless the target has another version.' : `Did you mean \`${meant}\`?`}`,
      severity: 'warning',
      pointer: `/peft/${escapeToken(key)}`,
      at: 'key',
      ...(meant === null || Object.hasOwn(peft, meant)
        ? {}
        : { fix: { title: `Change to \`${meant}\``, key: ['peft', key], value: undefined, rename: meant } }),
    };
  }
}

/** Values that do not go together. */
function* checkTogether(plain: Plain): Generator<SpecFinding> {
  const { method, packing } = plain;
  const args = objectIn(plain, 'args');
  if ((method === 'dpo' || method === 'kto') && packing !== undefined && packing !== false)
    yield {
      message: `Packing is for \`full\`, \`lora\` and \`qlora\`: \`${method}\` compares whole answers. Set \`packing\` to \`false\`.`,
      severity: 'error',
      pointer: '/packing',
      fix: { title: 'Set `packing` to `false`', key: ['packing'], value: false },
    };
  const nodes = plain['nodes'];
  if (typeof nodes === 'number' && nodes > 1 && (plain['target'] ?? 'local') === 'local')
    yield {
      message: `\`nodes\` is ${nodes}, and \`local\` is one machine. Set \`target\` to one with Slurm, or \`nodes\` to 1.`,
      severity: 'error',
      pointer: '/nodes',
      fix: { title: 'Set `nodes` to 1', key: ['nodes'], value: 1 },
    };
  const evaluated = (plain['data'] as Plain)['eval'];
  const strategy = args['eval_strategy'];
  if ((evaluated === undefined || evaluated === null) && strategy !== undefined && strategy !== 'no')
    yield {
      message:
        'There are no rows to evaluate: `eval` of `data` is not set. Name a file or a share there, or remove this.',
      severity: 'error',
      pointer: '/args/eval_strategy',
      fix: { title: 'Set `eval` to 0.05', key: ['data', 'eval'], value: 0.05 },
    };
  if (args['load_best_model_at_end'] === true) yield* checkBest(args, evaluated);
  for (const key of ['logging_steps', 'eval_steps', 'save_steps']) {
    const steps = args[key];
    if (typeof steps === 'number' && steps > 1 && !Number.isInteger(steps))
      yield {
        message: `\`${key}\` of \`args\` is a number of steps, or below 1 a share of all. It is the number ${steps}: make it whole.`,
        severity: 'error',
        pointer: `/args/${key}`,
        fix: { title: `Set to ${Math.round(steps)}`, key: ['args', key], value: Math.round(steps) },
      };
  }
  if (isOn(args['fsdp']) && args['gradient_checkpointing'] !== false)
    yield {
      message:
        'With FSDP activations are computed again by `activation_checkpointing` of `fsdp_config`; `gradient_checkpointing` is on by default and gathers the weights twice. Set it to `false`.',
      severity: 'warning',
      pointer: args['gradient_checkpointing'] === undefined ? '/args/fsdp' : '/args/gradient_checkpointing',
      fix: { title: 'Set `gradient_checkpointing` to `false`', key: ['args', 'gradient_checkpointing'], value: false },
    };
  if (args['bf16'] === true && args['fp16'] === true)
    yield {
      message: '`bf16` and `fp16` exclude each other. Keep `bf16` where the GPU has it (Ampere and later).',
      severity: 'error',
      pointer: '/args/fp16',
      fix: removal('fp16', ['args', 'fp16']),
    };
}

const isOn = (value: unknown): boolean =>
  value !== undefined &&
  value !== null &&
  value !== false &&
  value !== '' &&
  !(Array.isArray(value) && value.length === 0);

/** transformers 5.23 refuses the best model at the end where checkpoints and evaluations do not meet. */
function* checkBest(args: Plain, evaluated: unknown): Generator<SpecFinding> {
  const pointer = '/args/load_best_model_at_end';
  if (evaluated === undefined || evaluated === null)
    yield {
      message:
        'The best model is chosen by the eval rows, and `eval` of `data` is not set. Name a file or a share there.',
      severity: 'error',
      pointer,
      fix: { title: 'Set `eval` to 0.05', key: ['data', 'eval'], value: 0.05 },
    };
  const evaluation = args['eval_strategy'] ?? 'steps';
  const saving = args['save_strategy'] ?? 'steps';
  if (saving !== 'best' && evaluation !== saving)
    yield {
      message: `\`load_best_model_at_end\` needs \`save_strategy\` and \`eval_strategy\` to be the same. They are \`${String(saving)}\` and \`${String(evaluation)}\`.`,
      severity: 'error',
      pointer,
      fix: {
        title: `Set \`save_strategy\` to \`${String(evaluation)}\``,
        key: ['args', 'save_strategy'],
        value: String(evaluation),
      },
    };
  const every = numberOr(args['eval_steps'], 0.1);
  const saved = numberOr(args['save_steps'], 0.1);
  if (saving === 'steps' && evaluation === 'steps' && !isMultiple(saved, every))
    yield {
      message: `The best model is a checkpoint at an evaluation: \`save_steps\` must be a multiple of \`eval_steps\`. They are ${saved} and ${every}.`,
      severity: 'error',
      pointer,
      fix: { title: `Set \`save_steps\` to ${every}`, key: ['args', 'save_steps'], value: every },
    };
}

const numberOr = (value: unknown, other: number): number => (typeof value === 'number' ? value : other);

/** A share and a number of steps may meet or not: that counts as no. */
function isMultiple(value: number, of: number): boolean {
  if (value % of === 0) return true;
  if (value >= 1 || of >= 1) return false;
  return Math.round(value * 1_000_000) % Math.round(of * 1_000_000) === 0;
}

const removal = (key: string, path: readonly string[]): SpecFix => ({
  title: `Remove \`${key}\``,
  key: path,
  value: undefined,
});
