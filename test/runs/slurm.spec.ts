import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SlurmCluster, startSlurmCluster } from '../../scripts/lib/slurm-cluster.mjs';
import { type SshServer, startSshServer } from '../../scripts/lib/ssh-server.mjs';
import type { SlurmOptions } from '../../src/core/runs/target.ts';
import { START } from '../../src/node/runs/runner.ts';
import {
  clusterIsThere,
  createKit,
  eventsOf,
  follow,
  type Kit,
  stepsOf,
  trainerIsThere,
  trainerPython,
  untilStep,
  upTo,
} from './kit.ts';
import { begin, everywhere, json, type Place } from './shared.ts';
import { filesWith } from './traces.ts';

let cluster: SlurmCluster;
let server: SshServer;
let kit: Kit;
let sockets: string;

const place = (slurm: SlurmOptions = {}, ssh: string | null = null): Place => ({
  kit,
  target: () =>
    kit.target({
      name: 'cluster',
      ssh,
      python: trainerPython,
      setup: [`export SLURM_CONF=${cluster.conf}`, 'export FROM_SETUP=yes'],
      slurm,
    }),
  runner: (target) => kit.runner(target, { ssh: { configFile: server.configFile, sockets }, slurmPause: 1_000 }),
});

const jobOf = (folder: string): string => String(json(folder, 'job.json')['id']);

/** Asked by a window that knows nothing yet. */
const freshPoll = (of: Place, request: { readonly record: Parameters<ReturnType<Place['runner']>['poll']>[0] }) =>
  of.runner(request.record.target).poll(request.record, START);

beforeAll(async () => {
  if (!clusterIsThere) return;
  cluster = await startSlurmCluster();
  server = await startSshServer();
  kit = createKit();
  sockets = mkdtempSync('/tmp/sl-');
});
afterAll(async () => {
  server?.close(sockets);
  await server?.stop();
  await cluster?.stop();
  kit?.dispose();
  if (sockets) rmSync(sockets, { recursive: true, force: true });
});

