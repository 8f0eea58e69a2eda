import type {
  CompareView,
  HealthNotice,
  Overlay,
  RunEventMessage,
  RunHead,
  RunSeries,
  RunSummary,
  StepDetail,
} from '../../core/run-protocol.ts';
import { appended, EMPTY_SERIES } from '../../core/runs/appended.ts';
import { DEFAULT_SMOOTHING } from '../../core/runs/smoothing.ts';
import { AXES, type Axis } from './model/axis.ts';
import { PLOTS, type PlotName } from './model/lines.ts';
import type { Stretch } from './model/zoom.ts';

/** What the pane beside the plots shows. */
export type StepPane =
  | { readonly kind: 'loading'; readonly step: number }
  | { readonly kind: 'shown'; readonly step: number; readonly detail: StepDetail }
  | { readonly kind: 'failed'; readonly step: number; readonly message: string };

export const SECTIONS = ['plots', 'compare'] as const;
export type Section = (typeof SECTIONS)[number];

/** All that a drawing depends on, but for the cursor. */
export interface ViewState {
  /** There is no run to show. */
  readonly empty: Extract<RunEventMessage, { type: 'empty' }> | null;
  readonly head: RunHead | null;
  readonly seriesId: string | null;
  readonly series: RunSeries;
  readonly overlays: readonly Overlay[];
  /** Null: not asked for. */
  readonly runs: readonly RunSummary[] | null;
  readonly log: readonly string[];
  readonly compare: CompareView | null;
  readonly pane: StepPane | null;
  /** What the host refused, as a sentence. */
  readonly failure: string | null;
  /** Notices that a person sent away. */
  readonly dismissed: ReadonlySet<string>;
  /** Which of the notices is shown. */
  readonly notice: number;
  readonly section: Section;
  readonly axis: Axis;
  readonly logScale: boolean;
  readonly smoothing: number;
  readonly zoom: Stretch | null;
  /** Plots that are shown as tables. */
  readonly tables: ReadonlySet<PlotName>;
}

export interface SavedState {
  readonly id: string | null;
  readonly axis: Axis;
  readonly logScale: boolean;
  readonly smoothing: number;
  readonly zoom: Stretch | null;
  readonly tables: readonly PlotName[];
  readonly section: Section;
  readonly step: number | null;
  readonly overlays: readonly string[];
}

export const firstState = (saved: Partial<SavedState>): ViewState => ({
  empty: null,
  head: null,
  seriesId: null,
  series: EMPTY_SERIES,
  overlays: [],
  runs: null,
  log: [],
  compare: null,
  pane: null,
  failure: null,
  dismissed: new Set(),
  notice: 0,
  section: saved.section ?? 'plots',
  axis: saved.axis ?? 'step',
  logScale: saved.logScale ?? false,
  smoothing: saved.smoothing ?? DEFAULT_SMOOTHING,
  zoom: saved.zoom ?? null,
  tables: new Set(saved.tables ?? []),
});

export const toSave = (view: ViewState): SavedState => ({
  id: view.head?.record.id ?? null,
  axis: view.axis,
  logScale: view.logScale,
  smoothing: view.smoothing,
  zoom: view.zoom,
  tables: [...view.tables],
  section: view.section,
  step: view.pane?.step ?? null,
  overlays: view.overlays.map(({ id }) => id),
});

/** Reads what an earlier page kept; anything else than what we wrote counts as nothing. */
export function savedState(value: unknown): Partial<SavedState> {
  if (typeof value !== 'object' || value === null) return {};
  const { id, axis, logScale, smoothing, zoom, tables, section, step, overlays } = value as Readonly<
    Record<keyof SavedState, unknown>
  >;
  return {
    ...(typeof id === 'string' ? { id } : {}),
    ...(AXES.includes(axis as Axis) ? { axis: axis as Axis } : {}),
    ...(typeof logScale === 'boolean' ? { logScale } : {}),
    ...(typeof smoothing === 'number' && smoothing >= 0 && smoothing < 1 ? { smoothing } : {}),
    ...(isStretch(zoom) ? { zoom: { from: zoom.from, to: zoom.to } } : {}),
    ...(Array.isArray(tables) ? { tables: PLOTS.filter((name) => tables.includes(name)) } : {}),
    ...(SECTIONS.includes(section as Section) ? { section: section as Section } : {}),
    ...(typeof step === 'number' ? { step } : {}),
    ...(Array.isArray(overlays) ? { overlays: overlays.filter((one) => typeof one === 'string') } : {}),
  };
}

const isStretch = (value: unknown): value is Stretch =>
  typeof value === 'object' &&
  value !== null &&
  'from' in value &&
  'to' in value &&
  Number.isFinite(value.from) &&
  Number.isFinite(value.to) &&
  Number(value.to) > Number(value.from);

/** One notice is one of these, however often the host sends it. */
export const noticeKey = ({ code, step }: HealthNotice): string => (step === null ? code : `${code}@${step}`);

export const openNotices = ({ head, dismissed }: ViewState): readonly HealthNotice[] =>
  (head?.notices ?? []).filter((notice) => !dismissed.has(noticeKey(notice)));

/** Something has come from the host. */
export function withEvent(view: ViewState, event: RunEventMessage): ViewState {
  switch (event.type) {
    case 'empty':
      return { ...firstState({}), ...choices(view), empty: event };
    case 'head': {
      const same = view.head === null || view.head.record.id === event.head.record.id;
      const base = same
        ? view
        : { ...firstState({}), ...choices(view), zoom: null, series: keptSeries(view, event.head) };
      return { ...base, empty: null, head: event.head };
    }
    case 'series':
      return { ...view, empty: null, series: event.series, seriesId: event.id };
    case 'append':
      // Points of another run than the one that is shown are late.
      if (view.seriesId !== null && event.id !== view.seriesId) return view;
      return { ...view, seriesId: event.id, series: appended(view.series, event.from, event.series) };
    case 'overlays':
      return { ...view, overlays: event.overlays };
    case 'log':
      return { ...view, log: event.lines };
    case 'compare':
      return { ...view, compare: event.view };
  }
}

/** The series of a run may come before its head. */
const keptSeries = (view: ViewState, head: RunHead): RunSeries =>
  view.seriesId === head.record.id ? view.series : EMPTY_SERIES;

const choices = ({ axis, logScale, smoothing, tables, seriesId }: ViewState) => ({
  axis,
  logScale,
  smoothing,
  tables,
  seriesId,
});
