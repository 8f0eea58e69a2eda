import type { JsonIssue } from './parsed-row.ts';
import { skipSpace, skipString, skipValue } from './scan.ts';
import { type Pointer, pointerOf, type Range } from './value.ts';

const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|.)/g;
const SURROGATE = /\p{Surrogate}/u;

/** Duplicate keys, lone surrogates and numbers that are not finite in a valid JSON text, in the order of the text. */
export function findIssues(text: string): readonly JsonIssue[] {
  const issues: JsonIssue[] = [];

  const decoded = (range: Range): string => {
    const raw = text.slice(range[0] + 1, range[1] - 1);
    return raw.includes('\\') ? String(JSON.parse(text.slice(range[0], range[1]))) : raw;
  };

  /** The place of the first lone surrogate of a string, as it is spelled. */
  const surrogate = (range: Range): Range | null => {
    if (!SURROGATE.test(decoded(range))) return null;
    let previous: { readonly high: boolean; readonly from: number; readonly to: number } | null = null;
    let at = range[0] + 1;
    while (at < range[1] - 1) {
      ESCAPE.lastIndex = at;
      const match = text[at] === '\\' ? ESCAPE.exec(text) : null;
      const unit = match === null ? text.charCodeAt(at) : match[1] === undefined ? 0 : Number.parseInt(match[1], 16);
      const to = at + (match?.[0].length ?? 1);
      const high = unit >= 0xd800 && unit <= 0xdbff;
      const low = unit >= 0xdc00 && unit <= 0xdfff;
      if (previous?.high && !low) return [previous.from, previous.to];
      if (low && !previous?.high) return [at, to];
      previous = high ? { high, from: at, to } : null;
      at = to;
    }
    return previous === null ? null : [previous.from, previous.to];
  };

  const visit = (pointer: Pointer, from: number): number => {
    const open = text[from];
    if (open === '"') {
      const end = skipString(text, from);
      const bad = surrogate([from, end]);
      if (bad !== null) issues.push({ kind: 'lone-surrogate', pointer, range: bad });
      return end;
    }
    if (open !== '{' && open !== '[') {
      const end = skipValue(text, from);
      const spelled = text.slice(from, end);
      const infinite = /^-?\d.*[.eE]/.test(spelled) && !Number.isFinite(Number(spelled));
      if (infinite || /^(?:NaN|-?Infinity)$/.test(spelled))
        issues.push({ kind: 'not-finite', pointer, range: [from, end] });
      return end;
    }
    const seen = new Set<string>();
    let at = skipSpace(text, from + 1);
    for (let i = 0; text[at] !== '}' && text[at] !== ']'; i++) {
      let name: string | number = i;
      if (open === '{') {
        const key: Range = [at, skipString(text, at)];
        name = decoded(key);
        const bad = surrogate(key);
        if (bad !== null)
          issues.push({ kind: 'lone-surrogate', pointer: pointerOf(pointer, name), range: bad, key: name });
        if (seen.has(name))
          issues.push({ kind: 'duplicate-key', pointer: pointerOf(pointer, name), range: key, key: name });
        seen.add(name);
        at = skipSpace(text, skipSpace(text, key[1]) + 1);
      }
      at = skipSpace(text, visit(pointerOf(pointer, name), at));
      if (text[at] === ',') at = skipSpace(text, at + 1);
    }
    return at + 1;
  };
  visit('', skipSpace(text, 0));
  return issues;
}
