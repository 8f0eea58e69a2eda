import type { Settings } from '../../core/config.ts';
import type { TemplateSources } from '../../core/engine.ts';
import { resolveMask } from '../../core/mask/resolve.ts';
import { isTrlAssistant, swapByTrl } from '../../core/mask/trl-knobs.ts';
import { trainingTemplates } from './training-templates.ts';

export interface Swap {
  readonly sources: TemplateSources;
  /** What TRL does with the template, as a sentence; null where it takes it as it is. */
  readonly note: string | null;
}

/** What TRL takes for a generation block, `has_generation_markers` (1.16). */
const MARKED = /\{%-?\s*generation\s*-?%\}/;

/**
 * The template that TRL renders under `assistant_only_loss`: for one without generation blocks its training version, where
 * TRL is at hand; else the template itself, and the mask is derived from it.
 */
export async function swapForTrl(sources: TemplateSources, settings: Settings): Promise<Swap> {
  const source = sources.byKind['default'];
  if (!isTrlAssistant(resolveMask(settings.mask)) || source === undefined || MARKED.test(source))
    return { sources, note: null };
  const folder = settings.trlTemplates ?? null;
  const training = folder === null ? undefined : (await trainingTemplates(folder)).get(source);
  if (training !== undefined)
    return {
      sources: { name: training.name, byKind: { default: training.source } },
      note: `TRL swaps this chat template for its training version \`${training.name}\`: that is what is shown.`,
    };
  const known = swapByTrl(source);
  if (folder === null && known === 'swapped')
    return {
      sources,
      note: 'The mask is derived: TRL would swap this chat template for a training version of its own, which may print another text. To see that, choose a Python that has TRL (`sftLens.python`).',
    };
  if (known === 'revision')
    return {
      sources,
      note: 'TRL stops at this revision of the chat template with `assistant_only_loss`. The mask shown is that of the revision it knows, which prints the same rows: train with that one.',
    };
  return {
    sources,
    note: 'The mask is derived: TRL has no training version of this chat template, and stops with `assistant_only_loss`. Put generation blocks into the template, around what is trained.',
  };
}