// torchrun is a part of torch.
describe.skipIf(!clusterIsThere || !trainerIsThere)('a run on Slurm', () => {
  everywhere(() => place());

  it('has two nodes and one meeting point, over ssh', async () => {
    const of = place({ partition: 'debug', cpusPerTask: 1, time: '00:10:00', mem: '500' }, 'box');
    const { runner, request, folder } = await begin(
      of,
      { steps: 5 },
      { spec: { nodes: 2, gpus: cluster.gpus ? 1 : 0 }, secrets: { HF_TOKEN: 'hf_two' } },
    );
    const { metrics, last } = await follow(runner, request.record);
    expect(last.status.state).toBe('succeeded');
    expect(eventsOf(metrics)[0]).toMatchObject({ event: 'train_begin', world_size: 2 });
    expect(stepsOf(metrics)).toEqual(upTo(5));
    expect(json(folder, 'seen.json')).toMatchObject({
      token: 'hf_two',
      setup: 'yes',
      ...(cluster.gpus ? { visible: '0' } : {}),
    });
    expect(filesWith(cluster.folder, 'hf_two')).toEqual([]);
  });

  it('takes all GPUs of a node where it is left to the target', async () => {
    const { runner, request } = await begin(place(), { steps: 2 });
    const { metrics } = await follow(runner, request.record);
    expect(eventsOf(metrics)[0]?.['world_size']).toBe(cluster.gpus ? 2 : 1);
  });

  it('waits with the reason in words, and is taken out of the queue', async () => {
    const of = place();
    const first = await begin(of, { steps: 1000, sleep: 0.1 }, { spec: { nodes: 2, gpus: cluster.gpus ? 2 : 0 } });
    await follow(first.runner, first.request.record, untilStep(1));
    const second = await begin(of, { steps: 1 }, { spec: { nodes: 2, gpus: cluster.gpus ? 2 : 0 } });
    await sleep(1_500);
    const { status } = await freshPoll(of, second.request);
    expect(status.state).toBe('queued');
    expect(status.reason).toMatch(/^(Slurm has no free nodes or GPUs|Other jobs come first)\./);
    // Asked for again by another window, it still is one job.
    await of.runner(of.target()).start(second.request, () => undefined);
    expect(cluster.slurm('squeue', '-h', '-o', '%j').out.split('\n').sort()).toEqual(
      [first, second].map(({ request }) => `sl-${request.record.id}`).sort(),
    );
    await second.runner.stop(second.request.record, 'checkpoint');
    expect((await follow(second.runner, second.request.record)).last.status.state).toBe('stopped');
    await first.runner.stop(first.request.record, 'kill');
    expect((await follow(first.runner, first.request.record)).last.status.state).toBe('stopped');
  });

  it('goes on by itself after its time limit: each step once', async () => {
    const of = place({ time: '00:10:00', signalBefore: 60 });
    const { runner, request, folder } = await begin(
      of,
      { steps: 40, sleep: 0.1, save: 7 },
      { spec: { gpus: 0 }, secrets: { HF_TOKEN: 'hf_again' } },
    );
    await follow(runner, request.record, untilStep(5));
    const id = jobOf(folder);
    // What Slurm sends a minute before the limit.
    expect(cluster.slurm('scancel', '--signal=USR1', '--batch', id).ok).toBe(true);
    await follow(runner, request.record, (_, { metrics }) => metrics.includes('train_end'));
    for (let tries = 0; !cluster.slurm('squeue', '-h', '-j', id, '-o', '%T').out.includes('PENDING'); tries++) {
      expect(tries).toBeLessThan(100);
      await sleep(100);
    }
    // Slurm names its reason a moment after the state.
    for (let tries = 0; ; tries++) {
      const { status } = await freshPoll(of, request);
      expect(status.state).toBe('queued');
      if (status.reason?.includes('starts again') === true) break;
      expect(tries).toBeLessThan(50);
      await sleep(200);
    }
    // A node takes no job of which it still has something: that is why Slurm itself waits two minutes.
    const spool = ['n1', 'n2'].map((node) => join(cluster.folder, `spool-${node}`, `job${id.padStart(5, '0')}`));
    for (let tries = 0; spool.some(existsSync); tries++) {
      expect(tries).toBeLessThan(300);
      await sleep(100);
    }
    await sleep(3_000);
    cluster.slurm('scontrol', 'update', `jobid=${id}`, 'StartTime=now');
    const { metrics, last, log } = await follow(runner, request.record);
    expect(last.status.state, log).toBe('succeeded');
    expect(stepsOf(metrics)).toEqual(upTo(40));
    expect(eventsOf(metrics).at(-1)?.attempt).toBe(2);
    expect(jobOf(folder)).toBe(id);
    expect(json(folder, 'seen.json')['token']).toBe('hf_again');
    expect(filesWith(folder, 'hf_again')).toEqual(['seen.json']);
  });

  it('does not go on by itself where the user stops it', async () => {
    const of = place();
    const { runner, request, folder } = await begin(of, { steps: 1000, sleep: 0.2 }, { spec: { gpus: 0 } });
    await follow(runner, request.record, untilStep(2));
    await runner.stop(request.record, 'checkpoint');
    cluster.slurm('scancel', '--signal=USR1', '--batch', jobOf(folder));
    const { last } = await follow(runner, request.record);
    expect(last.status).toMatchObject({ state: 'stopped', code: 0 });
    await sleep(1_000);
    expect(cluster.slurm('squeue', '-h', '-o', '%i').out).toBe('');
  });

  it('tells that it was canceled in Slurm', async () => {
    const of = place();
    const { runner, request, folder } = await begin(of, { steps: 1000, sleep: 0.1 }, { spec: { gpus: 0 } });
    await follow(runner, request.record, untilStep(1));
    cluster.slurm('scancel', jobOf(folder));
    for (let tries = 0; cluster.slurm('squeue', '-h', '-o', '%i').out !== ''; tries++) {
      expect(tries).toBeLessThan(200);
      await sleep(100);
    }
    const { status } = await freshPoll(of, request);
    expect(status.state).toBe('stopped');
    expect(status.remedy).toBe('Resume goes on from the last checkpoint.');
  });

  it('is unknown while the controller is down, and goes on', async () => {
    const of = place();
    const { runner, request } = await begin(of, { steps: 60, sleep: 0.5 }, { spec: { gpus: 0 } });
    await follow(runner, request.record, untilStep(1));
    await cluster.down();
    try {
      const { status, metrics } = await freshPoll(of, request);
      expect(status).toMatchObject({ state: 'unknown', remedy: 'The run goes on without it.' });
      expect(metrics).toContain('train_begin');
      await expect(runner.stop(request.record, 'kill')).rejects.toMatchObject({ code: 'slurm' });
      const other = kit.request(of.target(), { steps: 1 });
      await expect(of.runner(of.target()).start(other, () => undefined)).rejects.toMatchObject({ code: 'slurm' });
    } finally {
      cluster.up();
    }
    const { metrics, last } = await follow(runner, request.record);
    expect(last.status.state).toBe('succeeded');
    expect(stepsOf(metrics)).toEqual(upTo(60));
  });

  it.each([
    ['partition', { partition: 'none' }, 'Slurm has no such partition.'],
    ['GPUs', { gres: 'gpu:none:1' }, /^(Slurm does not know these GPUs|No node of the partition)/],
    ['memory', { mem: '900000G' }, /^(No node of the partition|Slurm refuses)/],
    ['option', { extra: ['--no-such-option=1'] }, /^Slurm refuses/],
  ])('says what is wrong with its %s', async (_, slurm, message) => {
    const of = place(slurm);
    const request = kit.request(of.target(), { steps: 1 }, { spec: { gpus: 1 } });
    await expect(of.runner(of.target()).start(request, () => undefined)).rejects.toMatchObject({
      code: 'submit',
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
    expect(existsSync(join(request.record.folder, '.secrets'))).toBe(false);
  });

  it('runs in a folder of any name', async () => {
    const odd = createKit(`we'ird "$(touch PWNED)\`id\` ;&| n é`);
    try {
      const base = place();
      const of: Place = { ...base, kit: odd, target: () => ({ ...base.target(), workdir: odd.target().workdir }) };
      const { runner, request } = await begin(of, { steps: 2 }, { spec: { gpus: 0 } });
      const { last } = await follow(runner, request.record);
      expect(last.status.state).toBe('succeeded');
    } finally {
      odd.dispose();
    }
  });

  it('is found by its probe', async () => {
    const probe = await place({ partition: 'none' })
      .runner(place({ partition: 'none' }).target())
      .probe();
    expect(probe.slurm?.partitions).toMatchObject([{ name: 'debug', isDefault: true, available: true, nodes: 2 }]);
    expect(probe.problems).toEqual(['Slurm has no partition none. There are: debug.']);
    expect(readFileSync(cluster.conf, 'utf8')).toContain('sftlens');
  });
});
