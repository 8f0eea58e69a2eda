import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { CommandOptions, CommandResult } from './transport.ts';

/**
 * A script as it goes down a pipe to `sh`. It first prints a line that nobody else knows: what stands before it are the
 * greetings of start-up files, and without it the shell never began.
 */
export interface Framed {
  /** The command for the remote shell, or for `sh -c`; free of anything that some shell would read in another way. */
  readonly command: string;
  readonly input: readonly (string | Readable)[];
  /** Drops what comes before the marker. */
  readonly output: MarkedOutput;
}

export interface MarkedOutput {
  readonly onOut: (data: Buffer) => undefined | Promise<void>;
  readonly begun: () => boolean;
  readonly result: (code: number, err: string) => CommandResult;
}

/** Reads the script byte by byte, since what follows it on standard input belongs to the script. */
const WITH_INPUT = `IFS= read -r n; s=$(dd bs=1 count="$n" 2>/dev/null; echo .); eval "\${s%.}"`;

export function frame(script: string, options: CommandOptions): Framed {
  const marker = `sft-lens-${randomBytes(12).toString('hex')}\n`;
  const text = `printf 'sft-lens-%s\\n' ${marker.slice(9, -1)}\n${script}\n`;
  const output = afterMarker(marker, options.onOut);
  return options.input
    ? {
        command: `exec /bin/sh -c '${WITH_INPUT}'`,
        input: [`${Buffer.byteLength(text)}\n`, text, options.input],
        output,
      }
    : { command: 'exec /bin/sh -s', input: [text], output };
}

function afterMarker(marker: string, take: CommandOptions['onOut']): MarkedOutput {
  const kept: Buffer[] = [];
  const keep = (data: Buffer): undefined | Promise<void> => {
    if (take) return take(data);
    kept.push(data);
    return undefined;
  };
  let before: Buffer | null = Buffer.alloc(0);
  return {
    onOut(data) {
      if (before === null) return keep(data);
      before = Buffer.concat([before, data]);
      const at = before.indexOf(marker);
      if (at < 0) return undefined;
      const rest = before.subarray(at + marker.length);
      before = null;
      return rest.length > 0 ? keep(rest) : undefined;
    },
    begun: () => before === null,
    result: (code, err) => ({ code, out: Buffer.concat(kept), err }),
  };
}
