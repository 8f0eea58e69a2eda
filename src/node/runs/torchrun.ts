import type { Value } from './script.ts';

/** The training command of one machine: torchrun for several processes, Python itself for one. */
export function commandOf(python: string, processes: number, program: readonly Value[]): readonly Value[] {
  if (processes <= 1) return [{ path: python }, ...program];
  return [{ path: python }, '-m', 'torch.distributed.run', '--standalone', `--nproc-per-node=${processes}`, ...program];
}
