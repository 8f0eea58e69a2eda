/** The last `size` values, kept sorted: median and spread cost a look, a new value one insertion. */
export interface SortedWindow {
  readonly length: number;
  push(value: number): void;
  /** NaN while it is empty. */
  median(): number;
  /** Median distance from the median. */
  mad(): number;
  clear(): void;
}

export function sortedWindow(size: number): SortedWindow {
  const ring = new Float64Array(size);
  const sorted: number[] = [];
  let next = 0;

  const indexOf = (value: number): number => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle] as number) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const median = (): number => {
    const half = sorted.length >> 1;
    const upper = sorted[half] ?? Number.NaN;
    return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? Number.NaN) + upper) / 2;
  };
  return {
    get length() {
      return sorted.length;
    },
    push(value) {
      if (sorted.length === size) sorted.splice(indexOf(ring[next] as number), 1);
      ring[next] = value;
      next = (next + 1) % size;
      sorted.splice(indexOf(value), 0, value);
    },
    median,
    mad() {
      const middle = median();
      // The distances rise to both sides of the median: the one in the middle is found by going outward.
      let right = indexOf(middle);
      let left = right - 1;
      let distance = Number.NaN;
      for (let i = 0; i <= sorted.length >> 1; i++) {
        const below = left >= 0 ? middle - (sorted[left] as number) : Number.POSITIVE_INFINITY;
        const above = right < sorted.length ? (sorted[right] as number) - middle : Number.POSITIVE_INFINITY;
        distance = Math.min(below, above);
        if (below <= above) left--;
        else right++;
      }
      return distance;
    },
    clear() {
      sorted.length = 0;
      next = 0;
    },
  };
}
