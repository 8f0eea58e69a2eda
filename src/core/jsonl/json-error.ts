import type { Edit } from '../checks/problem.ts';
import type { JsonError } from './parsed-row.ts';
import { MAX_DEPTH, MAX_DIGITS, type ReadFailure, readJson } from './read-json.ts';
import { skipSpace, skipString } from './scan.ts';
import type { Range, Value } from './value.ts';

/** What is wrong at one place. `kind` groups places that one fix mends together. */
interface Diagnosis {
  readonly kind: string;
  readonly message: string;
  readonly range: Range;
  readonly title?: string;
  readonly edits?: readonly Edit[];
}

/** One fix mends at most so many places of its kind, and reads no more than so many UTF-16 units for them. */
const MAX_PLACES = 200;
const MAX_READ = 2_000_000;

const count = (n: number): string => n.toLocaleString('en-US');
const column = (offset: number): string => `column ${count(offset + 1)}`;
/** Characters as a message shows them; the unseen ones by their name. */
function shown(characters: string): string {
  const code = characters.codePointAt(0) ?? 0;
  const unseen = code < 0x20 || /^[\p{Zs}\p{Zl}\p{Zp}\p{Cf}\p{Cc}]/u.test(characters);
  return unseen ? `U+${code.toString(16).toUpperCase().padStart(4, '0')}` : `\`${characters}\``;
}
const plural = (n: number, one: string): string => (n === 1 ? one : `${one}s`);
const replace = (from: number, to: number, text: string): Edit => ({ range: [from, to], text });

/** Words of Python and JavaScript that stand for JSON's. */
const WORDS: Readonly<Record<string, string>> = {
  True: 'true',
  TRUE: 'true',
  False: 'false',
  FALSE: 'false',
  None: 'null',
  NULL: 'null',
  Null: 'null',
  undefined: 'null',
  nil: 'null',
  nan: 'NaN',
  inf: 'Infinity',
};
const CLOSERS: Readonly<Record<string, string>> = {
  "'": "'",
  '“': '”',
  '”': '”',
  '‘': '’',
  '’': '’',
  '„': '“',
  '`': '`',
  '«': '»',
};
const QUOTE_NAMES: Readonly<Record<string, string>> = { "'": 'single quotes', '`': 'backticks' };

const WORD = /[\p{L}_$][\p{L}\p{N}_$.-]*/uy;
const NUMBER_LIKE = /[+-]?[\w.+-]+/y;
const match = (pattern: RegExp, text: string, at: number): string => {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
};

/** The character at `at`, surrogate pairs whole. */
const characterAt = (text: string, at: number): string => String.fromCodePoint(text.codePointAt(at) ?? 0);

/** Brackets open at `end`, innermost first, as what closes them. Strings before `end` are whole. */
function missingClosers(text: string, end: number): string {
  let closers = '';
  for (let i = 0; i < end; i++) {
    const character = text[i];
    if (character === '"') {
      const after = skipString(text, i);
      if (after === -1 || after > end) break;
      i = after - 1;
    } else if (character === '{') closers = `}${closers}`;
    else if (character === '[') closers = `]${closers}`;
    else if (character === '}' || character === ']') closers = closers.slice(1);
  }
  return closers;
}

