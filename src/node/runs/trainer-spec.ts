import type { Settings } from '../../core/config.ts';
import { withAccumulation } from '../../core/runs/defaults.ts';
import type { TrainerSpec } from '../../core/runs/folder.ts';
import type { RunSpec } from '../../core/runs/spec.ts';
import { placePath, placeTokenizer } from '../hub/hub-id.ts';
import type { Handoff } from './handoff.ts';

/** The model of a spec that train.py makes itself: tiny, random, for trying everything out without a download. */
export const TINY_MODEL = 'bundled:tiny';

/** Seconds. */
const HEARTBEAT = 10;
const DEFAULT_SEED = 42;

/** The seed of a run: of its shuffling, and of what it holds out. */
export const seedOf = ({ args }: RunSpec): number => (typeof args['seed'] === 'number' ? args['seed'] : DEFAULT_SEED);

/** `sft-lens.json`'s settings, with what the spec says over them. Paths of the spec are relative to `base`. */
export function runSettings(spec: RunSpec, settings: Settings, base: string): Settings {
  const place = (id: string): string => (id.startsWith('bundled:') ? id : placePath(id, base));
  const { tokenizer, chatTemplate, templateArgs, mask, maxLength } = spec;
  return {
    ...settings,
    ...(tokenizer === undefined ? {} : { tokenizer: placeTokenizer(tokenizer, base) }),
    ...(chatTemplate === undefined ? {} : { chatTemplate: chatTemplate === null ? null : place(chatTemplate) }),
    ...(templateArgs === undefined ? {} : { templateArgs }),
    ...(mask === undefined ? {} : { mask }),
    ...(maxLength === undefined ? {} : { maxLength }),
  };
}

/** Ranks that a spec asks for; null where it leaves that to the target. */
export const worldSizeOf = ({ gpus, nodes }: RunSpec): number | null =>
  gpus === 'auto' ? null : Math.max(1, gpus) * Math.max(1, nodes);

/**
 * What train.py reads. `worldSize` are the ranks that will be started, where they are known: the effective batch follows
 * from them. `model` is the spec's, or where the model lies on the target.
 */
export function specFor(
  spec: RunSpec,
  settings: Settings,
  { manifest, watch, vocabularySize, stopIds }: Handoff,
  { worldSize = worldSizeOf(spec), model = spec.model }: { worldSize?: number | null; model?: string } = {},
): TrainerSpec {
  const largest = Math.max(manifest.train.maxId, manifest.eval?.maxId ?? 0);
  return {
    v: 1,
    model,
    method: spec.method,
    // No GPU asked for: a machine that has some must not use them.
    args: withAccumulation(spec.gpus === 0 ? { use_cpu: true, ...spec.args } : spec.args, worldSize ?? 1),
    peft: spec.peft,
    packing: spec.packing === false ? null : spec.packing,
    maxLength: settings.maxLength,
    rowLoss: spec.record.rowLoss,
    watch,
    worldSize,
    heartbeat: HEARTBEAT,
    prompts: spec.compare.prompts,
    maxNewTokens: spec.compare.maxNewTokens,
    stopIds,
    tiny: spec.model === TINY_MODEL ? { vocabSize: Math.max(vocabularySize, largest + 1), seed: seedOf(spec) } : null,
  };
}
