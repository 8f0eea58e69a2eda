import type { PartDetail, RowDetail } from './analysis-types.ts';
import type { Problem } from './checks/problem.ts';
import type { FormatName } from './formats/format.ts';
import type { Pointer, Range } from './jsonl/value.ts';

/** Host <-> inspector. Requests are answered (or refused with a sentence); events are not. */

export interface PickerOption {
  readonly value: string;
  readonly label: string;
}

/** The five pickers of the header, with what is chosen. */
export interface InspectorPickers {
  readonly format: { readonly value: string; readonly options: readonly PickerOption[] };
  readonly tokenizer: { readonly value: string; readonly options: readonly PickerOption[] };
  readonly chatTemplate: { readonly value: string; readonly options: readonly PickerOption[] };
  readonly mask: { readonly value: string; readonly options: readonly PickerOption[] };
  readonly maxLength: { readonly value: number; readonly options: readonly number[] };
}
export type PickerName = keyof InspectorPickers;

/** Why there is nothing (new) to draw. */
export type InspectorState =
  | { readonly kind: 'empty' }
  | { readonly kind: 'loading'; readonly what: string }
  | { readonly kind: 'error'; readonly message: string }
  | { readonly kind: 'ready' };

/** Loss of one model for each token of the shown part; NaN where none is known (the first token, or past the cut). */
export interface LossLayer {
  /** `difference`: tuned minus base, so that what the model learned is negative. */
  readonly name: 'base' | 'tuned' | 'difference';
  /** Nats; one for each token of the first part. */
  readonly values: Float64Array;
}

/** A third layer over the mask: what a run's model makes of each token. */
export interface TokenLoss {
  /** Id and name of the run. */
  readonly run: string;
  readonly name: string;
  /** Where the figures are from: "checkpoint-40 against the base model", "step 412 of the training". */
  readonly from: string;
  /** Never empty; the first one is shown until another is chosen. */
  readonly layers: readonly LossLayer[];
}

/** Everything that one drawing needs. */
export interface InspectorRow {
  readonly uri: string;
  readonly file: string;
  /** From 1. */
  readonly row: number;
  readonly rows: number;
  readonly format: FormatName;
  readonly detail: RowDetail;
  readonly problems: readonly Problem[];
  /** For invalid JSON: the text around the place, and where in it the place is. */
  readonly excerpt: { readonly text: string; readonly mark: Range; readonly column: number } | null;
  readonly maxLength: number;
  /** Only the bundled tokenizer and template are used, since the workspace is not trusted. */
  readonly restricted: boolean;
  /** What stands behind the mask, where it is not simply the template's: paragraphs, the most important first. */
  readonly maskNotes?: readonly string[];
  /** Absent where no run has figures of this row. */
  readonly loss?: TokenLoss;
}

/** One of the two masks of the Diff view. */
export interface InspectorDiffSide {
  readonly value: string;
  /** What sentences call it; null: as intended. */
  readonly name: string | null;
  /** The row's parts under that mask. Of "as intended" `trained` is what was meant. */
  readonly parts: readonly PartDetail[];
}

/** The row under two masks. */
export interface InspectorDiff {
  readonly options: readonly PickerOption[];
  readonly first: InspectorDiffSide;
  readonly second: InspectorDiffSide;
}

/** The same two masks over the whole file. */
export interface FileDiff {
  readonly kind: 'counting' | 'stopped' | 'done' | 'failed';
  /** Rows that were looked at, of `rows`. */
  readonly done: number;
  readonly rows: number;
  readonly differ: number;
}

/** Host -> webview, no answer. */
export type InspectorEvent =
  | { readonly type: 'state'; readonly state: InspectorState }
  | { readonly type: 'row'; readonly row: InspectorRow; readonly pickers: InspectorPickers; readonly follow: boolean }
  /** Null: the Diff view shows none. */
  | { readonly type: 'file-diff'; readonly diff: FileDiff | null }
  /** A command asks for a view. */
  | { readonly type: 'tab'; readonly tab: 'diff' }
  /** The cursor in the JSON: mark the tokens of it. Null: none. */
  | { readonly type: 'cursor'; readonly pointer: Pointer | null; readonly offset: number | null };

/** Webview -> host. Key: request type; value: what goes in and what comes back. */
export interface InspectorRequests {
  readonly ready: { readonly request: { readonly state?: unknown }; readonly reply: null };
  readonly pick: { readonly request: { readonly picker: PickerName; readonly value: string }; readonly reply: null };
  /** To the place in the JSON of a token's origin. `range`: UTF-16 units of the decoded string. */
  readonly reveal: {
    readonly request: { readonly pointer: Pointer; readonly range: Range | null; readonly focus: boolean };
    readonly reply: null;
  };
  readonly revealProblem: { readonly request: { readonly index: number }; readonly reply: null };
  readonly applyFix: { readonly request: { readonly index: number; readonly fix: number }; readonly reply: null };
  readonly go: {
    readonly request: { readonly to: 'previous-row' | 'next-row' | 'next-problem' | 'previous-problem' | 'editor' };
    readonly reply: null;
  };
  /** The row under two masks; null: the one that the host chooses. Counts the file, too, in the background. */
  readonly diff: {
    readonly request: { readonly first: string | null; readonly second: string | null };
    readonly reply: InspectorDiff;
  };
  /** `stop`: counting ends, as far as it got; `leave`: the view is closed; `list`: the rows that differ. */
  readonly fileDiff: {
    readonly request: { readonly what: 'stop' | 'continue' | 'leave' | 'list' };
    readonly reply: null;
  };
  readonly follow: { readonly request: { readonly on: boolean }; readonly reply: null };
  readonly command: {
    readonly request: {
      /** `hide-loss` takes the layer away; `show-loss` asks which run's. */
      readonly command: 'open-samples' | 'manage-trust' | 'open-template' | 'show-check' | 'show-loss' | 'hide-loss';
      readonly argument?: string;
    };
    readonly reply: null;
  };
}
