import type { OptionSchema, PromptEnd, ToolOptions } from './tool.ts';

/** 1.15 masks the common token prefix of prompt and completion, and no longer trains LLaVA's space behind `</s>`. */
export const TRL_VERSIONS = ['1.13', '1.15', '1.16'] as const;

export const COMPLETION_ONLY: Readonly<Record<string, OptionSchema>> = {
  completion_only_loss: {
    description: 'Mask the prompt of rows of prompt and completion. `null`: where the rows are such rows.',
    type: ['boolean', 'null'],
    default: null,
  },
};

/** To 1.14 the prompt's length decides, since 1.15 the first token that differs. */
export const promptEnd = (options: ToolOptions, version: string): PromptEnd | null =>
  options['completion_only_loss'] === false ? null : version === '1.13' ? 'length' : 'prefix';

export const NO_ASSISTANT_TOKEN =
  'TRL stops at a row without a trained token under `assistant_only_loss`. Write an answer, or remove the row.';
