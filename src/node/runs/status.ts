import { plainStatus, type RunState, type RunStatus } from '../../core/runs/state.ts';
import type { Observation, SlurmJob } from './observation.ts';
import { queueReason, startSentence } from './slurm-words.ts';

export interface StatusContext {
  /** As sentences name the target. */
  readonly where: string;
  /** Milliseconds since 1970. */
  readonly seen: number;
  /** Milliseconds since 1970 at which the run was made. */
  readonly created: number;
  /** The state that was known before. */
  readonly last: RunState | null;
}

type Said = Partial<RunStatus> & { readonly state: RunState };

const RESUME = 'Resume goes on from the last checkpoint.';
/** Milliseconds within which a folder without a process may still be getting one. */
const YOUNG = 3600_000;

/** The state of a run, with a sentence and a remedy, from what a look at it showed. */
export function statusOf(seen: Observation, context: StatusContext): RunStatus {
  const { state, ...known } = said(seen, context);
  return { ...plainStatus(state, context.seen), code: seen.exit?.code ?? null, ...known };
}

function said(seen: Observation, context: StatusContext): Said {
  const { where } = context;
  switch (seen.place) {
    case 'away':
      return unknown(context, `The folder of runs on ${where} cannot be reached.`, 'Look whether its disk is mounted.');
    case 'gone':
      return { state: 'lost', reason: `The folder of the run is gone from ${where}.`, remedy: 'Start it again.' };
    case 'staged':
      return context.seen - context.created < YOUNG
        ? { state: 'preparing', reason: 'It is not started yet.' }
        : { state: 'lost', reason: 'It was never started.', remedy: 'Start it again.' };
    case 'running':
      return { state: asked(seen) ? 'stopping' : 'running' };
    case 'exited':
      return ending(seen);
    case 'rebooted':
      return byItsWord(seen) ?? { state: 'lost', reason: `${where} was started anew while it ran.`, remedy: RESUME };
    case 'lost':
      return (
        byItsWord(seen) ?? {
          state: 'lost',
          reason: 'Its process was ended from outside, often because memory ran out.',
          remedy: RESUME,
        }
      );
    case 'job':
      return ofJob(seen, context);
  }
}

const asked = (seen: Observation): boolean => seen.stop === 'checkpoint' || seen.stop === 'kill';

const unknown = ({ last }: StatusContext, reason: string, remedy: string | null): Said => ({
  state: 'unknown',
  last,
  reason,
  remedy,
});

/** What the trainer said at its end counts more than any exit code: torchrun returns what it likes. */
function byItsWord(seen: Observation): Said | null {
  if (seen.last?.event !== 'train_end') return null;
  if (seen.last.status === 'done') return { state: 'succeeded' };
  return {
    state: 'stopped',
    reason:
      seen.stop === 'time' ? 'The time limit came: it stopped with a checkpoint.' : 'It stopped with a checkpoint.',
    remedy: RESUME,
  };
}

function ending(seen: Observation): Said {
  const word = byItsWord(seen);
  if (word) return word;
  const { exit, error } = seen;
  if (exit?.killed || (asked(seen) && exit?.code !== 0))
    return { state: 'stopped', reason: 'You ended it at once.', remedy: RESUME };
  if (error)
    return {
      state: 'failed',
      error,
      reason: `It ended with ${error.type}: ${error.message.split('\n')[0] ?? ''}`,
      remedy: 'The log has all of it.',
    };
  if (exit?.term) return { state: 'stopped', reason: 'It was asked to end from outside.', remedy: RESUME };
  if (exit?.code === 137)
    return {
      state: 'failed',
      reason: 'The system ended it, most likely because memory ran out.',
      remedy: 'Halve the batch, or use a machine with more memory.',
    };
  if (exit?.code === 139)
    return {
      state: 'failed',
      reason: 'Python crashed (segmentation fault).',
      remedy: 'The log may say where. A broken package or driver is the usual cause.',
    };
  if (exit?.code === 0)
    return { state: 'failed', reason: 'It ended before training was done.', remedy: 'The log may say why.' };
  return { state: 'failed', reason: `It ended with exit code ${exit?.code ?? '?'}.`, remedy: 'The log may say why.' };
}

