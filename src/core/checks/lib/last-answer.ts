import type { CheckContext } from '../check.ts';
import { messageIndex } from './origin.ts';
import { type MaskedPart, trainedParts } from './trained.ts';
import { type ChatTurn, chatOf, isAssistant } from './turns.ts';

/** A chat's last turn, where it is an answer that trains, and what the template prints behind its last character. */
export interface LastAnswer {
  readonly part: MaskedPart;
  readonly turn: ChatTurn;
  readonly after: string;
  /** UTF-16 offset of `after` in the rendered text. */
  readonly at: number;
}

/** Of what an SFT trainer trains on. */
export const lastAnswersOf = (context: CheckContext): readonly LastAnswer[] =>
  (context.memo.lastAnswers ??= trainedParts(context).flatMap((part) => lastAnswerOf(context, part) ?? []));

function lastAnswerOf(context: CheckContext, part: MaskedPart): LastAnswer | null {
  const { conversation, rendering, mask } = part;
  if (conversation.kind !== 'chat' || rendering === null || !mask.trained.includes(1)) return null;
  const turn = chatOf(context, part)?.turns.at(-1);
  if (!turn || !isAssistant(turn)) return null;
  const segment = rendering.segments.findLast(({ pointer }) => pointer !== null && !pointer.endsWith('/role'));
  if (segment?.pointer == null || messageIndex(segment.pointer) !== turn.index) return null;
  return { part, turn, after: rendering.text.slice(segment.end), at: segment.end };
}
