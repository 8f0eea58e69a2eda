import { widthAt } from './aligned.ts';
import { decodeSet } from './code-point-set.ts';
import { SCRIPTS_9 } from './unicode-tables.ts';

/** Fits to any other. */
const ANY = 0;

/** Last code point and script of each run. */
interface ScriptTable {
  readonly lasts: readonly number[];
  readonly scripts: readonly number[];
}

let table: ScriptTable | null = null;

function readTable(): ScriptTable {
  const names = Object.keys(SCRIPTS_9);
  const runs = names.flatMap((name, i) => {
    const set = decodeSet(SCRIPTS_9[name]!);
    // Han, Hiragana and Katakana are one, as in SentencePiece.
    const script = (name === 'Hiragana' || name === 'Katakana' ? names.indexOf('Han') : i) + 1;
    return Array.from({ length: set.length >> 1 }, (_, k) => ({ first: set[2 * k]!, last: set[2 * k + 1]!, script }));
  });
  runs.sort((a, b) => a.first - b.first);
  const lasts: number[] = [];
  const scripts: number[] = [];
  let next = 0;
  for (const { first, last, script } of runs) {
    if (first > next) {
      lasts.push(first - 1);
      scripts.push(ANY);
    }
    lasts.push(last);
    scripts.push(script);
    next = last + 1;
  }
  return { lasts, scripts };
}

function scriptOf(code: number): number {
  if (code === 0x20) return ANY;
  table ??= readTable();
  const { lasts, scripts } = table;
  // The mark of a long vowel stands among both kinds of kana.
  const asked = code === 0x30fc ? 0x4e00 : code;
  let low = 0;
  let high = lasts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (asked > lasts[middle]!) low = middle + 1;
    else high = middle;
  }
  return scripts[low] ?? ANY;
}

/**
 * Flat pairs: start and end of each run of one script (pre_tokenizers/unicode_scripts of tokenizers 0.23). What fits to any
 * script goes with what is before it, and is lost where nothing is.
 */
export function scriptPieces(text: string): number[] {
  const starts: number[] = [];
  let last: number | null = null;
  for (let at = 0; at < text.length; at += widthAt(text, at)) {
    const script = scriptOf(text.codePointAt(at)!);
    if (script === ANY) continue;
    if (script !== last) starts.push(at);
    last = script;
  }
  return starts.flatMap((start, i) => [start, starts[i + 1] ?? text.length]);
}
