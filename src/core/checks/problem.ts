import type { Pointer, Range } from '../jsonl/value.ts';

export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** An edit of the row's text: UTF-16 units of the row. */
export interface Edit {
  readonly range: Range;
  readonly text: string;
}

/** `row`: this row; `all`: the same remedy exists for every row with this code; `config`: edits `sft-lens.json`. */
export type Fix =
  | { readonly scope: 'row' | 'all'; readonly title: string; readonly edits: readonly Edit[] }
  | { readonly scope: 'config'; readonly title: string; readonly key: string; readonly value: unknown };

/** One finding in one row. */
export interface Problem {
  /** `group/name`, stable: `json/syntax`, `roles/unknown`. docs/checks/group-name.md explains it. */
  readonly code: string;
  readonly severity: Severity;
  /** A sentence: what is, then what to do. */
  readonly message: string;
  readonly pointer: Pointer;
  /** UTF-16 units in the row's text. */
  readonly range: Range;
  /** Indices of the tokens that it is about, half-open. */
  readonly tokens?: Range;
  readonly fixes?: readonly Fix[];
  /** The check's title, where it may be true of nearly every row: a file then says it once instead of in each row. */
  readonly fileWide?: string;
  /** Machine-readable details, JSON only. */
  readonly data?: Readonly<Record<string, unknown>>;
}
