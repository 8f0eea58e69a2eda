import type { LensService } from '../core/service-types.ts';

/** 0 clean, 1 problems at or above `--fail-on`, 2 usage or I/O. */
export type ExitCode = 0 | 1 | 2;

export interface CommandContext {
  readonly argv: readonly string[];
  /** Started on first use; ended by `main`. */
  service(threads: number | undefined): LensService;
}

export interface Command {
  readonly usage: string;
  run(context: CommandContext): Promise<ExitCode>;
}
