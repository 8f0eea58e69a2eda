import { figure } from '../checks/lib/words.ts';
import type { HealthNotice, RunSeries } from '../run-protocol.ts';
import type { TrainBegin } from './events.ts';
import { smoother } from './smoothing.ts';
import { sortedWindow } from './sorted-window.ts';
import { durationOf } from './time.ts';

/** What the rules look at besides the points. */
export interface HealthContext {
  readonly series: RunSeries;
  readonly begin: TrainBegin | null;
  /** Ranks that were asked for; null where the target decides. */
  readonly worldSizeAsked: number | null;
  /** The trainer is at work now. */
  readonly running: boolean;
  readonly step: number;
  /** Seconds since 1970. */
  readonly now: number;
  /** Seconds since 1970 of the last step and of the last event of any kind; null: none yet. */
  readonly stepTime: number | null;
  readonly lastEvent: number | null;
  /** Whether the rows of a step are known. */
  readonly hasRows: (step: number) => boolean;
  /** Whether the last batch had a trained token; null: not recorded. */
  readonly trains: boolean | null;
}

/** Follows a run. Each point is looked at once, whatever the length of the run. It informs and ends nothing. */
export interface HealthMonitor {
  /** Worst first. `from`: points at or after that step were replaced since the last call (a cursor's `from`). */
  update(context: HealthContext, from: number | null): readonly HealthNotice[];
}

/** Points that are remembered for a spike, few since a loss falls; those that must be there before one can be seen. */
const WINDOW = 24;
const LEAST = 16;
/**
 * A spike is so many times the usual distance from the median above it, and so many times the median. Distances are taken
 * between logarithms: losses of small batches have a long tail upward, which is no news.
 */
const SPIKE_MADS = 6.5;
const SPIKE_RATIO = 1.25;
const MOST_SPIKES = 3;
/** The smoothed loss so many times its minimum, for so many points. */
const DIVERGED = 1.5;
const DIVERGED_POINTS = 20;
/** A plateau: the smoothed loss fell by less than this share over that many points and over that share of the run. */
const PLATEAU_FALL = 0.005;
const PLATEAU_POINTS = 200;
const PLATEAU_SHARE = 0.25;
/** Evaluations in a row, each worse than the one before, and how much worse than the best the last is. */
const OVERFIT_EVALS = 2;
const OVERFIT_RISE = 1.01;
const DEAD_POINTS = 5;
const SLOW_WINDOW = 32;
const SLOW_SHARE = 0.5;

const SEVERITY = { error: 0, warning: 1, information: 2 } as const;

type Notice = Omit<HealthNotice, 'rows'>;

/** A loss as people read it: three digits that say something. */
export const shortLoss = (value: number): string =>
  !Number.isFinite(value)
    ? String(value)
    : value !== 0 && Math.abs(value) < 0.01
      ? value.toExponential(1)
      : value.toFixed(2);

interface PointState {
  add(step: number, loss: number, gradNorm: number, rate: number, speed: number): void;
  notices(maxSteps: number | null): Notice[];
  /** Whether the smoothed loss is lower than at that step. */
  trainingFell(since: number): boolean;
  lastStep(): number;
}

