// Rows as the host sends them, made from a few turns of text. The tokens are words: the page does not care.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The list of reasons, read from the source: a reason travels as its index in it. */
function reasonIndex(root) {
  const source = readFileSync(join(root, 'src/core/mask/policy.ts'), 'utf8');
  const list = /REASONS = \[([\s\S]*?)\] as const/.exec(source)[1];
  return [...list.matchAll(/'([^']+)'/g)].map((match) => match[1]);
}

/** `{type, data}` stands for a typed array until the page makes one of it. */
const typed = (type, data) => ({ typed: type, data: [...data] });

const bytesOfCharacter = (character) => new TextEncoder().encode(character).length;

/** Splits into words with the blank before them; an emoji becomes one token for each pair of its bytes, all of one span. */
function splitWords(text) {
  const pieces = [];
  for (const match of text.matchAll(
    /\p{Extended_Pictographic}|\n+| ?[\p{L}\p{N}_]+| ?[^\s\p{L}\p{N}\p{Extended_Pictographic}]|[ \t]+|./gsu,
  )) {
    const times = /\p{Extended_Pictographic}/u.test(match[0]) ? Math.ceil(bytesOfCharacter(match[0]) / 2) : 1;
    for (let k = 0; k < times; k++) pieces.push([match.index, match.index + match[0].length]);
  }
  return pieces;
}

const hash = (text) => [...text].reduce((sum, c) => (sum * 31 + c.codePointAt(0)) % 150_000, 7);

export function rowMaker(root) {
  const reasons = reasonIndex(root);
  const reason = (name) => {
    const index = reasons.indexOf(name);
    if (index < 0) throw new Error(`no reason ${name}`);
    return index;
  };

  /** Tokens: `{text, id, trained, reason, turn, control, pointer, offset, split}`. */
  function partOf(tokens, roles, { part = 'row', maxLength = 4096, fields = null, intended = null } = {}) {
    let text = '';
    const columns = { ids: [], starts: [], ends: [], trained: [], reasons: [], turns: [], control: [] };
    const segments = [];
    const pointers = [];
    for (const token of tokens) {
      const start = token.again ? columns.starts.at(-1) : text.length;
      if (!token.again) text += token.text;
      columns.ids.push(token.id ?? hash(token.text));
      columns.starts.push(start);
      columns.ends.push(start + token.text.length);
      columns.trained.push(token.trained ? 1 : 0);
      columns.reasons.push(reason(token.reason));
      columns.turns.push(token.turn);
      columns.control.push(token.control ? 1 : 0);
      if (token.again) continue;
      let pointer = -1;
      if (token.pointer !== null) {
        pointer = pointers.indexOf(token.pointer);
        if (pointer < 0) pointer = pointers.push(token.pointer) - 1;
      }
      segments.push({ start, pointer, offset: token.offset ?? 0, length: pointer < 0 ? 0 : token.text.length });
    }
    const trained = columns.trained.filter((t, i) => t && i < maxLength).length;
    const perRole = {};
    for (const turn of columns.turns)
      perRole[roles[turn] ?? 'template'] = (perRole[roles[turn] ?? 'template'] ?? 0) + 1;
    const counts = {
      tokens: tokens.length,
      trained,
      truncated: Math.max(0, tokens.length - maxLength),
      trainedCut: columns.trained.filter((t, i) => t && i >= maxLength).length,
    };
    const perField = pointers.map((pointer, k) => {
      const mine = segments.flatMap((segment, i) => (segment.pointer === k ? [i] : []));
      return {
        pointer,
        characters: mine.reduce((sum, i) => sum + segments[i].length, 0),
        tokens: mine.length,
        trained: tokens.filter((t, i) => t.pointer === pointer && t.trained && i < maxLength).length,
        printed: true,
      };
    });
    return {
      part,
      text,
      ids: typed('Int32Array', columns.ids),
      starts: typed('Int32Array', columns.starts),
      ends: typed('Int32Array', columns.ends),
      trained: typed('Uint8Array', columns.trained),
      intended: intended === null ? null : typed('Uint8Array', intended(columns.trained)),
      reasons: typed('Uint8Array', columns.reasons),
      turns: typed('Int16Array', columns.turns),
      control: typed('Uint8Array', columns.control),
      roles,
      messagePointers: roles.map((_, i) => `/messages/${i}`),
      pointers,
      segmentStarts: typed(
        'Int32Array',
        segments.map((s) => s.start),
      ),
      segmentPointer: typed(
        'Int32Array',
        segments.map((s) => s.pointer),
      ),
      segmentOffset: typed(
        'Int32Array',
        segments.map((s) => s.offset),
      ),
      segmentLength: typed(
        'Int32Array',
        segments.map((s) => s.length),
      ),
      generation: null,
      counts,
      perRole,
      perMessage: [],
      fields: [...perField, ...(fields ?? [])].sort((a, b) => (a.pointer > b.pointer ? 1 : -1)),
      maskFrom: 'markers',
    };
  }

  /** A conversation in ChatML, tokenized by words. */
  function chat(turns, options = {}) {
    const tokens = [];
    const control = (text, turn, trained, why) =>
      tokens.push({ text, turn, trained, reason: why, control: true, pointer: null });
    turns.forEach(({ role, content, weight }, turn) => {
      const answer = role === 'assistant' && weight !== 0;
      const off = weight === 0 ? 'weight-0' : role === 'assistant' ? 'masked-header' : 'masked-role';
      control('<|im_start|>', turn, false, role === 'assistant' ? 'masked-header' : 'masked-role');
      tokens.push({ text: role, turn, trained: false, reason: off, pointer: null });
      tokens.push({ text: '\n', turn, trained: false, reason: off, pointer: null });
      let before = null;
      for (const [start, end] of splitWords(content)) {
        tokens.push({
          text: content.slice(start, end),
          turn,
          trained: answer,
          reason: answer ? 'assistant-content' : off,
          pointer: `/messages/${turn}/content`,
          offset: start,
          again: before === start,
        });
        before = start;
      }
      control('<|im_end|>', turn, answer, answer ? 'end-of-turn' : off);
      tokens.push({ text: '\n', turn, trained: false, reason: 'masked-template', pointer: null });
    });
    return partOf(
      tokens,
      turns.map((t) => t.role),
      options,
    );
  }

  return { partOf, chat };
}

