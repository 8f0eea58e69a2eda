import type { PresetName } from '../../mask/policy.ts';
import { resolveMask } from '../../mask/resolve.ts';
import type { Check } from '../check.ts';
import { trainedParts } from '../lib/trained.ts';

/** Tools that read no tokens which others made, see docs/export.md. */
const READ_NO_TOKENS: ReadonlySet<PresetName> = new Set<PresetName>(['ms-swift']);

export const maskOwnText: Check = {
  code: 'mask/own-text',
  severity: 'information',
  title: 'The trainer writes a text of its own',
  stage: 'mask',
  fixable: false,
  perFile: true,
  run: (context) => {
    const { tool } = resolveMask(context.settings.mask);
    const isChat = trainedParts(context).some(({ conversation }) => conversation.kind === 'chat');
    if (tool?.ownText === undefined || !isChat) return [];
    const remedy = READ_NO_TOKENS.has(tool.preset)
      ? 'It reads no tokens that others made: to train on exactly these, export them for another trainer.'
      : 'To train on exactly these, export them.';
    // The whole row is meant; its first character is enough to say so.
    return [{ message: `${tool.ownText} ${remedy}`, pointer: '', range: [0, 1] as const }];
  },
};
