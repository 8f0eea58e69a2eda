import type { Method } from '../../core/runs/spec.ts';

/** What a person chose; everything else keeps its default and need not be written. */
export interface NewSpec {
  readonly model: string;
  /** Relative to the spec. */
  readonly train: string;
  readonly eval: string | number | null;
  readonly method: Method;
  readonly target: string;
}

/** The text of a new run spec: what was chosen, and the arguments that people change most. */
export function specText({ model, train, eval: evaluated, method, target }: NewSpec): string {
  const value = {
    model,
    data: { train, ...(evaluated === null ? {} : { eval: evaluated }) },
    method,
    args: { num_train_epochs: 3 },
    target,
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}