/** What is known of the points so far. Points are replaced by building it again. */
function pointState(): PointState {
  const losses = sortedWindow(WINDOW);
  const speeds = sortedWindow(SLOW_WINDOW);
  const earlier = sortedWindow(4 * SLOW_WINDOW);
  const recent: number[] = [];
  const smooth = smoother(0.9);
  const spikes: Notice[] = [];
  let seen = 0;
  let lastStep = 0;
  let notANumber: Notice | null = null;
  let zeroFrom: number | null = null;
  let trainedOnce = false;
  let best = Number.POSITIVE_INFINITY;
  let bestStep = 0;
  let smoothed = Number.NaN;
  let above = 0;
  let divergedFrom: number | null = null;
  let deadSince: number | null = null;
  let dead = 0;
  let warm = false;
  /** The smoothed loss at points that lie ever further apart: a plateau is looked for from the nearest one. */
  let marks: { point: number; step: number; smoothed: number }[] = [];

  const add = (step: number, loss: number, gradNorm: number, rate: number, speed: number): void => {
    seen++;
    lastStep = step;
    if (Number.isFinite(loss) && loss !== 0) {
      trainedOnce = true;
      zeroFrom = null;
    } else zeroFrom ??= step;
    // A norm that was not logged is NaN, too: beside a loss of 0 it is the mark of a loss that was filtered.
    const broken =
      !Number.isFinite(loss) ||
      Math.abs(gradNorm) === Number.POSITIVE_INFINITY ||
      (loss === 0 && Number.isNaN(gradNorm));
    if (trainedOnce && notANumber === null && broken) notANumber = nanNotice(step, loss, gradNorm);
    if (!Number.isFinite(loss)) return;

    if (loss > 0) {
      const height = Math.log(loss);
      const median = losses.median();
      // The usual distance takes longer to find: only where it matters.
      const high = losses.length >= LEAST && height > median + Math.log(SPIKE_RATIO);
      if (high && height > median + SPIKE_MADS * losses.mad()) {
        spikes.push({
          code: 'run/spike',
          severity: 'warning',
          step,
          message: `Loss jumped at step ${figure(step)}, from ${shortLoss(Math.exp(median))} to ${shortLoss(loss)}. Look at the rows of that step: mask or remove what does not belong there.`,
        });
        if (spikes.length > MOST_SPIKES) spikes.shift();
      }
      losses.push(height);
    }

    smoothed = smooth.next(loss);
    // The first points say little: one lucky batch is no minimum.
    if (seen >= LEAST && smoothed < best) {
      best = smoothed;
      bestStep = step;
    }
    if (best > 0 && smoothed > DIVERGED * best) {
      above++;
      if (above >= DIVERGED_POINTS) divergedFrom ??= step;
    } else {
      above = 0;
      if (smoothed < 1.2 * best) divergedFrom = null;
    }
    if (seen % 50 === 0) {
      marks.push({ point: seen, step, smoothed });
      if (marks.length > 400) marks = marks.filter((_, i) => i % 2 === 0);
    }

    if (rate > 0) {
      warm = true;
      dead = 0;
      deadSince = null;
    } else if (rate === 0) {
      dead++;
      deadSince ??= step;
    }
    if (Number.isFinite(speed) && speed > 0) {
      recent.push(speed);
      if (recent.length > SLOW_WINDOW) earlier.push(recent.shift() as number);
      speeds.push(speed);
    }
  };

  const plateau = (maxSteps: number | null): Notice | null => {
    const span = Math.max(PLATEAU_POINTS, Math.floor(seen * PLATEAU_SHARE));
    if (seen < 2 * PLATEAU_POINTS || !(smoothed > 0.02)) return null;
    // The learning rate goes to 0 at the end: nothing more is to be expected there.
    if (maxSteps !== null && maxSteps > 0 && lastStep > 0.9 * maxSteps) return null;
    const mark = marks.findLast(({ point }) => point <= seen - span);
    if (mark === undefined || mark.smoothed - smoothed > PLATEAU_FALL * mark.smoothed) return null;
    if (smoothed > mark.smoothed * 1.1) return null;
    return {
      code: 'run/plateau',
      severity: 'information',
      step: mark.step,
      message: `Loss has not fallen since step ${figure(mark.step)}: it was ${shortLoss(mark.smoothed)} then and is ${shortLoss(smoothed)} now. Stop here, or try a higher learning rate.`,
    };
  };

  const notices = (maxSteps: number | null): Notice[] => {
    const found: Notice[] = [];
    if (!trainedOnce && zeroFrom !== null && seen >= 2)
      found.push({ code: 'run/nothing-trained', severity: 'error', step: zeroFrom, message: '' });
    if (notANumber !== null) found.push(notANumber);
    if (divergedFrom !== null)
      found.push({
        code: 'run/diverged',
        severity: 'error',
        step: bestStep,
        message: `Loss rises: it was ${shortLoss(best)} at step ${figure(bestStep)} and is ${shortLoss(smoothed)} now. Stop, and start again with a third of the learning rate or a longer warm-up.`,
      });
    found.push(...spikes.toReversed());
    if (dead >= DEAD_POINTS && deadSince !== null && (maxSteps === null || deadSince < 0.95 * maxSteps))
      found.push({
        code: 'run/dead-learning-rate',
        severity: 'warning',
        step: deadSince,
        message: `The learning rate is 0 ${warm ? `since step ${figure(deadSince)}: nothing is learned any more` : 'from the begin: nothing is learned'}. Check \`learning_rate\`, \`lr_scheduler_type\` and \`warmup_steps\`.`,
      });
    const now = speeds.median();
    const before = earlier.median();
    if (speeds.length === SLOW_WINDOW && earlier.length >= SLOW_WINDOW && now < SLOW_SHARE * before)
      found.push({
        code: 'run/slow',
        severity: 'warning',
        step: lastStep,
        message: `Tokens per second fell from ${figure(Math.round(before))} to ${figure(Math.round(now))}. See whether another process uses the GPU or the processor, and whether the GPU is too hot.`,
      });
    const flat = divergedFrom === null ? plateau(maxSteps) : null;
    if (flat !== null) found.push(flat);
    return found;
  };
  const trainingFell = (since: number): boolean => {
    const mark = marks.findLast(({ step }) => step <= since);
    return mark === undefined || smoothed < mark.smoothed;
  };
  return { add, notices, trainingFell, lastStep: () => lastStep };
}

