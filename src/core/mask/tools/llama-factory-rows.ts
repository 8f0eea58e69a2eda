import { isArray, type Value } from '../../jsonl/value.ts';

type Message = ReadonlyMap<string, Value>;

/** An answer of the row as LLaMA-Factory trains it: index of the message and the text that it reads from it. */
export interface FactoryAnswer {
  readonly message: number;
  readonly content: string;
}

/** A turn: who speaks, and the message's text (null where it is none). */
interface Aligned {
  readonly side: 'asks' | 'answers' | 'neither';
  readonly message: number;
  readonly content: string | null;
}

export type FactoryRow = { readonly answers: readonly FactoryAnswer[] } | { readonly refused: string };

const ALTERNATE =
  'LLaMA-Factory drops this row: after a leading system message, user or tool messages and assistant messages must alternate and end with the assistant. Change the row or leave it out.';
const NO_TEXT =
  'LLaMA-Factory stops at this row: the content of each message must be a string. Write it as one string, or as "" where there is none.';
const ROLE = 'LLaMA-Factory stops at this row: it knows the roles system, user, assistant and tool. Rename the others.';

const KNOWN_ROLES = new Set(['system', 'user', 'assistant', 'tool', 'function_call']);

const textOf = (message: Message): string | null => {
  const content = message.get('content');
  return typeof content === 'string' ? content : null;
};

/** `formatting: sharegpt`: the messages as they stand; tool calls are not read. */
function alignedShareGpt(messages: readonly Message[], roles: readonly string[], from: number): Aligned[] {
  return messages.slice(from).map((message, i) => {
    const role = roles[from + i];
    const asks = role === 'user' || role === 'tool';
    const answers = role === 'assistant' || role === 'function_call';
    return { side: asks ? 'asks' : answers ? 'answers' : 'neither', message: from + i, content: textOf(message) };
  });
}

/**
 * `formatting: openai`: tool calls take the place of the content, and tool results in a row become one message. Results
 * that nothing follows are left out.
 */
function alignedOpenAi(messages: readonly Message[], roles: readonly string[], from: number): Aligned[] {
  const aligned: Aligned[] = [];
  let results: (string | null)[] = [];
  for (let i = from; i < messages.length; i++) {
    const message = messages[i]!;
    const role = roles[i];
    if (role === 'tool') {
      results.push(textOf(message));
      continue;
    }
    if (results.length > 0) {
      aligned.push({ side: 'asks', message: -1, content: results.includes(null) ? null : results.join('') });
      results = [];
    }
    const calls = message.get('tool_calls');
    if (role === 'user') aligned.push({ side: 'asks', message: i, content: textOf(message) });
    else if (role !== 'assistant' && role !== 'function_call')
      aligned.push({ side: 'neither', message: i, content: textOf(message) });
    else
      aligned.push({
        side: 'answers',
        message: i,
        content: isArray(calls) && calls.length > 0 ? '' : textOf(message),
      });
  }
  return aligned;
}

/** What LLaMA-Factory's converters (0.9.5) make of a row, or why they leave it out or raise. */
export function factoryRow(
  messages: readonly Message[],
  roles: readonly string[],
  formatting: 'sharegpt' | 'openai',
): FactoryRow {
  const from = roles[0] === 'system' ? 1 : 0;
  if (formatting === 'openai' && roles.some((role) => !KNOWN_ROLES.has(role))) return { refused: ROLE };
  const align = formatting === 'openai' ? alignedOpenAi : alignedShareGpt;
  const aligned = align(messages, roles, from);
  const alternates = aligned.every(({ side }, i) => side === (i % 2 === 0 ? 'asks' : 'answers'));
  if (!alternates || aligned.length % 2 !== 0 || aligned.length === 0) return { refused: ALTERNATE };
  const answers: FactoryAnswer[] = [];
  for (const { side, message, content } of aligned) {
    if (content === null) return { refused: NO_TEXT };
    if (side === 'answers') answers.push({ message, content });
  }
  const system = from === 1 ? (messages[0]!.get('content') ?? '') : '';
  return typeof system === 'string' ? { answers } : { refused: NO_TEXT };
}
