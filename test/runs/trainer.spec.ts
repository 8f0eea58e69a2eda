// The trainer itself, on every kind of target: a tiny model, rows of the samples, real torch and TRL.
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SlurmCluster, startSlurmCluster } from '../../scripts/lib/slurm-cluster.mjs';
import { type SshServer, startSshServer } from '../../scripts/lib/ssh-server.mjs';
import { DEFAULT_SETTINGS } from '../../src/core/config.ts';
import { withDefaults } from '../../src/core/runs/defaults.ts';
import type { RunRecord } from '../../src/core/runs/folder.ts';
import type { RunSpec } from '../../src/core/runs/spec.ts';
import type { Target } from '../../src/core/runs/target.ts';
import type { LensService } from '../../src/core/service-types.ts';
import { createRunner, runFolder } from '../../src/node/runs/create-runner.ts';
import { handOff } from '../../src/node/runs/handoff.ts';
import type { Runner, StartRequest } from '../../src/node/runs/runner.ts';
import { specFor, TINY_MODEL } from '../../src/node/runs/trainer-spec.ts';
import { createService } from '../../src/node/service.ts';
import {
  clusterIsThere,
  createKit,
  eventsOf,
  follow,
  newId,
  stepsOf,
  trainerIsThere,
  trainerPython,
  untilStep,
  upTo,
} from './kit.ts';

const root = resolve(import.meta.dirname, '../..');
const kit = createKit();
let server: SshServer;
let cluster: SlurmCluster;
let service: LensService;
let sockets: string;

beforeAll(async () => {
  if (!clusterIsThere || !trainerIsThere) return;
  const worker = join(root, 'dist/worker.cjs');
  if (!existsSync(worker)) throw new Error('dist/worker.cjs is missing: run npm run build');
  service = createService({ worker, assets: join(root, 'dist/assets'), threads: 1 });
  [server, cluster] = await Promise.all([startSshServer(), startSlurmCluster()]);
  sockets = mkdtempSync('/tmp/sl-');
});
afterAll(async () => {
  service?.dispose();
  server?.close(sockets);
  await server?.stop();
  await cluster?.stop();
  kit.dispose();
  if (sockets) rmSync(sockets, { recursive: true, force: true });
});

const STEPS = 12;

async function prepare(target: Target, spec: Partial<RunSpec>): Promise<{ runner: Runner; request: StartRequest }> {
  const id = newId();
  const train = join(root, 'samples/support.jsonl');
  const settings = { ...DEFAULT_SETTINGS, chatTemplate: 'bundled:chatml', maxLength: 128 };
  const whole = withDefaults({
    model: TINY_MODEL,
    data: { train, eval: null },
    method: 'full',
    target: target.name,
    compare: { prompts: 0, maxNewTokens: 1 },
    args: {
      max_steps: STEPS,
      logging_steps: 1,
      save_steps: 5,
      per_device_train_batch_size: 1,
      gradient_accumulation_steps: 1,
    },
    ...spec,
  });
  const staging = join(kit.folder, `staging-${id}`);
  mkdirSync(staging);
  const handoff = await handOff(
    { method: 'full', train: { path: train, settings }, eval: null, folder: staging, watch: [] },
    service,
  );
  const record: RunRecord = {
    v: 1,
    id,
    name: 'tiny',
    specPath: '/x/tiny.sftrun.json',
    trainPath: train,
    evalPath: null,
    spec: whole,
    target,
    folder: runFolder(target, id),
    created: Date.now(),
  };
  const runner = createRunner(target, {
    trainer: join(root, 'src/trainer/train.py'),
    requirements: join(root, 'src/trainer/requirements.txt'),
    ssh: { configFile: server.configFile, sockets },
    slurmPause: 1_000,
  });
  return {
    runner,
    request: { record, trainer: specFor(whole, settings, handoff), staging, resume: false, secrets: {} },
  };
}

const targets: Readonly<Record<string, () => Target>> = {
  'this computer': () => kit.target({ python: trainerPython }),
  ssh: () => kit.target({ name: 'box', ssh: 'box', python: trainerPython }),
};

describe.skipIf(!clusterIsThere || !trainerIsThere)('train.py', () => {
  it.each(Object.keys(targets))(
    'stops, goes on and ends on %s: each step once',
    async (name) => {
      const { runner, request } = await prepare((targets[name] as () => Target)(), {});
      const begin = performance.now();
      await runner.start(request, () => undefined);
      const started = performance.now();
      await follow(runner, request.record, untilStep(3), { timeout: 150_000 });
      console.log(
        `${name}: start ${(started - begin).toFixed(0)} ms, step 3 seen ${((performance.now() - started) / 1000).toFixed(1)} s later`,
      );
      await runner.stop(request.record, 'checkpoint');
      const stopped = await follow(runner, request.record);
      expect(stopped.last.status.state).toMatch(/stopped|succeeded/);
      if (stopped.last.status.state === 'stopped') await runner.start({ ...request, resume: true }, () => undefined);
      const { metrics, last } = await follow(runner, request.record, undefined, { timeout: 150_000 });
      expect(last.status).toMatchObject({ state: 'succeeded' });
      expect(stepsOf(metrics)).toEqual(upTo(STEPS));
      const losses = eventsOf(metrics).filter(({ event, ...rest }) => event === 'log' && 'loss' in rest);
      expect(losses.every(({ loss }) => typeof loss === 'number')).toBe(true);
    },
    400_000,
  );

  it('trains on two nodes of Slurm with one model, and goes on after the time limit: each step once', async () => {
    const target = kit.target({
      name: 'cluster',
      python: trainerPython,
      setup: [`export SLURM_CONF=${cluster.conf}`],
      slurm: { cpusPerTask: 1, time: '00:20:00', signalBefore: 120 },
    });
    const { runner, request } = await prepare(target, { nodes: 2, gpus: cluster.gpus ? 1 : 0 });
    await runner.start(request, () => undefined);
    await follow(runner, request.record, untilStep(3), { timeout: 200_000 });
    const id = cluster.slurm('squeue', '-h', '-o', '%i').out.trim();
    // What Slurm sends before the limit.
    expect(cluster.slurm('scancel', '--signal=USR1', '--batch', id).ok).toBe(true);
    const spool = ['n1', 'n2'].map((node) => join(cluster.folder, `spool-${node}`, `job${id.padStart(5, '0')}`));
    const waits = (): boolean => cluster.slurm('squeue', '-h', '-j', id, '-o', '%T').out.includes('PENDING');
    for (let tries = 0; !waits() || spool.some(existsSync); tries++) {
      expect(tries).toBeLessThan(600);
      await sleep(100);
    }
    await sleep(500);
    // Slurm itself would wait two minutes.
    cluster.slurm('scontrol', 'update', `jobid=${id}`, 'StartTime=now');
    const { metrics, last, log } = await follow(runner, request.record, undefined, { timeout: 300_000, pause: 500 });
    expect(last.status, log).toMatchObject({ state: 'succeeded' });
    const events = eventsOf(metrics);
    expect(events[0]).toMatchObject({ event: 'train_begin', world_size: 2, max_steps: STEPS });
    expect(events.at(-1)?.attempt).toBe(2);
    expect(stepsOf(metrics)).toEqual(upTo(STEPS));
  }, 600_000);
});
