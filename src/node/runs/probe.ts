import type { Target } from '../../core/runs/target.ts';
import { usablePython } from './environment.ts';
import { lookAt } from './facts.ts';
import { type Probe, RunnerError } from './runner.ts';
import type { Transport } from './transport.ts';

const GIB = 1024 ** 3;
/** An environment with torch takes about this much. */
const ENOUGH = 8 * GIB;

export async function probe(transport: Transport, target: Target, signal?: AbortSignal): Promise<Probe> {
  try {
    const facts = await lookAt(transport, target, { slurm: true, signal });
    const python = usablePython(target, facts);
    const problems: string[] = [];
    if (facts.workdir === null)
      problems.push(`${target.workdir} cannot be written on ${transport.where}. Set workdir to another folder.`);
    else if (facts.diskFree !== null && facts.diskFree < ENOUGH) {
      problems.push(
        `${(facts.diskFree / GIB).toFixed(1)} GiB are free in ${target.workdir}. Packages and checkpoints need more: delete old runs, or set workdir to a bigger disk.`,
      );
    }
    if (python instanceof RunnerError) problems.push(`${python.message} ${python.remedy}`);
    if (facts.gpuProblem !== null)
      problems.push(
        `nvidia-smi fails: ${facts.gpuProblem.replace(/\.?$/, '.')} Reboot the machine, or install its driver again.`,
      );
    if (facts.killsProcesses && target.slurm === null) {
      problems.push(
        `${transport.where} ends all your processes when you log out (KillUserProcesses). Ask its administrator for an exception, or use Slurm.`,
      );
    }
    if (target.slurm !== null && facts.slurm === null) {
      problems.push(
        `There is no Slurm on ${transport.where}. Add a line to setup that loads it, or remove slurm from the target.`,
      );
    }
    if (target.slurm !== null && facts.slurm?.problem) {
      problems.push(`Slurm does not answer: ${facts.slurm.problem.replace(/\.?$/, '.')} Try again later.`);
    }
    const partition = target.slurm?.partition;
    if (
      partition !== undefined &&
      facts.slurm &&
      !facts.slurm.problem &&
      !facts.slurm.partitions.some(({ name }) => name === partition)
    ) {
      problems.push(
        `Slurm has no partition ${partition}. There are: ${[...new Set(facts.slurm.partitions.map(({ name }) => name))].join(', ')}.`,
      );
    }
    return {
      reachable: true,
      python: python instanceof RunnerError || python === null ? null : { path: python.path, version: python.version },
      uv: facts.uv,
      gpus: facts.gpus,
      diskFree: facts.diskFree,
      slurm: facts.slurm ? { version: facts.slurm.version, partitions: facts.slurm.partitions } : null,
      problems,
    };
  } catch (error) {
    if (!(error instanceof RunnerError) || error.code === 'cancelled' || error.code === 'bad-name') throw error;
    return unreachable([`${error.message} ${error.remedy}`]);
  }
}

/** What is known of a target that does not answer. */
export const unreachable = (problems: readonly string[]): Probe => ({
  reachable: false,
  python: null,
  uv: null,
  gpus: [],
  diskFree: null,
  slurm: null,
  problems,
});
