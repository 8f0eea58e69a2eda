import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { MetricsMirror } from './metrics-mirror.ts';

const folder = mkdtempSync(join(tmpdir(), 'sft-lens-mirror-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('keeps a run that is over for later windows', async () => {
  const first = new MetricsMirror(folder, 'run');
  await Promise.all([first.append('{"seq":1}\n'), first.append('{"seq":2}\n'), first.keep(), first.dispose()]);
  const later = new MetricsMirror(folder, 'run');
  expect(await later.restore()).toBe('{"seq":1}\n{"seq":2}\n');
  await later.remove();
  expect(await later.restore()).toBeNull();
});

it('begins again when everything is sent again', async () => {
  const mirror = new MetricsMirror(folder, 'again');
  await mirror.append('{"seq":1}\n');
  await mirror.clear();
  await mirror.append('{"seq":9}\n');
  await mirror.keep();
  expect(await mirror.restore()).toBe('{"seq":9}\n');
  await mirror.remove();
});

it('leaves nothing of a run that goes on elsewhere', async () => {
  const mirror = new MetricsMirror(folder, 'other');
  await mirror.append('{"seq":1}\n');
  await mirror.dispose();
  expect(readdirSync(folder)).toEqual([]);
});
