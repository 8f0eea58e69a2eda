import type { Target } from '../../core/runs/target.ts';
import type { Observation } from './observation.ts';
import type { Value } from './script.ts';
import { slurm } from './slurm.ts';
import { supervisor } from './supervisor.ts';
import type { Transport } from './transport.ts';

/** Something that runs in a folder of its own: a training, or a comparison. */
export interface Job {
  /** Absolute path on the target. */
  readonly folder: string;
  /** `sl-` and the id of the run. */
  readonly name: string;
  readonly python: string;
  /** The program and its arguments, without the interpreter. */
  readonly program: readonly Value[];
  readonly nodes: number;
  /** Processes on each node; 0: one process on the processor. */
  readonly gpus: number;
  /** GPUs that it is to see, where not all; null: as it is. */
  readonly visible: string | null;
  /** May follow an attempt that is over. */
  readonly resume: boolean;
  readonly secrets: Readonly<Record<string, string>>;
}

/** How jobs are begun on a target, followed and ended. */
export interface Scheduler {
  /** What the folder needs besides the job's own files. */
  files(job: Job): readonly { readonly name: string; readonly text: string; readonly program?: boolean }[];
  /** Begins it, unless it goes on already. */
  submit(job: Job, signal?: AbortSignal): Promise<void>;
  /** What the script that polls asks before it looks into the folder; empty: nothing. */
  question(): { readonly script: string; readonly setup: readonly string[] };
  /** Takes up the answer to the question, and adds what was answered before where nothing was asked. */
  answered(id: string, lines: ReadonlyMap<string, readonly string[]>): Observation['slurm'];
  stop(folder: string, mode: 'checkpoint' | 'kill'): Promise<void>;
}

export interface SchedulerContext {
  readonly transport: Transport;
  readonly target: Target;
  /** Milliseconds between two questions to Slurm, for all runs of the target together. Default: 15 s. */
  readonly slurmPause?: number | undefined;
}

type Kind = 'supervisor' | 'slurm';

const SCHEDULERS: Readonly<Record<Kind, (context: SchedulerContext) => Scheduler>> = { supervisor, slurm };

export const schedulerOf = (context: SchedulerContext): Scheduler =>
  SCHEDULERS[context.target.slurm === null ? 'supervisor' : 'slurm'](context);
