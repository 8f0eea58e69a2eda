import type { Readable } from 'node:stream';

export interface CommandOptions {
  /** Milliseconds after which the command is given up. */
  readonly timeout: number;
  /** Read by the script on its standard input. */
  readonly input?: Readable | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Takes the output as it comes instead of keeping it. */
  readonly onOut?: ((data: Buffer) => undefined | Promise<void>) | undefined;
}

export interface CommandResult {
  readonly code: number;
  readonly out: Buffer;
  readonly err: string;
}

/** A way to run scripts of POSIX sh on a target. */
export interface Transport {
  /** As sentences name the target: "This computer", "gpu-box". */
  readonly where: string;
  /** Rejects with a `RunnerError` where the script could not be run to its end. */
  run(script: string, options: CommandOptions): Promise<CommandResult>;
}
