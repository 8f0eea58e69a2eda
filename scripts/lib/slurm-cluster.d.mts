export interface SlurmCluster {
  readonly folder: string;
  /** For SLURM_CONF. */
  readonly conf: string;
  /** The nodes have two pretended GPUs each. */
  readonly gpus: boolean;
  /** Runs one of Slurm's programs. */
  slurm(
    command: string,
    ...args: readonly string[]
  ): { readonly ok: boolean; readonly out: string; readonly err: string };
  /** The controller alone. */
  up(): void;
  down(): Promise<void>;
  stop(): Promise<void>;
}
export function startSlurmCluster(): Promise<SlurmCluster>;
