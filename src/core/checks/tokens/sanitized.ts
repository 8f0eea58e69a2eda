import { resolveMask } from '../../mask/resolve.ts';
import type { Check } from '../check.ts';
import { copiedFrom, placeOfCharacter } from '../lib/origin.ts';
import { placeOf } from '../lib/place.ts';
import { counted, quoted } from '../lib/words.ts';

export const tokensSanitized: Check = {
  code: 'tokens/sanitized',
  severity: 'information',
  title: 'Control token encoded as text',
  stage: 'render',
  fixable: false,
  perFile: true,
  run: ({ parts, settings }) =>
    parts.flatMap((part) => {
      const { asText = [], rendering, encoding, conversation } = part;
      const [first] = asText;
      if (first === undefined || rendering === null || encoding === null) return [];
      const [start, end] = first;
      const more = asText.length > 1 ? ` and ${counted(asText.length - 1, 'other')}` : '';
      const refused =
        resolveMask(settings.mask).preset === 'trl-assistant'
          ? ' TRL stops at that with assistant_only_loss, since transformers gives no token mask then: hand the rows over as tokens.'
          : '';
      const segment = copiedFrom(part, start, end);
      const offset = segment === null ? 0 : segment.offset + start - segment.start;
      const from = encoding.ends.findIndex((tokenEnd) => tokenEnd > start);
      const to = encoding.starts.findIndex((tokenStart) => tokenStart >= end);
      return [
        {
          message: `${quoted(rendering.text.slice(start, end))}${more} of the row's own text ${asText.length > 1 ? 'are' : 'is'} encoded as ordinary text, by \`sanitizeControlTokens\`.${refused}`,
          ...(segment?.pointer == null
            ? placeOfCharacter(part, start)
            : placeOf(conversation, segment.pointer, [offset, offset + end - start])),
          ...(from >= 0 && { tokens: [from, to < 0 ? encoding.ids.length : to] as const }),
        },
      ];
    }),
};
