import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { MetricsMirror } from './metrics-mirror.ts';

const folder = mkdtempSync(join(tmpdir(), 'sft-lens-mirror-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const batch = (step: number, lines: readonly number[], attempt = 1): string =>
  `${JSON.stringify({ v: 1, seq: step, t: 1, attempt, event: 'batch', step, lines, rows: lines, micro: [], tokens: 1 })}\n`;
const log = (step: number): string =>
  `${JSON.stringify({ v: 1, seq: step, t: 1, event: 'log', step, loss: 'NaN', é: 1 })}\n`;

it('finds the rows of a step, of the last attempt', async () => {
  const mirror = new MetricsMirror(folder, 'run');
  await mirror.append(log(1) + batch(1, [3, 4]));
  await mirror.append(batch(2, [5]));
  await mirror.append(batch(2, [6], 2));
  expect(JSON.parse((await mirror.batch(1)) ?? '')).toMatchObject({ lines: [3, 4] });
  expect(JSON.parse((await mirror.batch(2)) ?? '')).toMatchObject({ lines: [6], attempt: 2 });
  expect(await mirror.batch(3)).toBeNull();
});

it('keeps a run that is over for later windows, and nothing of one that is not', async () => {
  const first = new MetricsMirror(folder, 'run');
  const text = log(1) + batch(1, [7]);
  await first.append(text);
  await first.keep();
  await first.dispose();
  const later = new MetricsMirror(folder, 'run');
  expect(await later.restore()).toBe(text);
  expect(JSON.parse((await later.batch(1)) ?? '')).toMatchObject({ lines: [7] });

  const other = new MetricsMirror(folder, 'other');
  await other.append(text);
  await other.dispose();
  expect(existsSync(join(folder, `other-${process.pid}.jsonl`))).toBe(false);
  expect(await new MetricsMirror(folder, 'other').restore()).toBeNull();
});

it('begins again when everything is sent again', async () => {
  const mirror = new MetricsMirror(folder, 'run');
  await mirror.append(batch(1, [1]) + batch(2, [2]));
  await mirror.clear();
  await mirror.append(batch(1, [9]));
  expect(await mirror.batch(2)).toBeNull();
  expect(JSON.parse((await mirror.batch(1)) ?? '')).toMatchObject({ lines: [9] });
  expect(await mirror.text()).toBe(batch(1, [9]));
});