function comment(text: string, at: number): Diagnosis | null {
  const opener = /(?:\/\/|\/\*|#)/y;
  opener.lastIndex = at;
  const found = opener.exec(text)?.[0];
  if (found === undefined) return null;
  const close = text.indexOf(found === '/*' ? '*/' : '\n', at);
  const end = close === -1 ? text.length : found === '/*' ? close + 2 : close;
  return {
    kind: 'comment',
    message: `JSON has no comments. One begins at ${column(at)}.`,
    range: [at, end],
    title: 'Remove comment',
    edits: [replace(at, end, '')],
  };
}

/** A space or mark that is no JSON white space, a BOM among them. */
function strangeSpace(text: string, at: number): Diagnosis | null {
  const character = characterAt(text, at);
  if (!/^[\p{Zs}\p{Zl}\p{Zp}\p{Cf}\p{Cc}\v\f]$/u.test(character) || character === '') return null;
  const bom = character === '\ufeff';
  const what = bom ? 'A byte order mark (U+FEFF)' : `The character ${shown(character)}`;
  return {
    kind: 'strange-space',
    message: `${what} is no JSON white space, ${column(at)}. Remove it.`,
    range: [at, at + character.length],
    title: bom ? 'Remove byte order mark' : 'Remove character',
    edits: [replace(at, at + character.length, /\p{Zs}/u.test(character) ? ' ' : '')],
  };
}

/** A string in quotes that are not JSON's: from `at`, which holds the opening one. */
function wrongQuotes(text: string, at: number): Diagnosis | null {
  const quote = characterAt(text, at);
  const closer = CLOSERS[quote];
  if (closer === undefined) return null;
  let end = at + 1;
  let inner = '';
  for (; end < text.length; end++) {
    const character = text[end] ?? '';
    if (character === closer) break;
    if (character === '\n') return { ...quotesMessage(quote, at), range: [at, at + 1] };
    if (character === '\\') {
      const next = text[++end] ?? '';
      inner += next === "'" || next === '`' ? next : `\\${next}`;
    } else inner += character === '"' ? '\\"' : character === '\t' ? '\\t' : character;
  }
  if (end >= text.length) return { ...quotesMessage(quote, at), range: [at, at + 1] };
  return {
    ...quotesMessage(quote, at),
    range: [at, end + 1],
    title: 'Use double quotes',
    edits: [replace(at, end + 1, `"${inner}"`)],
  };
}

const quotesMessage = (quote: string, at: number): { readonly kind: string; readonly message: string } => ({
  kind: 'python',
  message: `JSON writes text in double quotes. Here it is in ${QUOTE_NAMES[quote] ?? `\`${quote}\``}, ${column(at)}.`,
});

function truncated(text: string, failure: ReadFailure, lost: string): Diagnosis {
  const end = text.trimEnd().length;
  return {
    kind: 'truncated',
    message: `The row ends before ${lost}, ${column(end)}. Complete it.`,
    range: [Math.max(0, end - 1), end],
    ...fixOfEnd(text, failure),
  };
}

function fixOfEnd(text: string, failure: ReadFailure): { title?: string; edits?: readonly Edit[] } {
  if (failure.wanted !== 'comma-or-brace' && failure.wanted !== 'comma-or-bracket') return {};
  const end = text.trimEnd().length;
  const closers = missingClosers(text, end);
  return closers === '' ? {} : { title: `Insert ${closers}`, edits: [replace(end, end, closers)] };
}

/** A comma at `comma` with nothing after it: `at` is where the next thing should have been. */
const spareComma = (text: string, comma: number, at: number): Diagnosis => ({
  kind: 'comma',
  message: `A comma stands before ${shown(characterAt(text, at))}, ${column(comma)}. Remove it.`,
  range: [comma, comma + 1],
  title: 'Remove comma',
  edits: [replace(comma, comma + 1, '')],
});

function diagnoseValue(text: string, failure: ReadFailure): Diagnosis {
  const { at } = failure;
  const character = characterAt(text, at);
  if (at >= text.length) return truncated(text, failure, failure.after === 0 ? 'its value' : 'a value');
  if ((character === '}' || character === ']') && text[failure.after - 1] === ',')
    return spareComma(text, failure.after - 1, at);
  if (character === ',') {
    return {
      kind: 'comma',
      message: `A value is missing before \`,\`, ${column(at)}. Write it or remove the comma.`,
      range: [at, at + 1],
      ...(text[failure.after - 1] === ':' ? {} : { title: 'Remove comma', edits: [replace(at, at + 1, '')] }),
    };
  }
  if (character === '}' || character === ']') {
    const range: Range = [at, at + 1];
    return { kind: 'value', message: `A value is missing before \`${character}\`, ${column(at)}. Write it.`, range };
  }
  const other = comment(text, at) ?? strangeSpace(text, at) ?? wrongQuotes(text, at);
  if (other !== null) return other;
  if (failure.inside === -1) return textBefore(text, at);
  return diagnoseWord(text, at);
}

