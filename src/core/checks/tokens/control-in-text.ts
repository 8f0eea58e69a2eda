import { sanitizes } from '../../template/sanitize.ts';
import type { Check, Finding } from '../check.ts';
import { replaceWithin } from '../lib/edits.ts';
import { copiedFrom, messageIndex } from '../lib/origin.ts';
import { placeOf } from '../lib/place.ts';
import { specialIds } from '../lib/trained.ts';
import { turnName } from '../lib/turns.ts';
import type { Fix } from '../problem.ts';

const AS_TEXT: Fix = {
  scope: 'config',
  title: 'Encode control tokens in the text as text (changes the tokens)',
  key: 'sanitizeControlTokens',
  value: true,
};

export const tokensControlInText: Check = {
  code: 'tokens/control-in-text',
  severity: 'warning',
  title: 'Text becomes a control token',
  stage: 'render',
  fixable: true,
  run(context) {
    const special = specialIds(context.bundle.tokenizer);
    const { settings } = context;
    const canEncode = settings.sanitizeControlTokens !== true && sanitizes(settings.transformers);
    const findings: Finding[] = [];
    for (const part of context.parts) {
      const { conversation, encoding, rendering } = part;
      // Rows without a template may spell their control tokens on purpose: they are rendered already.
      if (conversation.kind !== 'chat' || encoding === null || rendering === null) continue;
      for (let i = 0; i < encoding.ids.length; i++) {
        if (!special.has(encoding.ids[i]!)) continue;
        const start = encoding.starts[i] ?? 0;
        const end = encoding.ends[i] ?? 0;
        const segment = copiedFrom(part, start, end);
        if (segment?.pointer == null) continue;
        const from = segment.offset + start - segment.start;
        const place = placeOf(conversation, segment.pointer, [from, from + end - start]);
        const edit = place.within && !segment.key ? replaceWithin(context.row, place.pointer, place.within, '') : null;
        const turn = messageIndex(segment.pointer);
        findings.push({
          message: `\`${rendering.text.slice(start, end)}\` in ${turn === null ? 'the tools' : `the text of ${turnName(turn)}`} becomes a control token. Remove it, or write it so that it is plain text.`,
          ...place,
          ...(segment.key && { at: 'key' as const }),
          tokens: [i, i + 1],
          fixes: [
            ...(edit ? [{ scope: 'all' as const, title: 'Remove it', edits: [edit] }] : []),
            ...(canEncode && !segment.key ? [AS_TEXT] : []),
          ],
        });
      }
    }
    return findings;
  },
};
