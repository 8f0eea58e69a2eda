import { chatMask } from './chat-mask.ts';
import type { MaskInput, MaskResult } from './mask-result.ts';
import { REASON_INDEX } from './reasons.ts';
import { textMask, tokenMask } from './shape-mask.ts';

/**
 * The loss mask of a conversation under a preset or policy. `trained` is the whole row's, as if max length did not exist;
 * `reasons` say `after-max-length` where the trainer cuts. Throws a `TemplateError` of kind `limit` only.
 */
export function maskOf(input: MaskInput): MaskResult {
  const result = wholeMask(input);
  if (input.maxLength > 0) result.reasons.fill(REASON_INDEX['after-max-length'], input.maxLength);
  return result;
}

function wholeMask(input: MaskInput): MaskResult {
  const { conversation, template, context } = input;
  switch (conversation.kind) {
    case 'tokens':
      return tokenMask(conversation, input);
    case 'text':
      return textMask(conversation, input);
    case 'chat':
      if (template === null || context === null) throw new TypeError('A chat needs its template and context.');
      return chatMask({ ...input, conversation, template, context });
  }
}
