/** A stretch of the horizontal axis. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Nothing is drawn closer than this share of the whole: beyond it there is nothing more to see. */
const CLOSEST = 1e-6;

const width = ({ from, to }: Stretch): number => to - from;

/** `factor` below 1 comes closer; `center` stays where it is. Null: the whole. */
export function zoomed(whole: Stretch, now: Stretch | null, factor: number, center: number): Stretch | null {
  const old = now ?? whole;
  const size = Math.max(width(old) * factor, width(whole) * CLOSEST);
  if (size >= width(whole)) return null;
  const share = width(old) > 0 ? (center - old.from) / width(old) : 0.5;
  return inside(whole, center - share * size, size);
}

/** Moved by a distance of the axis; stops at the ends. */
export const panned = (whole: Stretch, now: Stretch | null, distance: number): Stretch | null =>
  now === null ? null : inside(whole, now.from + distance, width(now));

/** Moved as little as possible, so that `x` is seen. */
export function revealing(whole: Stretch, now: Stretch | null, x: number): Stretch | null {
  if (now === null || (x >= now.from && x <= now.to)) return now;
  return inside(whole, x - width(now) / 2, width(now));
}

/** A stretch that was chosen: in order, not outside, not without width. */
export function chosen(whole: Stretch, a: number, b: number): Stretch | null {
  const from = Math.max(whole.from, Math.min(a, b));
  const to = Math.min(whole.to, Math.max(a, b));
  if (to - from <= 0 || to - from >= width(whole)) return null;
  return { from, to };
}

function inside(whole: Stretch, from: number, size: number): Stretch {
  const start = Math.max(whole.from, Math.min(whole.to - size, from));
  return { from: start, to: start + size };
}
