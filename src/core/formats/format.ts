import type { Problem } from '../checks/problem.ts';
import type { Value } from '../jsonl/value.ts';
import type { Conversation } from './conversation.ts';

export type FormatName =
  | 'messages'
  | 'sharegpt'
  | 'alpaca'
  | 'dolly'
  | 'flan'
  | 'prompt-completion'
  | 'text'
  | 'preference'
  | 'kto'
  | 'oasst'
  | 'tokenized'
  | 'columns'
  | 'unknown';

/** A row format: one file in this folder and one line in the registry. */
export interface RowFormat {
  readonly name: FormatName;
  readonly title: string;
  /** How sure this row is of this format, 0 (is not) to 1. The file's format is the one with the highest sum over a sample. */
  detect(row: ReadonlyMap<string, Value>): number;
  /** JSON Schema (draft 2020-12 subset) of a row; compiled by ajv at build time. `errorHint` keys may carry the sentence. */
  readonly schema: object;
  /**
   * The conversations of a row: one, or chosen and rejected. Lenient: called on rows that the schema refuses, too; what
   * cannot be read is left out. Empty when nothing can be rendered.
   */
  toConversations(row: ReadonlyMap<string, Value>): readonly Conversation[];
  /** Problems only this format knows (role aliases, tree shape); most checks are in `checks/` and work on conversations. */
  problems?(row: ReadonlyMap<string, Value>): readonly Problem[];
}
