/** A place where runs run: an entry of the setting `sftLens.targets`, or `local`. */
export interface Target {
  readonly name: string;
  /** Alias or host of the user's own ssh configuration; null: this machine. */
  readonly ssh: string | null;
  /** Folder for runs and environments; `~/` is the home on the target. */
  readonly workdir: string;
  /** Lines of sh before everything that is run there: `module load cuda`, `export HF_HOME=...`. */
  readonly setup: readonly string[];
  /** A Python that has the trainer's packages; null: an environment is made in the work folder. */
  readonly python: string | null;
  /** Null: a process of its own without a queue. */
  readonly slurm: SlurmOptions | null;
}

export interface SlurmOptions {
  readonly partition?: string;
  readonly account?: string;
  readonly qos?: string;
  /** Slurm's notation: `12:00:00`. */
  readonly time?: string;
  readonly cpusPerTask?: number;
  readonly mem?: string;
  /** Slurm's notation for GPUs of a node: `gpu:a100`. */
  readonly gres?: string;
  readonly constraint?: string;
  /** Goes on by itself after the time limit. Default: true. */
  readonly requeue?: boolean;
  /** Seconds before the time limit at which the trainer saves. Default: 120. */
  readonly signalBefore?: number;
  /** Further `#SBATCH` options, each as `--name=value`. */
  readonly extra?: readonly string[];
}
