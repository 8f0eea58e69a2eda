/** Trained tokens as half-open ranges of token indices: `3-7,12-15`. */
export function rangesOf(trained: ArrayLike<number>): string {
  const ranges: string[] = [];
  for (let i = 0; i < trained.length; i++) {
    if (trained[i] !== 1 || trained[i - 1] === 1) continue;
    let end = i;
    while (trained[end] === 1) end++;
    ranges.push(`${i}-${end}`);
  }
  return ranges.join(',');
}