export function wrap(parts, { maxLength = 4096, problems = [], messages = [], ...rest } = {}) {
  return {
    uri: 'file:///data/support.jsonl',
    file: 'support.jsonl',
    row: 13,
    rows: 52_002,
    format: 'messages',
    detail: {
      format: 'messages',
      problems,
      counts: parts[0]?.counts ?? { tokens: 0, trained: 0, truncated: 0, trainedCut: 0 },
      hash: '',
      parts,
      templateError: null,
      messages,
      ...(rest.detail ?? {}),
    },
    problems,
    excerpt: null,
    maxLength,
    restricted: false,
    ...Object.fromEntries(Object.entries(rest).filter(([key]) => key !== 'detail')),
  };
}

const one = (label, value = label) => [{ value, label }];
export const pickers = (maxLength = 448) => ({
  format: { value: 'messages', options: [...one('messages'), ...one('sharegpt')] },
  tokenizer: { value: 'qwen3', options: one('qwen3') },
  chatTemplate: { value: 'qwen3', options: one('qwen3, training', 'qwen3') },
  mask: { value: 'trl-assistant', options: [...one('trl-assistant'), ...one('axolotl')] },
  maxLength: { value: maxLength, options: [512, 1024, 4096] },
});

export const sampleProblems = [
  {
    code: 'length/answer-cut',
    severity: 'error',
    message: 'The last answer is cut by 12 tokens, its end of turn included.',
    pointer: '/messages/6/content',
    range: [0, 10],
    tokens: [84, 96],
    fixes: [{ scope: 'config', title: 'Raise to 512', key: 'maxLength', value: 512 }],
  },
  {
    code: 'mask/empty-think',
    severity: 'warning',
    message: 'Two empty think blocks are trained, in turns 3 and 7.',
    pointer: '/messages/2',
    range: [0, 10],
    tokens: [60, 64],
    fixes: [{ scope: 'config', title: 'Mask them', key: 'mask', value: {} }],
  },
];
