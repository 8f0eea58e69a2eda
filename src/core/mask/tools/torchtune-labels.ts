import type { Range, Value } from '../../jsonl/value.ts';
import { markersIn } from '../markers.ts';
import type { Turn } from '../mask-result.ts';
import { projectIntended } from '../project.ts';
import { usualOf } from '../usual.ts';
import { isOwnStop } from './own-stop.ts';
import type { ToolInput, ToolLabels, ToolOptions } from './tool.ts';

type Message = ReadonlyMap<string, Value>;

const ORDER =
  'torchtune stops at this row: it takes a system message in the first place only, each assistant message right behind a user message, and no two user messages in a row. Change the row.';
const SHORT = 'torchtune stops at this row: it needs two messages at least. Add the answer, or leave the row out.';

export function torchtuneLabels(input: ToolInput, options: ToolOptions): ToolLabels {
  const { encoding, conversation, roles } = input;
  const count = encoding.ids.length;
  const refused = refusal(conversation.messages, roles);
  if (refused !== null) return { trained: new Uint8Array(count), refused };
  const turns = input.turns().filter(({ message }) => roles[message] === 'assistant');
  const spans = turns.map((turn): Range => [turn.headerStart, messageEnd(input, turn)]);
  if (options['train_on_input'] !== true) return { trained: projectIntended(encoding, spans) };
  const trained = new Uint8Array(count).fill(1);
  const end = extraEnd(input);
  if (end !== null) {
    trained[0] = 0;
    trained.fill(
      0,
      encoding.starts.findIndex((start) => start >= end),
    );
  }
  return { trained };
}

/** Where a token begins that ends the row but no message (Llama 3's `<|end_of_text|>`), or null. */
function extraEnd({ template, context, rendering, markers }: ToolInput): number | null {
  const { tail, kept } = usualOf(template, context, markers);
  const extra = tail?.slice(kept) ?? '';
  return extra !== '' && rendering.text.endsWith(extra) ? rendering.text.length - extra.length : null;
}

function refusal(messages: readonly Message[], roles: readonly string[]): string | null {
  if (messages.length < 2) return SHORT;
  const fits = roles.every((role, i) => {
    const before = roles[i - 1];
    if (role === 'assistant') return before === 'user';
    if (role === 'user') return before !== 'user';
    return role !== 'system' || i === 0;
  });
  return fits ? null : ORDER;
}

/** Where the next message's header begins, or where the last message ends. */
function messageEnd(input: ToolInput, turn: Turn): number {
  const { text } = input.rendering;
  if (turn.message === input.roles.length - 1) return turn.end;
  const own = turn.stop !== null && isOwnStop(input, turn) ? turn.stop[1] : turn.contentEnd;
  return markersIn(input.markers, text, own, text.length)[0]?.[0] ?? own;
}
