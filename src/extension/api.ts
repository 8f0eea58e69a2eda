import type { Uri } from 'vscode';
import type { DatasetTotals } from '../core/dataset.ts';
import type { FormatName } from '../core/formats/format.ts';
import type { TokenLoss } from '../core/protocol.ts';
import type { RunState } from '../core/runs/state.ts';
import type { Datasets } from './datasets.ts';
import type { Details } from './details.ts';
import type { RunsShell } from './runs/shell.ts';
import type { TokenLosses } from './token-losses.ts';

/** Milliseconds from the moment when a document was opened, or its settings changed, to its answers; null until then. */
export interface CheckTimes {
  /** The rows that are seen. */
  readonly firstRows: number | null;
  readonly allRows: number | null;
}

export interface DatasetReport {
  readonly state: 'starting' | 'checking' | 'checked' | 'other' | 'failed';
  /** Null until settings and format are known. */
  readonly format: FormatName | null;
  readonly totals: DatasetTotals | null;
  readonly times: CheckTimes;
}

/** A training run, as the tree and the status bar show it. */
export interface RunReport {
  readonly id: string;
  readonly name: string;
  readonly state: RunState;
  readonly step: number;
  /** Of the dashboard and the tree; null before the first. */
  readonly loss: number | null;
  /** Points of the loss curve that arrived. */
  readonly points: number;
  readonly reason: string | null;
}

export interface RunsReport {
  readonly runs: readonly RunReport[];
  /** Ids of the runs whose dashboards are open; null: one that waits for a first run. */
  readonly dashboards: readonly (string | null)[];
  /** The status bar item; null where it is hidden. */
  readonly statusBar: string | null;
  /** Groups of the tree, each with its runs as they read there. */
  readonly tree: readonly { readonly group: string; readonly runs: readonly string[] }[];
}

/** What `activate` gives to other extensions: read only. */
export interface SftLensApi {
  /** How far the check of an open document is; null where it is no dataset. */
  report(uri: Uri): DatasetReport | null;
  /** The training runs that are known; loads their code. */
  runs(): Promise<RunsReport>;
  /** What a run's losses lay over the mask of a row (from 0) in the inspector; null where none is chosen or known. */
  tokenLoss(uri: Uri, row: number): Promise<TokenLoss | null>;
}

export interface ApiParts {
  readonly datasets: Datasets;
  readonly details: Details;
  readonly losses: TokenLosses;
  readonly runs: RunsShell;
}

export const apiOf = ({ datasets, details, losses, runs }: ApiParts): SftLensApi => ({
  async tokenLoss(uri, row) {
    const dataset = datasets.get(uri);
    const detail = dataset === undefined ? null : await details.of(dataset, row);
    return dataset === undefined || detail === null ? null : losses.of(dataset, row, detail);
  },
  runs: async () => (await runs.load()).report(),
  report(uri) {
    const dataset = datasets.get(uri);
    if (dataset === undefined) return null;
    const { state, analysis, totals, times } = dataset;
    return { state: state.kind, format: analysis?.format ?? null, totals, times };
  },
});
