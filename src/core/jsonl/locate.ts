import { skipSpace, skipString, skipValue } from './scan.ts';
import { type Pointer, pointerOf, type Range } from './value.ts';

/** What stands in one list or object of a row. Ranges are UTF-16 units of the row's text. */
interface Children {
  readonly kind: 'object' | 'array';
  /** Decoded keys; empty for a list. A duplicate key is its last member, as in Python. */
  readonly index: ReadonlyMap<string, number>;
  readonly names: readonly string[];
  readonly keys: readonly Range[];
  readonly values: readonly Range[];
}

/** Positions in one row's text. A list or object is scanned when it is first asked about. */
export interface Locator {
  locate(pointer: Pointer, what?: 'value' | 'key'): Range | null;
  within(pointer: Pointer, range: Range, key?: boolean): Range | null;
  at(offset: number): { readonly pointer: Pointer; readonly key: boolean; readonly offset: number | null };
}

/** A place is looked for no deeper than this: each level of a broken row may cost a scan of it. */
const MAX_LEVELS = 100;

const HEX4 = /^[0-9a-fA-F]{4}$/;
const SIMPLE: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** Units of text that the escape at `at` takes (1 where there is none). */
const unitLength = (text: string, at: number): number => (text[at] !== '\\' ? 1 : text[at + 1] === 'u' ? 6 : 2);

function decode(text: string, range: Range): string {
  const raw = text.slice(range[0] + 1, range[1] - 1);
  if (!raw.includes('\\')) return raw;
  return raw.replace(/\\(u[\s\S]{4}|[\s\S])/g, (whole, after: string) =>
    after.length > 1 && HEX4.test(after.slice(1))
      ? String.fromCharCode(Number.parseInt(after.slice(1), 16))
      : (SIMPLE[after] ?? (after.length > 1 ? whole : after)),
  );
}

/** Reads what it can: in a broken row, all members before the first bad place. */
function childrenOf(text: string, from: number): Children | null {
  const open = text[from];
  if (open !== '{' && open !== '[') return null;
  const kind = open === '{' ? 'object' : 'array';
  const index = new Map<string, number>();
  const names: string[] = [];
  const keys: Range[] = [];
  const values: Range[] = [];
  let at = skipSpace(text, from + 1);
  while (at < text.length && text[at] !== '}' && text[at] !== ']') {
    if (kind === 'object') {
      const end = text[at] === '"' ? skipString(text, at) : -1;
      if (end === -1) break;
      const key: Range = [at, end];
      at = skipSpace(text, end);
      if (text[at] !== ':') break;
      at = skipSpace(text, at + 1);
      const name = decode(text, key);
      index.set(name, values.length);
      names.push(name);
      keys.push(key);
    }
    const end = skipValue(text, at);
    values.push([at, end === -1 ? text.length : end]);
    if (end === -1) break;
    at = skipSpace(text, end);
    if (text[at] !== ',') break;
    at = skipSpace(text, at + 1);
  }
  return { kind, index, names, keys, values };
}

export const unescapeToken = (token: string): string => token.replaceAll('~1', '/').replaceAll('~0', '~');

/** Ranges of a text that is JSON, or of its valid beginning. */
export function locatorOf(text: string): Locator {
  const scanned = new Map<number, Children | null>();
  const children = (from: number): Children | null => {
    let known = scanned.get(from);
    if (known === undefined) {
      known = childrenOf(text, from);
      scanned.set(from, known);
    }
    return known;
  };
  let root: Range | null = null;
  const whole = (): Range => {
    if (root === null) {
      const start = Math.min(skipSpace(text, 0), text.length);
      const end = skipValue(text, start);
      root = [start, end === -1 ? text.length : end];
    }
    return root;
  };

  const locate: Locator['locate'] = (pointer, what = 'value') => {
    if (pointer === '') return what === 'value' ? whole() : null;
    if (!pointer.startsWith('/')) return null;
    let value = whole();
    let key: Range | null = null;
    for (const token of pointer.slice(1).split('/')) {
      const inside = children(value[0]);
      if (inside === null) return null;
      let at: number | undefined;
      if (inside.kind === 'object') at = inside.index.get(unescapeToken(token));
      else if (/^(?:0|[1-9]\d*)$/.test(token)) at = Number(token);
      const found = at === undefined ? undefined : inside.values[at];
      if (at === undefined || found === undefined) return null;
      value = found;
      key = inside.keys[at] ?? null;
    }
    return what === 'value' ? value : key;
  };

  const within: Locator['within'] = (pointer, range, key = false) => {
    const string = locate(pointer, key ? 'key' : 'value');
    if (string === null || text[string[0]] !== '"') return null;
    const last = text[string[1] - 1] === '"' && string[1] - string[0] > 1 ? string[1] - 1 : string[1];
    let raw = string[0] + 1;
    let decoded = 0;
    const seek = (offset: number): number => {
      while (decoded < offset && raw < last) {
        const backslash = text.indexOf('\\', raw);
        const plain = Math.min(backslash === -1 ? last : backslash, last) - raw;
        const step = Math.min(plain, offset - decoded);
        raw += step;
        decoded += step;
        if (decoded === offset || raw >= last) break;
        raw += unitLength(text, raw);
        decoded++;
      }
      return Math.min(raw, last);
    };
    const start = seek(range[0]);
    return [start, seek(Math.max(range[0], range[1]))];
  };

  /** Decoded offset of a place in the string at `string`: that of the unit whose spelling holds it. */
  const decodedOffset = (string: Range, offset: number): number => {
    let decoded = 0;
    let raw = string[0] + 1;
    while (raw < offset) {
      const next = raw + unitLength(text, raw);
      if (next > offset || next > string[1]) break;
      raw = next;
      decoded++;
    }
    return text[string[1] - 1] === '"' && offset >= string[1] ? Math.max(0, decoded - 1) : decoded;
  };

  const at: Locator['at'] = (offset) => {
    let value = whole();
    let pointer: Pointer = '';
    for (let depth = 0; ; depth++) {
      const inside = children(value[0]);
      if (inside === null || depth > MAX_LEVELS) {
        const string = text[value[0]] === '"' && offset >= value[0] && offset <= value[1];
        return { pointer, key: false, offset: string ? decodedOffset(value, offset) : null };
      }
      // The last member that begins at or before the place.
      const from = (i: number): number => (inside.keys[i] ?? inside.values[i] ?? [0, 0])[0];
      let low = 0;
      let high = inside.values.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (from(middle) <= offset) low = middle + 1;
        else high = middle;
      }
      const member = low - 1;
      const next = inside.values[member];
      if (next === undefined || offset > next[1]) return { pointer, key: false, offset: null };
      pointer = pointerOf(pointer, inside.names[member] ?? member);
      const key = inside.keys[member];
      if (key !== undefined && offset <= key[1]) return { pointer, key: true, offset: decodedOffset(key, offset) };
      if (offset < next[0]) return { pointer, key: false, offset: null };
      value = next;
    }
  };

  return { locate, within, at };
}
