// The same run elsewhere: over ssh and on a two-node Slurm cluster, both real. The editor is ended in the middle of it and
// opened again, the connection is cut, and the curve is whole: each step once.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SlurmCluster, startSlurmCluster } from '../../scripts/lib/slurm-cluster.mjs';
import { type SshServer, startSshServer } from '../../scripts/lib/ssh-server.mjs';
import { places } from '../../scripts/setup.mjs';
import { openWorkbench, root, until, type Workbench } from './workbench.ts';

const without = (process.env['SFT_LENS_RUNS_WITHOUT'] ?? '').split(',');
const skip = without.includes('cluster') || without.includes('trainer');

let server: SshServer;
let cluster: SlurmCluster;
let workdir: string;
beforeAll(async () => {
  if (skip) return;
  [server, cluster] = await Promise.all([startSshServer(), startSlurmCluster()]);
  workdir = mkdtempSync('/tmp/sft-lens-work-');
});
afterAll(async () => {
  await server?.stop();
  await cluster?.stop();
  if (workdir) rmSync(workdir, { recursive: true, force: true });
});

const STEPS = 36;

const specOf = (target: string, more: object): string =>
  JSON.stringify(
    {
      model: 'bundled:tiny',
      data: { train: 'support.jsonl', eval: 0.1 },
      method: 'full',
      args: {
        max_steps: STEPS,
        learning_rate: 0.01,
        per_device_train_batch_size: 1,
        gradient_accumulation_steps: 1,
        save_steps: 6,
        eval_strategy: 'no',
      },
      target,
      compare: { prompts: 0, maxNewTokens: 1 },
      ...more,
    },
    null,
    2,
  );

async function dashboard(workbench: Workbench): Promise<Frame | null> {
  for (const frame of workbench.page.frames()) {
    const found = await frame
      .locator('header.top h1')
      .count()
      .catch(() => 0);
    if (found > 0) return frame;
  }
  return null;
}

async function untilHeadline(workbench: Workbench, what: RegExp, timeout: number): Promise<string> {
  let last = '';
  return until(
    `the headline ${what}`,
    async () => {
      last =
        (await (
          await dashboard(workbench)
        )
          ?.locator('header.top h1')
          .innerText()
          .catch(() => '')) ?? '';
      return what.test(last) ? last : null;
    },
    timeout,
  ).catch((error: unknown) => {
    throw new Error(`${String(error)} (it was: ${last})`);
  });
}

interface Event {
  readonly event: string;
  readonly step: number;
  readonly loss?: number;
  readonly world_size?: number;
}

/** The events of the only run of a work folder. */
function eventsIn(folder: string): Event[] {
  const [run] = readdirSync(join(folder, 'runs'));
  const text = readFileSync(join(folder, 'runs', run ?? '', 'metrics.jsonl'), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Event);
}

const cases = {
  'over ssh': { target: 'box', spec: {}, worldSize: 1 },
  'on two Slurm nodes': { target: 'cluster', spec: { nodes: 2, gpus: 0 }, worldSize: 2 },
} as const;

describe.skipIf(skip)('a run elsewhere', () => {
  it.each(Object.entries(cases))(
    'trains %s while the editor is away',
    async (name, { target, spec, worldSize }) => {
      const folder = join(workdir, target);
      const options = {
        name: `training-${target}`,
        workspace: join(root, 'samples'),
        files: { 'remote.sftrun.json': specOf(target, spec) },
        settings: {
          'remote.SSH.configFile': server.configFile,
          'sftLens.targets': [
            { name: 'box', ssh: 'box', workdir: join(workdir, 'box'), python: places.trainer },
            {
              name: 'cluster',
              ssh: 'box',
              workdir: join(workdir, 'cluster'),
              python: places.trainer,
              setup: [`export SLURM_CONF=${cluster.conf}`],
              slurm: { cpusPerTask: 1 },
            },
          ].filter((one) => one.name === target),
        },
        size: { width: 1400, height: 900 },
      };
      let workbench = await openWorkbench(options);
      try {
        await workbench.openFile('remote.sftrun.json');
        await workbench.runCommand('SFT Lens: Start Training Run');
        await untilHeadline(workbench, /Running: step [2-9]\d* of 36/, 240_000);
        await workbench.screenshot(`training-${target}`);
        // The editor dies; a connection that was open is cut; the run knows nothing of either.
        await workbench.close();
        server.cut();
        const before = eventsIn(folder).length;
        await until('events without an editor', async () => eventsIn(folder).length > before + 2, 120_000);
        workbench = await openWorkbench({ ...options, again: true });
        await workbench.runCommand('SFT Lens: Open Run Dashboard');
        await untilHeadline(workbench, /Running: step \d+ of 36|Ended/, 60_000);
        server.cut();
        await untilHeadline(workbench, /^Ended: all 36 steps/, 240_000);
        await workbench.screenshot(`training-${target}-ended`);
      } catch (error) {
        await workbench.screenshot(`training-${target}-failed`).catch(() => undefined);
        throw error;
      } finally {
        await workbench.close();
      }
      const events = eventsIn(folder);
      const steps = events.filter(({ event, loss }) => event === 'log' && loss !== undefined).map(({ step }) => step);
      expect(steps, name).toEqual(Array.from({ length: STEPS }, (_, i) => i + 1));
      expect(events.find(({ event }) => event === 'train_begin')?.world_size).toBe(worldSize);
    },
    600_000,
  );
});
