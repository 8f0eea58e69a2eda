import { plain } from '../origin/traced.ts';
import { isFailure } from './errors.ts';
import { codePointLength, compare } from './operators.ts';
import { plainStr, repr } from './printing.ts';
import { reprString } from './repr.ts';
import { checkSize } from './runtime.ts';
import { bareText, DictView, isDict, isList, Markup, type PyDict, type PyValue, Tuple, typeName } from './values.ts';

const WIDTH = 80;

/** A named tuple (a group of `groupby`) has a repr of its own, which pprint takes as it is. */
const isPlainTuple = (x: PyValue): x is Tuple => x instanceof Tuple && x.names === null;

const shown = (x: PyValue): string => {
  // A dict inside is printed with its keys in order too.
  if (isDict(x))
    return `{${sortedEntries(x)
      .map(([key, value]) => `${shown(key)}: ${shown(value)}`)
      .join(', ')}}`;
  if (isList(x)) return `[${x.map(shown).join(', ')}]`;
  if (isPlainTuple(x)) return `(${x.items.map(shown).join(', ')}${x.items.length === 1 ? ',' : ''})`;
  return plainStr(repr(x));
};

/** Keys in order; those of different kinds by the name of their type. */
function sortedEntries(dict: PyDict): (readonly [PyValue, PyValue])[] {
  const less = (a: PyValue, b: PyValue): number => {
    try {
      return compare(a, b, '<');
    } catch (error) {
      if (!isFailure(error)) throw error;
      return typeName(a) < typeName(b) ? -1 : typeName(a) > typeName(b) ? 1 : 0;
    }
  };
  return [...dict].sort(([a], [b]) => less(a, b));
}

/** Python's `pprint.pformat(x)`, 80 columns wide. */
export function pprint(x: PyValue): string {
  const out: string[] = [];
  let size = 0;
  const write = (text: string): void => {
    size += text.length;
    checkSize(size);
    out.push(text);
  };

  /** `indent` columns stand before the value, `allowance` characters close what is around it. */
  const format = (value: PyValue, indent: number, allowance: number, level: number): void => {
    const text = shown(value);
    if (codePointLength(text) <= WIDTH - indent - allowance) {
      write(text);
      return;
    }
    const bare = bareText(value);
    if (isDict(value)) {
      write('{');
      const entries = sortedEntries(value);
      entries.forEach(([key, item], i) => {
        const name = shown(key);
        const isLast = i === entries.length - 1;
        write(`${name}: `);
        format(item, indent + codePointLength(name) + 3, isLast ? allowance + 1 : 1, level + 1);
        if (!isLast) write(`,\n${' '.repeat(indent + 1)}`);
      });
      write('}');
    } else if (isList(value)) sequence(value, '[', ']', indent, allowance, level);
    else if (isPlainTuple(value)) {
      sequence(value.items, '(', value.items.length === 1 ? ',)' : ')', indent, allowance, level);
    } else if (value instanceof DictView) write(text);
    else if (typeof bare === 'string' && !(value instanceof Markup)) string(plain(bare), indent, allowance, level + 1);
    else write(text);
  };

  const sequence = (
    items: readonly PyValue[],
    open: string,
    close: string,
    indent: number,
    allowance: number,
    level: number,
  ): void => {
    write(open);
    items.forEach((item, i) => {
      const isLast = i === items.length - 1;
      format(item, indent + 1, isLast ? allowance + close.length : 1, level + 1);
      if (!isLast) write(`,\n${' '.repeat(indent + 1)}`);
    });
    write(close);
  };

  /** A long text in parts between words and lines. */
  const string = (value: string, indent: number, allowance: number, level: number): void => {
    const column = level === 1 ? indent + 1 : indent;
    const closing = level === 1 ? allowance + 1 : allowance;
    const chunks: string[] = [];
    const lines =
      value.match(
        /[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])|[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+$/g,
      ) ?? [];
    const most = WIDTH - column;
    let room = most;
    lines.forEach((line, i) => {
      const rep = reprString(line);
      if (i === lines.length - 1) room -= closing;
      if (codePointLength(rep) <= room) {
        chunks.push(rep);
        return;
      }
      const parts = line.match(/\S*\s*/g)!.filter((part) => part !== '');
      let current = '';
      let width = most;
      parts.forEach((part, j) => {
        const candidate = current + part;
        if (j === parts.length - 1 && i === lines.length - 1) width -= closing;
        if (codePointLength(reprString(candidate)) > width) {
          if (current !== '') chunks.push(reprString(current));
          current = part;
        } else current = candidate;
      });
      if (current !== '') chunks.push(reprString(current));
    });
    const [only] = chunks;
    if (chunks.length === 1) {
      write(only!);
      return;
    }
    if (level === 1) write('(');
    write(chunks.join(`\n${' '.repeat(column)}`));
    if (level === 1) write(')');
  };

  format(x, 0, 0, 0);
  return out.join('');
}
