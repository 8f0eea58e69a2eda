import type { AnswerRow, RowDetail, RowSummary, TokenRow } from './analysis-types.ts';
import type { AnswerKind } from './answers.ts';
import type { Settings } from './config.ts';
import type { FormatName } from './formats/format.ts';
import type { MaskChoice, RowDiff } from './mask/row-diff.ts';
import type { TokenizerClass } from './tokenizer/tokenizer-class.ts';

/** Facts about what a `Settings` resolves to. Problems are sentences with what to do (a broken folder: which file, what is wrong). */
export interface Resolved {
  readonly tokenizer: string;
  /** Of a tokenizer from the Hugging Face Hub: the commit (40 hex digits) and the folder of its files; null for any other. */
  readonly hub: { readonly commit: string; readonly folder: string } | null;
  readonly chatTemplate: string;
  readonly hasGeneration: boolean;
  /** Template variables of the tokenizer. */
  readonly specialTokens: Readonly<Record<string, string>>;
  /** When not empty, the bundled tokenizer or no template was used instead. */
  readonly problems: readonly string[];
  /** Sentences about what is used, such as that transformers 5 would build another tokenizer from the same files. */
  readonly notices: readonly string[];
  /** The `tokenizerClass` that one of them is about; null where none is. */
  readonly offeredClass: TokenizerClass | null;
  /** What stands behind the mask, where it is not simply the template's: a sentence. */
  readonly maskNote: string | null;
}

/** What a trainer's model must fit to. */
export interface Vocabulary {
  /** Ids: all are below it. */
  readonly size: number;
  /** Ids of control tokens. */
  readonly added: Int32Array;
  /** Of the template's source, in hex; null where there is no template. */
  readonly chatTemplateSha256: string | null;
}

/**
 * The analysis, wherever it runs (worker threads in the extension host and the CLI). Row texts are whole rows (a JSONL
 * line without its line break, or the text of one element of a JSON array). `fileFormat` is `detect`'s answer for the file.
 * A row that takes longer than the time limit gets one problem `template/limit`, never a rejected promise.
 */
export interface LensService {
  /** The format of a file from a sample of its row texts; `settings.format` decides where it is not `auto`. */
  detect(sample: readonly string[], settings: Settings): Promise<FormatName>;
  /** In the order of the rows. `urgent` jobs (what a person looks at) run before all others. */
  summarize(
    rows: readonly string[],
    settings: Settings,
    fileFormat: FormatName,
    options?: { readonly urgent?: boolean; readonly signal?: AbortSignal },
  ): Promise<readonly RowSummary[]>;
  /** Ids and trained bits of each row, not cut; null where a row cannot be tokenized. */
  tokenize(rows: readonly string[], settings: Settings, fileFormat: FormatName): Promise<readonly (TokenRow | null)[]>;
  /** Two masks of each row, counted; null where a row cannot be tokenized. `settings.mask` is not looked at. */
  compare(
    rows: readonly string[],
    settings: Settings,
    fileFormat: FormatName,
    sides: readonly [MaskChoice, MaskChoice],
    options?: { readonly signal?: AbortSignal },
  ): Promise<readonly (RowDiff | null)[]>;
  /** Prompt and answers of each row; null where it holds none or cannot be tokenized. */
  answers(
    rows: readonly string[],
    settings: Settings,
    fileFormat: FormatName,
    kind: AnswerKind,
  ): Promise<readonly (AnswerRow | null)[]>;
  /** The text of each list of ids; bytes that are no character become U+FFFD. */
  decode(ids: readonly (readonly number[])[], settings: Settings): Promise<readonly string[]>;
  vocabulary(settings: Settings): Promise<Vocabulary>;
  detail(row: string, settings: Settings, fileFormat: FormatName): Promise<RowDetail>;
  resolve(settings: Settings): Promise<Resolved>;
  /** Forget loaded tokenizers and templates (a file of theirs changed). */
  reload(): Promise<void>;
  dispose(): void;
}
