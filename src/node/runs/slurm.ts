import { RUN_FILES } from '../../core/runs/folder.ts';
import type { SlurmOptions } from '../../core/runs/target.ts';
import type { SlurmJob } from './observation.ts';
import { quote, secretLines } from './quote.ts';
import { RunnerError } from './runner.ts';
import type { Job, Scheduler, SchedulerContext } from './scheduler.ts';
import { script, setupBlock } from './script.ts';
import jobScript from './scripts/job.sbatch';
import pollScript from './scripts/poll-slurm.sh';
import stopScript from './scripts/stop-slurm.sh';
import submitScript from './scripts/submit.sh';
import submitCommon from './scripts/submit-common.sh';
import { submitError } from './slurm-words.ts';
import { inputOf } from './supervisor.ts';

const SUBMIT = 60_000;
const STOP = 30_000;
/** Administrators do not like those who ask more often. */
const GENTLE = 15_000;
const SIGNAL_BEFORE = 120;

/** `#SBATCH` options of a job, each one argument. Throws `RunnerError` (bad-name) for one that is none. */
export function sbatchOptions(job: Pick<Job, 'nodes' | 'gpus'>, slurm: SlurmOptions): readonly string[] {
  const options = [`--nodes=${job.nodes}`, '--ntasks-per-node=1'];
  const put = (name: string, value: string | number | undefined): void => {
    if (value !== undefined && value !== '') options.push(`--${name}=${value}`);
  };
  if (job.gpus > 0) {
    if (slurm.gres === undefined) put('gpus-per-node', job.gpus);
    else put('gres', /:\d+$/.test(slurm.gres) ? slurm.gres : `${slurm.gres}:${job.gpus}`);
  }
  put('partition', slurm.partition);
  put('account', slurm.account);
  put('qos', slurm.qos);
  put('time', slurm.time);
  put('cpus-per-task', slurm.cpusPerTask);
  put('mem', slurm.mem);
  put('constraint', slurm.constraint);
  if (slurm.requeue !== false) options.push('--requeue', `--signal=B:USR1@${slurm.signalBefore ?? SIGNAL_BEFORE}`);
  else options.push('--no-requeue');
  for (const extra of slurm.extra ?? []) {
    if (!/^--[a-z][a-z-]*(=.*)?$/.test(extra)) {
      throw new RunnerError(
        'bad-name',
        `${JSON.stringify(extra)} is no option of sbatch.`,
        'Write each of extra as --name=value.',
      );
    }
    options.push(extra);
  }
  return options;
}

/** The job's script: torchrun on each node, meeting on the first one. */
export function jobText(job: Job, slurm: SlurmOptions, setup: readonly string[]): string {
  const word = (value: Job['program'][number]): string => quote(typeof value === 'object' ? value.path : String(value));
  return [
    '#!/bin/bash',
    setupBlock(setup).trimEnd(),
    `RUN=${quote(job.folder)}`,
    `python=${quote(job.python)}`,
    `program=(${job.program.map(word).join(' ')})`,
    `signal_before=${Math.max(1, Math.floor(slurm.signalBefore ?? SIGNAL_BEFORE))}`,
    `requeue=${slurm.requeue === false ? 0 : 1}`,
    jobScript,
  ]
    .filter((line) => line !== '')
    .join('\n');
}

/** Slurm on the target, reached by its own programs. */
export function slurm({ transport, target, slurmPause = GENTLE }: SchedulerContext): Scheduler {
  const options = target.slurm ?? {};
  /** What squeue said last, for all runs. */
  let jobs = new Map<string, SlurmJob>();
  let silent: string | null = null;
  let asked = Number.NEGATIVE_INFINITY;
  /** Of jobs that are not in the queue any more. */
  const over = new Map<string, SlurmJob>();

  return {
    files: (job) => [{ name: RUN_FILES.job, text: jobText(job, options, target.setup), program: true }],

    async submit(job, signal) {
      const secrets = secretLines(job.secrets);
      const { code, err } = await transport.run(
        script(
          submitCommon + submitScript,
          { RUN: { path: job.folder }, NAME: job.name, RESUME: job.resume, SECRETS: secrets !== '' },
          sbatchOptions(job, options),
          target.setup,
        ),
        { timeout: SUBMIT, signal, ...inputOf(secrets) },
      );
      if (code !== 0) throw submitError(err);
      // The new job is in no list that is older than it.
      asked = Number.NEGATIVE_INFINITY;
    },

    question() {
      if (performance.now() - asked < slurmPause) return { script: '', setup: [] };
      asked = performance.now();
      return { script: pollScript, setup: target.setup };
    },

    answered(id, lines) {
      const squeue = lines.get('squeue')?.[0];
      const now = Number(lines.get('now')?.[0] ?? 0);
      if (squeue === '0') {
        jobs = new Map((lines.get('queue') ?? []).flatMap((line) => queueLine(line, now)));
        silent = null;
      } else if (squeue !== undefined) {
        silent = lines.get('queue')?.[0] || 'squeue does not answer';
      }
      // A job that was submitted since is in no list yet.
      if (squeue === '0' && !jobs.has(id) && lines.get('asked')?.[0] === id) {
        over.set(
          id,
          endOf(id, lines, now) ?? over.get(id) ?? { id, state: '', reason: '', start: '', exit: '', at: now },
        );
      }
      if (silent !== null) return { job: null, silent };
      const job = jobs.get(id) ?? over.get(id) ?? null;
      // Submitted after the list was made, or not looked for by its id yet: the next look asks.
      if (job === null) asked = Number.NEGATIVE_INFINITY;
      return { job, silent: null };
    },

    async stop(folder, mode) {
      asked = Number.NEGATIVE_INFINITY;
      const text = script(stopScript, { RUN: { path: folder }, MODE: mode }, [], target.setup);
      const { code, err } = await transport.run(text, { timeout: STOP });
      if (code === 0) return;
      throw new RunnerError(
        'slurm',
        `Slurm does not stop the run: ${err.trim().slice(0, 300).replace(/\.?$/, '.')}`,
        'Try again later.',
      );
    },
  };
}

/** `%i|%j|%T|%r|%S|%N` */
function queueLine(line: string, at: number): [string, SlurmJob][] {
  const [id = '', , state = '', reason = '', start = ''] = line.split('|');
  return /^\d/.test(id) ? [[id, { id, state, reason, start, exit: '', at }]] : [];
}

function endOf(id: string, lines: ReadonlyMap<string, readonly string[]>, at: number): SlurmJob | null {
  const control = lines.get('scontrol')?.[0];
  if (control) {
    const field = (name: string): string => new RegExp(`(?:^| )${name}=(\\S*)`).exec(control)?.[1] ?? '';
    return { id, state: field('JobState'), reason: field('Reason'), start: '', exit: field('ExitCode'), at };
  }
  const account = lines.get('sacct')?.[0];
  if (account) {
    const [state = '', exit = '', reason = ''] = account.split('|');
    return { id, state, reason, start: '', exit, at };
  }
  return null;
}
