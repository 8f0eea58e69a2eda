import { analyzePart } from './analysis.ts';
import type { AnswerRow, PartAnalysis } from './analysis-types.ts';
import type { Engine } from './engine.ts';
import type { Conversation, Part, TextConversation } from './formats/conversation.ts';
import type { FormatName } from './formats/format.ts';
import { ratingOf } from './formats/kto.ts';
import { formatFor } from './formats/registry.ts';
import { parseRow } from './jsonl/parse.ts';
import { isObject } from './jsonl/value.ts';
import { prefixText } from './mask/prefixes.ts';
import { promptTokens } from './mask/shape-mask.ts';

/** `pair`: a chosen and a rejected answer (DPO); `rated`: one answer, liked or not (KTO). */
export type AnswerKind = 'pair' | 'rated';

/**
 * Prompt and answers of a row, not cut to any length, as TRL 1.16's DPOTrainer and KTOTrainer split them: the prompt ends
 * where the tokens of the prompt alone (with generation prompt) and those of the whole first differ. They train every token
 * of an answer, so that its end is left out where the mask does not train it (ChatML's line break after the end of turn).
 * Null where the row holds no such answers or cannot be tokenized.
 */
export function answersOf(text: string, engine: Engine, fileFormat: FormatName, kind: AnswerKind): AnswerRow | null {
  const { value } = parseRow(text);
  if (!isObject(value)) return null;
  const rating = kind === 'rated' ? ratingOf(value) : null;
  if (kind === 'rated' && rating === null) return null;
  const conversations = formatFor(value, fileFormat, engine.settings)?.toConversations(value) ?? [];
  const parts: readonly Part[] = kind === 'pair' ? ['chosen', 'rejected'] : ['row'];
  if (conversations.length !== parts.length || conversations.some(({ part }, i) => part !== parts[i])) return null;
  const sides: Side[] = [];
  for (const conversation of conversations) {
    const side = sideOf(conversation, engine);
    if (side === null) return null;
    sides.push(side);
  }
  const prompt = Math.min(...sides.map((side) => side.prompt));
  const first = sides[0]!;
  return {
    prompt: first.ids.subarray(0, prompt),
    answers: sides.map(({ ids, end }) => ids.subarray(prompt, Math.max(prompt, end))),
    rating,
  };
}

/** Token indices. */
interface Side {
  readonly ids: Int32Array;
  readonly prompt: number;
  readonly end: number;
}

function sideOf(raw: Conversation, engine: Engine): Side | null {
  // A mask trains nothing of a rejected answer; asked as if it were the chosen one, it tells where an answer ends.
  const part = analyzePart({ ...raw, part: 'chosen' }, engine, {});
  const prompt = promptText(part);
  if (prompt === null || !part.encoding || !part.mask) return null;
  const { ids } = part.encoding;
  const end = part.mask.trained.lastIndexOf(1) + 1;
  const { tokenizer } = engine.bundle;
  return {
    ids,
    prompt: promptTokens(tokenizer, prompt, part.encoding, part.conversation.kind === 'text', 'prefix'),
    end: end === 0 ? ids.length : end,
  };
}

function promptText({ conversation, template, context, rendering }: PartAnalysis): string | null {
  switch (conversation.kind) {
    case 'chat': {
      const from = conversation.completionFrom ?? conversation.messages.length - 1;
      const answers = conversation.messages.slice(from).some((message) => message.get('role') === 'assistant');
      return answers && template && context ? prefixText(template, context, from, true) : null;
    }
    case 'text':
      return rendering?.text.slice(0, promptLength(conversation) ?? 0) ?? null;
    case 'tokens':
      return null;
  }
}

/** UTF-16 units before the completion; null where there is none. */
function promptLength({ segments }: TextConversation): number | null {
  let length = 0;
  for (const segment of segments) {
    if (segment.role === 'completion') return length;
    for (const piece of segment.pieces) length += piece.text.length;
  }
  return null;
}
