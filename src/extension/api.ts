import type { Uri } from 'vscode';
import type { DatasetTotals } from '../core/dataset.ts';
import type { FormatName } from '../core/formats/format.ts';
import type { Datasets } from './datasets.ts';

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

/** What `activate` gives to other extensions: read only. */
export interface SftLensApi {
  /** How far the check of an open document is; null where it is no dataset. */
  report(uri: Uri): DatasetReport | null;
}

export const apiOf = (datasets: Datasets): SftLensApi => ({
  report(uri) {
    const dataset = datasets.get(uri);
    if (dataset === undefined) return null;
    const { state, analysis, totals, times } = dataset;
    return { state: state.kind, format: analysis?.format ?? null, totals, times };
  },
});
