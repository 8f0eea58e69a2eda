import type { Pointer, Range } from '../jsonl/value.ts';
import type { Json } from './spec.ts';

/** Path of a key in the file, as jsonc-parser's `modify` takes it. */
export type SpecPath = readonly (string | number)[];

/** Sets the key to `value`; removes it where that is undefined. `rename`: it gets that name and keeps its value. */
export interface SpecFix {
  readonly title: string;
  readonly key: SpecPath;
  readonly value: Json | undefined;
  readonly rename?: string;
}

/** What is wrong in a run spec. `range`: UTF-16 units of its text. Nothing starts while there is an error. */
export interface SpecProblem {
  readonly message: string;
  readonly severity: 'error' | 'warning';
  readonly pointer: Pointer;
  readonly range: Range;
  readonly fix?: SpecFix;
}

/** A problem before its place in the text is looked up. `at`: the key of that pointer, else its value. */
export interface SpecFinding extends Omit<SpecProblem, 'range'> {
  readonly at?: 'key';
}

/** A key as a step of a pointer. */
export const escapeToken = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');
