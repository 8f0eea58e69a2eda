// A real ssh server on loopback with a throw-away key, and a client configuration that leads to it.
import { spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const SSHD = '/usr/sbin/sshd';

export const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

function generateKey(path) {
  const { status, stderr } = spawnSync(
    'ssh-keygen',
    ['-q', '-t', 'ed25519', '-N', '', '-C', 'sft-lens-test', '-f', path],
    {
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(`ssh-keygen failed: ${stderr}`);
}

const listens = (port) =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

/**
 * Starts it. `configFile` is a client configuration with the alias `box`; `alias(name, lines)` adds another one with
 * options that come first. `stop` ends the server and the connections that it holds; `down` and `up` only make it stop and
 * start listening.
 */
export async function startSshServer() {
  const folder = mkdtempSync(join(tmpdir(), 'sft-lens-sshd-'));
  const port = await freePort();
  const at = (name) => join(folder, name);
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true });
  for (const key of ['host', 'host-other', 'user', 'user-other']) generateKey(at(key));
  copyFileSync(at('user.pub'), at('authorized_keys'));
  const hostKey = readFileSync(at('host.pub'), 'utf8').split(' ').slice(0, 2).join(' ');
  const otherKey = readFileSync(at('host-other.pub'), 'utf8').split(' ').slice(0, 2).join(' ');
  writeFileSync(at('known_hosts'), `[127.0.0.1]:${port} ${hostKey}\n`);
  writeFileSync(at('changed_hosts'), `[127.0.0.1]:${port} ${otherKey}\n`);
  writeFileSync(at('no_hosts'), '');
  writeFileSync(
    at('sshd_config'),
    [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${at('host')}`,
      `PidFile ${at('sshd.pid')}`,
      `AuthorizedKeysFile ${at('authorized_keys')}`,
      'PermitRootLogin prohibit-password',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'UsePAM no',
      'StrictModes no',
      'MaxStartups 100',
      '',
    ].join('\n'),
  );
  const configFile = at('config');
  writeFileSync(configFile, '');
  const alias = (name, lines = []) =>
    appendFileSync(
      configFile,
      [
        `Host ${name}`,
        ...lines,
        'HostName 127.0.0.1',
        `Port ${port}`,
        `User ${userInfo().username}`,
        `IdentityFile ${at('user')}`,
        'IdentitiesOnly yes',
        'IdentityAgent none',
        `UserKnownHostsFile ${at('known_hosts')}`,
        'GlobalKnownHostsFile /dev/null',
        '',
      ].join('\n'),
    );
  alias('box');

  let server = null;
  async function up() {
    server = spawn(SSHD, ['-D', '-f', at('sshd_config'), '-E', at('log')], { stdio: 'ignore' });
    for (let i = 0; i < 100; i++) {
      if (await listens(port)) return;
      if (server.exitCode !== null) break;
      await sleep(50);
    }
    throw new Error(`sshd does not listen.\n${existsSync(at('log')) ? readFileSync(at('log'), 'utf8') : ''}`);
  }
  async function down() {
    const ended = server;
    server = null;
    if (ended === null || ended.exitCode !== null) return;
    const left = new Promise((resolve) => ended.once('exit', resolve));
    ended.kill('SIGTERM');
    await left;
  }
  /** Ends the processes that serve connections, as a broken line would. */
  function cut() {
    const { stdout } = spawnSync('ps', ['-e', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
    const rows = stdout
      .split('\n')
      .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
      .filter(Boolean);
    for (const [, pid, ppid, args] of rows) {
      if (server && Number(ppid) === server.pid && args.startsWith('sshd:')) process.kill(Number(pid), 'SIGKILL');
    }
  }
  /** Ends the shared connections that clients keep open in `sockets`. */
  const close = (sockets, name = 'box') =>
    spawnSync('ssh', ['-F', configFile, '-o', `ControlPath=${sockets}/%C`, '-O', 'exit', '--', name], {
      stdio: 'ignore',
    });
  await up();
  return {
    folder,
    port,
    configFile,
    alias,
    up,
    down,
    cut,
    close,
    knownHosts: at('known_hosts'),
    changedHosts: at('changed_hosts'),
    noHosts: at('no_hosts'),
    otherKey: at('user-other'),
    async stop() {
      cut();
      await down();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
