import { EventEmitter } from 'vscode';
import type { RowDetail } from '../core/analysis-types.ts';
import type { TokenLoss } from '../core/protocol.ts';
import type { DatasetDocument } from './dataset-document.ts';

/** The figures of a run for a row (from 0); null where it has none. */
export type LossSource = (dataset: DatasetDocument, row: number, detail: RowDetail) => Promise<TokenLoss | null>;

/** The layer over the mask that the inspector shows, if any: which run's is chosen where runs are known. */
export class TokenLosses {
  readonly #changed = new EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  #source: LossSource | null = null;

  show(source: LossSource): void {
    this.#source = source;
    this.#changed.fire();
  }

  hide(): void {
    this.#source = null;
    this.#changed.fire();
  }

  async of(dataset: DatasetDocument, row: number, detail: RowDetail): Promise<TokenLoss | null> {
    return (await this.#source?.(dataset, row, detail)) ?? null;
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
