import type { RunSeries } from '../../core/run-protocol.ts';
import { EMPTY_SERIES } from '../../core/runs/appended.ts';
import { nearest } from '../../core/runs/decimate.ts';
import {
  type DrawChoices,
  type OtherRun,
  PLOT_TITLES,
  type PlotName,
  type RunLines,
  runLines,
  wholeOf,
} from './model/lines.ts';
import { pointLabel, readout, speech, summary } from './model/readout.ts';
import { chosen, panned, revealing, type Stretch, zoomed } from './model/zoom.ts';
import { createPlot, type Plot, plotLabel } from './plot/plot.ts';
import { onThemeChange, type PlotTheme, readTheme } from './plot/theme.ts';

export interface BoardInput extends DrawChoices {
  readonly series: RunSeries;
  readonly others: readonly OtherRun[];
  /** Bytes of all GPUs; null where it is not known. */
  readonly memoryTotal: number | null;
  /** The run does not answer. */
  readonly silent: boolean;
}

export interface BoardPorts {
  /** A person asks for the rows of a step, by a key or by the pointer. */
  onOpen(step: number, key: boolean): void;
  /** The stretch that is shown, in values of the axis; null: all of it. */
  onZoom(zoom: Stretch | null): void;
}

/** Pixels. */
const HEIGHT = 250;
const SMALL_HEIGHT = 78;
/** How much longer the axis is of a run that does not answer: room for what is not known. */
const SILENCE = 1.12;
/** One press of a key. */
const KEY_ZOOM = 0.7;

/** All plots of the page: one stretch of the axis, one cursor. Drawn directly, at most once a frame. */
export interface Board {
  update(input: BoardInput): void;
  attach(name: PlotName, host: HTMLElement, text: HTMLElement): () => void;
  zoom(zoom: Stretch | null): void;
  /** Comes closer (below 1) or goes away around the current point. */
  zoomBy(factor: number): void;
  /** Rings the point of that step; null: none. */
  choose(step: number | null): void;
  readonly lines: () => RunLines;
  readonly zoomed: () => Stretch | null;
  /** What is drawn now, for a picture of it. */
  canvas(name: PlotName): HTMLCanvasElement | null;
  /** Draws what waits for the next frame now. */
  flush(): void;
}

interface Attached {
  readonly host: HTMLElement;
  readonly text: HTMLElement;
  readonly plot: Plot;
}

