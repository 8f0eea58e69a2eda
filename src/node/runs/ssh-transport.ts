import { frame } from './marker.ts';
import { socketFolder } from './mux.ts';
import { runProcess } from './process.ts';
import { checkAlias } from './quote.ts';
import { RunnerError } from './runner.ts';
import { sshError, timeout } from './ssh-errors.ts';
import type { Transport } from './transport.ts';

export interface SshOptions {
  /** The program; default: `ssh` of the PATH. VS Code's setting `remote.SSH.path`. */
  readonly path?: string | undefined;
  /** VS Code's setting `remote.SSH.configFile`. */
  readonly configFile?: string | undefined;
  /** Folder for sockets of shared connections; null: connections are not shared. Default: one of the user's own. */
  readonly sockets?: string | null | undefined;
}

const ALIVE = [
  '-o',
  'BatchMode=yes',
  '-o',
  'ConnectTimeout=10',
  '-o',
  'ServerAliveInterval=15',
  '-o',
  'ServerAliveCountMax=3',
];

/**
 * Scripts through the system's own ssh, so that the user's configuration, agent, jump hosts and known hosts hold. The
 * command line that the remote shell reads is always the same; values travel on standard input.
 */
export function sshTransport(host: string, options: SshOptions = {}): Transport {
  const alias = checkAlias(host);
  const ssh = options.path || 'ssh';
  const config = options.configFile ? ['-F', options.configFile] : [];
  let mux: Promise<readonly string[]> | null = null;

  /** Opening a connection takes long, and on some hosts a second factor: one is shared. */
  async function sharing(): Promise<readonly string[]> {
    // Windows' OpenSSH cannot, and fails where the user's configuration asks for it.
    if (process.platform === 'win32') return ['-o', 'ControlMaster=no', '-o', 'ControlPath=none'];
    const folder = options.sockets === undefined ? socketFolder() : options.sockets;
    if (folder === null || (await userShares())) return [];
    return ['-o', 'ControlMaster=auto', '-o', `ControlPath=${folder}/%C`, '-o', 'ControlPersist=600'];
  }

  /** Where the user's configuration shares connections already, its way is left alone. */
  async function userShares(): Promise<boolean> {
    const end = await runProcess(ssh, [...config, '-G', '--', alias], { timeout: 10_000, input: [] });
    return /^controlpath (?!none$)/m.test(end.out.toString('utf8'));
  }

  return {
    where: alias,
    async run(script, run) {
      const { command, input, output } = frame(script, run);
      try {
        const shared = await (mux ??= sharing());
        const args = ['-T', ...config, ...ALIVE, ...shared, '--', alias, command];
        const { code, err, timedOut } = await runProcess(ssh, args, {
          timeout: run.timeout,
          input,
          signal: run.signal,
          onOut: output.onOut,
        });
        if (timedOut) throw timeout(alias);
        // ssh's own failures are 255. A script may end so as well, but never as one of ours does.
        if (code === 255) throw sshError(alias, err);
        if (!output.begun()) throw noShell(alias, err);
        return output.result(code ?? 137, err);
      } catch (error) {
        mux = null;
        throw isMissing(error) ? noProgram(ssh) : error;
      }
    },
  };
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

const noProgram = (ssh: string): RunnerError =>
  new RunnerError(
    'unsupported',
    `There is no program ${ssh} on this computer.`,
    'Install an OpenSSH client, or set remote.SSH.path.',
  );

const noShell = (alias: string, said: string): RunnerError =>
  new RunnerError(
    'unsupported',
    `${alias} has no /bin/sh that answers${said.trim() === '' ? '' : `: ${said.trim().slice(0, 200)}`}.`,
    'Runs need Linux or macOS there. On Windows, let ssh lead into WSL.',
  );
