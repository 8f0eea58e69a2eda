import type { RunHead } from '../../../core/run-protocol.ts';
import type { Method } from '../../../core/runs/spec.ts';
import { clock, counted, figure, number } from './format.ts';

const METHODS: Readonly<Record<Method, string>> = {
  full: 'All weights of',
  lora: 'LoRA on',
  qlora: 'QLoRA on',
  dpo: 'DPO on',
  kto: 'KTO on',
};

/** A stretch of time in one unit: "26 minutes", "3 hours", "20 s". Milliseconds. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return counted(minutes, 'minute');
  const hours = minutes / 60;
  if (hours < 10) return `${hours.toFixed(1).replace('.0', '')} hours`;
  return hours < 48 ? counted(Math.round(hours), 'hour') : counted(Math.round(hours / 24), 'day');
}

const stepOf = ({ step, maxSteps }: RunHead): string =>
  maxSteps === null ? `step ${number(step)}` : `step ${number(step)} of ${number(maxSteps)}`;

/** A sentence's words without its full stop, for use inside of another. */
const bare = (sentence: string): string => sentence.replace(/\.$/, '');

/** The largest text of the page. `now`: milliseconds. */
export function headline(head: RunHead, now: number): string {
  const { status, record } = head;
  switch (status.state) {
    case 'preparing':
      return `Preparing ${record.target.name === 'local' ? 'this computer' : record.target.name}`;
    case 'queued':
      return status.reason === null || moreOf(status.reason) === status.reason
        ? 'Waiting in the queue'
        : `Waiting: ${bare(firstSentence(status.reason))}`;
    case 'running':
      if (head.step === 0) return 'Running: before the first step';
      return `Running: ${stepOf(head)}${head.left === null ? '' : `, ${span(head.left)} left`}`;
    case 'stopping':
      return `Stopping after ${stepOf(head)}`;
    case 'succeeded':
      return `Ended: ${head.maxSteps !== null && head.step >= head.maxSteps ? `all ${counted(head.step, 'step')}` : stepOf(head)}${took(head)}`;
    case 'stopped':
      return `Stopped at ${stepOf(head)}`;
    case 'failed':
      return status.reason === null || moreOf(status.reason) === status.reason
        ? `Ended at step ${number(head.step)} with an error`
        : `Ended at step ${number(head.step)}: ${bare(lowerStart(firstSentence(status.reason)))}`;
    case 'lost':
      return `Ended without a word, last at step ${number(head.step)}`;
    case 'unknown':
      return `Not seen for ${span(now - status.seen)}, last at step ${number(head.step)}`;
  }
}

const took = ({ started, ended }: RunHead): string =>
  started === null || ended === null ? '' : `, in ${span(ended - started)}`;

const firstSentence = (text: string): string => text.split(/(?<=[.!?])\s+(?=[A-Z0-9])/)[0] ?? text;

/** UTF-16 units: a longer sentence makes no headline. */
const HEADLINE = 64;

/** What a reason says besides its first sentence, where the headline has that. */
export const moreOf = (reason: string): string => {
  const first = firstSentence(reason);
  return first.length > HEADLINE ? reason : reason.slice(first.length).trim();
};

/** "CUDA" and "GPU" stay; "The" does not. */
const lowerStart = (text: string): string =>
  /^[A-Z][a-z]/.test(text) ? `${(text[0] ?? '').toLowerCase()}${text.slice(1)}` : text;

/** One line of plain figures under the headline. */
export function facts(head: RunHead): readonly string[] {
  const { record, worldSize, deviceName, epoch, epochs, started, ended, left } = head;
  const { target, spec } = record;
  const where = target.name === 'local' ? 'this computer' : target.name;
  const device = deviceName === null ? null : `${worldSize ?? 1} × ${deviceName.replace(/^NVIDIA /, '')}`;
  const times = [
    ...(started === null ? [] : [`started ${clock(started)}`]),
    ...(ended !== null
      ? [`ended ${clock(ended)}`]
      : left !== null && head.lastEvent !== null
        ? [`ends about ${clock(head.lastEvent + left)}`]
        : []),
  ].join(', ');
  return [
    record.name,
    device === null ? where : `${where}, ${device}`,
    `${METHODS[spec.method]} ${spec.model.split('/').at(-1) ?? spec.model}`,
    ...(epoch === null ? [] : [`epoch ${epoch.toFixed(2)}${epochs === null ? '' : ` of ${epochs}`}`]),
    ...(head.attempt > 1 ? [`attempt ${head.attempt}`] : []),
    ...(times === '' ? [] : [times]),
  ];
}

/** "1 s ago", "3 minutes ago". */
export const ago = (ms: number): string => (ms < 1000 ? 'just now' : `${span(ms)} ago`);

/** What a screen reader says of a run that goes on. */
export function spokenState(head: RunHead, loss: number | null): string {
  if (head.status.state !== 'running') return `${headline(head, Date.now())}.`;
  return [
    `Step ${number(head.step)}`,
    ...(loss === null ? [] : [`loss ${figure(loss)}`]),
    ...(head.left === null ? [] : [`${span(head.left)} left`]),
  ]
    .join(', ')
    .concat('.');
}
