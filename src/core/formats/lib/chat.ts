import { readJson } from '../../jsonl/read-json.ts';
import { Float, isArray, isObject, type Pointer, pointerOf, type Value } from '../../jsonl/value.ts';
import type { ChatConversation, Part, Piece } from '../conversation.ts';

export type RowObject = ReadonlyMap<string, Value>;

/** A message and where it comes from: the row's own message at `from`, or values put together, each with its source. */
export type Turn =
  | { readonly message: RowObject; readonly from: Pointer; readonly flags?: RowObject }
  | {
      readonly message: RowObject;
      readonly from: null;
      /** Key of the message -> source. A key without one was made up by the format. */
      readonly sources: ReadonlyMap<string, Pointer | readonly Piece[]>;
      /** What may carry the train flag. */
      readonly flags?: RowObject;
    };

export interface ChatParts {
  readonly part?: Part;
  readonly turns: readonly Turn[];
  readonly tools?: Tools;
  readonly completionFrom?: number | null;
}

/** Tools as the template gets them, with their source. */
export interface Tools {
  readonly value: Value;
  readonly source: Pointer | readonly Piece[] | null;
}

const NO_TOOLS: Tools = { value: null, source: null };
const NO_ARGS: RowObject = new Map();

export const textAt = (row: RowObject, key: string): string | null => {
  const value = row.get(key);
  return typeof value === 'string' ? value : null;
};

/** Whether a message's own flag trains it; undefined where it has none. Any tool's spelling counts (reference: trainers, 1.1 #19). */
export function trainFlag(message: RowObject): boolean | undefined {
  for (const key of FLAG_KEYS) {
    const value = message.get(key);
    if (typeof value === 'boolean') return value;
    if (typeof value === 'number') return value !== 0;
    if (value instanceof Float) return value.value !== 0;
  }
  return undefined;
}

/** OpenAI, Together, Mistral: weight; axolotl: train, training; ms-swift: loss, loss_scale; LLaMA-Factory v1: loss_weight. */
export const FLAG_KEYS = ['weight', 'train', 'training', 'trainable', 'loss', 'loss_weight', 'loss_scale'] as const;

/**
 * `tools` of a row or message: a list, or that list as a JSON string, which TRL 1.13 and LLaMA-Factory 0.9 parse. A string that
 * cannot be parsed, and anything else, is no tools.
 */
export function toolsAt(row: RowObject, key = 'tools', parent: Pointer = ''): Tools {
  const value = row.get(key);
  if (value === undefined || value === null || value === '') return NO_TOOLS;
  const pointer = pointerOf(parent, key);
  if (typeof value !== 'string') return isArray(value) ? { value, source: pointer } : NO_TOOLS;
  const parsed = readJson(value).value;
  // Everything inside comes from one string of the row.
  return isArray(parsed) ? { value: parsed, source: [{ pointer, text: value }] } : NO_TOOLS;
}

/** A conversation of turns, with its sources. `row`: for its `chat_template_kwargs` (TRL 1.13). */
export function chat(row: RowObject, parts: ChatParts): ChatConversation {
  const sources = new Map<Pointer, Pointer | readonly Piece[]>();
  const messages: ReadonlyMap<string, Value>[] = [];
  const trainFlags: (boolean | undefined)[] = [];
  parts.turns.forEach((turn, index) => {
    const here = pointerOf('/messages', index);
    messages.push(turn.message);
    if (turn.from !== null) sources.set(here, turn.from);
    else for (const [key, source] of turn.sources) sources.set(pointerOf(here, key), source);
    trainFlags.push(trainFlag(turn.flags ?? turn.message));
  });
  const tools = parts.tools ?? toolsAt(row);
  if (tools.source !== null) sources.set('/tools', tools.source);
  const args = row.get('chat_template_kwargs');
  return {
    kind: 'chat',
    part: parts.part ?? 'row',
    messages,
    tools: tools.value,
    templateArgs: isObject(args) ? args : NO_ARGS,
    sources,
    trainFlags,
    completionFrom: parts.completionFrom ?? null,
  };
}

/** A turn whose content is one string of the row, or pieces of several. */
export function turnOf(role: string, content: Pointer | readonly Piece[], text: string): Turn {
  return {
    message: new Map([
      ['role', role],
      ['content', text],
    ]),
    from: null,
    sources: new Map([['content', content]]),
  };
}

/** Non-empty strings of the row with a line break between: LLaMA-Factory 0.9 joins instruction and input so. Null: all empty. */
export function joined(
  row: RowObject,
  keys: readonly string[],
): { text: string; source: Pointer | readonly Piece[] } | null {
  const pieces: Piece[] = [];
  let only: Pointer = '';
  for (const key of keys) {
    const text = textAt(row, key);
    if (text === null || text === '') continue;
    if (pieces.length > 0) pieces.push({ pointer: null, text: '\n' });
    only = pointerOf('', key);
    pieces.push({ pointer: only, text });
  }
  if (pieces.length === 0) return null;
  return pieces.length === 1
    ? { text: pieces[0]?.text ?? '', source: only }
    : { text: pieces.map((piece) => piece.text).join(''), source: pieces };
}
