import { cut, isText, plain, type Text, TextWriter } from '../origin/traced.ts';
import { capitalize, lower, upper } from './case.ts';
import { fail } from './errors.ts';
import { type FilterFunction, type Filters, filter, given, option } from './filter.ts';
import { type LinkStyle, urlize, withoutTags } from './html.ts';
import { indexOf, numberOf } from './numbers.ts';
import { calculate, compare, eachOf, iterate, join2, joinAll, length, slice, truth, used } from './operators.ts';
import { pprint } from './pprint.ts';
import { escapeHtml, plainStr, repr, str, tojson } from './printing.ts';
import { checkSize } from './runtime.ts';
import { replace, splitlines, strip, textMethod } from './text.ts';
import {
  bare,
  entriesOf,
  isDict,
  isList,
  Lazy,
  Markup,
  NO_KEYWORDS,
  type PyDict,
  type PyValue,
  Tuple,
  typeName,
  Undefined,
} from './values.ts';
import { wrap } from './wordwrap.ts';

const onText = (name: string, change: (t: Text) => Text): FilterFunction =>
  filter(name, [], (_, x) => {
    const result = change(str(x));
    return x instanceof Markup ? new Markup(result) : result;
  });

const indent = filter('do_indent', ['width', 'first', 'blank'], (runtime, x, [width = 4, first, blank]) => {
  if (!isText(x) && !(x instanceof Markup)) {
    const left = typeName(x);
    const message = isList(x)
      ? `'list' object has no attribute 'splitlines'`
      : x instanceof Tuple
        ? 'can only concatenate tuple (not "str") to tuple'
        : x instanceof Undefined
          ? x.message()
          : `unsupported operand type(s) for +=: '${left}' and 'str'`;
    fail(message);
  }
  const by = isText(width)
    ? width
    : ' '.repeat(
        Math.max(
          0,
          Math.min(100_000, indexOf(width, `can't multiply sequence by non-int of type '${typeName(width)}'`)),
        ),
      );
  const lines = splitlines(join2(str(x), '\n'), false);
  const out = new TextWriter();
  lines.forEach((line, i) => {
    if (i > 0) out.write('\n');
    const wanted = i === 0 ? option(first, false) : option(blank, false) || plain(line) !== '';
    if (wanted) out.write(by);
    out.write(line);
    checkSize(out.text.length);
  });
  runtime.charge(out.text.length);
  return x instanceof Markup ? new Markup(out.value()) : out.value();
});

