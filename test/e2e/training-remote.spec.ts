// The same run elsewhere: over ssh and on a two-node Slurm cluster, both real. The editor is ended in the middle of it and
// opened again, the connection is cut, and the curve is whole: each step once.
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SlurmCluster, startSlurmCluster } from '../../scripts/lib/slurm-cluster.mjs';
import { type SshServer, startSshServer } from '../../scripts/lib/ssh-server.mjs';
import { places } from '../../scripts/setup.mjs';
import { eventsIn, shownAfter, untilHeadline } from './run-pages.ts';
import { openWorkbench, root, until } from './workbench.ts';

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

const STEPS = 60;

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
        await untilHeadline(workbench, /Running: step [2-9]\d* of 60/, 240_000);
        await workbench.screenshot(`training-${target}`);
        const delay = await shownAfter(workbench, folder);
        console.log(`a step is shown ${delay.toFixed(0)} ms after it was written, ${name}`);
        expect(delay).toBeLessThan(3_000);
        // The editor dies; a connection that was open is cut; the run knows nothing of either.
        await workbench.close();
        server.cut();
        const before = eventsIn(folder).length;
        await until('events without an editor', async () => eventsIn(folder).length > before + 2, 120_000);
        workbench = await openWorkbench({ ...options, again: true });
        await workbench.runCommand('SFT Lens: Open Run Dashboard');
        await untilHeadline(workbench, /Running: step \d+ of 60|Ended/, 240_000);
        server.cut();
        await untilHeadline(workbench, /^Ended: all 60 steps/, 240_000);
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
