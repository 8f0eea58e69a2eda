import { widthAt } from './aligned.ts';
import { isRustWord } from './unicode-sets.ts';
import { spaceEnd, spaceStart } from './white-space.ts';

/** A token that is cut out of the text before the model sees it. */
export interface SplitToken {
  /** What is looked for: the content, or its normalized form. */
  readonly pattern: string;
  readonly id: number;
  readonly singleWord: boolean;
  readonly lstrip: boolean;
  readonly rstrip: boolean;
  /** Found, and passed over whole: transformers' `split_special_tokens`. */
  readonly ignored: boolean;
}

/** Flat triples: start, end (UTF-16 units), token id; in order of the text. */
export type FoundTokens = number[];

interface TrieNode {
  /** The unit and the node that were added first: along most of a token the only ones. */
  code: number;
  child: TrieNode | null;
  readonly others: Map<number, TrieNode>;
  token: SplitToken | null;
}

export interface Splitter {
  readonly root: TrieNode;
  /** The one character that all tokens start with, so that native search finds candidates; null where they differ. */
  readonly onlyFirst: string | null;
  readonly isFirst: Uint8Array;
}

/** Null where there is nothing to look for. A later token with the same pattern replaces an earlier one. */
export function createSplitter(tokens: readonly SplitToken[]): Splitter | null {
  const root = createNode();
  const isFirst = new Uint8Array(0x10000);
  const firsts = new Set<string>();
  for (const token of tokens) {
    if (token.pattern === '') continue;
    isFirst[token.pattern.charCodeAt(0)] = 1;
    firsts.add(token.pattern[0]!);
    let node = root;
    for (let i = 0; i < token.pattern.length; i++) node = grow(node, token.pattern.charCodeAt(i));
    node.token = token;
  }
  if (firsts.size === 0) return null;
  const [first] = firsts;
  return { root, isFirst, onlyFirst: firsts.size === 1 && first !== undefined ? first : null };
}

const createNode = (): TrieNode => ({ code: -1, child: null, others: new Map(), token: null });

function childOf(node: TrieNode, code: number): TrieNode | undefined {
  if (node.child !== null && node.code === code) return node.child;
  return node.others.size === 0 ? undefined : node.others.get(code);
}

function grow(node: TrieNode, code: number): TrieNode {
  const known = childOf(node, code);
  if (known !== undefined) return known;
  const child = createNode();
  if (node.child === null) {
    node.code = code;
    node.child = child;
  } else node.others.set(code, child);
  return child;
}

/**
 * `AddedVocabulary::find_matches`: leftmost-longest; a match that is not a single word is passed over whole;
 * `lstrip` takes the white space before it as far as the previous match left it.
 */
export function findTokens(splitter: Splitter, text: string): FoundTokens {
  const found: FoundTokens = [];
  let taken = 0;
  let at = nextCandidate(splitter, text, 0);
  while (at >= 0) {
    const match = longestAt(splitter.root, text, at);
    if (match === null) {
      at = nextCandidate(splitter, text, at + 1);
      continue;
    }
    let start = at;
    let end = at + match.pattern.length;
    at = nextCandidate(splitter, text, end);
    if (match.ignored) continue;
    if (match.singleWord && !isSingleWord(text, start, end)) continue;
    if (match.lstrip) start = Math.max(spaceStart(text, start), taken);
    if (match.rstrip) end = spaceEnd(text, end);
    found.push(start, end, match.id);
    taken = end;
  }
  return found;
}

function nextCandidate(splitter: Splitter, text: string, from: number): number {
  if (splitter.onlyFirst !== null) return text.indexOf(splitter.onlyFirst, from);
  const { isFirst } = splitter;
  for (let i = from; i < text.length; i++) if (isFirst[text.charCodeAt(i)] === 1) return i;
  return -1;
}

function longestAt(root: TrieNode, text: string, from: number): SplitToken | null {
  let longest: SplitToken | null = null;
  let node: TrieNode | undefined = root;
  for (let i = from; i < text.length; i++) {
    node = childOf(node, text.charCodeAt(i));
    if (node === undefined) break;
    if (node.token !== null) longest = node.token;
  }
  return longest;
}

function isSingleWord(text: string, start: number, end: number): boolean {
  return !isWordAt(text, start - (start >= 2 && widthAt(text, start - 2) === 2 ? 2 : 1)) && !isWordAt(text, end);
}

/** `\w` of the crate regex, which tokenizers 0.23 uses around added tokens (tokenizer/added_vocabulary.rs). */
function isWordAt(text: string, at: number): boolean {
  return at >= 0 && at < text.length && isRustWord(text.codePointAt(at)!);
}