/** Something stands where the row should begin. */
function textBefore(text: string, at: number): Diagnosis {
  const brace = text.indexOf('{', at);
  const word = match(WORD, text, at);
  const range: Range = [at, brace === -1 ? text.trimEnd().length : brace];
  if (brace === -1) return { kind: 'text', message: `This is no JSON, ${column(at)}. A row begins with \`{\`.`, range };
  return {
    kind: 'text',
    message: `Text stands before the row's \`{\`, ${column(at)}. Remove ${word === '' ? 'it' : `\`${word}\``}.`,
    range,
    title: 'Remove text',
    edits: [replace(at, brace, '')],
  };
}

function diagnoseWord(text: string, at: number): Diagnosis {
  const word = match(WORD, text, at);
  const json = WORDS[word];
  if (json !== undefined) {
    return {
      kind: 'python',
      message: `\`${word}\` is no JSON. Write \`${json}\`, ${column(at)}.`,
      range: [at, at + word.length],
      title: `Change to ${json}`,
      edits: [replace(at, at + word.length, json)],
    };
  }
  if (word !== '') {
    return {
      kind: 'bare-text',
      message: `Text needs double quotes: \`${word}\`, ${column(at)}.`,
      range: [at, at + word.length],
      title: 'Add quotes',
      edits: [replace(at, at + word.length, `"${word}"`)],
    };
  }
  const character = characterAt(text, at);
  if (character === '+' || character === '.') return diagnoseNumber(text, at);
  const range: Range = [at, at + character.length];
  return {
    kind: 'value',
    message: `No JSON value begins with ${shown(character)}, ${column(at)}. Write a value here.`,
    range,
  };
}

function diagnoseNumber(text: string, at: number): Diagnosis {
  const spelled = match(NUMBER_LIKE, text, at) || characterAt(text, at);
  let better = spelled
    .replaceAll('_', '')
    .replace(/^\+/, '')
    .replace(/^(-?)0+(?=\d)/, '$1');
  better = better.replace(/^(-?)\./, '$10.').replace(/\.(?=$|[eE])/, '.0');
  if (/^0[xX][0-9a-fA-F]+$/.test(spelled)) better = String(BigInt(spelled));
  const good = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(better) && better !== spelled;
  return {
    kind: 'number',
    message: `\`${spelled}\` is no JSON number, ${column(at)}. ${good ? `Write \`${better}\`.` : 'Write it in digits, or in quotes if it is text.'}`,
    range: [at, at + spelled.length],
    ...(good ? { title: `Change to ${better}`, edits: [replace(at, at + spelled.length, better)] } : {}),
  };
}

function diagnoseKey(text: string, failure: ReadFailure): Diagnosis {
  const { at } = failure;
  if (at >= text.length) {
    const comma = text[failure.after - 1] === ',';
    const closers = missingClosers(text, at);
    const from = comma ? failure.after - 1 : failure.after;
    return {
      ...truncated(text, failure, comma ? 'the next key' : '`}`'),
      title: comma ? `Replace the comma with ${closers}` : `Insert ${closers}`,
      edits: [replace(from, text.length, closers)],
    };
  }
  const character = characterAt(text, at);
  if (character === '}' || (character === ']' && text[failure.after - 1] === ','))
    return spareComma(text, failure.after - 1, at);
  if (character === ',') {
    return {
      kind: 'comma',
      message: `A comma stands before a key, ${column(at)}. Remove it.`,
      range: [at, at + 1],
      title: 'Remove comma',
      edits: [replace(at, at + 1, '')],
    };
  }
  const other = comment(text, at) ?? strangeSpace(text, at) ?? wrongQuotes(text, at);
  if (other !== null) return other;
  const word = match(/[\p{L}\p{N}_$][\p{L}\p{N}_$.-]*/uy, text, at);
  const range: Range = [at, at + Math.max(word.length, character.length)];
  if (word !== '') {
    return {
      kind: 'python',
      message: `The key \`${word}\` needs double quotes, ${column(at)}.`,
      range,
      title: 'Add quotes',
      edits: [replace(at, at + word.length, `"${word}"`)],
    };
  }
  return {
    kind: 'key',
    message: `A key in double quotes is missing before ${shown(character)}, ${column(at)}. Write it.`,
    range,
  };
}

function diagnoseColon(text: string, failure: ReadFailure): Diagnosis {
  const { at } = failure;
  if (at >= text.length) return truncated(text, failure, '`:`');
  const character = characterAt(text, at);
  const other = comment(text, at) ?? strangeSpace(text, at);
  if (other !== null) return other;
  const range: Range = [at, at + character.length];
  if (character === '=') {
    const end = text[at + 1] === '>' ? at + 2 : at + 1;
    return {
      kind: 'colon',
      message: `A colon, not \`=\`, follows a key, ${column(at)}.`,
      range: [at, end],
      title: 'Change to :',
      edits: [replace(at, end, ':')],
    };
  }
  if (character === ',' || character === '}' || character === ']') {
    const key = text.slice(text.lastIndexOf('"', failure.after - 2), failure.after);
    return {
      kind: 'value',
      message: `The key \`${key}\` has no value, ${column(at)}. Write \`:\` and the value.`,
      range,
    };
  }
  const quote = unescapedQuote(text, failure.after);
  if (quote !== null) return quote;
  return {
    kind: 'colon',
    message: `A colon is missing before ${shown(character)}, ${column(at)}.`,
    range,
    title: 'Insert colon',
    edits: [replace(failure.after, failure.after, ':')],
  };
}

