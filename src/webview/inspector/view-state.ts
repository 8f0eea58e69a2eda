import type { PartDetail } from '../../core/analysis-types.ts';
import type { Part } from '../../core/formats/conversation.ts';
import type {
  FileDiff,
  InspectorDiff,
  InspectorPickers,
  InspectorRow,
  InspectorState,
  TokenLoss,
} from '../../core/protocol.ts';
import { type DiffModel, diffModel } from './model/diff-model.ts';
import { LOSS_WORDS, type LossName } from './model/loss.ts';
import { drawsSame, type RowModel, rowModel } from './model/row-model.ts';

export const TABS = ['rendered', 'tokens', 'messages', 'diff'] as const;
export type TabName = (typeof TABS)[number];

/** All that a drawing depends on, but for the current token. */
export interface ViewState {
  readonly host: InspectorState;
  readonly row: InspectorRow | null;
  readonly pickers: InspectorPickers | null;
  readonly follow: boolean;
  /** The last version of this row that could be read, and when it came (milliseconds). */
  readonly lastValid: { readonly row: InspectorRow; readonly at: number } | null;
  readonly model: RowModel | null;
  /** The model shows the same part of the same row as the one before it. */
  readonly sameRow: boolean;
  readonly tab: TabName;
  readonly part: Part;
  readonly showSpace: boolean;
  /** Figures of a run over the tokens; null: the first that there are. */
  readonly lossLayer: LossName | 'off' | null;
  /** The two masks of the Diff view as they were picked; null: the host's choice. */
  readonly masks: readonly [first: string | null, second: string | null];
  /** Null until the host has answered for this row. */
  readonly diff: InspectorDiff | null;
  /** The row under both masks, or why it cannot be shown so. */
  readonly diffModel: DiffModel | string | null;
  /** The difference that was stepped to. */
  readonly diffAt: number;
  readonly fileDiff: FileDiff | null;
  readonly hideEqual: boolean;
}

/** What outlives the page. */
export type SavedState = Pick<ViewState, 'tab' | 'part' | 'showSpace' | 'lossLayer' | 'masks' | 'hideEqual'>;

export const firstState = (saved: Partial<SavedState>): ViewState => ({
  host: { kind: 'empty' },
  row: null,
  pickers: null,
  follow: true,
  lastValid: null,
  model: null,
  sameRow: false,
  tab: saved.tab ?? 'rendered',
  part: saved.part ?? 'row',
  showSpace: saved.showSpace ?? false,
  lossLayer: saved.lossLayer ?? null,
  masks: saved.masks ?? [null, null],
  diff: null,
  diffModel: null,
  diffAt: 0,
  fileDiff: null,
  hideEqual: saved.hideEqual ?? true,
});

/** Reads what an earlier page kept; anything else than what we wrote counts as nothing. */
export function savedState(value: unknown): Partial<SavedState> {
  if (typeof value !== 'object' || value === null) return {};
  const { tab, part, showSpace, lossLayer, masks, hideEqual } = value as Readonly<Record<keyof SavedState, unknown>>;
  return {
    ...(TABS.includes(tab as TabName) ? { tab: tab as TabName } : {}),
    ...(part === 'chosen' || part === 'rejected' ? { part } : {}),
    ...(typeof showSpace === 'boolean' ? { showSpace } : {}),
    ...(lossLayer === 'off' || Object.hasOwn(LOSS_WORDS, String(lossLayer))
      ? { lossLayer: lossLayer as LossName | 'off' }
      : {}),
    ...(isMasks(masks) ? { masks } : {}),
    ...(typeof hideEqual === 'boolean' ? { hideEqual } : {}),
  };
}

const isMasks = (value: unknown): value is ViewState['masks'] =>
  Array.isArray(value) && value.length === 2 && value.every((mask) => mask === null || typeof mask === 'string');

const partOf = (row: InspectorRow, wanted: Part): PartDetail | undefined =>
  row.detail.parts.find((part) => part.part === wanted) ?? row.detail.parts[0];

/** Figures are those of the first part. */
const lossOf = (row: InspectorRow, part: PartDetail): TokenLoss | null =>
  part === row.detail.parts[0] ? (row.loss ?? null) : null;

const isSameRow = (a: InspectorRow | null, b: InspectorRow): boolean =>
  a !== null && a.uri === b.uri && a.row === b.row;

/** A row has come. `now`: milliseconds. */
export function withRow(
  state: ViewState,
  row: InspectorRow,
  pickers: InspectorPickers,
  follow: boolean,
  now: number,
): ViewState {
  const part = partOf(row, state.part);
  const same = isSameRow(state.row, row);
  const made = part === undefined || row.excerpt !== null ? null : rowModel(part, row.maxLength, lossOf(row, part));
  const unchanged = same && state.model !== null && made !== null && drawsSame(state.model, made);
  const kept = same || isSameRow(state.lastValid?.row ?? null, row) ? state.lastValid : null;
  return {
    ...state,
    host: state.host.kind === 'loading' ? state.host : { kind: 'ready' },
    row,
    pickers,
    follow,
    lastValid: row.excerpt === null ? { row, at: now } : kept,
    model: unchanged ? state.model : made,
    sameRow: same && (state.model === null || state.model.part.part === part?.part),
    ...(unchanged ? {} : { diff: null, diffModel: null, diffAt: 0 }),
  };
}

/** The host has compared the row. */
export function withDiff(state: ViewState, diff: InspectorDiff): ViewState {
  if (state.row === null) return state;
  const part = state.model?.part.part ?? state.part;
  return { ...state, diff, diffModel: diffModel(diff, part, state.row.maxLength), diffAt: 0 };
}

export function withPart(state: ViewState, wanted: Part): ViewState {
  const part = state.row === null ? undefined : partOf(state.row, wanted);
  const next: ViewState = {
    ...state,
    part: wanted,
    model:
      part === undefined || state.row === null ? null : rowModel(part, state.row.maxLength, lossOf(state.row, part)),
    sameRow: false,
  };
  return next.diff === null ? next : withDiff(next, next.diff);
}
