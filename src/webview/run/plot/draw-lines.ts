import { type Columns, columnsFor, decimate, lowerBound } from '../../../core/runs/decimate.ts';
import type { Line, LineStyle } from '../model/lines.ts';
import { type Frame, xPixel, yPixels } from './frame.ts';
import type { PlotTheme } from './theme.ts';

interface Pen {
  readonly color: string;
  readonly width: number;
  readonly dash: readonly number[];
  readonly strength: number;
  /** What is inside the ring of each point; null: no rings. */
  readonly rings: string | null;
}

/** What one plot draws again and again into. */
export interface Scratch {
  columns: Columns;
}
export const scratch = (): Scratch => ({ columns: columnsFor(1) });

/** Each line has its own shape, so that no color is needed to tell it from the others. */
export function penOf(style: LineStyle, theme: PlotTheme, small: boolean): Pen {
  const width = small ? 1.5 : theme.thick;
  switch (style) {
    case 'train':
      return { color: theme.series1, width, dash: [], strength: 1, rings: null };
    case 'raw':
      return { color: theme.series1, width: 1, dash: [], strength: theme.raw, rings: null };
    case 'eval':
      return { color: theme.series2, width, dash: [6, 3], strength: 1, rings: theme.background };
    case 'second':
      return { color: theme.series2, width, dash: [6, 3], strength: 1, rings: null };
    case 'other0':
      return { color: theme.text, width: 1.5, dash: [1, 3], strength: 0.85, rings: null };
    case 'other1':
      return { color: theme.text, width: 1.5, dash: [1, 6], strength: 0.85, rings: null };
    case 'other2':
      return { color: theme.text, width: 1.5, dash: [1, 3, 5, 3], strength: 0.85, rings: null };
  }
}

/** Rings closer than this (pixels) would be one band. */
const RING_ROOM = 9;

export function drawLine(ctx: CanvasRenderingContext2D, frame: Frame, line: Line, pen: Pen, own: Scratch): void {
  const { xs } = line;
  const a = Math.max(0, lowerBound(xs, frame.x.from) - 1);
  const b = Math.min(xs.length, lowerBound(xs, frame.x.to) + 1);
  if (b <= a) return;
  ctx.save();
  ctx.beginPath();
  ctx.rect(frame.left, frame.top - 6 * frame.ratio, frame.width, frame.height + 12 * frame.ratio);
  ctx.clip();
  ctx.globalAlpha = pen.strength;
  const columns = Math.max(1, Math.round(frame.width));
  if (b - a > 2 * columns) {
    ctx.fillStyle = pen.color;
    fillColumns(ctx, frame, line, pen, columnsIn(frame, line, columns, own));
  } else {
    ctx.strokeStyle = pen.color;
    ctx.lineWidth = pen.width * frame.ratio;
    ctx.lineJoin = 'round';
    ctx.setLineDash(pen.dash.map((length) => length * frame.ratio));
    ctx.beginPath();
    tracePoints(ctx, frame, line, a, b);
    ctx.stroke();
    if (pen.rings !== null && (frame.width / (b - a) > RING_ROOM * frame.ratio || b - a < 3))
      rings(ctx, frame, line, a, b, pen.rings);
  }
  ctx.restore();
}

function tracePoints(ctx: CanvasRenderingContext2D, frame: Frame, { xs, line }: Line, a: number, b: number): void {
  const yOf = yPixels(frame);
  const { values } = line;
  let alone = true;
  for (let i = a; i < b; i++) {
    const y = yOf(values[i] as number);
    if (!Number.isFinite(y)) {
      alone = true;
      continue;
    }
    const x = xPixel(frame, xs[i] as number);
    if (!alone) {
      ctx.lineTo(x, y);
      continue;
    }
    ctx.moveTo(x, y);
    // A point without a neighbor on either side would not be seen.
    if (i + 1 >= b || !Number.isFinite(yOf(values[i + 1] as number))) ctx.lineTo(x + frame.ratio, y);
    alone = false;
  }
}

export interface ColumnsInFrame {
  readonly columns: Columns;
  /** On the axis: where the first one begins, and how wide each is. */
  readonly from: number;
  readonly width: number;
}

/** The columns of a frame begin at multiples of their width, so that a line does not flicker while it is moved. */
export function columnsIn(frame: Frame, line: Line, count: number, own: Scratch): ColumnsInFrame {
  const width = (frame.x.to - frame.x.from) / count;
  const from = Math.floor(frame.x.from / width) * width;
  if (own.columns.count !== count + 1) own.columns = columnsFor(count + 1);
  return { columns: decimate(line.xs, line.line, from, from + (count + 1) * width, own.columns), from, width };
}

/**
 * Each column is one bar from the lowest to the highest of what falls into it, and as far as the line of the column before
 * it reaches. Bars on whole pixels cost a tenth of a line with as many corners.
 */
function fillColumns(
  ctx: CanvasRenderingContext2D,
  frame: Frame,
  line: Line,
  pen: Pen,
  { columns, from }: ColumnsInFrame,
): void {
  const yOf = yPixels(frame);
  const { values } = line.line;
  const width = pen.width * frame.ratio;
  const start = Math.round(xPixel(frame, from));
  const period = pen.dash.reduce((sum, length) => sum + length, 0) * frame.ratio;
  let before = Number.NaN;
  for (let c = 0; c < columns.count; c++) {
    const a = columns.from[c] as number;
    const b = columns.from[c + 1] as number;
    if (b <= a) continue;
    let top = yOf(columns.max[c] as number);
    let bottom = yOf(columns.min[c] as number);
    // A logarithm has no place for what is not above zero: it goes down to the edge.
    if (Number.isNaN(bottom) && !Number.isNaN(top)) bottom = frame.top + frame.height;
    const first = yOf(values[a] as number);
    if (!Number.isNaN(first) && before < top) top = Math.min(first, (before + first) / 2);
    if (!Number.isNaN(first) && before > bottom) bottom = Math.max(first, (before + first) / 2);
    before = yOf(values[b - 1] as number);
    if (Number.isNaN(top) || (period > 0 && isGap(c % period, pen.dash, frame.ratio))) continue;
    ctx.fillRect(start + c, top - width / 2, 1, Math.max(width, bottom - top + width));
  }
}

function isGap(at: number, dash: readonly number[], ratio: number): boolean {
  let left = at;
  for (const [i, length] of dash.entries()) {
    left -= length * ratio;
    if (left < 0) return i % 2 === 1;
  }
  return false;
}

function rings(
  ctx: CanvasRenderingContext2D,
  frame: Frame,
  { xs, line }: Line,
  a: number,
  b: number,
  fill: string,
): void {
  const yOf = yPixels(frame);
  ctx.setLineDash([]);
  ctx.fillStyle = fill;
  for (let i = a; i < b; i++) {
    const y = yOf(line.values[i] as number);
    if (!Number.isFinite(y)) continue;
    ctx.beginPath();
    ctx.arc(xPixel(frame, xs[i] as number), y, 3.5 * frame.ratio, 0, 2 * Math.PI);
    ctx.fill();
    ctx.stroke();
  }
}
