import { isArray, isObject, type Value } from '../jsonl/value.ts';
import { alpacaPrompt } from './alpaca.ts';
import type { Conversation, Part, Piece } from './conversation.ts';
import type { RowFormat } from './format.ts';
import { chat, type RowObject, type Turn, toolsAt, turnOf } from './lib/chat.ts';
import { answerTurns, isMessageList, promptAndAnswer, promptTurns } from './lib/prompt.ts';
import { sameValue } from './lib/same-value.ts';
import { message, messageList, side, textOrNull, tools, turnOrMessage } from './lib/schemas.ts';
import { turnShape, turnsAt } from './lib/turns.ts';
import { withSystem } from './sharegpt.ts';

/** The ways to write two answers to one prompt. */
type Shape = 'chosen' | 'turns' | 'alpaca' | 'openai' | 'messages' | 'conversations' | 'outputs';

/** A list that has the question in it: its first turn is not the assistant's. */
const holdsPrompt = (turns: readonly Turn[]): boolean =>
  turns.length > 1 && turns[0]?.message.get('role') !== 'assistant';

function shapeOf(row: RowObject): Shape | null {
  if (row.has('chosen') && row.has('rejected')) {
    if (turnShape(row.get('conversations')) !== null) return 'turns';
    return row.has('instruction') && !row.has('prompt') ? 'alpaca' : 'chosen';
  }
  if (row.has('preferred_output') && row.has('non_preferred_output')) return 'openai';
  if (row.has('rejected_response') && isArray(row.get('messages'))) return 'messages';
  if (row.has('chosen_messages') && row.has('rejected_messages')) return 'conversations';
  return isRanking(row.get('output')) && row.has('instruction') ? 'outputs' : null;
}

/** LLaMA-Factory's older reward data: the best answer first; the trainer reads two of them. */
const isRanking = (value: Value | undefined): value is readonly Value[] =>
  isArray(value) && value.length >= 2 && value.every((item) => typeof item === 'string');

/** Messages that two conversations begin with: the prompt that neither names (TRL 1.13, `extract_prompt`). */
function commonTurns(one: readonly Turn[], other: readonly Turn[]): number {
  let n = 0;
  while (n < one.length && n < other.length && sameValue(one[n]?.message, other[n]?.message)) n++;
  return n;
}

/**
 * Characters that two texts begin with: their prompt; a space before the first difference belongs to the answer (TRL 1.13,
 * `extract_prompt`).
 */
function commonText(one: string, other: string): number {
  let n = 0;
  while (n < one.length && n < other.length && one[n] === other[n]) n++;
  return n > 0 && n < one.length && n < other.length && one[n - 1] === ' ' ? n - 1 : n;
}

const pair = (of: (part: 'chosen' | 'rejected') => readonly Conversation[]): Conversation[] => [
  ...of('chosen'),
  ...of('rejected'),
];

function implicitText(chosen: string, rejected: string): Conversation[] {
  const common = commonText(chosen, rejected);
  return pair((part) => {
    const whole = part === 'chosen' ? chosen : rejected;
    const pointer = `/${part}`;
    const prompt: Piece = { pointer, text: whole.slice(0, common) };
    const answer: Piece = { pointer, text: whole.slice(common), offset: common };
    return [
      {
        kind: 'text',
        part,
        segments: [
          { role: 'prompt', pieces: [prompt] },
          { role: 'completion', pieces: [answer] },
        ],
      },
    ];
  });
}

/** Two whole conversations: what they share in front is the prompt. */
function implicitTurns(row: RowObject, turns: Readonly<Record<'chosen' | 'rejected', Turn[]>>): Conversation[] {
  const common = commonTurns(turns.chosen, turns.rejected);
  return pair((part) =>
    turns[part].length === 0 ? [] : [chat(row, { part, turns: turns[part], completionFrom: common })],
  );
}

function chosenAndRejected(row: RowObject): Conversation[] {
  const { chosen, rejected } = { chosen: row.get('chosen'), rejected: row.get('rejected') };
  const turns = { chosen: answerTurns(row, 'chosen'), rejected: answerTurns(row, 'rejected') };
  if (!row.has('prompt')) {
    if (typeof chosen === 'string' && typeof rejected === 'string') return implicitText(chosen, rejected);
    return implicitTurns(row, turns);
  }
  // UltraFeedback repeats the prompt, as a string, beside two whole conversations.
  if (typeof row.get('prompt') === 'string' && holdsPrompt(turns.chosen) && holdsPrompt(turns.rejected))
    return implicitTurns(row, turns);
  return pair((part) => (row.has(part) ? promptAndAnswer(row, 'prompt', part, part) : []));
}

