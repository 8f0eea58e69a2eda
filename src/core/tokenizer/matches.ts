/**
 * Flat pairs: start and end of each match, as the crate onig iterates over them. Unlike JavaScript it takes no empty match
 * right behind another match.
 */
export function matchesOf(text: string, pattern: RegExp): number[] {
  const bounds: number[] = [];
  let end = -1;
  for (const match of text.matchAll(pattern)) {
    const stop = match.index + match[0].length;
    if (match[0] === '' && stop === end) continue;
    bounds.push(match.index, stop);
    end = stop;
  }
  return bounds;
}
