import { readFile } from 'node:fs/promises';
import { withAccumulation } from '../../core/runs/defaults.ts';
import { RUN_FILES, type RunRecord, type TrainerSpec } from '../../core/runs/folder.ts';
import type { Target } from '../../core/runs/target.ts';
import { compare } from './compare.ts';
import { prepareEnvironment } from './environment.ts';
import { type Facts, lookAt } from './facts.ts';
import { fetchFiles, listRuns, readRunFile, removeRun } from './files.ts';
import { chooseGpus, slurmGpus } from './gpus.ts';
import { createPoller } from './poll.ts';
import { probe } from './probe.ts';
import { cancelled } from './process.ts';
import { checkFolder, checkRunId } from './quote.ts';
import { type Runner, RunnerError, START, type StartRequest } from './runner.ts';
import { type Job, schedulerOf } from './scheduler.ts';
import type { SshOptions } from './ssh-transport.ts';
import { type Staged, stage, stagedFiles } from './staging.ts';
import { createSteps } from './steps.ts';
import { sizeOf } from './tar.ts';
import { transportTo } from './transports.ts';

export interface RunnerOptions {
  /** train.py on this machine. */
  readonly trainer: string;
  /** Its requirements file on this machine. */
  readonly requirements: string;
  readonly ssh?: SshOptions;
  /** Milliseconds between two questions to Slurm, for all runs of the target together. Default: 15 s. */
  readonly slurmPause?: number;
}

export const STEPS = {
  facts: 'Python and GPU found',
  environment: 'Installing packages',
  data: 'Copying data',
  start: 'Starting',
} as const;

const MB = 1e6;
/** Bytes that must stay free besides what is copied. */
const SPARE = 64 * MB;

/** Absolute path of the folder of a run on a target whose work folder is known, or below its `~/`. */
export const runFolder = (target: Target, id: string): string =>
  `${checkFolder(target.workdir).replace(/\/+$/, '')}/runs/${checkRunId(id)}`;

