import type { Range } from '../jsonl/value.ts';
import { TextWriter } from '../origin/traced.ts';
import { Failure } from './errors.ts';
import type { PyValue } from './values.ts';

/** Loop rounds, calls, filters and long texts count as steps; a chat template takes a few hundred a message. */
export const MAX_STEPS = 3_000_000;
/** UTF-16 units of any text that a template makes. */
export const MAX_TEXT = 1 << 22;

/** What one render shares: the variables, the output, and how much it may still do. */
export class Runtime {
  /** Where the template prints; its length is where transformers says that a generation span begins. */
  readonly root = new TextWriter();
  /** Where the span begins that prints straight into `root` just now. */
  spanStart: number | null = null;
  private readonly found: { readonly start: number; readonly length: number; readonly points: number | null }[] = [];
  /** A variable of the context or a global of the environment; undefined where there is none. */
  lookup: (name: string) => PyValue | undefined;
  private exported: Map<string, PyValue> | null = null;
  private left = MAX_STEPS;

  /** Whether the globals are those of transformers 5.23, which allow less. */
  readonly restricted: boolean;

  constructor(lookup: Runtime['lookup'], restricted: boolean) {
    this.lookup = lookup;
    this.restricted = restricted;
  }

  /** From now on `lookup` finds `value` first. */
  export(name: string, value: PyValue): void {
    if (this.exported === null) {
      const exported = new Map<string, PyValue>();
      const outer = this.lookup;
      this.lookup = (key) => (exported.has(key) ? exported.get(key) : outer(key));
      this.exported = exported;
    }
    this.exported.set(name, value);
  }

  /** `points`: length in code points of a span whose text may lie elsewhere; null where it lies at `start`. */
  addSpan(start: number, length: number, points: number | null): void {
    this.found.push({ start, length, points });
  }

  /** The spans in UTF-16 units of the text, in the order in which their blocks ended. */
  spans(): Range[] {
    return this.found.map(({ start, length, points }): Range => {
      if (points === null) return [start, start + length];
      return [start, start + unitsOf(this.root.text.slice(start), points)];
    });
  }

  step(): void {
    if (--this.left < 0) tooManySteps();
  }

  /** Work in proportion to a size: characters or items. */
  charge(size: number): void {
    this.left -= 1 + (size >> 3);
    if (this.left < 0) tooManySteps();
  }
}

function tooManySteps(): never {
  throw new Failure(
    'The template was stopped: it takes too many steps for one row. Look for a loop that grows.',
    'limit',
  );
}

/** Checked before a text is made, in UTF-16 units. */
export function checkSize(length: number): void {
  if (length > MAX_TEXT) {
    throw new Failure(
      'The template was stopped: it makes more than 4 million characters for one row. Shorten the row, or look for a loop that grows.',
      'limit',
    );
  }
}

/** Python counts code points: so many of them from the beginning of `text`, in UTF-16 units (past the end, one each). */
function unitsOf(text: string, points: number): number {
  let units = 0;
  let left = points;
  for (const c of text) {
    if (left === 0) return units;
    left--;
    units += c.length;
  }
  return units + left;
}
