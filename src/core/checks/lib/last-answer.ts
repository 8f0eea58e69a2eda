import type { CheckContext } from '../check.ts';
import { messageIndex } from './origin.ts';
import type { MaskedPart } from './trained.ts';
import { type ChatTurn, chatsOf, isAssistant } from './turns.ts';

/** A chat's last turn, where it is an answer that trains, and what the template prints behind its last character. */
export interface LastAnswer {
  readonly turn: ChatTurn;
  readonly after: string;
  /** UTF-16 offset of `after` in the rendered text. */
  readonly at: number;
}

export function lastAnswerOf(context: CheckContext, part: MaskedPart): LastAnswer | null {
  const { conversation, rendering, mask } = part;
  if (conversation.kind !== 'chat' || rendering === null || !mask.trained.includes(1)) return null;
  const turn = chatsOf(context)
    .find((chat) => chat.part === part)
    ?.turns.at(-1);
  if (!turn || !isAssistant(turn)) return null;
  const segment = rendering.segments.findLast(({ pointer }) => pointer !== null && !pointer.endsWith('/role'));
  if (segment?.pointer == null || messageIndex(segment.pointer) !== turn.index) return null;
  return { turn, after: rendering.text.slice(segment.end), at: segment.end };
}
