import { frame } from './marker.ts';
import { runProcess } from './process.ts';
import { RunnerError } from './runner.ts';
import type { Transport } from './transport.ts';

/** Variables of the editor that would make a child believe that it is part of the editor. */
const OF_THE_EDITOR = /^(VSCODE_|ELECTRON_|CHROME_)|^(NODE_OPTIONS|NODE_PATH)$/;

const environment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !OF_THE_EDITOR.test(name)));

export function localTransport(): Transport {
  return {
    where: 'This computer',
    async run(script, options) {
      if (process.platform === 'win32') {
        throw new RunnerError(
          'unsupported',
          'Runs on Windows itself are not supported.',
          'Open this folder in WSL (command "WSL: Reopen Folder in WSL"), or choose a target that ssh reaches.',
        );
      }
      const { command, input, output } = frame(script, options);
      const end = await runProcess('/bin/sh', ['-c', command], {
        timeout: options.timeout,
        input,
        env: environment(),
        signal: options.signal,
        onOut: output.onOut,
      });
      if (end.timedOut) {
        throw new RunnerError(
          'unreachable',
          `This computer did not answer within ${Math.round(options.timeout / 1000)} s.`,
          'It may be busy, or a disk may hang. Try again.',
        );
      }
      return output.result(end.code ?? 137, end.err);
    },
  };
}
