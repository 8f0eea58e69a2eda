import type { TextConversation } from './formats/conversation.ts';
import type { Rendering, Segment } from './origin/segment.ts';

/**
 * Rows without a template: pieces stand one after the other with nothing between, and the end-of-sequence token is added
 * where the text does not end with it (TRL 1.16, `add_eos`: for `text` and for completions).
 * Pointers are already the row's.
 */
export function renderText(conversation: TextConversation, eosToken: string | undefined): Rendering {
  const segments: Segment[] = [];
  let text = '';
  const push = (piece: string, pointer: string | null, offset: number): void => {
    if (piece === '') return;
    const start = text.length;
    text += piece;
    segments.push({
      start,
      end: text.length,
      pointer,
      key: false,
      offset,
      length: pointer === null ? 0 : piece.length,
      how: pointer === null ? 'template' : 'copy',
    });
  };
  for (const segment of conversation.segments)
    for (const piece of segment.pieces)
      push(piece.text, piece.pointer, piece.pointer === null ? 0 : (piece.offset ?? 0));
  if (eosToken !== undefined && !text.endsWith(eosToken)) push(eosToken, null, 0);
  return { text, segments, anchors: [], generation: null };
}
