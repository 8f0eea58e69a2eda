import type { PrepareStep } from '../../core/runs/state.ts';

export interface Steps {
  /** Runs one step, the next in order; its result may say what was found. */
  run<T>(
    title: string,
    work: (tell: (detail: string) => void) => Promise<T>,
    summary?: (result: T) => string,
  ): Promise<T>;
}

/** The steps of a preparation, told to a person as they go. */
export function createSteps(titles: readonly string[], onSteps: (steps: readonly PrepareStep[]) => void): Steps {
  let steps: readonly PrepareStep[] = titles.map((title) => ({ title, state: 'waiting', detail: '' }));
  const change = (title: string, to: Partial<PrepareStep>): void => {
    steps = steps.map((step) => (step.title === title ? { ...step, ...to } : step));
    onSteps(steps);
  };
  return {
    async run(title, work, summary) {
      change(title, { state: 'running' });
      try {
        const result = await work((detail) => change(title, { detail }));
        change(title, { state: 'done', ...(summary ? { detail: summary(result) } : {}) });
        return result;
      } catch (error) {
        change(title, { state: 'failed' });
        throw error;
      }
    },
  };
}
