// A real Slurm cluster of two nodes on this machine, with two pretended GPUs each, from Debian's packages.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, totalmem, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './ssh-server.mjs';

const GPU_FILES = ['/dev/tty0', '/dev/tty1', '/dev/tty2', '/dev/tty3'];

function start(command, args, env) {
  const { status, stderr, stdout } = spawnSync(command, args, { encoding: 'utf8', env });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${stderr}${stdout}`);
}

/**
 * Starts it and waits until both nodes are idle. `conf` goes into SLURM_CONF of whoever uses it. `down` and `up` end and
 * start the controller alone; jobs go on without it.
 */
export async function startSlurmCluster() {
  const folder = mkdtempSync(join(tmpdir(), 'sft-lens-slurm-'));
  const at = (name) => join(folder, name);
  for (const name of ['state', 'spool-n1', 'spool-n2', 'log', 'run']) mkdirSync(at(name));
  const gpus = GPU_FILES.every((file) => existsSync(file));
  const ports = [await freePort(), await freePort(), await freePort()];
  const user = userInfo().username;
  const conf = at('slurm.conf');
  const memory = Math.min(8000, Math.floor((totalmem() / 2 ** 20) * 0.4));
  const node = (name, port) =>
    `NodeName=${name} NodeHostName=localhost NodeAddr=127.0.0.1 Port=${port} CPUs=2 RealMemory=${memory}${gpus ? ' Gres=gpu:fake:2' : ''} State=UNKNOWN`;
  writeFileSync(
    conf,
    [
      'ClusterName=sftlens',
      'SlurmctldHost=localhost(127.0.0.1)',
      `SlurmctldPort=${ports[0]}`,
      `SlurmUser=${user}`,
      `SlurmdUser=${user}`,
      'AuthType=auth/munge',
      `AuthInfo=socket=${at('run/munge.socket')}`,
      `StateSaveLocation=${at('state')}`,
      `SlurmdSpoolDir=${at('spool-%n')}`,
      `SlurmctldPidFile=${at('run/slurmctld.pid')}`,
      `SlurmdPidFile=${at('run/slurmd-%n.pid')}`,
      `SlurmctldLogFile=${at('log/slurmctld.log')}`,
      `SlurmdLogFile=${at('log/slurmd-%n.log')}`,
      'ProctrackType=proctrack/linuxproc',
      'TaskPlugin=task/none',
      'JobAcctGatherType=jobacct_gather/none',
      'AccountingStorageType=accounting_storage/none',
      'JobCompType=jobcomp/filetxt',
      `JobCompLoc=${at('log/jobcomp.txt')}`,
      'SelectType=select/cons_tres',
      'SelectTypeParameters=CR_Core',
      'SwitchType=switch/none',
      'MpiDefault=none',
      'ReturnToService=2',
      'MinJobAge=300',
      'KillWait=10',
      'SchedulerParameters=sched_interval=1,bf_interval=1',
      ...(gpus ? ['GresTypes=gpu'] : []),
      node('n1', ports[1]),
      node('n2', ports[2]),
      'PartitionName=debug Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP',
      '',
    ].join('\n'),
  );
  if (gpus) {
    writeFileSync(
      at('gres.conf'),
      'NodeName=n1 Name=gpu Type=fake File=/dev/tty[0-1]\nNodeName=n2 Name=gpu Type=fake File=/dev/tty[2-3]\n',
    );
  }
  writeFileSync(at('munge.key'), randomBytes(1024), { mode: 0o600 });
  const env = { ...process.env, SLURM_CONF: conf };
  const pidOf = (name) => {
    const file = at(`run/${name}.pid`);
    return existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  };
  const alive = (pid) => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  };
  async function end(name) {
    const pid = pidOf(name);
    if (pid <= 0 || !alive(pid)) return;
    process.kill(pid, 'SIGTERM');
    for (let i = 0; i < 100 && alive(pid); i++) await sleep(50);
    if (alive(pid)) process.kill(pid, 'SIGKILL');
  }
  const slurm = (command, ...args) => {
    const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', env, timeout: 20_000 });
    return { ok: status === 0, out: stdout.trim(), err: stderr.trim() };
  };
  const up = () => start('/usr/sbin/slurmctld', ['-f', conf], env);
  async function stop() {
    slurm('scancel', '--user', user);
    for (let i = 0; i < 50 && slurm('squeue', '-h', '-o', '%i').out !== ''; i++) await sleep(100);
    for (const name of ['slurmd-n1', 'slurmd-n2', 'slurmctld', 'munged']) await end(name);
    rmSync(folder, { recursive: true, force: true });
  }
  try {
    start(
      '/usr/sbin/munged',
      [
        '--force',
        `--key-file=${at('munge.key')}`,
        `--socket=${at('run/munge.socket')}`,
        `--pid-file=${at('run/munged.pid')}`,
        `--log-file=${at('log/munged.log')}`,
        `--seed-file=${at('run/munged.seed')}`,
      ],
      env,
    );
    start('/usr/sbin/slurmctld', ['-c', '-f', conf], env);
    for (const name of ['n1', 'n2']) start('/usr/sbin/slurmd', ['-f', conf, '-N', name], env);
    for (let i = 0; i < 200; i++) {
      if (
        slurm('sinfo', '-h', '-N', '-o', '%T')
          .out.split('\n')
          .filter((state) => state === 'idle').length === 2
      ) {
        return { folder, conf, gpus, slurm, up, down: () => end('slurmctld'), stop };
      }
      await sleep(100);
    }
    throw new Error(`Slurm does not come up.\n${readFileSync(at('log/slurmctld.log'), 'utf8')}`);
  } catch (error) {
    await stop();
    throw error;
  }
}
