import { counted, figure } from '../checks/lib/words.ts';
import type { RunHead, RunSeries } from '../run-protocol.ts';
import { firstNotBelow } from './growing.ts';
import { shortLoss } from './health.ts';
import type { RunFacts } from './series.ts';
import { durationOf } from './time.ts';

/** Points whose pace counts; weight of what was before each. */
const POINTS = 200;
const WEIGHT = 0.95;

/**
 * Milliseconds until the last step, by a moving average of the time of a step in the current attempt; null where nothing can
 * be said. `now`: milliseconds since 1970, by the clock of the target.
 */
export function millisecondsLeft(
  series: Pick<RunSeries, 'steps' | 'columns'>,
  facts: Pick<RunFacts, 'from' | 'step' | 'begin'>,
  now: number,
): number | null {
  const maxSteps = facts.begin?.max_steps ?? 0;
  const { steps, columns } = series;
  const time = columns['time'];
  if (maxSteps === 0 || time === undefined) return null;
  // Between two attempts a run may wait for days.
  const begin = Math.max(
    firstNotBelow({ length: steps.length, at: (i) => steps[i] as number }, facts.from + 1),
    steps.length - POINTS - 1,
  );
  const last = steps.length - 1;
  if (last - begin < 1) return null;
  let average = 0;
  let weight = 0;
  for (let i = begin + 1; i <= last; i++) {
    const pace = ((time[i] as number) - (time[i - 1] as number)) / ((steps[i] as number) - (steps[i - 1] as number));
    if (!Number.isFinite(pace) || pace < 0) continue;
    average = average * WEIGHT + pace * (1 - WEIGHT);
    weight = weight * WEIGHT + (1 - WEIGHT);
  }
  if (weight === 0) return null;
  const pace = average / weight;
  const done = Math.max(facts.step, steps[last] as number);
  const left = Math.max(0, maxSteps - done) * pace * 1000;
  // Since the last point the next step is on its way.
  const since = Math.max(0, now - (time[last] as number) * 1000 - (done - (steps[last] as number)) * pace * 1000);
  return Math.max(0, left - Math.min(since, pace * 1000));
}

type Said = Pick<RunHead, 'status' | 'step' | 'maxSteps' | 'left' | 'record' | 'started' | 'ended'>;

const isWhole = ({ step, maxSteps }: Said): boolean => maxSteps !== null && maxSteps > 0 && step >= maxSteps;

const stepOf = ({ step, maxSteps }: Said): string =>
  maxSteps === null || maxSteps === 0 ? `step ${figure(step)}` : `step ${figure(step)} of ${figure(maxSteps)}`;

/** A sentence's words, to stand inside another: without its end, and begun small but for a name. */
export function inside(sentence: string): string {
  const [first = ''] = sentence.split(/(?<=\.)\s+(?=[A-Z0-9])/);
  const plain = first.replace(/\.$/, '');
  return /^[A-Z][a-z]/.test(plain) && !/^(?:Slurm|Python|Metal)\b/.test(plain)
    ? (plain[0]?.toLowerCase() ?? '') + plain.slice(1)
    : plain;
}

/** The state as one sentence without its end: "Running: step 412 of 1,503, 26 minutes left". `now`: milliseconds since 1970. */
export function stateSentence(head: Said, now: number): string {
  const { status, step } = head;
  const place = head.record.target.name === 'local' ? 'this computer' : head.record.target.name;
  switch (status.state) {
    case 'preparing':
      return `Preparing ${place}`;
    case 'queued':
      return status.reason === null ? 'Waiting in the queue' : `Waiting: ${inside(status.reason)}`;
    case 'running':
      if (step === 0) return 'Running: before the first step';
      return `Running: ${stepOf(head)}${head.left === null ? '' : `, ${durationOf(head.left)} left`}`;
    case 'stopping':
      return `Stopping after ${stepOf(head)}`;
    case 'succeeded':
      return `Ended: ${isWhole(head) ? `all ${counted(step, 'step')}` : stepOf(head)}${head.started === null || head.ended === null ? '' : `, in ${durationOf(head.ended - head.started)}`}`;
    case 'stopped':
      return `Stopped at ${stepOf(head)}`;
    case 'failed':
      return `Ended at step ${figure(step)}${status.reason === null ? ' with an error' : `: ${inside(status.reason)}`}`;
    case 'lost':
      return `Ended without a word, last at step ${figure(step)}`;
    case 'unknown':
      return `Not seen for ${durationOf(now - status.seen)}, last at step ${figure(step)}`;
  }
}

/** What a screen reader hears of a run: "Step 412, loss 0.85, 26 minutes left." */
export function spokenSummary(head: Said, loss: number | null, now: number): string {
  if (head.status.state !== 'running' || head.step === 0) return `${stateSentence(head, now)}.`;
  const parts = [
    `Step ${figure(head.step)}`,
    ...(loss === null ? [] : [Number.isNaN(loss) ? 'loss is not a number' : `loss ${shortLoss(loss)}`]),
    ...(head.left === null ? [] : [`${durationOf(head.left)} left`]),
  ];
  return `${parts.join(', ')}.`;
}
