import { type Alphabet, createAlphabet } from './alphabet.ts';
import { type CodePointSet, intersection, union } from './code-point-set.ts';
import { TokenizerError } from './errors.ts';
import { createMatcher, type Matcher } from './regex-matcher.ts';
import { type Node, type Place, parsePattern } from './regex-syntax.ts';
import { property } from './unicode-sets.ts';

/**
 * The matches in a text as flat pairs of start and end (UTF-16 units), as the crate onig iterates over them: unlike
 * JavaScript it takes no empty match right behind another match.
 */
export type Pattern = (text: string) => number[];

/**
 * A pattern of Oniguruma (see regex-syntax.ts).
 *
 * @throws TokenizerError where it is broken or not known here; from the pattern, where it tries too many ways to match.
 */
export function compileOniguruma(pattern: string): Pattern {
  return createPattern(parsePattern(pattern), pattern);
}

/** The places of `literal` itself. */
export function literalPattern(literal: string): Pattern {
  if (literal === '') return createPattern({ kind: 'sequence', items: [] }, '');
  return (text) => {
    const bounds: number[] = [];
    for (let at = text.indexOf(literal); at >= 0; at = text.indexOf(literal, at + literal.length))
      bounds.push(at, at + literal.length);
    return bounds;
  };
}

/** Characters of a set, one by one. */
export const setPattern = (set: CodePointSet): Pattern => createPattern({ kind: 'set', set }, 'a set');

/** `source` is for messages. */
export function createPattern(node: Node, source: string): Pattern {
  const alphabet = isRisky(node) || endlessOf(node, false) > MOST_ENDLESS ? null : createAlphabet(setsOf(node));
  if (alphabet === null) return withMatcher(createMatcher(node, source));
  try {
    return withExpression(new RegExp(sourceOf(node, { alphabet, atomics: 0 }), 'g'), alphabet);
  } catch (error) {
    throw new TokenizerError(`the pattern ${JSON.stringify(source.slice(0, 200))} cannot be used: ${String(error)}.`);
  }
}

/**
 * An expression of the host over the text in the alphabet of the pattern: one unit a character, and one character for all
 * that the pattern does not tell apart.
 */
function withExpression(regex: RegExp, alphabet: Alphabet): Pattern {
  return (text) => {
    const spelled = alphabet.spell(text);
    const bounds: number[] = [];
    // Most patterns cover the text, then the running length is the place.
    const matches = spelled.match(regex) ?? [];
    let covered = 0;
    for (let i = 0; i < matches.length; i++) {
      const { length } = matches[i]!;
      if (length === 0) continue;
      bounds.push(covered, covered + length);
      covered += length;
    }
    if (covered < spelled.length) {
      bounds.length = 0;
      let end = -1;
      for (const { index, 0: found } of spelled.matchAll(regex)) {
        if (found === '' && index === end) continue;
        end = index + found.length;
        bounds.push(index, end);
      }
    }
    if (spelled.length < text.length) toUnits(bounds, text);
    return bounds;
  };
}

/** From characters to UTF-16 units, in place. The bounds are in order. */
function toUnits(bounds: number[], text: string): void {
  let unit = 0;
  let char = 0;
  for (let i = 0; i < bounds.length; i++) {
    for (const wanted = bounds[i]!; char < wanted; char++) unit += text.codePointAt(unit)! > 0xffff ? 2 : 1;
    bounds[i] = unit;
  }
}

function withMatcher(matcher: Matcher): Pattern {
  return (text) => {
    const bounds: number[] = [];
    let end = -1;
    for (let from = 0; from <= text.length; ) {
      const match = matcher(text, from);
      if (match === null) break;
      const [start, stop] = match;
      if (start < stop || stop !== end) bounds.push(start, stop);
      end = stop;
      from = stop > start ? stop : stop + ((text.codePointAt(stop) ?? 0) > 0xffff ? 2 : 1);
    }
    return bounds;
  };
}

const LINE_FEED: CodePointSet = [10, 10];

/** All sets that tell characters apart. */
function setsOf(node: Node): CodePointSet[] {
  switch (node.kind) {
    case 'set':
      return [node.set];
    case 'sequence':
      return node.items.flatMap(setsOf);
    case 'choice':
      return node.options.flatMap(setsOf);
    case 'at':
      return node.place.endsWith('edge') ? [property('word')] : [LINE_FEED];
    default:
      return setsOf(node.body);
  }
}

interface SourceState {
  readonly alphabet: Alphabet;
  atomics: number;
}

