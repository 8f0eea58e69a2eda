import { Float, isArray, isObject, type Pointer, pointerOf, type Value } from '../jsonl/value.ts';
import type { RowFormat } from './format.ts';
import { chat, type RowObject, type Turn, turnOf } from './lib/chat.ts';
import { templateRole } from './lib/roles.ts';
import { treeMessage } from './lib/schemas.ts';

const isNode = (value: Value | undefined): value is RowObject =>
  isObject(value) && value.has('text') && value.has('role');

/** Reviewers took it out, or it was deleted. */
const isRefused = (node: RowObject): boolean => node.get('deleted') === true || node.get('review_result') === false;

/** `rank`: 0 is best; a reply without a rank comes after all that have one. */
function rankOf(node: RowObject): number {
  const rank = node.get('rank');
  if (typeof rank === 'number') return rank;
  return rank instanceof Float ? rank.value : Number.POSITIVE_INFINITY;
}

function turnOfNode(node: RowObject, pointer: Pointer): Turn | null {
  const role = node.get('role');
  const text = node.get('text');
  if (typeof role !== 'string' || typeof text !== 'string') return null;
  return { ...turnOf(templateRole(role), pointerOf(pointer, 'text'), text), flags: new Map() };
}

/** The best path through a tree: of each message's replies the best ranked that was not refused, the first of equals. */
function bestPath(root: RowObject, pointer: Pointer): Turn[] {
  const turns: Turn[] = [];
  let node = root;
  let at = pointer;
  for (;;) {
    const turn = turnOfNode(node, at);
    if (turn !== null) turns.push(turn);
    const replies = node.get('replies');
    if (!isArray(replies)) return turns;
    let best = -1;
    let bestRank = Number.POSITIVE_INFINITY;
    replies.forEach((reply, index) => {
      if (!isNode(reply) || isRefused(reply)) return;
      const rank = rankOf(reply);
      if (best === -1 || rank < bestRank) {
        best = index;
        bestRank = rank;
      }
    });
    const next = replies[best];
    if (!isObject(next)) return turns;
    at = pointerOf(pointerOf(at, 'replies'), best);
    node = next;
  }
}

/** A training conversation ends with an answer: a path that ends with the prompter gives its last question up. */
function endedByAnswer(turns: Turn[]): Turn[] {
  const last = turns.findLastIndex((turn) => turn.message.get('role') === 'assistant');
  return last === -1 ? turns : turns.slice(0, last + 1);
}

const FLAT_PARENTS = ['parent_id', 'parent_message_id'];

type Shape = 'tree' | 'root' | 'thread' | 'flat';

function shapeOf(row: RowObject): Shape | null {
  if (isNode(row.get('prompt'))) return 'tree';
  const thread = row.get('thread');
  if (isArray(thread) && isNode(thread[0])) return 'thread';
  if (!isNode(row)) return null;
  if (isArray(row.get('replies'))) return 'root';
  return FLAT_PARENTS.some((key) => row.has(key)) ? 'flat' : null;
}

/**
 * OpenAssistant: a tree of messages (its best path is what is rendered), a message with its replies, or a thread. Rows of one
 * message alone are known, but need their parents to be rendered.
 */
export const oasst: RowFormat = {
  name: 'oasst',
  title: 'OpenAssistant',
  detect: (row) => (shapeOf(row) === null ? 0 : 0.9),
  schema: {
    type: 'object',
    properties: { prompt: treeMessage, thread: { type: 'array', minItems: 1, items: treeMessage } },
    if: { not: { anyOf: [{ required: ['prompt'] }, { required: ['thread'] }] } },
    // biome-ignore lint/suspicious/noThenProperty: JSON Schema's keyword
    then: treeMessage,
  },
  toConversations(row) {
    let turns: Turn[] = [];
    const shape = shapeOf(row);
    const prompt = row.get('prompt');
    const thread = row.get('thread');
    if (shape === 'tree' && isObject(prompt)) turns = bestPath(prompt, '/prompt');
    else if (shape === 'root') turns = bestPath(row, '');
    else if (shape === 'thread' && isArray(thread)) {
      turns = thread.flatMap((message, index) => {
        const turn = isNode(message) && !isRefused(message) ? turnOfNode(message, `/thread/${index}`) : null;
        return turn === null ? [] : [turn];
      });
    }
    const ended = endedByAnswer(turns);
    return ended.length === 0 ? [] : [chat(row, { turns: ended })];
  },
};
