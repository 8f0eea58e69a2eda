import type { RowDetail } from '../core/analysis-types.ts';
import type { Analysis, DatasetDocument } from './dataset-document.ts';
import type { Services } from './services.ts';

/** Hover, status bar and inspector ask for the same few rows. */
const KEPT = 16;

interface Entry {
  readonly analysis: Analysis;
  readonly text: string;
  readonly detail: Promise<RowDetail>;
}

/** Details of the rows last looked at. The text is part of the key, so that an edit asks anew. */
export class Details {
  readonly #services: Services;
  #entries: readonly Entry[] = [];

  constructor(services: Services) {
    this.#services = services;
  }

  /** Null while the dataset starts, or when there is no such row. */
  async of(dataset: DatasetDocument, row: number): Promise<RowDetail | null> {
    const { rows, analysis } = dataset;
    if (analysis === null || row < 0 || row >= rows.count) return null;
    const text = rows.text(row);
    const known = this.#entries.find((entry) => entry.analysis === analysis && entry.text === text);
    if (known !== undefined) return known.detail;
    const detail = this.#services.get().detail(text, analysis.project.settings, analysis.format);
    const entry = { analysis, text, detail };
    this.#entries = [entry, ...this.#entries.slice(0, KEPT - 1)];
    detail.catch(() => {
      // A failure is told once, and tried again at the next look.
      this.#entries = this.#entries.filter((other) => other !== entry);
    });
    return detail;
  }
}
