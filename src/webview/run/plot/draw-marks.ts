import { extremes, lowerBound } from '../../../core/runs/decimate.ts';
import type { Line } from '../model/lines.ts';
import { columnsIn, type Scratch } from './draw-lines.ts';
import { type Frame, xPixel } from './frame.ts';
import type { PlotTheme } from './theme.ts';

export const labelFont = (theme: PlotTheme, ratio: number): string => `${11 * ratio}px ${theme.font}`;

/** A short text on a patch in the color of the page, so that lines below do not cross it. */
export function label(
  ctx: CanvasRenderingContext2D,
  { ratio }: Frame,
  theme: PlotTheme,
  text: string,
  x: number,
  y: number,
): void {
  ctx.font = labelFont(theme, ratio);
  const edge = 2 * ratio;
  const { width, actualBoundingBoxAscent: above, actualBoundingBoxDescent: below } = ctx.measureText(text);
  ctx.fillStyle = theme.background;
  ctx.fillRect(x - edge, y - above - edge, width + 2 * edge, above + below + 2 * edge);
  ctx.fillStyle = theme.text;
  ctx.fillText(text, x, y);
}

/** Checkpoints: triangles that stand on the axis. */
export function drawCheckpoints(
  ctx: CanvasRenderingContext2D,
  frame: Frame,
  theme: PlotTheme,
  places: readonly number[],
): void {
  const { ratio } = frame;
  const bottom = frame.top + frame.height;
  ctx.fillStyle = theme.text;
  let last = Number.NEGATIVE_INFINITY;
  for (const place of places) {
    if (place < frame.x.from || place > frame.x.to) continue;
    const x = xPixel(frame, place);
    // Each of so many that they touch would say no more than the row of them.
    if (x - last < 4 * ratio) continue;
    last = x;
    ctx.beginPath();
    ctx.moveTo(x - 5 * ratio, bottom);
    ctx.lineTo(x, bottom - 8 * ratio);
    ctx.lineTo(x + 5 * ratio, bottom);
    ctx.fill();
  }
}

/** Where the program was started again: a line with a word. */
export function drawAttempts(
  ctx: CanvasRenderingContext2D,
  frame: Frame,
  theme: PlotTheme,
  places: readonly number[],
  words: boolean,
): void {
  const { ratio } = frame;
  ctx.save();
  let free = Number.NEGATIVE_INFINITY;
  for (const [i, place] of places.entries()) {
    if (place < frame.x.from || place > frame.x.to) continue;
    const x = Math.round(xPixel(frame, place)) + 0.5;
    ctx.strokeStyle = theme.dim;
    ctx.lineWidth = ratio;
    ctx.setLineDash([6 * ratio, 4 * ratio]);
    ctx.beginPath();
    ctx.moveTo(x, frame.top);
    ctx.lineTo(x, frame.top + frame.height);
    ctx.stroke();
    if (!words || x < free) continue;
    const text = `attempt ${i + 2}`;
    ctx.font = labelFont(theme, ratio);
    const width = ctx.measureText(text).width;
    const left = x + 4 * ratio + width > frame.left + frame.width ? x - 4 * ratio - width : x + 4 * ratio;
    label(ctx, frame, theme, text, left, frame.top + 10 * ratio);
    free = left + width;
  }
  ctx.restore();
}

/** What is no number is never left out: a band over the whole height, with lines at its sides and a word. */
export function drawOdd(
  ctx: CanvasRenderingContext2D,
  frame: Frame,
  theme: PlotTheme,
  line: Line,
  own: Scratch,
  words: boolean,
): void {
  const bands = oddBands(frame, line, own);
  if (bands.length === 0) return;
  const { ratio } = frame;
  ctx.save();
  ctx.beginPath();
  ctx.rect(frame.left, frame.top, frame.width, frame.height);
  ctx.clip();
  let free = Number.NEGATIVE_INFINITY;
  for (const [from, to] of bands) {
    const width = Math.max(to - from, 3 * ratio);
    ctx.globalAlpha = theme.band;
    ctx.fillStyle = theme.bad;
    ctx.fillRect(from, frame.top, width, frame.height);
    ctx.globalAlpha = 1;
    ctx.fillRect(from, frame.top, width, 3 * ratio);
    ctx.fillRect(from, frame.top + frame.height - 3 * ratio, width, 3 * ratio);
    if (!words || from < free) continue;
    label(ctx, frame, theme, 'NaN', from + 2 * ratio, frame.top + 26 * ratio);
    free = from + 30 * ratio;
  }
  ctx.restore();
}

