import type { Range } from '../../jsonl/value.ts';
import type { Rendering } from '../../origin/segment.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { replaceWithin } from '../lib/edits.ts';
import { placeOf } from '../lib/place.ts';
import { type ChatTurn, isAssistant, textsOf, turnName, turnsOf } from '../lib/turns.ts';
import { counted } from '../lib/words.ts';

export const contentWhitespaceEdge: Check = {
  code: 'content/whitespace-edge',
  severity: 'hint',
  title: 'Answer begins or ends blank',
  stage: 'conversation',
  fixable: true,
  perFile: true,
  run: (context) =>
    turnsOf(context)
      .filter(isAssistant)
      .flatMap((turn) => ofTurn(turn, context)),
};

function ofTurn(turn: ChatTurn, { row }: CheckContext): Finding[] {
  const texts = textsOf(turn);
  const [only] = texts;
  if (texts.length !== 1 || only === undefined || only.text.trim() === '') return [];
  const { pointer, text } = only;
  const start = text.length - text.trimStart().length;
  const end = text.trimEnd().length;
  const edges: [side: 'begins' | 'ends', range: Range][] = [];
  if (start > 0) edges.push(['begins', [0, start]]);
  if (end < text.length) edges.push(['ends', [end, text.length]]);
  return edges
    .filter(([, range]) => isPrinted(turn.part.rendering, pointer, range))
    .map(([side, range]) => {
      const place = placeOf(turn.conversation, pointer, range);
      const edit = place.within ? replaceWithin(row, place.pointer, place.within, '') : null;
      return {
        message: `The answer of ${turnName(turn.index)} ${side} with ${counted(range[1] - range[0], 'blank character')}, which the model learns to write. Trim it.`,
        ...place,
        fixes: edit ? [{ scope: 'all', title: 'Trim it', edits: [edit] }] : [],
      };
    });
}

/** Many templates trim: then nobody learns the blank. Without a rendering it is taken as printed. */
function isPrinted(rendering: Rendering | null, pointer: string, range: Range): boolean {
  if (rendering === null) return true;
  return rendering.segments.some(
    (segment) =>
      segment.pointer === pointer &&
      segment.how !== 'whole' &&
      segment.offset < range[1] &&
      segment.offset + segment.length > range[0],
  );
}
