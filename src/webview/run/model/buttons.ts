import type { RunCommand, RunHead } from '../../../core/run-protocol.ts';
import { halvedBatch } from '../../../core/runs/defaults.ts';
import { isOver } from '../../../core/runs/state.ts';
import { isImported } from './words.ts';

export interface RunButton {
  readonly command: RunCommand;
  readonly label: string;
  readonly primary?: boolean;
}

export interface RunButtons {
  /** In sight. */
  readonly shown: readonly RunButton[];
  /** In the menu. */
  readonly more: readonly RunButton[];
}

const FOLDER: RunButton = { command: 'open-folder', label: 'Open folder' };
const OPEN: readonly RunButton[] = [
  { command: 'open-log', label: 'Open log' },
  { command: 'open-spec', label: 'Open spec' },
  FOLDER,
];
const AGAIN: RunButton = { command: 'start-again', label: 'Start again' };
const COMPARE: RunButton = { command: 'compare-now', label: 'Compare answers' };
const NEW: RunButton = { command: 'new-run', label: 'New run' };

/** What can be done with a run in its state. */
export function buttonsOf(head: RunHead): RunButtons {
  if (isImported(head)) return { shown: [], more: [FOLDER, NEW] };
  const { status, checkpoints, compared, record } = head;
  const resume: readonly RunButton[] = checkpoints.length > 0 ? [{ command: 'resume', label: 'Resume' }] : [];
  const fetch: readonly RunButton[] =
    record.target.ssh !== null && checkpoints.length > 0 ? [{ command: 'fetch', label: 'Fetch checkpoint' }] : [];
  const compare = compared || checkpoints.length === 0 ? [] : [COMPARE];
  const ended = isOver(status.state) ? [...fetch, NEW] : [];
  const more = (...first: readonly RunButton[]): readonly RunButton[] => [...first, ...OPEN, ...ended];
  switch (status.state) {
    case 'preparing':
      return { shown: [{ command: 'cancel', label: 'Cancel' }], more: OPEN };
    case 'queued':
      return { shown: [{ command: 'cancel', label: 'Cancel run' }], more: OPEN };
    case 'running':
      return {
        shown: [{ command: 'stop', label: 'Stop and keep checkpoint' }],
        more: more({ command: 'kill', label: 'Stop at once' }),
      };
    case 'stopping':
      return { shown: [{ command: 'kill', label: 'Stop at once' }], more: OPEN };
    case 'unknown':
      return {
        shown: [{ command: 'retry-now', label: 'Try now', primary: true }],
        more: more({ command: 'stop', label: 'Stop and keep checkpoint' }),
      };
    case 'failed':
      return {
        shown: [{ ...again(head), primary: true }, ...resume, { command: 'open-log', label: 'Open log' }],
        more: [...OPEN.slice(1), ...ended],
      };
    case 'lost':
      return {
        shown: [...resume.map((one) => ({ ...one, primary: true })), AGAIN, { command: 'open-log', label: 'Open log' }],
        more: [...OPEN.slice(1), ...ended],
      };
    case 'stopped':
      return { shown: [...resume.map((one) => ({ ...one, primary: true })), AGAIN], more: more(...compare) };
    case 'succeeded':
      return { shown: [...compare, AGAIN], more: more() };
  }
}

/** After an out of memory the host halves the batch: the button says so. */
function again({ status: { error }, record, worldSize }: RunHead): RunButton {
  const halved =
    error !== null && /OutOfMemory/i.test(error.type) ? halvedBatch(record.spec.args, worldSize ?? 1) : null;
  return halved === null ? AGAIN : { ...AGAIN, label: `Start again with batch ${halved.perDevice}` };
}

/** The picture of a state, with the tone of its meaning. */
export const STATE_ICONS: Readonly<Record<RunHead['status']['state'], readonly [icon: string, tone: string]>> = {
  preparing: ['loading', 'spin'],
  queued: ['clockface', ''],
  running: ['play-circle', 'live'],
  stopping: ['loading', 'spin'],
  succeeded: ['pass', 'live'],
  failed: ['error', 'ic-error'],
  stopped: ['stop-circle', ''],
  lost: ['question', 'ic-warn'],
  unknown: ['question', 'ic-warn'],
};
