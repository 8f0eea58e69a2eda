import { withEnding } from '../../core/runs/endings.ts';
import type { RunRecord } from '../../core/runs/folder.ts';
import type { RunState, RunStatus } from '../../core/runs/state.ts';
import { endingFacts, readAnswer, readObservation, readPart } from './read-answer.ts';
import { type Cursor, type Poll, RunnerError } from './runner.ts';
import type { Scheduler } from './scheduler.ts';
import { script } from './script.ts';
import pollScript from './scripts/poll.sh';
import pollBegin from './scripts/poll-begin.sh';
import { statusOf } from './status.ts';
import type { Transport } from './transport.ts';

/** Milliseconds; squeue and its fallbacks may take 8 s each on a controller that hangs. */
const TIMEOUT = 40_000;
/** Bytes of metrics that come at once, and the most where one line is longer. */
const METRICS = 256 * 1024;
const MOST = 64 * 1024 * 1024;
const LOG = 64 * 1024;
/** Milliseconds to the next try where a target does not answer. */
const FIRST_TRY = 5_000;
const LAST_TRY = 300_000;

interface Followed extends Pick<RunRecord, 'id' | 'created'> {
  readonly spec: RunRecord['spec'] | null;
}

/** Looks at runs of one target. Keeps only what makes its answers better: the last state, and how often it was silent. */
export function createPoller(transport: Transport, scheduler: Scheduler) {
  const states = new Map<string, RunState>();
  const answers = new Map<string, number>();
  const silences = new Map<string, number>();

  async function look(folder: string, cursor: Cursor, most: number) {
    const { script: question, setup } = scheduler.question();
    const text = script(
      `${pollBegin}\n${question}\n${pollScript}`,
      { RUN: { path: folder }, METRICS: cursor.metrics, LOG: cursor.log, MAX_METRICS: most, MAX_LOG: LOG },
      [],
      setup,
    );
    const { out } = await transport.run(text, { timeout: TIMEOUT });
    const lines = readAnswer(out);
    const id = /"id":"([^"]*)"/.exec(lines.get('job')?.[0] ?? '')?.[1] ?? '';
    return { lines, observation: readObservation(lines, scheduler.answered(id, lines)) };
  }

  return async function poll(record: Followed, folder: string, cursor: Cursor): Promise<Poll> {
    try {
      for (let most = METRICS; ; most *= 4) {
        const { lines, observation } = await look(folder, cursor, most);
        const metrics = readPart(lines, 'metrics');
        const end = metrics.bytes.lastIndexOf(10) + 1;
        // One line is longer than what came.
        if (end === 0 && metrics.bytes.length >= most && most < MOST) continue;
        const log = readPart(lines, 'log');
        const logEnd = wholeCharacters(log.bytes);
        const status = withEnding(
          statusOf(observation, {
            where: transport.where,
            seen: Date.now(),
            created: record.created,
            last: states.get(record.id) ?? null,
          }),
          { ...endingFacts(lines), spec: record.spec },
        );
        if (status.state !== 'unknown') states.set(record.id, status.state);
        silences.delete(record.id);
        answers.set(record.id, status.seen);
        return {
          status,
          metrics: metrics.bytes.subarray(0, end).toString('utf8'),
          log: log.bytes.subarray(0, logEnd).toString('utf8'),
          cursor: { metrics: metrics.from + end, log: log.from + logEnd },
          truncated: lines.has('truncated'),
          more: end > 0 && metrics.from + metrics.bytes.length < metrics.size,
        };
      }
    } catch (error) {
      if (!(error instanceof RunnerError) || error.code === 'bad-name' || error.code === 'unsupported') throw error;
      return { status: silent(record, error), metrics: '', log: '', cursor, truncated: false, more: false };
    }
  };

  /** A target that does not answer says nothing of the run. */
  function silent({ id, created }: Followed, error: RunnerError): RunStatus {
    const times = silences.get(id) ?? 0;
    silences.set(id, times + 1);
    return {
      state: 'unknown',
      seen: answers.get(id) ?? created,
      last: states.get(id) ?? null,
      reason: error.message,
      remedy: error.remedy,
      code: null,
      error: null,
      nextTry: Date.now() + Math.min(LAST_TRY, FIRST_TRY * 2 ** times),
      steps: [],
    };
  }
}

/** Bytes up to the last whole character of UTF-8: the rest of a torn one comes with the next look. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needed > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
