import uPlot from 'uplot';
import { nearest } from '../../../core/runs/decimate.ts';
import { AXIS_LABELS, type Axis } from '../model/axis.ts';
import { place, tick } from '../model/format.ts';
import type { PlotLines } from '../model/lines.ts';
import type { Stretch } from '../model/zoom.ts';
import { drawLine, penOf, scratch } from './draw-lines.ts';
import { drawAttempts, drawCheckpoints, drawOdd, drawPoint, drawSilence, labelFont } from './draw-marks.ts';
import { type Frame, logTicks, verticalRange, xPixel, yPixels } from './frame.ts';
import type { PlotTheme } from './theme.ts';

/** What a pointer does on a plot, in values of the horizontal axis. */
export interface PlotEvents {
  /** Null: it has left. */
  onHover(x: number | null): void;
  onPick(x: number): void;
  onZoom(from: number, to: number): void;
  onPan(distance: number): void;
  onReset(): void;
  onWheel(x: number, factor: number): void;
}

export interface PlotContent {
  readonly plot: PlotLines;
  readonly axis: Axis;
  readonly x: Stretch;
  readonly checkpoints: readonly number[];
  readonly attempts: readonly number[];
  /** The point that was chosen: where it stands, and its figures in short. */
  readonly chosen: { readonly x: number; readonly y: number; readonly text: string } | null;
  /** Where the points end of a run that does not answer. */
  readonly silent: boolean;
  readonly theme: PlotTheme;
}

export interface Plot {
  draw(content: PlotContent): void;
  /** Puts the vertical line there; null: nowhere. */
  cursor(x: number | null): void;
  readonly canvas: HTMLCanvasElement;
  destroy(): void;
}

/** Pixels. */
const LEFT = 46;
const BOTTOM = 24;
const TOP = 10;
const RIGHT = 10;
const SMALL_LEFT = 46;
/** A pointer that moved less than this has clicked. Pixels. */
const CLICK = 4;

/**
 * A plot of uPlot: its axes, scales, cursor and selection. The lines are drawn from columns of pixels, since each run
 * has points of its own and a million of them must move with the pointer.
 */
