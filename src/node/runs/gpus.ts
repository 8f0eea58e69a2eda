import type { RunSpec } from '../../core/runs/spec.ts';
import type { Target } from '../../core/runs/target.ts';
import type { Facts } from './facts.ts';
import { type Gpu, RunnerError } from './runner.ts';

export interface Choice {
  /** Processes on each node; 0: one on the processor. */
  readonly gpus: number;
  /** For CUDA_VISIBLE_DEVICES; null: as it is. */
  readonly visible: string | null;
}

/** How many GPUs a run takes on a machine without a queue, and which: those with the most free memory. */
export function chooseGpus(asked: RunSpec['gpus'], facts: Pick<Facts, 'gpus' | 'visible'>, where: string): Choice {
  const own = facts.visible?.split(',').filter((part) => part.trim() !== '');
  const there = own?.length ?? facts.gpus.length;
  if (asked === 'auto') return { gpus: there, visible: null };
  // None is seen: another vendor's, or the processor; the trainer says what it found.
  if (there === 0) return { gpus: asked, visible: null };
  if (asked > there) {
    throw new RunnerError(
      'submit',
      `${where} has ${there === 1 ? 'one GPU' : `${there} GPUs`}. The run asks for ${asked}.`,
      `Set gpus to ${there} or to auto.`,
    );
  }
  if (own || asked === there || asked === 0) return { gpus: asked, visible: null };
  const used = (gpu: Gpu): number => gpu.memoryUsed ?? Number.MAX_SAFE_INTEGER;
  const free = [...facts.gpus].sort((a, b) => used(a) - used(b) || a.index - b.index).slice(0, asked);
  return {
    gpus: asked,
    visible: free
      .map(({ index }) => index)
      .sort((a, b) => a - b)
      .join(','),
  };
}

/** The same for Slurm, which gives what is asked for: `auto` is what a node of the partition has. */
export function slurmGpus(asked: RunSpec['gpus'], target: Target, facts: Pick<Facts, 'slurm'>): number {
  if (asked !== 'auto') return asked;
  const own = /:(\d+)$/.exec(target.slurm?.gres ?? '')?.[1];
  if (own !== undefined) return Number(own);
  const partitions = (facts.slurm?.partitions ?? []).filter(({ name, isDefault }) =>
    target.slurm?.partition === undefined ? isDefault : name === target.slurm.partition,
  );
  return Math.max(0, ...partitions.map(({ gres }) => gpusOf(gres, target.slurm?.gres)));
}

/** `gpu:a100:4(S:0-1),gpu:v100:2`: how many of the kind, or of all. */
function gpusOf(gres: string, kind: string | undefined): number {
  const counts = [...gres.matchAll(/(gpu(?::[A-Za-z][\w.-]*)?):(\d+)/g)]
    .filter(([, name]) => kind === undefined || kind === 'gpu' || name === kind)
    .map(([, , count]) => Number(count));
  return counts.reduce((sum, count) => sum + count, 0);
}
