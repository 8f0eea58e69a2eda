import type { TextWriter } from '../origin/traced.ts';
import type { Runtime } from './runtime.ts';
import type { PyValue } from './values.ts';

/** A running function (the template, a macro, a call block): its variables by slot; an absent one is undefined. */
export class Frame {
  readonly runtime: Runtime;
  readonly slots: (PyValue | undefined)[];
  readonly parent: Frame | null;
  constructor(runtime: Runtime, size: number, parent: Frame | null) {
    this.runtime = runtime;
    this.slots = new Array<PyValue | undefined>(size);
    this.parent = parent;
  }
}

export type Evaluate = (frame: Frame) => PyValue;

/** What a statement asks of the loop around it. */
export type Signal = 0 | 1 | 2;
export const NEXT: Signal = 0;
export const BREAK: Signal = 1;
export const CONTINUE: Signal = 2;
export type Execute = (frame: Frame, out: TextWriter) => Signal;