export function createPlot(host: HTMLElement, small: boolean, height: number, events: PlotEvents): Plot {
  let content: PlotContent | null = null;
  let view: uPlot | null = null;
  let log = false;
  const own = scratch();

  const theme = (): PlotTheme | undefined => content?.theme;
  const frameOf = (u: uPlot): Frame | null => {
    const { x, y } = u.scales;
    if (x?.min == null || x.max == null || y?.min == null || y.max == null) return null;
    return {
      left: u.bbox.left,
      top: u.bbox.top,
      width: u.bbox.width,
      height: u.bbox.height,
      ratio: uPlot.pxRatio,
      x: { from: x.min, to: x.max },
      low: y.min,
      high: y.max,
      log,
    };
  };

  function paint(u: uPlot): void {
    const frame = frameOf(u);
    if (content === null || frame === null) return;
    const { ctx } = u;
    // The axes remember how they left it.
    ctx.save();
    ctx.textAlign = 'left';
    ctx.textBaseline = 'alphabetic';
    const { plot, theme: colors, chosen } = content;
    drawAttempts(ctx, frame, colors, content.attempts, !small);
    for (const line of plot.lines) drawLine(ctx, frame, line, penOf(line.style, colors, small), own);
    if (plot.marked !== null) drawOdd(ctx, frame, colors, plot.marked, own, !small);
    if (!small) drawCheckpoints(ctx, frame, colors, content.checkpoints);
    const last = plot.lines.find(({ style }) => style === 'train');
    if (content.silent && !small && last !== undefined && last.xs.length > 0) {
      const end = last.xs.length - 1;
      const y = yPixels(frame)(last.line.values[end] as number);
      drawSilence(ctx, frame, colors, xPixel(frame, last.xs[end] as number), y);
    }
    if (chosen !== null && chosen.x >= frame.x.from && chosen.x <= frame.x.to) {
      const y = yPixels(frame)(chosen.y);
      if (Number.isFinite(y)) drawPoint(ctx, frame, colors, xPixel(frame, chosen.x), y, small ? null : chosen.text);
    }
    ctx.restore();
  }

  /** The pointer's place on the points of this plot: the line jumps from one to the next. */
  function snapped(u: uPlot, left: number): number {
    const xs = content?.plot.lines.find(({ style }) => style === 'train')?.xs;
    if (xs === undefined || xs.length === 0 || left < 0) return left;
    const at = xs[nearest(xs, u.posToVal(left, 'x'))] as number;
    const pixel = u.valToPos(at, 'x');
    return pixel >= 0 && pixel <= u.rect.width ? pixel : left;
  }

  function make(): uPlot {
    const axis = (): string => theme()?.dim ?? 'gray';
    const grid = (): string => theme()?.grid ?? 'gray';
    const font = (): string => labelFont(theme() ?? ({ font: 'sans-serif' } as PlotTheme), 1);
    const options: uPlot.Options = {
      width: Math.max(80, host.clientWidth),
      height,
      pxAlign: 1,
      padding: [TOP, RIGHT, small ? 6 : 0, 0],
      legend: { show: false },
      scales: {
        x: { time: false, auto: false, min: 0, max: 1 },
        y: { auto: false, distr: log ? 3 : 1, min: log ? 0.1 : 0, max: 1 },
      },
      series: [{}, { show: true, auto: false, points: { show: false }, paths: () => null }],
      axes: [
        {
          show: !small,
          size: BOTTOM,
          gap: 4,
          stroke: axis,
          font: font(),
          grid: { show: false },
          ticks: { show: false },
          space: 64,
          incrs: () => (content?.axis === 'step' || content?.axis === 'tokens' ? WHOLE : GAPS),
          values: (_, splits) => splits.map((value) => (content === null ? '' : tickOf(value, content.axis, splits))),
        },
        {
          size: small ? SMALL_LEFT : LEFT,
          gap: 6,
          stroke: axis,
          font: font(),
          grid: { stroke: grid, width: 1 },
          ticks: { show: false },
          space: small ? 22 : 44,
          ...(log
            ? { splits: (_u, _i, low, high) => logTicks(low, high, small ? 3 : 6), filter: (_u, splits) => [...splits] }
            : {}),
          values: (_, splits) => splits.map((value, i) => tick(value, log ? value : gapAt(splits, i))),
        },
      ],
      cursor: {
        x: true,
        y: false,
        points: { show: false },
        drag: { x: true, y: false, setScale: false, dist: CLICK },
        move: (u, left, top) => [snapped(u, left), top],
        bind: {
          dblclick: () => () => {
            events.onReset();
            return null;
          },
          mousedown: (_u, _target, handler) => (event) => {
            if (!event.shiftKey) handler(event);
            return null;
          },
        },
      },
      hooks: {
        draw: [paint],
        setCursor: [
          (u) => {
            // One that was set by us is known.
            if (u.cursor.event == null) return;
            const { left } = u.cursor;
            events.onHover(left == null || left < 0 ? null : u.posToVal(left, 'x'));
          },
        ],
        setSelect: [
          (u) => {
            const { left, width } = u.select;
            if (width < CLICK) return;
            u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            events.onZoom(u.posToVal(left, 'x'), u.posToVal(left + width, 'x'));
          },
        ],
      },
    };
    const made = new uPlot(options, [Float64Array.of(0, 1), Float64Array.of(Number.NaN, Number.NaN)], host);
    listen(made);
    return made;
  }

  function listen(u: uPlot): void {
    const { over } = u;
    let down = 0;
    let pan: number | null = null;
    const perPixel = (): number => {
      const { x } = u.scales;
      return ((x?.max ?? 1) - (x?.min ?? 0)) / Math.max(1, u.rect.width);
    };
    over.addEventListener('pointerdown', (event) => {
      down = event.clientX;
      host.focus({ preventScroll: true });
      if (!event.shiftKey || event.button !== 0) return;
      pan = event.clientX;
      over.setPointerCapture(event.pointerId);
    });
    over.addEventListener('pointermove', (event) => {
      if (pan === null) return;
      events.onPan((pan - event.clientX) * perPixel());
      pan = event.clientX;
    });
    over.addEventListener('pointerup', () => {
      pan = null;
    });
    over.addEventListener('click', (event) => {
      if (Math.abs(event.clientX - down) >= CLICK || event.shiftKey) return;
      events.onPick(u.posToVal(event.clientX - over.getBoundingClientRect().left, 'x'));
    });
    over.addEventListener(
      'wheel',
      (event) => {
        // The page scrolls as everywhere; a plot takes the wheel once a person is in it, or has asked with Ctrl.
        if (!event.ctrlKey && !event.metaKey && document.activeElement !== host) return;
        event.preventDefault();
        const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
        if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) events.onPan(sideways * perPixel());
        else
          events.onWheel(
            u.posToVal(event.clientX - over.getBoundingClientRect().left, 'x'),
            1.0018 ** Math.max(-240, Math.min(240, event.deltaY)),
          );
      },
      { passive: false },
    );
  }

  const observer = new ResizeObserver(() => {
    const width = host.clientWidth;
    if (view !== null && width > 0 && width !== view.width) view.setSize({ width, height });
  });
  observer.observe(host);

  return {
    get canvas() {
      view ??= make();
      return view.ctx.canvas;
    },
    draw(next) {
      content = next;
      if (view === null || log !== next.plot.log) {
        log = next.plot.log;
        view?.destroy();
        view = make();
      }
      const [low, high] = verticalRange(next.plot, next.x);
      const u = view;
      u.batch(() => {
        u.setScale('x', { min: next.x.from, max: next.x.to });
        u.setScale('y', { min: low, max: high });
      });
    },
    cursor(x) {
      if (view === null) return;
      const left = x === null ? -10 : view.valToPos(x, 'x');
      view.setCursor({ left: left >= 0 && left <= view.rect.width ? left : -10, top: 0 }, false);
    },
    destroy() {
      observer.disconnect();
      view?.destroy();
      view = null;
    },
  };
}

/** What may lie between two ticks. There is no step 2.5. */
const GAPS = Array.from({ length: 18 }, (_, i) => [1, 2, 5].map((factor) => factor * 10 ** (i - 5))).flat();
const WHOLE = GAPS.filter((gap) => gap >= 1);

const gapAt = (splits: readonly number[], i: number): number =>
  Math.abs((splits[i + 1] ?? splits[i] ?? 0) - (splits[i + 1] === undefined ? (splits[i - 1] ?? 0) : (splits[i] ?? 0)));

const tickOf = (value: number, axis: Axis, splits: readonly number[]): string =>
  axis === 'time' || axis === 'step' ? place(value, axis) : tick(value, (splits[1] ?? 1) - (splits[0] ?? 0));

/** What a screen reader calls the plot. */
export const plotLabel = (title: string, axis: Axis): string => `${title} by ${AXIS_LABELS[axis].toLowerCase()}`;