function afterPrompt(row: RowObject, part: Part, prompt: Turn[], answer: Turn[]): Conversation[] {
  const turns = [...prompt, ...answer];
  return turns.length === 0 ? [] : [chat(row, { part, turns, completionFrom: prompt.length })];
}

function openai(row: RowObject): Conversation[] {
  const input = row.get('input');
  const asked = isObject(input) ? turnsAt(input.get('messages'), '/input/messages') : promptTurns(row, 'input');
  const given = isObject(input) ? toolsAt(input, 'tools', '/input') : toolsAt(row);
  const answer = { chosen: answerTurns(row, 'preferred_output'), rejected: answerTurns(row, 'non_preferred_output') };
  return pair((part) => {
    const turns = [...asked, ...answer[part]];
    return turns.length === 0 ? [] : [chat(row, { part, turns, tools: given, completionFrom: asked.length })];
  });
}

/** ms-swift 4.6: `messages` is the chosen conversation, `rejected_response` the other last turn. */
function rejectedResponse(row: RowObject): Conversation[] {
  const turns = turnsAt(row.get('messages'), '/messages');
  const last = turns.at(-1)?.message.get('role') === 'assistant' ? turns.length - 1 : turns.length;
  const prompt = turns.slice(0, last);
  const rejected = answerTurns(row, 'rejected_response');
  return [...afterPrompt(row, 'chosen', prompt, turns.slice(last)), ...afterPrompt(row, 'rejected', prompt, rejected)];
}

function outputs(row: RowObject): Conversation[] {
  const output = row.get('output');
  if (!isRanking(output)) return [];
  const prompt = alpacaPrompt(row);
  return pair((part) => {
    const index = part === 'chosen' ? 0 : 1;
    return afterPrompt(row, part, prompt, [turnOf('assistant', `/output/${index}`, String(output[index]))]);
  });
}

function conversationsOf(row: RowObject): Conversation[] {
  switch (shapeOf(row)) {
    case 'chosen':
      return chosenAndRejected(row);
    case 'turns': {
      const prompt = withSystem(row, turnsAt(row.get('conversations'), '/conversations', 'aliases'));
      return pair((part) => afterPrompt(row, part, prompt, answerTurns(row, part)));
    }
    case 'alpaca': {
      const prompt = alpacaPrompt(row);
      return pair((part) => afterPrompt(row, part, prompt, answerTurns(row, part)));
    }
    case 'openai':
      return openai(row);
    case 'messages':
      return rejectedResponse(row);
    case 'conversations':
      return implicitTurns(row, {
        chosen: turnsAt(row.get('chosen_messages'), '/chosen_messages'),
        rejected: turnsAt(row.get('rejected_messages'), '/rejected_messages'),
      });
    case 'outputs':
      return outputs(row);
    case null:
      return [];
  }
}

/**
 * Two answers to one prompt (DPO and its kin): `chosen` and `rejected`, with the prompt named or shared (TRL); with
 * `conversations` or Alpaca's columns before them, two `output`s, or `chosen_messages` and `rejected_messages`
 * (LLaMA-Factory); `preferred_output` (OpenAI, Together); `rejected_response` (ms-swift). A side of one string and a prompt of
 * one string are put together without a template.
 */
export const preference: RowFormat = {
  name: 'preference',
  title: 'Preference',
  detect(row) {
    const shape = shapeOf(row);
    if (shape === null) return 0;
    if (shape !== 'chosen') return 0.95;
    const sides = [row.get('chosen'), row.get('rejected')];
    return sides.every((value) => typeof value === 'string' || isMessageList(value) || isObject(value)) ? 0.95 : 0.5;
  },
  schema: {
    type: 'object',
    properties: {
      prompt: { type: ['string', 'array', 'null'], items: message },
      chosen: side,
      rejected: side,
      input: { type: ['string', 'object', 'null'], properties: { messages: { type: 'array', items: message }, tools } },
      preferred_output: messageList,
      non_preferred_output: messageList,
      chosen_messages: messageList,
      rejected_messages: messageList,
      rejected_response: side,
      conversations: { type: 'array', items: turnOrMessage },
      system: textOrNull,
      tools,
    },
    if: {
      not: {
        anyOf: [
          { required: ['preferred_output'] },
          { required: ['rejected_response'] },
          { required: ['chosen_messages'] },
          { required: ['output'] },
        ],
      },
    },
    // biome-ignore lint/suspicious/noThenProperty: JSON Schema's keyword
    then: { required: ['chosen', 'rejected'] },
  },
  toConversations: conversationsOf,
};
