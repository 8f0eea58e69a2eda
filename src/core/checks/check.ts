import type { PartAnalysis } from '../analysis-types.ts';
import type { Settings } from '../config.ts';
import type { FormatName, RowFormat } from '../formats/format.ts';
import type { ParsedRow } from '../jsonl/parsed-row.ts';
import type { Pointer, Range, Value } from '../jsonl/value.ts';
import type { TokenizerBundle } from '../tokenizer/encoding.ts';
import type { Memo } from './lib/memo.ts';
import type { Trait } from './lib/traits.ts';
import type { Fix, Severity } from './problem.ts';

/** What a check may look at. Stages that failed are absent: a check runs only where its stage was reached. */
export interface CheckContext {
  readonly row: ParsedRow;
  /** The row's object; null where the JSON is broken or is no object (only stage `json` checks run then). */
  readonly object: ReadonlyMap<string, Value> | null;
  /** This row's own format. */
  readonly format: FormatName;
  readonly rowFormat: RowFormat | null;
  /** Empty when nothing could be read. [0] is what an SFT trainer trains on. */
  readonly parts: readonly PartAnalysis[];
  readonly bundle: TokenizerBundle;
  readonly settings: Settings;
  /** What several checks ask of the row, worked out once. Begins empty. */
  readonly memo: Memo;
}

/** What a check says; the runner adds code and severity and finds the place. */
export interface Finding {
  readonly message: string;
  /** In the row. */
  readonly pointer: Pointer;
  /** UTF-16 units of the decoded string at `pointer` (or of its key). */
  readonly within?: Range;
  readonly at?: 'value' | 'key';
  /** UTF-16 units of the row's text; decides over pointer and within. */
  readonly range?: Range;
  readonly tokens?: Range;
  readonly fixes?: readonly Fix[];
  readonly data?: Readonly<Record<string, unknown>>;
  /** Only where one check has cases of different weight. */
  readonly severity?: Severity;
}

/** How far a row must have come for a check to run. `file`: only the whole file shows it; `run` finds nothing in a row. */
export type Stage = 'json' | 'schema' | 'conversation' | 'render' | 'mask' | 'file';

/** A check: one file in this folder, one line in the registry, one page in docs/checks. */
export interface Check {
  /** `group/name`; stable. */
  readonly code: string;
  readonly severity: Severity;
  /** A few words for lists: "End of turn not trained". */
  readonly title: string;
  readonly stage: Stage;
  readonly fixable: boolean;
  /** True: when nearly every row of a file has it, the file shows one notice instead of one per row. */
  readonly perFile?: boolean;
  /** It finds nothing in rows without this, which are most: there it is not asked. */
  readonly only?: Trait;
  run(context: CheckContext): Iterable<Finding>;
}
