import type { AnswerRow, RowDetail, RowSummary, TokenRow } from '../core/analysis-types.ts';
import type { AnswerKind } from '../core/answers.ts';
import type { Settings } from '../core/config.ts';
import type { FormatName } from '../core/formats/format.ts';
import type { MaskChoice, RowDiff } from '../core/mask/row-diff.ts';
import type { Resolved, Vocabulary } from '../core/service-types.ts';

/** Requests of the service to a worker thread. */
export interface WorkerRequests {
  readonly detect: {
    readonly request: { readonly rows: readonly string[]; readonly settings: Settings };
    readonly reply: FormatName;
  };
  readonly summarize: {
    readonly request: {
      readonly rows: readonly string[];
      readonly settings: Settings;
      readonly fileFormat: FormatName;
    };
    /** Of the first rows, at least of one: as many as fit into one turn. */
    readonly reply: readonly RowSummary[];
  };
  readonly tokenize: {
    readonly request: {
      readonly rows: readonly string[];
      readonly settings: Settings;
      readonly fileFormat: FormatName;
    };
    /** Of the first rows, as for `summarize`. */
    readonly reply: readonly (TokenRow | null)[];
  };
  readonly compare: {
    readonly request: {
      readonly rows: readonly string[];
      readonly settings: Settings;
      readonly fileFormat: FormatName;
      readonly sides: readonly [MaskChoice, MaskChoice];
    };
    /** Of the first rows, as for `summarize`. */
    readonly reply: readonly (RowDiff | null)[];
  };
  readonly answers: {
    readonly request: {
      readonly rows: readonly string[];
      readonly settings: Settings;
      readonly fileFormat: FormatName;
      readonly kind: AnswerKind;
    };
    /** Of the first rows, as for `summarize`. */
    readonly reply: readonly (AnswerRow | null)[];
  };
  readonly decode: {
    readonly request: { readonly ids: readonly (readonly number[])[]; readonly settings: Settings };
    readonly reply: readonly string[];
  };
  readonly vocabulary: { readonly request: { readonly settings: Settings }; readonly reply: Vocabulary };
  readonly detail: {
    readonly request: { readonly row: string; readonly settings: Settings; readonly fileFormat: FormatName };
    readonly reply: RowDetail;
  };
  /**
   * Loads what the settings name, before their first row, with a time limit of its own. The reply: all settings (as JSON) that
   * are loaded now. None of them is forgotten before the next `prepare`.
   */
  readonly prepare: { readonly request: { readonly settings: Settings }; readonly reply: readonly string[] };
  readonly resolve: { readonly request: { readonly settings: Settings }; readonly reply: Resolved };
  readonly reload: { readonly request: Record<never, never>; readonly reply: null };
}

export interface WorkerData {
  /** Folder with the packed tokenizer. */
  readonly assets: string;
}
