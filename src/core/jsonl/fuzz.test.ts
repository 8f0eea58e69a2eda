import { describe, expect, it } from 'vitest';
import { xorshift } from '../../../test/parity/fuzz/random.ts';
import { parseRow } from './parse.ts';
import { readJson } from './read-json.ts';
import { sliceRows } from './slices.ts';
import { Float, isArray, isObject, type Pointer, pointerOf, type Value } from './value.ts';

const ROWS = [
  '{"messages": [{"role": "user", "content": "Hi \\"you\\" \\ud83d\\ude00 😀\\n"}, {"role": "assistant", "content": null, "weight": 0}], "tools": []}',
  '{"instruction": "a", "input": "", "output": "b\\\\", "n": [1, 2.5, -3e-7, 12345678901234567890, true, false, null]}',
  '{"a~/b": {"": [[], {}, [{}]]}, "é": "\\u00e9", "x": {"x": {"x": 1.0}}}',
  '{"text":"它说“好”"}',
];
const PIECES = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '\\',
  "'",
  ' ',
  '\n',
  '\t',
  '0',
  '-',
  '.',
  'e',
  'n',
  'null',
  'True',
  '\\u',
  '\ud83d',
  '\ufeff',
  '/*',
  '//',
  '#',
  '“',
  '\u0000',
  '\u2028',
  'é',
  '1e5',
  '"a":',
];

function mutated(seed: number): string {
  const next = xorshift(seed * 2654435761);
  let text = ROWS[next(ROWS.length)] ?? '';
  for (let n = 1 + next(4); n > 0; n--) {
    const at = next(text.length + 1);
    const piece = PIECES[next(PIECES.length)] ?? '';
    const way = next(4);
    if (way === 0) text = text.slice(0, at) + text.slice(at + 1 + next(3));
    else if (way === 1) text = text.slice(0, at) + piece + text.slice(at);
    else if (way === 2) text = text.slice(0, at) + piece + text.slice(at + 1);
    else text = text.slice(0, at);
  }
  return text;
}

function noise(seed: number): string {
  const next = xorshift(seed * 40503 + 7);
  let text = '';
  for (let n = next(30); n > 0; n--) text += PIECES[next(PIECES.length)] ?? '';
  return text;
}

/** Without what Python reads beyond JSON, outside of strings. */
const isOnlyPythons = (text: string): boolean => /NaN|Infinity/.test(text.replace(/"(?:[^"\\]|\\.)*"/gs, '""'));

function toJs(value: Value): unknown {
  if (value instanceof Float) return value.value;
  if (typeof value === 'bigint') return Number(value);
  if (isArray(value)) return value.map(toJs);
  if (!isObject(value)) return value;
  const members = [...value].map(([key, member]) => [key, toJs(member)] as const);
  return Object.fromEntries(members);
}

function reference(text: string): { ok: boolean; value?: unknown } {
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch {
    return { ok: false };
  }
}

function* pointers(value: Value, at: Pointer = ''): Generator<[Pointer, Value]> {
  yield [at, value];
  if (isArray(value)) for (const [i, item] of value.entries()) yield* pointers(item, pointerOf(at, i));
  else if (isObject(value)) for (const [key, item] of value) yield* pointers(item, pointerOf(at, key));
}

describe('fuzz', () => {
  const texts = [
    ...Array.from({ length: 20_000 }, (_, seed) => mutated(seed)),
    ...Array.from({ length: 10_000 }, (_, seed) => noise(seed)),
  ];

  it('accepts and reads what JSON.parse does, and never throws', () => {
    let accepted = 0;
    for (const text of texts) {
      const result = readJson(text);
      const wanted = reference(text);
      if (isOnlyPythons(text)) continue;
      expect(result.failure === null, text).toBe(wanted.ok);
      if (result.failure !== null) continue;
      accepted++;
      expect(zeroed(toJs(result.value)), text).toEqual(zeroed(wanted.value));
    }
    expect(accepted).toBeGreaterThan(1000);
  });

  it('keeps errors and fixes inside the text, and fixes that are whole rows are rows', () => {
    for (const text of texts) {
      const { error } = parseRow(text);
      if (error === null) continue;
      const [start, end] = error.range;
      expect(start >= 0 && start <= end && end <= text.length, text).toBe(true);
      expect(error.message, text).toMatch(/[.]$/);
      let last = 0;
      for (const edit of error.fix?.edits ?? []) {
        expect(edit.range[0] >= last && edit.range[0] <= edit.range[1] && edit.range[1] <= text.length, text).toBe(
          true,
        );
        last = edit.range[1];
      }
    }
  });

  it('locates every value and key of a row, valid or broken', () => {
    for (const text of texts) {
      const row = parseRow(text);
      // Places in a broken row are a best effort; they must not throw.
      row.locate('/messages/0/content');
      row.within('/messages/0/content', [1, 3]);
      row.at(text.length >> 1);
      if (row.value === undefined) continue;
      for (const [pointer, value] of pointers(row.value)) {
        const range = row.locate(pointer);
        if (range === null) throw new Error(`${pointer} not found in ${text}`);
        expect(toJs(readJson(text.slice(...range)).value ?? null), text).toEqual(toJs(value));
        if (typeof value !== 'string') continue;
        for (let i = 0; i < value.length; i++) {
          const unit = row.within(pointer, [i, i + 1]);
          if (unit === null) throw new Error(`${pointer} is no string in ${text}`);
          expect(JSON.parse(`"${text.slice(...unit)}"`), text).toBe(value[i]);
          // The last of duplicate keys is what the value comes from.
          expect(row.at(unit[0]), text).toEqual({ pointer, key: false, offset: i });
        }
      }
    }
  });

  it('slices any text into rows that cover all but white space and commas', () => {
    for (const text of texts.filter((_, index) => index % 6 === 0)) {
      for (const shape of [undefined, 'lines', 'array'] as const) {
        const { starts, ends, lines } = sliceRows(`${text}\n${text}`, shape);
        let last = 0;
        for (let i = 0; i < starts.length; i++) {
          const [start, end] = [starts[i] ?? -1, ends[i] ?? -1];
          expect(start >= last && end > start && end <= 2 * text.length + 1, text).toBe(true);
          expect(lines[i], text).toBe(`${text}\n${text}`.slice(0, start).split('\n').length - 1);
          last = end;
        }
      }
    }
  });
});

/** Both zeros are one: JSON.parse keeps -0 for an int, Python does not. */
function zeroed(value: unknown): unknown {
  if (value === 0) return 0;
  if (Array.isArray(value)) return value.map(zeroed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, zeroed(member)]));
}