function ofJob(seen: Observation, context: StatusContext): Said {
  const job = seen.slurm?.job;
  if (!job) {
    const words = seen.slurm?.silent;
    return unknown(
      context,
      words ? `Slurm on ${context.where} does not answer.` : `Slurm on ${context.where} was not asked yet.`,
      words ? 'The run goes on without it.' : null,
    );
  }
  // It began after Slurm was asked.
  if (seen.began !== null && seen.began > job.at) return { state: asked(seen) ? 'stopping' : 'running' };
  const state = /^[A-Z_]*/.exec(job.state)?.[0] ?? '';
  if (asked(seen) && ALIVE.has(state)) return { state: 'stopping' };
  switch (state) {
    case 'PENDING':
    case 'REQUEUED':
    case 'REQUEUE_HOLD':
    case 'SPECIAL_EXIT':
      return {
        state: 'queued',
        reason: [queueReason(job.reason), startSentence(job.start)].filter(Boolean).join(' ') || null,
      };
    case 'CONFIGURING':
      return { state: 'queued', reason: 'Its nodes are being made ready.' };
    case 'SUSPENDED':
    case 'STOPPED':
      return { state: 'running', reason: 'Slurm has suspended it.' };
    case 'RUNNING':
    case 'COMPLETING':
    case 'SIGNALING':
    case 'STAGE_OUT':
    case 'RESIZING':
      return { state: 'running' };
    default:
      return ofEndedJob(seen, job, state);
  }
}

const ALIVE = new Set(['RUNNING', 'COMPLETING', 'SIGNALING', 'STAGE_OUT', 'SUSPENDED', 'STOPPED', 'RESIZING']);

/** A job that Slurm ended before its script could say how. */
function ofEndedJob(seen: Observation, job: SlurmJob, state: string): Said {
  const word = byItsWord(seen);
  if (word) return word;
  if (job.exit === '0:53') {
    return {
      state: 'failed',
      reason: 'The compute node does not see the folder of the run.',
      remedy: 'Set workdir to a folder that all nodes share.',
    };
  }
  switch (state) {
    case 'CANCELLED':
      return {
        state: 'stopped',
        reason: asked(seen) ? 'You ended it at once.' : 'It was canceled in Slurm.',
        remedy: RESUME,
      };
    case 'TIMEOUT':
    case 'DEADLINE':
      return {
        state: 'failed',
        reason: 'Its time limit ended it.',
        remedy: `Set time of the target to more. ${RESUME}`,
      };
    case 'OUT_OF_MEMORY':
      return {
        state: 'failed',
        reason: 'Slurm ended it: it took more memory than it had asked for.',
        remedy: 'Set mem of the target to more.',
      };
    case 'PREEMPTED':
      return { state: 'stopped', reason: 'Slurm gave its nodes to another job.', remedy: RESUME };
    case 'NODE_FAIL':
    case 'BOOT_FAIL':
      return { state: 'lost', reason: 'A node of it failed.', remedy: RESUME };
    case '':
      return { state: 'lost', reason: 'Slurm does not know its job any more.', remedy: RESUME };
    default: {
      const { error } = seen;
      if (error)
        return {
          state: 'failed',
          error,
          reason: `It ended with ${error.type}: ${error.message.split('\n')[0] ?? ''}`,
          remedy: 'The log has all of it.',
        };
      return {
        state: 'failed',
        reason: `Slurm says ${state.toLowerCase().replaceAll('_', ' ')}${job.exit === '' ? '' : `, exit code ${job.exit}`}.`,
        remedy: 'The log may say why.',
      };
    }
  }
}
