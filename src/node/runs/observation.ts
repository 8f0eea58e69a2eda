import type { ErrorEvent, RunEvent } from '../../core/runs/events.ts';

/** What one look at a run's folder, and at Slurm, showed. */
export interface Observation {
  /** `job`: Slurm has it; `staged`: nothing was begun; `away`: not even the folder of all runs is there. */
  readonly place: 'gone' | 'away' | 'staged' | 'running' | 'exited' | 'lost' | 'rebooted' | 'job';
  /** Seconds since 1970 by the clock of the target. */
  readonly now: number;
  readonly exit: { readonly code: number; readonly term: boolean; readonly killed: boolean } | null;
  /** Who asked it to stop: the files `stop` and `killed` say it. */
  readonly stop: 'checkpoint' | 'kill' | 'time' | null;
  /** The last beginning, end or error of the trainer. */
  readonly last: RunEvent | null;
  readonly error: Pick<ErrorEvent, 'type' | 'message' | 'rank'> | null;
  /** Seconds since 1970 of the begin of the attempt that runs; null: none does. */
  readonly began: number | null;
  readonly slurm: SlurmAnswer | null;
}

export interface SlurmAnswer {
  /** Null: Slurm was not asked, or does not answer. */
  readonly job: SlurmJob | null;
  /** What it says in place of an answer. */
  readonly silent: string | null;
}

export interface SlurmJob {
  readonly id: string;
  /** Slurm's word: PENDING, RUNNING, COMPLETED, ...; empty: it knows no such job any more. */
  readonly state: string;
  /** Slurm's word: Resources, Priority, ... */
  readonly reason: string;
  /** When it is expected to start, as Slurm writes it; empty: not known. */
  readonly start: string;
  /** `code:signal`; empty while it runs. */
  readonly exit: string;
  /** Seconds since 1970, clock of the target, at which this was true. */
  readonly at: number;
}