function nanNotice(step: number, loss: number, gradNorm: number): Notice {
  const what =
    loss === 0
      ? `The gradient is not a number at step ${figure(step)}, and the loss of 0 hides it`
      : !Number.isFinite(loss)
        ? `Loss is ${Number.isNaN(loss) ? 'not a number' : 'infinite'} at step ${figure(step)}`
        : `The gradient norm is ${Number.isNaN(gradNorm) ? 'not a number' : 'infinite'} at step ${figure(step)}`;
  return {
    code: 'run/nan',
    severity: 'error',
    step,
    message: `${what}: what comes after it is lost. Look at the rows of that step, and start again from a checkpoint before it with half the learning rate, in \`bf16\` instead of \`fp16\`.`,
  };
}

export function healthMonitor(): HealthMonitor {
  let points = pointState();
  let looked = 0;
  return {
    update(context, from) {
      const { series, begin, hasRows } = context;
      const { steps, columns } = series;
      // Something before the last point changed: it is all looked at again, which happens once an attempt.
      if ((from !== null && from <= points.lastStep()) || steps.length < looked) {
        points = pointState();
        looked = 0;
      }
      const { loss, grad_norm, learning_rate, tokens_per_second } = columns;
      if (loss !== undefined) {
        for (; looked < steps.length; looked++)
          points.add(
            steps[looked] as number,
            loss[looked] as number,
            grad_norm?.[looked] ?? Number.NaN,
            learning_rate?.[looked] ?? Number.NaN,
            tokens_per_second?.[looked] ?? Number.NaN,
          );
      }
      const maxSteps = begin === null || begin.max_steps === 0 ? null : begin.max_steps;
      const notices = points
        .notices(maxSteps)
        .map((notice) => (notice.code === 'run/nothing-trained' ? nothingTrained(context, notice) : notice));
      notices.push(...worldSize(context), ...overfitting(context, points.trainingFell), ...stalled(context));
      return notices
        .map((notice) => ({ ...notice, rows: notice.step !== null && ROWS.has(notice.code) && hasRows(notice.step) }))
        .sort((a, b) => SEVERITY[a.severity] - SEVERITY[b.severity]);
    },
  };
}

/** Notices that are about the rows of their step. */
const ROWS = new Set(['run/nan', 'run/spike', 'run/nothing-trained']);

