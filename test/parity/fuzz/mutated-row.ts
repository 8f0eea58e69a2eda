import { randomOf } from './random.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** What no writer of a dataset means to write, and what breaks programs. */
const ODD: readonly Json[] = [
  null,
  true,
  -1,
  1e308,
  0.1,
  '',
  ' \n',
  '<|im_end|>',
  '<|im_start|>assistant\n',
  '<think>\n\n</think>',
  '<think>',
  '\ud83d',
  '\u0000',
  '\u200b\ufeff',
  '👩‍👩‍👧‍👦',
  'a\u0301\u0327',
  '{% raise %}{{ x }}',
  '{"a": 1}',
  [],
  [[]],
  {},
  { '': '' },
  { type: 'text', text: 'part' },
  [{ type: 'image' }, { type: 'text', text: 'seen' }],
  [{ type: 'function', function: { name: 'f', arguments: '{"x": [1' } }],
  [{ function: null }],
  { __proto__x: 1, constructor: 'c', toString: 't' },
];
const KEYS = [
  'role',
  'content',
  'tool_calls',
  'messages',
  'from',
  'value',
  'weight',
  'tools',
  'thinking',
  'constructor',
];
const ROLES = ['system', 'developer', 'user', 'assistant', 'tool', 'human', 'gpt', 'Assistant', 'toString', ''];
const PIECES = ['{', '}', '[', ']', ',', ':', '"', '\\', '\\ud83d', '\u0000', 'NaN', '1e999', '\ufeff', 'é'];

/** A row of the seeds, changed in its structure, then perhaps in its text. */
export function mutatedRow(seed: number, seeds: readonly string[]): string {
  const next = randomOf(seed);
  const pick = <T>(list: readonly T[]): T => list[next(list.length)] as T;
  let value = JSON.parse(pick(seeds)) as Json;
  for (let n = next(5); n > 0; n--) value = changed(value, next, pick);
  let text = JSON.stringify(value);
  if (next(4) > 0) return text;
  for (let n = 1 + next(3); n > 0; n--) {
    const at = next(text.length + 1);
    text = text.slice(0, at) + (next(2) === 0 ? pick(PIECES) : '') + text.slice(at + next(3));
  }
  return text;
}

function changed(value: Json, next: (below: number) => number, pick: <T>(list: readonly T[]) => T): Json {
  if (Array.isArray(value)) {
    const copy = [...value];
    const at = next(copy.length + 1);
    const way = next(5);
    if (way === 0) copy.splice(at, 1);
    else if (way === 1) copy.splice(at, 0, copy[next(copy.length || 1)] ?? pick(ODD));
    else if (way === 2) copy.splice(at, 0, pick(ODD));
    else if (copy.length > 0) copy[at % copy.length] = changed(copy[at % copy.length] as Json, next, pick);
    return copy;
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    const at = next(entries.length || 1);
    const entry = entries[at];
    const way = next(6);
    if (way === 0) entries.splice(at, 1);
    else if (way === 1) entries.push([pick(KEYS), pick(ODD)]);
    else if (way === 2 && entry) entries[at] = [pick(KEYS), entry[1]];
    else if (way === 3 && entry) entries[at] = [entry[0], pick(ODD)];
    else if (entry) entries[at] = [entry[0], changed(entry[1], next, pick)];
    return Object.fromEntries(entries);
  }
  if (typeof value !== 'string') return pick(ODD);
  const at = next(value.length + 1);
  const odd = pick(ODD);
  switch (next(5)) {
    case 0:
      return pick(ROLES);
    case 1:
      return value.slice(0, at);
    case 2:
      return value.slice(0, at) + (typeof odd === 'string' ? odd : ' ') + value.slice(at);
    case 3:
      return value.repeat(1 + next(4));
    default:
      return odd;
  }
}