/** The filter's title: words begin after white space, a hyphen or an opening bracket. */
function titleWords(value: Text): Text {
  const parts: Text[] = [];
  let at = 0;
  const bareValue = plain(value);
  const word = (from: number, to: number): void => {
    if (from >= to) return;
    const first = from + String.fromCodePoint(bareValue.codePointAt(from)!).length;
    parts.push(upper(cut(value, from, first)), lower(cut(value, first, to)));
  };
  for (const match of bareValue.matchAll(/[-\s({[<]+/g)) {
    word(at, match.index);
    word(match.index, match.index + match[0].length);
    at = match.index + match[0].length;
  }
  word(at, bareValue.length);
  return joinAll(parts);
}

const truncate = filter(
  'do_truncate',
  ['length', 'killwords', 'end', 'leeway'],
  (runtime, x, [size = 255, kill, end = '...', leeway = null]) => {
    const tail = length(end);
    const limit = numberOf(size) ?? fail(`'>=' not supported between instances of '${typeName(size)}' and 'int'`);
    if (limit < tail) fail(`expected length >= ${tail}, got ${plainStr(size)}`);
    const slack = bare(leeway) === null ? 5 : leeway;
    if (compare(slack, 0, '>=') < 0) fail(`expected leeway >= 0, got ${plainStr(slack)}`);
    if (length(x) <= Number(limit) + Number(numberOf(slack))) return x;
    const head = slice(runtime, x, null, indexOf(size) - tail, null);
    const isMarkup = head instanceof Markup;
    const text = isMarkup ? head.text : head;
    if (!isText(text)) {
      return fail(
        option(kill, false) && isList(head)
          ? 'can only concatenate list (not "str") to list'
          : `'${typeName(head)}' object has no attribute 'rsplit'`,
      );
    }
    const ending = isMarkup && !(end instanceof Markup) ? escapeHtml(str(end)) : str(end);
    const kept = option(kill, false)
      ? text
      : (textMethod('rsplit')!(runtime, text, [' ', 1], NO_KEYWORDS) as readonly Text[])[0]!;
    const result = join2(kept, ending);
    return isMarkup ? new Markup(result) : result;
  },
);

const wordwrap = filter(
  'do_wordwrap',
  ['width', 'break_long_words', 'wrapstring', 'break_on_hyphens'],
  (runtime, x, [width = 79, breakLong, wrapstring = null, breakOnHyphens]) => {
    used(x);
    const text = x instanceof Markup ? x.text : x;
    if (!isText(text)) return fail(`'${typeName(x)}' object has no attribute 'splitlines'`);
    const value = plain(text);
    runtime.charge(8 * value.length);
    const between = bare(wrapstring) === null ? '\n' : plainStr(wrapstring);
    const style = {
      width: () => indexOf(width, `'<=' not supported between instances of '${typeName(width)}' and 'int'`),
      breakLongWords: option(breakLong, true),
      breakOnHyphens: option(breakOnHyphens, true),
    };
    return splitlines(value, false)
      .map((line) => wrap(plain(line), style).join(between))
      .join(between);
  },
);

const urlencode = filter('do_urlencode', [], (runtime, x) => {
  const quote = (v: PyValue, query: boolean): string => {
    const value = plainStr(v);
    if (/\p{Cs}/u.test(value)) fail("'utf-8' codec can't encode characters: surrogates not allowed");
    const encoded = encodeURIComponent(value).replace(
      /[!'()*]/g,
      (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
    );
    return query ? encoded.replaceAll('%20', '+') : encoded.replaceAll('%2F', '/');
  };
  if (isText(x) || x instanceof Markup || numberOf(x) !== undefined || bare(x) === null) return quote(x, false);
  const queries = Array.from(isDict(x) ? entriesOf(x) : eachOf(runtime, x), (pair) => {
    const items = pair instanceof Tuple ? pair.items : iterate(runtime, pair);
    if (items.length < 2) fail(`not enough values to unpack (expected 2, got ${items.length})`);
    if (items.length > 2) fail('too many values to unpack (expected 2)');
    return `${quote(items[0]!, true)}=${quote(items[1]!, true)}`;
  });
  return queries.join('&');
});

const xmlattr = filter('do_xmlattr', ['autospace'], (_, x, [autospace]) => {
  used(x);
  if (!isDict(x)) return fail(`'${typeName(x)}' object has no attribute 'items'`);
  const parts: Text[] = [];
  const escaped = (value: PyValue): Text => (value instanceof Markup ? value.text : escapeHtml(str(value)));
  for (const { items } of entriesOf(x)) {
    const [key, value] = items as [PyValue, PyValue];
    if (bare(value) === null || value instanceof Undefined) continue;
    if (!isText(key)) return fail(`expected string or bytes-like object, got '${typeName(key)}'`);
    if (/[ \t\n\r\f\v/>=]/.test(plain(key))) fail(`Invalid character in attribute name: ${plainStr(repr(key))}`);
    if (parts.length > 0) parts.push(' ');
    parts.push(escaped(key), '="', escaped(value), '"');
  }
  return joinAll(parts.length > 0 && option(autospace, true) ? [' ', ...parts] : parts);
});

const SCHEME = /^[\p{L}\p{N}_.+-]{2,}:(?:\/){0,2}$/u;

const links = filter(
  'do_urlize',
  ['trim_url_limit', 'nofollow', 'target', 'rel', 'extra_schemes'],
  (runtime, x, [limit = null, nofollow, target = null, rel = null, schemes = null]) => {
    const rels = new Set([...(truth(rel) ? plainStr(rel).split(/\s+/) : []), 'noopener']);
    rels.delete('');
    if (option(nofollow, false)) rels.add('nofollow');
    const style: LinkStyle = {
      limit: () =>
        bare(limit) === null
          ? null
          : indexOf(limit, `'>' not supported between instances of 'int' and '${typeName(limit)}'`),
      rel: [...rels].sort().join(' '),
      target: bare(target) === null ? null : plainStr(target),
      schemes: bare(schemes) === null ? [] : iterate(runtime, schemes).map(plainStr),
    };
    for (const scheme of style.schemes) {
      if (!SCHEME.test(scheme)) fail(`${plainStr(repr(scheme))} is not a valid URI scheme prefix.`);
    }
    const value = plain(x instanceof Markup ? x.text : escapeHtml(str(x)));
    runtime.charge(8 * value.length);
    checkSize(8 * value.length);
    return urlize(value, style);
  },
);

const format: FilterFunction = (runtime, x, args, keywords) => {
  if (args.length > 0 && keywords.size > 0) fail("can't handle positional and keyword arguments at the same time");
  const values = keywords.size > 0 ? (keywords as PyDict) : new Tuple(args);
  return calculate(runtime, '%', isText(x) || x instanceof Markup ? x : str(x), values);
};

export const TEXT_FILTERS: Filters = [
  [
    'tojson',
    filter(
      'tojson',
      ['ensure_ascii', 'indent', 'separators', 'sort_keys'],
      (runtime, x, [ascii, pad, separators, sort]) =>
        tojson(runtime, x, option(ascii, false), given(pad), given(separators), option(sort, false)),
    ),
  ],
  ['safe', filter('safe', [], (_, x) => (x instanceof Markup ? x : new Markup(str(x))))],
  ['string', filter('string', [], (_, x) => (x instanceof Markup ? x : str(x)))],
  ['escape', filter('escape', [], (_, x) => (x instanceof Markup ? x : new Markup(escapeHtml(str(x)))))],
  ['forceescape', filter('forceescape', [], (_, x) => new Markup(escapeHtml(str(x))))],
  [
    'trim',
    filter('do_trim', ['chars'], (_, x, [chars]) => {
      const result = strip(str(x), chars);
      return x instanceof Markup ? new Markup(result) : result;
    }),
  ],
  ['upper', onText('do_upper', upper)],
  ['lower', onText('do_lower', lower)],
  ['capitalize', onText('do_capitalize', capitalize)],
  ['title', filter('do_title', [], (_, x) => titleWords(str(x)))],
  [
    'replace',
    filter(
      'do_replace',
      ['old', 'new', 'count'],
      (_, x, [from, to, count]) =>
        replace(str(x), str(from!), str(to!), count === undefined || bare(count) === null ? -1 : indexOf(count)),
      2,
    ),
  ],
  ['format', format],
  ['indent', indent],
  ['truncate', truncate],
  ['wordwrap', wordwrap],
  ['wordcount', filter('do_wordcount', [], (_, x) => plain(str(x)).match(/[\p{L}\p{N}_]+/gu)?.length ?? 0)],
  [
    'center',
    filter('do_center', ['width'], (runtime, x, [width = 80]) => {
      const result = textMethod('center')!(runtime, str(x), [width], NO_KEYWORDS) as Text;
      return x instanceof Markup ? new Markup(result) : result;
    }),
  ],
  ['urlencode', urlencode],
  ['urlize', links],
  ['xmlattr', xmlattr],
  ['pprint', filter('do_pprint', [], (_, x) => (x instanceof Lazy ? repr(x) : pprint(x)))],
  ['striptags', filter('do_striptags', [], (_, x) => withoutTags(plain(str(x))))],
];