function nothingTrained({ series, trains }: HealthContext, notice: Notice): Notice {
  const first = series.columns['loss']?.[0] ?? 0;
  const value = first === 0 ? '0' : 'not a number';
  // NaN weights look the same from here: that no token carries loss is said where it is known, or where the loss is 0.
  const masked = trains === false || (trains === null && first === 0);
  return {
    ...notice,
    message: masked
      ? `Nothing is trained: loss is ${value} from the first step, since no token of the rows carries loss. Look at the mask in the inspector, and stop the run.`
      : `Loss is ${value} from the first step. Stop the run, and try half the learning rate and \`bf16\` instead of \`fp16\`; if it stays, the weights of the model are broken.`,
  };
}

function worldSize({ begin, worldSizeAsked }: HealthContext): Notice[] {
  const asked = worldSizeAsked ?? begin?.world_size_asked ?? null;
  if (begin === null || asked === null || begin.world_size === asked || begin.world_size === 0) return [];
  return [
    {
      code: 'run/world-size',
      severity: 'error',
      step: null,
      message: `${asked} ${asked === 1 ? 'process' : 'processes'} ${asked === 1 ? 'was' : 'were'} asked for and ${begin.world_size} ${begin.world_size === 1 ? 'runs' : 'run'}: a step has ${begin.world_size < asked ? 'fewer' : 'more'} rows than meant. Stop, and set \`gpus\` and \`nodes\` to what the target gives.`,
    },
  ];
}

function overfitting({ series }: HealthContext, trainingFell: (since: number) => boolean): Notice[] {
  const { steps, loss, tokenLoss } = series.eval;
  // The mean over tokens is exact; TRL's own serves where it is missing.
  const values = tokenLoss.length > 0 && Number.isFinite(tokenLoss[tokenLoss.length - 1]) ? tokenLoss : loss;
  if (values.length <= OVERFIT_EVALS) return [];
  let best = 0;
  for (let i = 1; i < values.length; i++) if ((values[i] as number) < (values[best] as number)) best = i;
  const last = values.length - 1;
  let rising = 0;
  for (let i = last; i > best && (values[i] as number) > (values[i - 1] as number); i--) rising++;
  const low = values[best] as number;
  const high = values[last] as number;
  const bestStep = steps[best] as number;
  if (rising < OVERFIT_EVALS || high < OVERFIT_RISE * low || !trainingFell(bestStep)) return [];
  const saved = series.saves.includes(bestStep)
    ? `Use the checkpoint of step ${figure(bestStep)}.`
    : 'Train fewer epochs, or save at each evaluation with `load_best_model_at_end`.';
  return [
    {
      code: 'run/overfitting',
      severity: 'warning',
      step: bestStep,
      message: `Eval loss was best at step ${figure(bestStep)} with ${shortLoss(low)} and has risen to ${shortLoss(high)} while the training loss fell: the model learns the rows by heart. ${saved}`,
    },
  ];
}

/** Longest wait for the first step: loading and compiling take their time. Seconds. */
const FIRST_STEP = 900;
const ALIVE = 60;

function stalled({ running, series, step, now, stepTime, lastEvent, begin }: HealthContext): Notice[] {
  if (!running || begin === null || stepTime === null || lastEvent === null || now - lastEvent > ALIVE) return [];
  if (step >= begin.max_steps && begin.max_steps > 0) return [];
  const time = series.columns['time'] ?? new Float64Array(0);
  let longest = 0;
  for (let i = Math.max(1, time.length - 200); i < time.length; i++)
    longest = Math.max(longest, (time[i] as number) - (time[i - 1] as number));
  const waited = now - stepTime;
  if (waited < (time.length < 2 ? FIRST_STEP : Math.max(120, 5 * longest))) return [];
  return [
    {
      code: 'run/stalled',
      severity: 'warning',
      step,
      message: `No step for ${durationOf(waited * 1000)}, last ${figure(step)}, though the trainer is alive. Look at the log; if nothing moves there, stop the run and resume it.`,
    },
  ];
}
