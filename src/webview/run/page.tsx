import { createRef } from 'preact';
import type { RunEventMessage, RunRequests } from '../../core/run-protocol.ts';
import { toCsv } from '../../core/runs/csv.ts';
import { stateSentence } from '../../core/runs/progress.ts';
import type { Page, PagePorts } from '../ui/start-page.ts';
import type { Actions } from './actions.ts';
import { announce } from './announce.ts';
import { App } from './app.tsx';
import { createBoard } from './board.ts';
import { type LineStyle, MOST_OTHERS, PLOTS, type PlotName } from './model/lines.ts';
import { summary } from './model/readout.ts';
import { facts } from './model/words.ts';
import { picture } from './plot/picture.ts';
import { readTheme } from './plot/theme.ts';
import { createSpeaker } from './speaker.ts';
import {
  firstState,
  noticeKey,
  openNotices,
  type SavedState,
  savedState,
  toSave,
  type ViewState,
  withEvent,
} from './view-state.ts';

/** Keeps the state of the page, draws it anew on each change, and answers the keys that work everywhere on it. */
export function startRunPage({
  root,
  saved,
  save,
  request,
  render,
}: PagePorts<RunRequests, SavedState>): Page<RunEventMessage> {
  const kept = savedState(saved);
  let view: ViewState = firstState(kept);
  /** What an earlier page showed and this one has not asked for yet. */
  let toRestore: Partial<SavedState> | null = kept.id === undefined || kept.id === null ? null : kept;
  let drawing = 0;
  let saving = 0;
  const polite = createRef<HTMLDivElement>();
  const assertive = createRef<HTMLDivElement>();
  const speaker = createSpeaker(
    () => polite.current,
    () => assertive.current,
  );
  const board = createBoard({
    onOpen: (step, key) => actions.openStep(step, key),
    onZoom(zoom) {
      const button = (view.zoom === null) !== (zoom === null);
      view = { ...view, zoom };
      // While a plot is moved nothing else of the page changes.
      if (button) draw();
      keepLater();
    },
  });
  board.zoom(view.zoom);

  const onError = (error: unknown): void => set({ failure: error instanceof Error ? error.message : String(error) });
  /** Asks the host. What it refuses, it says in a sentence, and that sentence is shown. */
  const ask = <K extends keyof RunRequests>(type: K, body: RunRequests[K]['request']): void => {
    request(type, body as Parameters<typeof request<K>>[1]).catch(onError);
  };

  const actions: Actions = {
    command: (command, argument) => ask('command', argument === undefined ? { command } : { command, argument }),
    axis(axis) {
      if (axis === view.axis) return;
      board.zoom(null);
      plotted({ axis, zoom: null });
    },
    toggleLogScale: () => plotted({ logScale: !view.logScale }),
    smooth: (smoothing) => plotted({ smoothing }),
    resetZoom() {
      board.zoom(null);
      set({ zoom: null });
      keepLater();
    },
    toggleTable(name) {
      const tables = new Set(view.tables);
      if (!tables.delete(name)) tables.add(name);
      set({ tables });
      keepLater();
    },
    section(section) {
      set({ section });
      keepLater();
    },
    openStep(step, focus = false) {
      board.choose(step);
      set({ pane: { kind: 'loading', step }, section: 'plots' });
      const title = document.getElementById('step-title');
      if (focus) title?.focus();
      else title?.scrollIntoView({ block: 'nearest' });
      keepLater();
      request('step', { step }).then(
        (detail) => {
          if (view.pane?.step === step) set({ pane: { kind: 'shown', step, detail } });
        },
        (error: unknown) => {
          const message = error instanceof Error ? error.message : String(error);
          if (view.pane?.step === step) set({ pane: { kind: 'failed', step, message } });
        },
      );
    },
    closeStep() {
      board.choose(null);
      // The focus must not be lost with what held it.
      if (document.activeElement?.closest('.batch')) document.querySelector<HTMLElement>('.plot-box')?.focus();
      set({ pane: null });
      keepLater();
    },
    openRow: (step, line) => ask('openRows', { step, line }),
    openAllRows: (step) => ask('openRows', { step, line: null }),
    openLine: (split, line) => ask('openLine', { split, line }),
    stepNotice(by) {
      const count = openNotices(view).length;
      if (count > 0) set({ notice: (Math.min(view.notice, count - 1) + by + count) % count });
    },
    dismiss(notice) {
      set({ dismissed: new Set([...view.dismissed, noticeKey(notice)]) });
      ask('command', { command: 'dismiss-notice', argument: noticeKey(notice) });
    },
    closeFailure: () => set({ failure: null }),
    listRuns() {
      request('runs', null).then((runs) => set({ runs }), onError);
    },
    toggleOverlay(id) {
      const ids = view.overlays.map((one) => one.id);
      ask('overlay', {
        ids: ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id].slice(0, MOST_OTHERS),
      });
    },
    openSpecs: (id) => ask('compareSpecs', { id }),
    savePng() {
      const { head } = view;
      if (head === null) return;
      board.flush();
      const content = picture({
        title: `${head.record.name}: ${stateSentence(head, Date.now())}`,
        facts: facts(head).slice(1).join(' · '),
        legend: legend(view),
        reading: (name) => summary(board.lines(), name),
        canvas: board.canvas,
        theme: readTheme(),
        ratio: window.devicePixelRatio,
      });
      if (content === null) set({ failure: 'Nothing is drawn yet. Close the tables, then save the picture.' });
      else ask('save', { kind: 'png', name: `${head.record.name}.png`, content });
    },
    saveCsv() {
      if (view.head === null) return;
      ask('save', { kind: 'csv', name: `${view.head.record.name}.csv`, content: toCsv(view.series) });
    },
  };

  function plotted(change: Partial<ViewState>): void {
    view = { ...view, ...change };
    updateBoard();
    draw();
    keepLater();
  }

  function updateBoard(): void {
    const { series, overlays, axis, smoothing, logScale, head } = view;
    const total = (head?.gpus ?? []).reduce((sum, gpu) => sum + gpu.memory_total, 0);
    board.update({
      series,
      others: overlays,
      axis,
      smoothing,
      log: logScale,
      memoryTotal: total > 0 ? total : null,
      silent: head?.status.state === 'unknown',
    });
  }

  function draw(): void {
    cancelAnimationFrame(drawing);
    drawing = 0;
    render(
      <>
        <main>
          <App view={view} board={board} actions={actions} />
        </main>
        <div class="sr" role="status" ref={polite} />
        <div class="sr" role="alert" ref={assertive} />
      </>,
      root,
    );
  }

  /** Points may come faster than frames. */
  function drawLater(): void {
    if (drawing === 0) drawing = requestAnimationFrame(draw);
  }

  function set(change: Partial<ViewState>): void {
    view = { ...view, ...change };
    draw();
  }

  /** A plot that is moved would save its place with each frame. */
  function keepLater(): void {
    clearTimeout(saving);
    saving = window.setTimeout(() => save(toSave(view)), 200);
  }

  /** The step and the runs beside it that were open when the page went away. */
  function restore(): void {
    if (toRestore === null || view.head === null || view.seriesId === null) return;
    const { id, step, overlays } = toRestore;
    toRestore = null;
    if (id !== view.head.record.id) return;
    if (typeof step === 'number') actions.openStep(step);
    if (overlays !== undefined && overlays.length > 0 && view.overlays.length === 0) ask('overlay', { ids: overlays });
  }

  /** The focus stays with the plot, whichever way it is shown. */
  function turnTable(name: PlotName | null): void {
    if (name === null) return;
    actions.toggleTable(name);
    document.querySelector<HTMLElement>(`[data-plot="${name}"]`)?.focus();
  }

  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented) return;
    if (event.key === 'F8') actions.stepNotice(event.shiftKey ? -1 : 1);
    else if (event.key === 'Escape' && view.pane !== null) actions.closeStep();
    else if (isLetter(event, 'l')) actions.toggleLogScale();
    else if (isLetter(event, 't') && plotOf(event.target) !== null) turnTable(plotOf(event.target));
    else return;
    event.preventDefault();
  });

  draw();

  return {
    onError,
    onEvent(event) {
      const before = view;
      view = withEvent(view, event);
      if (before.head?.record.id !== view.head?.record.id && before.head !== null) {
        board.choose(null);
        board.zoom(view.zoom);
      }
      if (event.type !== 'log' && event.type !== 'compare') updateBoard();
      if (event.type === 'head') {
        const { smoothed } = board.lines();
        announce(before, view, smoothed[smoothed.length - 1] ?? null, speaker);
        if (before.head?.record.id !== event.head.record.id) {
          keepLater();
          ask('wantLog', { on: true });
        }
      }
      restore();
      if (event.type === 'overlays' && toRestore === null) keepLater();
      drawLater();
    },
  };
}

/** The lines of the loss as a picture names them. */
function legend({ series, overlays, smoothing }: ViewState): { style: LineStyle; label: string }[] {
  return [
    { style: 'train', label: smoothing > 0 ? `train, smoothed ${smoothing.toFixed(2)}` : 'train' },
    ...(smoothing > 0 ? [{ style: 'raw' as const, label: 'train, raw' }] : []),
    ...(series.eval.steps.length > 0 ? [{ style: 'eval' as const, label: 'eval' }] : []),
    ...overlays.map(({ name }, i) => ({ style: `other${(i % MOST_OTHERS) as 0 | 1 | 2}` as const, label: name })),
  ];
}

/** The plot, or the table in its place, that holds the focus. */
function plotOf(target: EventTarget | null): PlotName | null {
  const box = target instanceof Element ? target.closest<HTMLElement>('[data-plot]') : null;
  return PLOTS.find((name) => name === box?.dataset['plot']) ?? null;
}

/** A single letter as a command: not in a field, not with a modifier. */
function isLetter(event: KeyboardEvent, letter: string): boolean {
  if (event.key.toLowerCase() !== letter || event.ctrlKey || event.metaKey || event.altKey) return false;
  return !(event.target instanceof Element && event.target.closest('input, select, textarea'));
}