/**
 * A string that ends at `after` and goes straight on with a letter: the quote was meant as text. The string's real end is
 * the next quote that a comma, colon or bracket follows.
 */
function unescapedQuote(text: string, after: number): Diagnosis | null {
  if (text[after - 1] !== '"' || !/^[^\s,:{}[\]"]/.test(text.slice(after, after + 1))) return null;
  const quotes: number[] = [after - 1];
  for (let at = text.indexOf('"', after); at !== -1 && quotes.length < 100; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (text[at - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 1) continue;
    if (/^\s*(?:[,:}\]]|$)/.test(text.slice(at + 1, at + 20))) {
      return {
        kind: 'quote',
        message: `A quote in the text is not escaped, ${column(after - 1)}. Write it as \`\\"\`.`,
        range: [after - 1, after],
        title: plural(quotes.length, 'Escape quote'),
        edits: quotes.map((quote) => replace(quote, quote, '\\')),
      };
    }
    quotes.push(at);
  }
  return null;
}

function diagnoseComma(text: string, failure: ReadFailure): Diagnosis {
  const { at, after } = failure;
  const object = failure.wanted === 'comma-or-brace';
  if (at >= text.length) {
    const closers = missingClosers(text, text.trimEnd().length);
    return truncated(text, failure, `\`${closers}\``);
  }
  const character = characterAt(text, at);
  const quote = unescapedQuote(text, after);
  if (quote !== null && at === after) return quote;
  const other = comment(text, at) ?? strangeSpace(text, at);
  if (other !== null) return other;
  const range: Range = [at, at + character.length];
  if (character === '}' || character === ']') {
    const missing = object ? '}' : ']';
    return {
      kind: 'bracket',
      message: `\`${missing}\` is missing before \`${character}\`, ${column(at)}.`,
      range,
      title: `Insert ${missing}`,
      edits: [replace(after, after, missing)],
    };
  }
  if (character === ';')
    return {
      kind: 'comma',
      message: `A comma, not \`;\`, stands between values, ${column(at)}.`,
      range,
      title: 'Change to ,',
      edits: [replace(at, at + 1, ',')],
    };
  if (character === ':') {
    const message = object
      ? `A second colon stands after a value, ${column(at)}. Remove it.`
      : `A list has no keys, but \`:\` stands here, ${column(at)}. Use \`{}\`.`;
    return { kind: 'colon', message, range };
  }
  const inserted =
    object && /[\p{L}'“]/u.test(character) === false && character !== '"'
      ? {}
      : { title: 'Insert comma', edits: [replace(after, after, ',')] };
  // Between two objects of a list it is the list's comma, and inside an object the next thing is a key.
  const fix =
    object && character !== '"' && Object.keys(inserted).length === 0
      ? {}
      : { title: 'Insert comma', edits: [replace(after, after, ',')] };
  return {
    kind: 'missing-comma',
    message: `A comma is missing before ${shown(character)}, ${column(at)}.`,
    range,
    ...fix,
  };
}

function diagnoseEnd(text: string, failure: ReadFailure): Diagnosis {
  const { at, after } = failure;
  const end = text.trimEnd().length;
  const character = characterAt(text, at);
  const rest = text.slice(at, end);
  if (/^[}\]]+$/.test(rest.replace(/\s/g, ''))) {
    return {
      kind: 'bracket',
      message: `\`${character}\` closes nothing, ${column(at)}. Remove it.`,
      range: [at, end],
      title: `Remove ${rest}`,
      edits: [replace(after, end, '')],
    };
  }
  if (/^,+$/.test(rest)) {
    return {
      kind: 'comma',
      message: `A comma stands after the row, ${column(at)}. Remove it.`,
      range: [at, end],
      title: 'Remove comma',
      edits: [replace(at, end, '')],
    };
  }
  const other = comment(text, at) ?? strangeSpace(text, at);
  if (other !== null) return other;
  if (character === '{' || (character === ',' && text[skipSpace(text, at + 1)] === '{')) {
    return {
      kind: 'rows',
      message: `Two rows stand on this line. The second begins at ${column(text.indexOf('{', at))}. Give it a line of its own.`,
      range: [text.indexOf('{', at), end],
      title: 'Break the line',
      edits: [replace(after, text.indexOf('{', at), '\n')],
    };
  }
  return {
    kind: 'text',
    message: `Text stands after the row's end, ${column(at)}. Remove it.`,
    range: [at, end],
    title: 'Remove text',
    edits: [replace(after, end, '')],
  };
}

