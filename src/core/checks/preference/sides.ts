import type { PartAnalysis } from '../../analysis-types.ts';
import type { Pointer } from '../../jsonl/value.ts';
import type { CheckContext } from '../check.ts';
import { placeOf } from '../lib/place.ts';
import { type ChatTurn, callsOf, chatOf, textsOf } from '../lib/turns.ts';

/** What one side of a preference row answers, without the prompt that both share. */
export interface Side {
  readonly part: PartAnalysis;
  readonly prompt: string;
  readonly answer: string;
  /** Who speaks first after what both sides share; null in rows of plain text. */
  readonly speaker: string | null;
  /** In the row. */
  readonly pointer: Pointer;
}

/** Chosen and rejected, or null where the row is no preference or has one side only. */
export function sidesOf(context: CheckContext): { readonly chosen: Side; readonly rejected: Side } | null {
  const chosen = sideOf(context, 'chosen');
  const rejected = sideOf(context, 'rejected');
  return chosen && rejected ? { chosen, rejected } : null;
}

function sideOf(context: CheckContext, name: 'chosen' | 'rejected'): Side | null {
  const part = context.parts.find((candidate) => candidate.part === name);
  if (!part) return null;
  const { conversation } = part;
  if (conversation.kind === 'text') {
    const text = (isPrompt: boolean): string =>
      conversation.segments
        .filter(({ role }) => (role === 'prompt') === isPrompt)
        .flatMap(({ pieces }) => pieces.map((piece) => piece.text))
        .join('');
    return { part, prompt: text(true), answer: text(false), speaker: null, pointer: `/${name}` };
  }
  const chat = chatOf(context, part);
  if (!chat || conversation.kind !== 'chat') return null;
  const from = conversation.completionFrom ?? chat.turns.length - 1;
  const first = chat.turns[from];
  return {
    part,
    prompt: chat.turns.slice(0, from).map(printed).join('\n'),
    answer: chat.turns.slice(from).map(printed).join('\n'),
    speaker: first?.role ?? null,
    pointer: first ? placeOf(conversation, first.pointer).pointer : `/${name}`,
  };
}

/** Everything of a turn that could tell two apart, as text. */
function printed(turn: ChatTurn): string {
  const calls = callsOf(turn).map(
    ({ name, args }) => `${name} ${typeof args === 'string' ? args : JSON.stringify(plain(args))}`,
  );
  const reasoning = turn.message.get('reasoning_content') ?? turn.message.get('thinking') ?? '';
  return [turn.role, String(reasoning), ...textsOf(turn).map(({ text }) => text), ...calls].join('\u0000');
}

const plain = (value: unknown): unknown =>
  value instanceof Map
    ? Object.fromEntries([...value].map(([key, item]) => [key, plain(item)]))
    : Array.isArray(value)
      ? value.map(plain)
      : String(value);