/** Pixels [from, to) of the canvas in which a value is NaN or infinite; neighbors are one band. */
function oddBands(frame: Frame, line: Line, own: Scratch): readonly (readonly [number, number])[] {
  const bands: [number, number][] = [];
  const put = (from: number, to: number): void => {
    const last = bands.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else bands.push([from, to]);
  };
  const { xs } = line;
  const values = line.line.values;
  const a = lowerBound(xs, frame.x.from);
  const b = Math.min(xs.length, lowerBound(xs, frame.x.to) + 1);
  if (!extremes(line.line, a, b).odd) return bands;
  const count = Math.max(1, Math.round(frame.width));
  if (b - a > 2 * count) {
    const { columns, from } = columnsIn(frame, line, count, own);
    const step = frame.width / count;
    const left = xPixel(frame, from);
    for (let c = 0; c < columns.count; c++) if (columns.odd[c] === 1) put(left + c * step, left + (c + 1) * step);
    return bands;
  }
  for (let i = a; i < b; i++) {
    if (Number.isFinite(values[i] as number)) continue;
    // Half of the way to the neighbors: that is where the line is missing.
    const x = xPixel(frame, xs[i] as number);
    const before = i > 0 ? xPixel(frame, xs[i - 1] as number) : x;
    const after = i + 1 < xs.length ? xPixel(frame, xs[i + 1] as number) : x;
    put((before + x) / 2, (x + after) / 2);
  }
  return bands;
}

/** The point that is looked at: a ring, and where there is room its figures. */
export function drawPoint(
  ctx: CanvasRenderingContext2D,
  frame: Frame,
  theme: PlotTheme,
  x: number,
  y: number,
  text: string | null,
): void {
  const { ratio } = frame;
  ctx.save();
  ctx.beginPath();
  ctx.arc(x, y, 5 * ratio, 0, 2 * Math.PI);
  ctx.fillStyle = theme.background;
  ctx.fill();
  ctx.strokeStyle = theme.look;
  ctx.lineWidth = 2.5 * ratio;
  ctx.stroke();
  if (text !== null) {
    ctx.font = labelFont(theme, ratio);
    const width = ctx.measureText(text).width;
    const left = x - 10 * ratio - width < frame.left ? x + 10 * ratio : x - 10 * ratio - width;
    label(ctx, frame, theme, text, left, Math.max(frame.top + 12 * ratio, y - 6 * ratio));
  }
  ctx.restore();
}

/** After the last point of a run that does not answer: nothing is known, and nothing is made up. */
export function drawSilence(ctx: CanvasRenderingContext2D, frame: Frame, theme: PlotTheme, x: number, y: number): void {
  const { ratio } = frame;
  const end = frame.left + frame.width;
  if (!(x < end - 8 * ratio) || !Number.isFinite(y)) return;
  ctx.save();
  ctx.strokeStyle = theme.dim;
  ctx.lineWidth = ratio;
  ctx.setLineDash([2 * ratio, 4 * ratio]);
  ctx.beginPath();
  ctx.moveTo(x + 4 * ratio, y);
  ctx.lineTo(end, y);
  ctx.stroke();
  ctx.font = labelFont(theme, ratio);
  const left = Math.min(x + 10 * ratio, end - ctx.measureText('no events').width);
  label(ctx, frame, theme, 'no events', left, y - 8 * ratio);
  ctx.restore();
}
