import { cut, plain, type Text, TextWriter } from '../origin/traced.ts';
import { getAttribute, getItem } from './access.ts';
import { fail } from './errors.ts';
import { formatValue } from './format-spec.ts';
import { asciiRepr, escapeHtml, repr, str } from './printing.ts';
import { reprString } from './repr.ts';
import { checkSize, type Runtime } from './runtime.ts';
import { Markup, orElse, type PyDict, type PyList, type PyValue } from './values.ts';

/** What a `str.format` call was given. `escape`: the format is Markup, so what is put in is escaped. */
interface Given {
  readonly args: PyList;
  readonly keywords: PyDict;
  readonly escape: boolean;
  /** The next automatic number; false after a number was given by hand, null before either. */
  auto: number | false | null;
}

/** Python's `text.format(*args, **keywords)` as the sandbox does it: `string.Formatter` with the template's lookups. */
export function formatBraces(runtime: Runtime, format: Text, args: PyList, keywords: PyDict, isMarkup = false): Text {
  return formatted(runtime, format, { args, keywords, escape: isMarkup, auto: null }, 2);
}

function formatted(runtime: Runtime, format: Text, given: Given, depth: number): Text {
  if (depth < 0) fail('Max string recursion exceeded');
  const value = plain(format);
  const out = new TextWriter();
  for (let i = 0; i < value.length; ) {
    const next = value.slice(i).search(/[{}]/);
    if (next < 0) {
      out.write(cut(format, i, value.length));
      break;
    }
    const at = i + next;
    out.write(cut(format, i, at));
    if (value[at + 1] === value[at]) {
      out.write(cut(format, at, at + 1));
      i = at + 2;
    } else if (value[at] === '}') fail("Single '}' encountered in format string");
    else {
      if (at + 1 >= value.length) fail("Single '{' encountered in format string");
      const end = closing(value, at);
      out.write(replacement(runtime, value.slice(at + 1, end), given, depth));
      i = end + 1;
    }
    runtime.charge(out.text.length);
    checkSize(out.text.length);
  }
  return out.value();
}

/** The brace that ends a field; inside `[...]` of its name braces do not count. */
function closing(value: string, open: number): number {
  let depth = 0;
  let inItem = false;
  let inSpec = false;
  for (let i = open; i < value.length; i++) {
    const c = value[i];
    if (!inSpec && c === '[') inItem = true;
    else if (!inSpec && c === ']') inItem = false;
    else if (inItem) continue;
    else if (c === ':' || c === '!') inSpec = true;
    else if (c === '{') depth++;
    else if (c === '}' && --depth === 0) return i;
  }
  return fail("expected '}' before end of string");
}

function replacement(runtime: Runtime, inside: string, given: Given, depth: number): Text {
  const mark = /[!:]/.exec(inside.replace(/\[[^\]]*\]/g, (m) => '_'.repeat(m.length)))?.index ?? inside.length;
  const path = inside.slice(0, mark);
  if (path.includes('{')) fail("unexpected '{' in field name");
  let rest = inside.slice(mark);
  let conversion = '';
  if (rest.startsWith('!')) {
    conversion = rest[1] ?? '';
    if (conversion === '') fail('end of string while looking for conversion specifier');
    if (rest.length > 2 && rest[2] !== ':') fail("expected ':' after conversion specifier");
    rest = rest.slice(2);
  }
  const value = lookup(runtime, numbered(path, given), given);
  const converted = convert(value, conversion);
  const spec = plain(formatted(runtime, rest.slice(1), given, depth - 1));
  if (!given.escape) return formatValue(converted, spec);
  if (converted instanceof Markup) {
    if (spec !== '') fail('Unsupported format specification for Markup.');
    return converted.text;
  }
  return escapeHtml(formatValue(converted, spec));
}

/** An empty name is the next number. */
function numbered(path: string, given: Given): string {
  if (path === '') {
    if (given.auto === false) fail('cannot switch from manual field specification to automatic field numbering');
    const number = given.auto === null ? 0 : (given.auto as number);
    given.auto = number + 1;
    return String(number);
  }
  if (/^\p{Nd}+$/u.test(path)) {
    if (typeof given.auto === 'number' && given.auto > 0) {
      fail('cannot switch from manual field specification to automatic field numbering');
    }
    given.auto = false;
  }
  return path;
}

function convert(value: PyValue, conversion: string): PyValue {
  switch (conversion) {
    case '':
      return value;
    case 's':
      return str(value);
    case 'r':
      return repr(value);
    case 'a':
      return asciiRepr(value);
    default:
      return fail(`Unknown conversion specifier ${conversion}`);
  }
}

function lookup(runtime: Runtime, path: string, { args, keywords }: Given): PyValue {
  const first = /^[^.[]*/.exec(path)![0];
  let value: PyValue;
  if (/^\d+$/.test(first)) value = orElse(args[Number(first)], () => fail('tuple index out of range'));
  else value = orElse(keywords.get(first), () => fail(reprString(first)));
  for (let i = first.length; i < path.length; ) {
    if (path[i] === '.') {
      const name = /^[^.[]*/.exec(path.slice(i + 1))![0];
      if (name === '') fail('Empty attribute in format string');
      value = getAttribute(runtime, value, name);
      i += 1 + name.length;
    } else if (path[i] === '[') {
      const close = path.indexOf(']', i);
      if (close < 0) fail("Missing ']' in format string");
      const name = path.slice(i + 1, close);
      if (name === '') fail('Empty attribute in format string');
      value = getItem(runtime, value, /^\d+$/.test(name) ? Number(name) : name);
      i = close + 1;
    } else fail("Only '.' or '[' may follow ']' in format field specifier");
  }
  return value;
}