export function createBoard(ports: BoardPorts): Board {
  const plots = new Map<PlotName, Attached>();
  let input: BoardInput = {
    series: EMPTY_SERIES,
    others: [],
    axis: 'step',
    smoothing: 0,
    log: false,
    memoryTotal: null,
    silent: false,
  };
  let lines: RunLines = runLines(EMPTY_SERIES, [], input, null);
  let whole: Stretch = { from: 0, to: 1 };
  let zoom: Stretch | null = null;
  let theme: PlotTheme = readTheme();
  /** Index of the point under the cursor, and of the one that was chosen; -1: none. */
  let hovered = -1;
  let picked = -1;
  let frame = 0;

  onThemeChange(() => {
    theme = readTheme();
    later();
  });

  const later = (): void => {
    if (frame === 0) frame = requestAnimationFrame(draw);
  };
  const current = (): number => (hovered >= 0 ? hovered : picked);
  const shown = (): Stretch => zoom ?? whole;
  const pointAt = (x: number): number => nearest(lines.places.points, x);

  function draw(): void {
    cancelAnimationFrame(frame);
    frame = 0;
    const x = shown();
    const { series, places } = lines;
    const loss = series.columns['loss'];
    const checkpoints = series.saves.map((step) => places.at(step));
    const attempts = series.attempts.map((step) => places.at(step));
    for (const [name, { plot, host }] of plots) {
      const content = lines.plots.get(name);
      if (content === undefined || host.clientWidth === 0) continue;
      const values = name === 'loss' ? loss : name === 'gpu' ? undefined : series.columns[name];
      plot.draw({
        plot: content,
        axis: input.axis,
        x,
        checkpoints,
        attempts,
        chosen:
          picked < 0
            ? null
            : { x: places.points[picked] ?? 0, y: values?.[picked] ?? Number.NaN, text: pointLabel(lines, picked) },
        silent: input.silent,
        theme,
      });
    }
    point();
  }

  /** Moves the cursor of every plot and says what is there. */
  function point(): void {
    const i = current();
    const { series, places } = lines;
    const x = i < 0 ? null : (places.points[i] ?? null);
    const last = Math.max(0, series.steps.length - 1);
    for (const [name, { plot, host, text }] of plots) {
      plot.cursor(x);
      const words = i < 0 ? summary(lines, name) : readout(lines, name, i, input.axis);
      if (text.textContent !== words) text.textContent = words;
      host.setAttribute('aria-label', plotLabel(PLOT_TITLES[name], input.axis));
      host.setAttribute('aria-valuemin', String(series.steps[0] ?? 0));
      host.setAttribute('aria-valuemax', String(series.steps[last] ?? 0));
      const spoken = i < 0 ? last : i;
      host.setAttribute('aria-valuenow', String(series.steps[spoken] ?? 0));
      host.setAttribute(
        'aria-valuetext',
        series.steps.length === 0 ? 'No points yet' : speech(lines, name, spoken, input.axis),
      );
    }
  }

  function setZoom(next: Stretch | null): void {
    zoom = next;
    later();
    ports.onZoom(zoom);
  }

  /** A key moved the cursor to point `i`. */
  function visit(i: number): void {
    const last = lines.series.steps.length - 1;
    if (last < 0) return;
    hovered = Math.max(0, Math.min(last, i));
    const next = revealing(whole, zoom, lines.places.points[hovered] ?? 0);
    if (next !== zoom) setZoom(next);
    point();
  }

  function center(): number {
    const i = current();
    const { from, to } = shown();
    return i < 0 ? (from + to) / 2 : (lines.places.points[i] ?? (from + to) / 2);
  }

  function open(i: number, key: boolean): void {
    const step = lines.series.steps[i];
    if (step === undefined) return;
    picked = i;
    later();
    ports.onOpen(step, key);
  }

  function onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const last = lines.series.steps.length - 1;
    const here = current() < 0 ? last : current();
    const far = event.shiftKey ? 10 : 1;
    switch (event.key) {
      case 'ArrowLeft':
      case 'ArrowDown':
        visit(here - far);
        break;
      case 'ArrowRight':
      case 'ArrowUp':
        visit(here + far);
        break;
      case 'PageUp':
        visit(here + 100);
        break;
      case 'PageDown':
        visit(here - 100);
        break;
      case 'Home':
        visit(0);
        break;
      case 'End':
        visit(last);
        break;
      case 'Enter':
      case ' ':
        open(here, true);
        break;
      case '+':
      case '=':
        setZoom(zoomed(whole, zoom, KEY_ZOOM, center()));
        break;
      case '-':
        setZoom(zoomed(whole, zoom, 1 / KEY_ZOOM, center()));
        break;
      case '0':
        setZoom(null);
        break;
      default:
        return;
    }
    event.preventDefault();
  }

  return {
    update(next) {
      const step = picked < 0 ? null : (lines.series.steps[picked] ?? null);
      const moved = next.axis !== input.axis;
      input = next;
      lines = runLines(next.series, next.others, next, next.memoryTotal);
      const { from, to } = wholeOf(lines);
      whole = next.silent ? { from, to: from + (to - from) * SILENCE } : { from, to };
      if (moved) hovered = -1;
      hovered = Math.min(hovered, next.series.steps.length - 1);
      if (step !== null) picked = pointOf(next.series, step);
      later();
    },
    attach(name, host, text) {
      const plot = createPlot(host, name !== 'loss', name === 'loss' ? HEIGHT : SMALL_HEIGHT, {
        onHover(x) {
          hovered = x === null ? -1 : pointAt(x);
          point();
        },
        onPick: (x) => open(pointAt(x), false),
        onZoom: (a, b) => setZoom(chosen(whole, a, b)),
        onPan: (distance) => setZoom(panned(whole, zoom, distance)),
        onReset: () => setZoom(null),
        onWheel: (x, factor) => setZoom(zoomed(whole, zoom, factor, x)),
      });
      const onBlur = (): void => {
        hovered = -1;
        point();
      };
      host.addEventListener('keydown', onKey);
      host.addEventListener('blur', onBlur);
      plots.set(name, { host, text, plot });
      // Its name and values are there before the next frame: the focus may be.
      point();
      later();
      return () => {
        host.removeEventListener('keydown', onKey);
        host.removeEventListener('blur', onBlur);
        plots.delete(name);
        plot.destroy();
      };
    },
    zoom(next) {
      zoom = next;
      later();
    },
    zoomBy: (factor) => setZoom(zoomed(whole, zoom, factor, center())),
    choose(step) {
      picked = step === null ? -1 : pointOf(lines.series, step);
      later();
    },
    lines: () => lines,
    zoomed: () => zoom,
    canvas: (name) => plots.get(name)?.plot.canvas ?? null,
    flush: draw,
  };
}

const pointOf = (series: RunSeries, step: number): number => nearest(series.steps, step);
