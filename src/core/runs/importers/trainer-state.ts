import { type Importer, isPlain, parsePythonJson, pointSink, textOf } from './importer.ts';

const count = (value: unknown): number | null =>
  Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : null;

/** `trainer_state.json` of a checkpoint: transformers' Trainer, and whatever is built on it. It has no times. */
export const trainerState: Importer = {
  name: 'trainer-state',
  title: 'transformers trainer_state.json',
  files: ['trainer_state.json'],
  detect: (name, head) =>
    /trainer_state[^/\\]*\.json$/i.test(name) ||
    /^\s*\{[\s\S]*"(?:log_history|is_world_process_zero)"\s*:/.test(textOf(head)),
  read(bytes) {
    const state = parsePythonJson(textOf(bytes));
    if (!isPlain(state) || !Array.isArray(state['log_history'])) return null;
    const sink = pointSink();
    for (const entry of state['log_history'] as unknown[]) {
      if (!isPlain(entry)) sink.skip();
      else {
        const { step, ...figures } = entry;
        sink.add(Number(step), Number.NaN, figures);
      }
    }
    return sink.end({
      source: this.title,
      ...(count(state['global_step']) === null ? {} : { step: Number(state['global_step']) }),
      maxSteps: count(state['max_steps']),
      epochs: count(state['num_train_epochs']),
      bestStep: count(state['best_global_step']) ?? bestOf(state['best_model_checkpoint']),
    });
  },
};

/** Before transformers 4.50 the best step stands only in the checkpoint's name. */
const bestOf = (path: unknown): number | null =>
  typeof path === 'string' ? count(Number(/checkpoint-(\d+)$/.exec(path)?.[1])) : null;