/** Runs on one target: a way to reach it and a way to begin things there. */
export function createRunner(target: Target, options: RunnerOptions): Runner {
  const transport = transportTo(target, options.ssh ?? {});
  const scheduler = schedulerOf({ transport, target, slurmPause: options.slurmPause });
  const poller = createPoller(transport, scheduler);
  checkFolder(target.workdir);

  /** A record may come from a file that somebody else wrote. */
  const folderOf = (record: RunRecord): string => {
    checkRunId(record.id);
    const folder = checkFolder(record.folder);
    if (folder.endsWith(`/${record.id}`)) return folder;
    throw new RunnerError(
      'bad-name',
      `${folder} is not the folder of run ${record.id}.`,
      'Open the run from its list.',
    );
  };

  async function start(
    request: StartRequest,
    onSteps: Parameters<Runner['start']>[1],
    signal?: AbortSignal,
  ): Promise<void> {
    const { record, trainer } = request;
    const spec = record.spec;
    const steps = createSteps(Object.values(STEPS), onSteps);
    if (spec.nodes > 1 && target.slurm === null) {
      throw new RunnerError(
        'submit',
        `The run asks for ${spec.nodes} nodes, but ${transport.where} has no Slurm.`,
        'Set nodes to 1, or choose a target with Slurm.',
      );
    }
    const staged: Staged = await stagedFiles(request.staging);
    const size = await sizeOfAll(staged);
    const facts = await steps.run(
      STEPS.facts,
      async () => {
        const found = await lookAt(transport, target, { slurm: target.slurm !== null, signal });
        checkDisk(found, size);
        return found;
      },
      describe,
    );
    // The files of a run that goes on stay as they are.
    if (request.resume && (await goesOn(record))) {
      for (const title of [STEPS.environment, STEPS.data, STEPS.start]) await steps.run(title, async () => undefined);
      return;
    }
    const { gpus, visible } =
      target.slurm === null
        ? chooseGpus(spec.gpus, facts, transport.where)
        : { gpus: slurmGpus(spec.gpus, target, facts), visible: null };
    const environment = await steps.run(
      STEPS.environment,
      async (tell) =>
        prepareEnvironment(transport, target, facts, await readFile(options.requirements, 'utf8'), tell, signal),
      ({ versions }) =>
        ['torch', 'trl'].flatMap((name) => (versions[name] ? `${name} ${versions[name]}` : [])).join(', '),
    );
    // The folder may begin with ~/ in the record; there it is absolute.
    const folder = absolute(folderOf(record), facts);
    const job: Job = {
      folder,
      name: `sl-${record.id}`,
      python: environment.python,
      program: [RUN_FILES.trainer, folder, '--resume'],
      nodes: spec.nodes,
      gpus,
      visible,
      resume: request.resume,
      secrets: request.secrets,
    };
    await steps.run(
      STEPS.data,
      async (tell) => {
        const own = [
          { name: RUN_FILES.record, from: { text: `${JSON.stringify({ ...record, folder }, null, 2)}\n` } },
          { name: RUN_FILES.spec, from: { text: `${JSON.stringify(withRanks(trainer, record, gpus), null, 2)}\n` } },
          { name: RUN_FILES.trainer, from: { path: options.trainer } },
          ...scheduler
            .files(job)
            .map(({ name, text, program }) => ({ name, from: { text }, program: program ?? false })),
        ];
        const names = new Set(own.map(({ name }) => name));
        const files = [...staged.files.filter(({ name }) => !names.has(name)), ...own];
        await stage(
          transport,
          folder,
          `${facts.workdir}/data`,
          { files, data: staged.data },
          (sent, total) => tell(progress(sent, total)),
          signal,
        );
      },
      () => `${Math.max(1, Math.round(size / MB))} MB`,
    );
    await steps.run(STEPS.start, async () => {
      if (signal?.aborted) throw cancelled();
      // From here on it counts: an abort would leave it open whether something runs.
      await scheduler.submit(job);
    });
  }

  async function goesOn(record: RunRecord): Promise<boolean> {
    const { status } = await poller(record, folderOf(record), START);
    return status.state === 'running' || status.state === 'stopping' || status.state === 'queued';
  }

  function checkDisk(facts: Facts, size: number): void {
    if (facts.workdir === null) {
      throw new RunnerError(
        'disk',
        `${target.workdir} cannot be written on ${transport.where}.`,
        'Set workdir of the target to another folder.',
      );
    }
    if (facts.diskFree !== null && facts.diskFree < size + SPARE) {
      throw new RunnerError(
        'disk',
        `${Math.floor(facts.diskFree / MB)} MB are free in ${facts.workdir}. The data alone needs ${Math.ceil((size + SPARE) / MB)} MB.`,
        'Delete old runs there, or set workdir to a bigger disk.',
      );
    }
  }

  return {
    target,
    probe: (signal) => probe(transport, target, signal),
    start,
    poll: async (record, cursor) => poller(record, folderOf(record), cursor),
    async stop(record, mode) {
      await scheduler.stop(folderOf(record), mode);
    },
    async compare(record, request, signal) {
      await compare({ transport, target, scheduler, poller }, record, folderOf(record), request, options, signal);
    },
    read: async (record, path) => readRunFile(transport, folderOf(record), path),
    fetch: async (record, what, to) => fetchFiles(transport, folderOf(record), what, to),
    list: () => listRuns(transport, target),
    remove: async (record) => removeRun(transport, target, folderOf(record)),
    // Shared connections end by themselves: other windows may use them.
    dispose: () => undefined,
  };
}

export function absolute(folder: string, facts: Facts): string {
  if (!folder.startsWith('~/')) return folder;
  // The work folder is the only one below the home whose absolute path is known.
  return `${facts.workdir}/runs/${folder.split('/').at(-1)}`;
}

/** Where the target decides how many ranks there are, the effective batch follows from them only now. */
function withRanks(trainer: TrainerSpec, { spec }: RunRecord, gpus: number): TrainerSpec {
  if (trainer.worldSize !== null) return trainer;
  const worldSize = spec.nodes * Math.max(1, gpus);
  return { ...trainer, worldSize, args: withAccumulation(spec.args, worldSize) };
}

async function sizeOfAll({ files, data }: Staged): Promise<number> {
  const sizes = await Promise.all([
    ...files.map(sizeOf),
    ...data.map((file) => sizeOf({ name: file.name, from: { path: file.path } })),
  ]);
  return sizes.reduce((sum, size) => sum + size, 0);
}

const progress = (sent: number, total: number): string =>
  total < 2 * MB ? '' : `${Math.round(sent / MB)} of ${Math.round(total / MB)} MB`;

/** "3.12, 1 × H200" */
function describe(facts: Facts): string {
  const python = facts.pythons[0]?.version.split('.').slice(0, 2).join('.');
  const kinds = new Map<string, number>();
  for (const { name } of facts.gpus) {
    const short = name.replace(/^NVIDIA /, '');
    kinds.set(short, (kinds.get(short) ?? 0) + 1);
  }
  const gpus = [...kinds].map(([name, count]) => `${count} × ${name}`);
  const slurm = facts.slurm ? [`Slurm ${facts.slurm.version}`] : [];
  return [...(python ? [python] : []), ...slurm, ...(gpus.length > 0 ? gpus : facts.slurm ? [] : ['no GPU'])].join(
    ', ',
  );
}
