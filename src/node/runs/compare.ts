import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { RUN_FILES, type RunRecord } from '../../core/runs/folder.ts';
import { isOver } from '../../core/runs/state.ts';
import type { Target } from '../../core/runs/target.ts';
import type { RunnerOptions } from './create-runner.ts';
import { prepareEnvironment } from './environment.ts';
import { lookAt } from './facts.ts';
import { chooseGpus, slurmGpus } from './gpus.ts';
import type { createPoller } from './poll.ts';
import { cancelled } from './process.ts';
import { type CompareRequest, RunnerError, START } from './runner.ts';
import type { Job, Scheduler } from './scheduler.ts';
import { upload } from './staging.ts';
import type { Transport } from './transport.ts';

/** Milliseconds between two looks. */
const PAUSE = 1_000;
const SLURM_PAUSE = 15_000;

interface Context {
  readonly transport: Transport;
  readonly target: Target;
  readonly scheduler: Scheduler;
  readonly poller: ReturnType<typeof createPoller>;
}

/**
 * Runs train.py --compare as a job of its own in a folder inside the run's: it goes on without a connection, and the
 * queue of a cluster holds for it too. An abort ends it there.
 */
export async function compare(
  { transport, target, scheduler, poller }: Context,
  record: RunRecord,
  folder: string,
  request: CompareRequest,
  options: Pick<RunnerOptions, 'requirements'>,
  signal?: AbortSignal,
): Promise<void> {
  const facts = await lookAt(transport, target, { slurm: target.slurm !== null, signal });
  const requirements = await readFile(options.requirements, 'utf8');
  const { python } = await prepareEnvironment(transport, target, facts, requirements, () => undefined, signal);
  const run = folder.startsWith('~/') ? `${facts.workdir}/runs/${record.id}` : folder;
  const all =
    target.slurm === null ? chooseGpus('auto', facts, transport.where).gpus : slurmGpus('auto', target, facts);
  const job: Job = {
    folder: `${run}/comparing`,
    name: `sl-${record.id}-compare`,
    python,
    program: [`${run}/${RUN_FILES.trainer}`, run, '--compare', JSON.stringify(request)],
    nodes: 1,
    gpus: Math.min(1, all),
    visible: null,
    resume: true,
    secrets: {},
  };
  const files = scheduler
    .files(job)
    .map(({ name, text, program }) => ({ name, from: { text }, program: program ?? false }));
  await upload(transport, job.folder, files, () => undefined, signal);
  await scheduler.submit(job);
  const look = { id: job.name, created: Date.now(), spec: null };
  for (;;) {
    const { status } = await poller(look, job.folder, { ...START, log: 0 });
    // It says nothing of its own end but the exit code.
    if (isOver(status.state)) {
      if (status.code === 0 || status.state === 'succeeded') return;
      throw new RunnerError(
        'submit',
        `The comparison did not end well: ${status.reason ?? 'there is no reason'}`,
        `${job.folder}/${RUN_FILES.log} may say why.`,
      );
    }
    await sleep(target.slurm === null ? PAUSE : SLURM_PAUSE, undefined, signal ? { signal } : {}).catch(
      () => undefined,
    );
    if (signal?.aborted) {
      await scheduler.stop(job.folder, 'kill');
      throw cancelled();
    }
  }
}