function sourceOf(node: Node, state: SourceState): string {
  switch (node.kind) {
    case 'set':
      return state.alphabet.classOf(node.set);
    case 'sequence':
      return node.items
        .map((item) => (item.kind === 'choice' ? `(?:${sourceOf(item, state)})` : sourceOf(item, state)))
        .join('');
    case 'choice':
      return node.options.map((option) => sourceOf(option, state)).join('|');
    case 'repeat': {
      const { min, max } = node;
      const bounds = max === Number.POSITIVE_INFINITY ? `{${min},}` : `{${min},${max}}`;
      return `(?:${sourceOf(node.body, state)})${bounds}${node.lazy ? '?' : ''}`;
    }
    case 'atomic': {
      // A lookahead is not tried again either; what it captured is then taken.
      const name = `atomic${state.atomics++}`;
      return `(?:(?=(?<${name}>${sourceOf(node.body, state)}))\\k<${name}>)`;
    }
    case 'look':
      return `(?${node.behind ? '<' : ''}${node.negated ? '!' : '='}${sourceOf(node.body, state)})`;
    case 'at':
      return placeSource(node.place, state.alphabet);
  }
}

function placeSource(place: Place, alphabet: Alphabet): string {
  const feed = alphabet.classOf(LINE_FEED);
  const word = alphabet.classOf(property('word'));
  switch (place) {
    case 'text start':
      return '^';
    case 'text end':
      return '$';
    case 'last line end':
      return `(?=${feed}?$)`;
    case 'line start':
      return `(?:^|(?<=${feed})(?!$))`;
    case 'line end':
      return `(?=${feed}|$)`;
    case 'word edge':
      return `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`;
    case 'no word edge':
      return `(?:(?<=${word})(?=${word})|(?<!${word})(?!${word}))`;
  }
}

/** So many parts of one way through a pattern may have more than one length. */
const MOST_OPEN = 6;
/** And so many of them no end and something behind them that may fail: each is a power of the text's length. */
const MOST_ENDLESS = 1;

/** Whether the ways to match may be far too many: a repeat of what has more than one length, or many such parts in a row. */
function isRisky(node: Node): boolean {
  switch (node.kind) {
    case 'set':
    case 'at':
      return false;
    case 'atomic':
    case 'look':
      return isRisky(node.body);
    case 'choice':
      return node.options.some(isRisky);
    case 'repeat':
      // JavaScript tries a turn that takes nothing in another way; Oniguruma goes on behind it.
      return isRisky(node.body) || canBeEmpty(node.body) || (node.max > 1 && waysOf(node.body) !== 1);
    case 'sequence': {
      const open = node.items.filter((item) => waysOf(item) !== 1).length;
      return open > MOST_OPEN || node.items.some(isRisky);
    }
  }
}

/** How many parts of one way have no end and are tried with each of their lengths. `fails`: what follows the node may fail. */
function endlessOf(node: Node, fails: boolean): number {
  switch (node.kind) {
    case 'set':
    case 'at':
      return 0;
    case 'atomic':
    case 'look':
      return endlessOf(node.body, false);
    case 'choice':
      return Math.max(0, ...node.options.map((option) => endlessOf(option, fails)));
    case 'repeat':
      return (node.max === Number.POSITIVE_INFINITY && fails ? 1 : 0) + endlessOf(node.body, fails);
    case 'sequence': {
      let count = 0;
      let mayFail = fails;
      for (const item of node.items.toReversed()) {
        count += endlessOf(item, mayFail);
        mayFail ||= canFail(item);
      }
      return count;
    }
  }
}

function canFail(node: Node): boolean {
  switch (node.kind) {
    case 'set':
    case 'at':
    case 'look':
      return true;
    case 'atomic':
      return canFail(node.body);
    case 'choice':
      return node.options.every(canFail);
    case 'repeat':
      return node.min > 0 && canFail(node.body);
    case 'sequence':
      return node.items.some(canFail);
  }
}

function canBeEmpty(node: Node): boolean {
  switch (node.kind) {
    case 'set':
      return false;
    case 'at':
    case 'look':
      return true;
    case 'atomic':
      return canBeEmpty(node.body);
    case 'choice':
      return node.options.some(canBeEmpty);
    case 'repeat':
      return node.min === 0 || canBeEmpty(node.body);
    case 'sequence':
      return node.items.every(canBeEmpty);
  }
}

/** Whether at most one of the options matches a character, and no more than that. */
function areApart(options: readonly Node[]): boolean {
  const sets = options.flatMap((option) => (option.kind === 'set' ? [option.set] : []));
  if (sets.length < options.length) return false;
  return sets.every((set, i) => intersection(set, union(...sets.slice(0, i))).length === 0);
}

/** In how many ways a part may match, roughly: 1, 2 for more than one, infinity for no bound. */
function waysOf(node: Node): number {
  switch (node.kind) {
    case 'set':
    case 'at':
    case 'look':
      return 1;
    case 'atomic':
      return waysOf(node.body);
    case 'choice':
      return areApart(node.options) ? 1 : Math.max(2, ...node.options.map(waysOf));
    case 'repeat':
      if (node.max === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
      return node.min === node.max ? waysOf(node.body) : Math.max(2, waysOf(node.body));
    case 'sequence':
      return Math.max(1, ...node.items.map(waysOf));
  }
}
