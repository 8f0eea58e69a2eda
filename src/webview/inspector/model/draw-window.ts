/** Tokens `[from, to)` that are in the page. */
export interface DrawWindow {
  readonly from: number;
  readonly to: number;
}

/** Up to here a row is drawn whole. Tokens. */
export const WHOLE = 8000;
/** What a longer row shows first, and what each request adds. Tokens. */
export const STEP = 4000;
/** More than this at once makes the page slow; the window then moves instead of growing. Tokens. */
export const MOST = 32_000;

export const firstWindow = (total: number): DrawWindow => ({ from: 0, to: total <= WHOLE ? total : STEP });

/** With the next tokens added; the front goes where that would be too many. */
export const grown = (window: DrawWindow, total: number): DrawWindow => {
  const to = Math.min(total, window.to + STEP);
  return to - window.from > MOST ? { from: window.to, to } : { from: window.from, to };
};

/** With the tokens before it added. */
export const grownBack = (window: DrawWindow): DrawWindow => {
  const from = Math.max(0, window.from - STEP);
  return window.to - from > MOST ? { from, to: window.from } : { from, to: window.to };
};

/** A window that shows token `i`: this one, this one grown by its neighbour, or one elsewhere. */
export function windowFor(window: DrawWindow, i: number, total: number): DrawWindow {
  if (i >= window.from && i < window.to) return window;
  if (i >= window.to && i < window.to + STEP) return grown(window, total);
  if (i < window.from && i >= window.from - STEP) return grownBack(window);
  const from = Math.floor(i / STEP) * STEP;
  return { from, to: Math.min(total, from + STEP) };
}
