/** A figure as people read it: thousands with a comma. */
export function figure(count: number): string {
  const whole = Math.round(count);
  // Nearly all are small, and a locale is slow to ask.
  return whole > -1000 && whole < 1000 ? String(whole) : whole.toLocaleString('en');
}

/** "1 token", "19 tokens". */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${figure(count)} ${count === 1 ? one : many}`;

/** "3", "3 and 7", "3, 5 and 7". */
export function listed(items: readonly (string | number)[]): string {
  const words = items.map(String);
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** "turn 3", "turns 3 and 7" from indices; a long list is cut. */
export function turnsNamed(indices: readonly number[]): string {
  const numbers = indices.map((index) => index + 1);
  const shown = numbers.length > 6 ? [...numbers.slice(0, 5), `${numbers.length - 5} more`] : numbers;
  return `turn${indices.length === 1 ? '' : 's'} ${listed(shown)}`;
}

const SMALL = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];

/** "One", "Two", ... "13": a count that begins a sentence. */
export function countWord(count: number): string {
  const word = SMALL[count];
  return word === undefined ? figure(count) : word[0]?.toUpperCase() + word.slice(1);
}

/** In backticks, on one line, not longer than a squiggle's sentence bears. */
export function quoted(text: string, most = 40): string {
  const line = text.replaceAll('\r', '\\r').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
  const points = [...line];
  return `\`${points.length > most ? `${points.slice(0, most - 1).join('')}…` : line}\``;
}

/** The candidate that `word` was most likely meant to be: at most a third of its letters differ (Levenshtein with swaps). */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  let best: string | null = null;
  let least = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** Optimal string alignment distance: insert, delete, change, swap of neighbours. Units are UTF-16. */
export function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 8 || a.length > 64 || b.length > 64) return Number.POSITIVE_INFINITY;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min((last[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      current[j] = cost;
    }
    [before, last] = [last, current];
  }
  return last[b.length] ?? 0;
}
