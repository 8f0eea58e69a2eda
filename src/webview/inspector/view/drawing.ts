import type { LossLayer } from '../../../core/protocol.ts';
import type { Group } from '../model/groups.ts';
import type { RowModel } from '../model/row-model.ts';

/** How a view draws one turn. The surface walks the tokens and calls this. */
export interface Turn {
  readonly section: HTMLElement;
  /** Text that no token covers, UTF-16 units of the rendered text. */
  gap(from: number, to: number): void;
  /** Draws token `i` and gives back the element that stands for it. */
  token(i: number): HTMLElement;
  /** The rule before the first token that is cut. */
  cut(label: string): void;
  /** What follows goes into a folded block, until `unfold`. */
  fold(label: string): void;
  unfold(): void;
  /** No more for now: sizes may be estimated. */
  rest(): void;
}

export interface DrawOptions {
  readonly showSpace: boolean;
  /** Drawn as bars over the tokens; null: none. */
  readonly loss: LossLayer | null;
}

export type Drawing = (model: RowModel, group: Group, options: DrawOptions) => Turn;
