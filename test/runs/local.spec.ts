import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createKit, eventsOf, follow, stepsOf, untilState, untilStep, upTo } from './kit.ts';

const kit = createKit();
afterAll(() => kit.dispose());

describe('a run on this computer', () => {
  it('runs to its end', async () => {
    const target = kit.target();
    const runner = kit.runner(target);
    const request = kit.request(target, { steps: 6 });
    const told: string[] = [];
    const begin = performance.now();
    await runner.start(request, (steps) => told.push(steps.map(({ state }) => state[0]).join('')));
    console.log('start', Math.round(performance.now() - begin), 'ms');
    expect(told.at(0)).toBe('rwww');
    expect(told.at(-1)).toBe('dddd');
    const { metrics, log, last } = await follow(runner, request.record);
    expect(last.status).toMatchObject({ state: 'succeeded', code: 0, reason: null });
    expect(stepsOf(metrics)).toEqual(upTo(6));
    expect(log).toBe(
      `begin\n${upTo(6)
        .map((step) => `step ${step} é\n`)
        .join('')}`,
    );
    expect(eventsOf(metrics).at(-1)).toMatchObject({ event: 'train_end', status: 'done' });
  });
});
