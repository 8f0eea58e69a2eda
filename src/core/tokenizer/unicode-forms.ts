import { type Aligned, type Change, originalEnd, rebuild, slice, spelledOut, transformed } from './aligned.ts';
import { isKnownToForms } from './unicode-sets.ts';

export type UnicodeForm = 'NFC' | 'NFD' | 'NFKC' | 'NFKD';

/** A decomposed character and what it does to the source (see `Change`). */
interface Decomposed {
  char: string;
  change: number;
}

/**
 * A Unicode normalization form with the alignment that the Rust crate `unicode-normalization-alignments` reports
 * (tokenizers 0.23): the further characters of a decomposition share the span of the first, a composed character
 * has the span of its first part only. That crate's tables stop at Unicode 9. What the host's newer ones leave alone is left
 * alone by those as well: each character that they do not know stands there for itself, and parts of a normal text are normal.
 */
export function toForm(aligned: Aligned, form: UnicodeForm): Aligned {
  const { text } = aligned;
  if (isAscii(text) || text.normalize(form) === text) return aligned;
  const spelled = spelledOut(aligned);
  const builder = rebuild(spelled);
  // ASCII never changes except that it may start a composition; so only runs of other characters, with the
  // ASCII character in front of them, go the slow way.
  let copied = 0;
  for (const run of text.matchAll(/[\0-\x7f]?[^\0-\x7f]+/g)) {
    const from = run.index;
    const to = from + run[0].length;
    if (run[0].normalize(form) === run[0]) continue;
    builder.copy(copied, from);
    const part = transformed(slice(spelled, from, to), normalizeRun(run[0], form));
    for (let i = 0; i < part.text.length; i++) builder.add(part.text[i]!, part.starts![i]!, originalEnd(part, i + 1));
    copied = to;
  }
  builder.copy(copied, text.length);
  return builder.build();
}

const isUnknownToCrate = (char: string): boolean => {
  const code = char.codePointAt(0)!;
  return code >= 0x378 && !isKnownToForms(code);
};

function isAscii(text: string): boolean {
  return !/[^\0-\x7f]/.test(text);
}

function normalizeRun(text: string, form: UnicodeForm): Change[] {
  const decomposed = decompose(text, form === 'NFKC' || form === 'NFKD');
  sortMarks(decomposed);
  return form === 'NFC' || form === 'NFKC' ? compose(decomposed) : decomposed;
}

function decompose(text: string, compatibility: boolean): Decomposed[] {
  const result: Decomposed[] = [];
  for (const char of text) {
    const parts = isUnknownToCrate(char) ? char : char.normalize(compatibility ? 'NFKD' : 'NFD');
    let change = 0;
    for (const part of parts) {
      result.push({ char: part, change });
      change = 1;
    }
  }
  return result;
}

/** Canonical ordering: each run of marks, stably by combining class. The host's own NFD says which of two goes first. */
function sortMarks(list: Decomposed[]): void {
  for (let i = 1; i < list.length; i++) {
    const item = list[i]!;
    if (isStarter(item.char)) continue;
    let at = i;
    while (at > 0 && !isStarter(list[at - 1]!.char) && goesBefore(item.char, list[at - 1]!.char)) {
      list[at] = list[at - 1]!;
      at--;
    }
    list[at] = item;
  }
}

/** Whether mark `b` has a lower combining class than mark `a`, so that "ab" is reordered to "ba". */
function goesBefore(b: string, a: string): boolean {
  if (a === b) return false;
  return (a + b).normalize('NFD') !== a + b;
}

function sameClass(a: string, b: string): boolean {
  return !goesBefore(a, b) && !goesBefore(b, a);
}

const starters = new Map<string, boolean>();

/** Combining class 0. A mark of another class moves in front of U+0301 (class 230) or behind U+0334 (class 1). */
function isStarter(char: string): boolean {
  const code = char.codePointAt(0)!;
  if (code < 0x300 || isUnknownToCrate(char)) return true;
  let known = starters.get(char);
  if (known === undefined) {
    const probe = `\u0301${char}\u0334`;
    known = probe.normalize('NFD') === probe;
    starters.set(char, known);
  }
  return known;
}

function compose(list: readonly Decomposed[]): Change[] {
  const result: Decomposed[] = [];
  /** The last starter, and the marks behind it that did not compose. */
  let starter: Decomposed | null = null;
  let waiting: Decomposed[] = [];
  const flush = () => {
    if (starter !== null) result.push(starter);
    for (const mark of waiting) result.push(mark);
    waiting = [];
  };
  for (const item of list) {
    const isMark = !isStarter(item.char);
    if (starter === null) {
      if (isMark) result.push(item);
      else starter = { ...item };
      continue;
    }
    const last = waiting.at(-1);
    // A mark of the same class in between blocks; so does any mark for a starter.
    const isBlocked = last !== undefined && (!isMark || sameClass(last.char, item.char));
    const composed = isBlocked ? null : composePair(starter.char, item.char);
    if (composed !== null) starter = { char: composed, change: starter.change + item.change - 1 };
    else if (isMark) waiting.push(item);
    else {
      flush();
      starter = { ...item };
    }
  }
  flush();
  return result;
}

function composePair(first: string, second: string): string | null {
  if (isUnknownToCrate(first) || isUnknownToCrate(second)) return null;
  const composed = (first + second).normalize('NFC');
  if (composed === first + second || isUnknownToCrate(composed)) return null;
  return composed.length === (composed.codePointAt(0)! > 0xffff ? 2 : 1) ? composed : null;
}