const CONTROL: Readonly<Record<string, readonly [name: string, escape: string]>> = {
  '\n': ['A line break', '\\n'],
  '\r': ['A carriage return', '\\r'],
  '\t': ['A tab', '\\t'],
  '\b': ['A backspace', '\\b'],
  '\f': ['A form feed', '\\f'],
};

function diagnoseControl(text: string, failure: ReadFailure): Diagnosis {
  const { at, inside } = failure;
  const character = text[at] ?? '';
  const hex = (text.charCodeAt(at) || 0).toString(16).toUpperCase().padStart(4, '0');
  const [name, spelled] = CONTROL[character] ?? [`The control character U+${hex}`, `\\u${hex.toLowerCase()}`];
  const lost = character === '\n' && skipString(text, inside) === -1;
  if (lost)
    return {
      kind: 'closing-quote',
      message: `The text that begins at ${column(inside)} has no closing quote. Add it.`,
      range: [inside, at],
    };
  return {
    kind: 'control',
    message: `${name} in text is written \`${spelled}\`, ${column(at)}.`,
    range: [at, at + 1],
    title: `Change to ${spelled}`,
    edits: [replace(at, at + 1, spelled)],
  };
}

function diagnoseEscape(text: string, failure: ReadFailure): Diagnosis {
  const { at } = failure;
  const letter = text[at + 1] ?? '';
  if (letter === 'u') {
    const end = Math.min(text.length, at + 2 + match(/[0-9a-fA-F]*/y, text, at + 2).length);
    return {
      kind: 'escape',
      message: `\`${text.slice(at, end)}\` is no JSON escape: \`\\u\` needs four hex digits, ${column(at)}.`,
      range: [at, end],
      title: 'Double the backslash',
      edits: [replace(at, at, '\\')],
    };
  }
  const hex = letter === 'x' ? match(/[0-9a-fA-F]{2}/y, text, at + 2) : '';
  const spelled = `\\${characterAt(text, at + 1)}${hex}`;
  const better = hex !== '' ? `\\u00${hex}` : letter === "'" || letter === '`' ? letter : null;
  return {
    kind: 'escape',
    message: `\`${spelled}\` is no JSON escape, ${column(at)}. ${better === null ? 'For a backslash write `\\\\`.' : `Write \`${better}\`.`}`,
    range: [at, at + spelled.length],
    title: better === null ? 'Double the backslash' : `Change to ${better}`,
    edits: [better === null ? replace(at, at, '\\') : replace(at, at + spelled.length, better)],
  };
}

function diagnoseClosingQuote(text: string, failure: ReadFailure): Diagnosis {
  const { inside } = failure;
  const end = text.trimEnd().length;
  // What stands behind a lost quote is often the rest of the row: only brackets at the very end can be told from text.
  let at = text.length;
  while (at > inside + 1 && /[}\]\s]/.test(text[at - 1] ?? '')) at--;
  const bare = text.slice(at).replace(/\s/g, '');
  const fits = bare !== '' && bare === missingClosers(text, inside);
  return {
    kind: 'closing-quote',
    message: `The text that begins at ${column(inside)} has no closing quote. Add it.`,
    range: [inside, end],
    ...(fits ? { title: 'Insert "', edits: [replace(at, at, '"')] } : {}),
  };
}

function diagnose(text: string, failure: ReadFailure): Diagnosis {
  const { at } = failure;
  switch (failure.wanted) {
    case 'value':
    case 'value-or-end':
      return diagnoseValue(text, failure);
    case 'key':
    case 'key-or-end':
      return diagnoseKey(text, failure);
    case 'colon':
      return diagnoseColon(text, failure);
    case 'comma-or-brace':
    case 'comma-or-bracket':
      return diagnoseComma(text, failure);
    case 'end':
      return diagnoseEnd(text, failure);
    case 'closing-quote':
      return diagnoseClosingQuote(text, failure);
    case 'no-control-character':
      return diagnoseControl(text, failure);
    case 'escape':
      return diagnoseEscape(text, failure);
    case 'number':
      return diagnoseNumber(text, at);
    case 'less-depth':
      return {
        kind: 'depth',
        message: `Lists and objects are nested deeper than ${count(MAX_DEPTH)} levels, ${column(at)}. Python cannot read this row.`,
        range: [at, at + 1],
      };
    case 'fewer-digits':
      return {
        kind: 'digits',
        message: `The integer at ${column(at)} has more than ${count(MAX_DIGITS)} digits. Python cannot read it.`,
        range: [at, at + match(/-?\d+/y, text, at).length],
      };
  }
}

function apply(text: string, edits: readonly Edit[]): string {
  let result = '';
  let from = 0;
  for (const edit of edits) {
    result += text.slice(from, edit.range[0]) + edit.text;
    from = edit.range[1];
  }
  return result + text.slice(from);
}

/** An offset of the edited text, in the text before the edits; null when it lies inside an edit's own text. */
function unedited(offset: number, edits: readonly Edit[]): number | null {
  let shift = 0;
  for (const edit of edits) {
    const start = edit.range[0] + shift;
    if (offset < start) break;
    const grown = edit.text.length - (edit.range[1] - edit.range[0]);
    if (offset < start + edit.text.length) return null;
    shift += grown;
  }
  return offset - shift;
}

/** The edits of `first`, and of each later place of its kind; null when they do not bring the reader further. */
function editsOfKind(text: string, first: Diagnosis, at: number): readonly Edit[] | null {
  let edits = first.edits ?? [];
  let result = readJson(apply(text, edits));
  let reached = at;
  const many = Math.min(MAX_PLACES, Math.ceil(MAX_READ / (2 * text.length + 1)));
  for (let places = 1; result.failure !== null; places++) {
    const edited = apply(text, edits);
    // A break between two rows leaves the second one "after the end": that is what was wanted.
    if (first.kind === 'rows') return edits;
    const here = result.failure.at;
    const original = unedited(here, edits);
    if (
      original === null ||
      original < reached ||
      (original === reached && here <= at + 0 && edited.length <= text.length && first.kind !== 'comma')
    )
      return places === 1 ? null : edits;
    reached = original;
    if (places >= many) return edits;
    const next = diagnose(edited, result.failure);
    if (next.kind !== first.kind || next.edits === undefined) return edits;
    const mapped: Edit[] = [];
    for (const edit of next.edits) {
      const from = unedited(edit.range[0], edits);
      const to = unedited(edit.range[1], edits);
      if (from === null || to === null) return edits;
      mapped.push({ range: [from, to], text: edit.text });
    }
    const last = edits.at(-1)?.range[1] ?? 0;
    if (mapped.some((edit) => edit.range[0] < last)) return edits;
    const longer = [...edits, ...mapped];
    const after = readJson(apply(text, longer));
    if (after.failure !== null) {
      const further = unedited(after.failure.at, longer);
      if (further === null || further < reached) return edits;
    }
    edits = longer;
    result = after;
  }
  return edits;
}

/** A reader's failure as a sentence with its place, and a fix where one is known to bring the reader further. */
export function describeFailure(text: string, failure: ReadFailure): JsonError {
  if (text.trim() === '' && !text.includes('\ufeff')) {
    return { message: 'The row is empty. Write an object or remove the line.', range: [0, text.length], fix: null };
  }
  const diagnosis = diagnose(text, failure);
  const range = clamp(diagnosis.range, text.length);
  if (diagnosis.title === undefined || diagnosis.edits === undefined)
    return { message: diagnosis.message, range, fix: null };
  const edits = editsOfKind(text, diagnosis, failure.at);
  return { message: diagnosis.message, range, fix: edits === null ? null : { title: diagnosis.title, edits } };
}

const clamp = (range: Range, length: number): Range => {
  const start = Math.min(Math.max(0, range[0]), length);
  return [start, Math.min(Math.max(start, range[1]), length)];
};

function kindOf(value: Value): string {
  if (value === null) return '`null`';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'boolean') return `\`${value}\``;
  return Array.isArray(value) ? 'a list' : 'a number';
}

/** Valid JSON, but no row. Text alone is most likely a row of `{"text"}`. */
export function describeNoObject(text: string, value: Value): JsonError {
  const start = skipSpace(text, 0);
  const end = Math.max(start, text.trimEnd().length);
  const message = `A row is an object, \`{...}\`. This one is ${kindOf(value)}`;
  if (typeof value !== 'string') return { message: `${message}.`, range: [start, end], fix: null };
  const edits = [replace(start, start, '{"text": '), replace(end, end, '}')];
  return {
    message: `${message}: give it a key, \`{"text": "..."}\`.`,
    range: [start, end],
    fix: { title: 'Put under "text"', edits },
  };
}
