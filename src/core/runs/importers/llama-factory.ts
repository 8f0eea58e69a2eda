import { type Importer, isPlain, parsePythonJson, pointSink, textOf } from './importer.ts';

/** LLaMA-Factory's names and TRL's. */
const NAMES: Readonly<Record<string, string>> = {
  lr: 'learning_rate',
  accuracy: 'mean_token_accuracy',
  total_tokens: 'tokens',
  throughput: 'tokens_per_second',
};
const NO_FIGURE = new Set(['current_steps', 'total_steps', 'percentage', 'elapsed_time', 'remaining_time']);

/** `0:01:05`, `1 day, 2:00:00`; seconds, NaN where it is none. */
function seconds(text: unknown): number {
  const match = typeof text === 'string' ? /^(?:(\d+) days?, )?(\d+):(\d\d):(\d\d)/.exec(text) : null;
  if (match === null) return Number.NaN;
  const [days, hours, minutes, rest] = match.slice(1).map((part) => Number(part ?? 0));
  return (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (rest ?? 0);
}

/** `trainer_log.jsonl`: a line for each log. Its time is counted from the begin of the run. */
export const llamaFactory: Importer = {
  name: 'llama-factory',
  title: 'LLaMA-Factory trainer_log.jsonl',
  files: ['trainer_log.jsonl'],
  detect: (name, head) =>
    /trainer_log[^/\\]*\.jsonl$/i.test(name) || /^\s*\{[^\n]*"current_steps"\s*:/.test(textOf(head)),
  read(bytes) {
    const sink = pointSink();
    let maxSteps: number | null = null;
    let last = -1;
    let lines = 0;
    for (const line of textOf(bytes).split('\n')) {
      if (line.trim() === '') continue;
      const entry = parsePythonJson(line);
      if (!isPlain(entry) || !Number.isSafeInteger(entry['current_steps'])) {
        sink.skip();
        continue;
      }
      lines++;
      const step = Number(entry['current_steps']);
      if (Number.isSafeInteger(entry['total_steps'])) maxSteps = Number(entry['total_steps']);
      const figures: Record<string, unknown> = {};
      for (const [name, value] of Object.entries(entry)) {
        if (NO_FIGURE.has(name)) continue;
        // The throughput was written as text for a while.
        const numeric = typeof value === 'string' && /^-?[\d.]+(?:e[+-]?\d+)?$/i.test(value) ? Number(value) : value;
        figures[(Object.hasOwn(NAMES, name) ? NAMES[name] : undefined) ?? name] = numeric;
      }
      // A run that went on appends: its steps go back to those of the checkpoint.
      if (step < last) sink.again(step - 1);
      last = step;
      // The line at the end has only times.
      if (
        Object.values(figures).some((value) => value !== null && value !== undefined) &&
        Object.keys(figures).some((name) => name !== 'epoch')
      )
        sink.add(step, seconds(entry['elapsed_time']), figures);
    }
    return lines === 0 ? null : sink.end({ source: this.title, maxSteps, ...(last > 0 ? { step: last } : {}) });
  },
};
