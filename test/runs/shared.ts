import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Target } from '../../src/core/runs/target.ts';
import type { Runner, StartRequest } from '../../src/node/runs/runner.ts';
import { START } from '../../src/node/runs/runner.ts';
import {
  eventsOf,
  follow,
  type Kit,
  type Play,
  type RequestOptions,
  stepsOf,
  untilState,
  untilStep,
  upTo,
} from './kit.ts';
import { argumentsOfAll, filesWith, gone } from './traces.ts';

/** How a kind of target is reached in a test. */
export interface Place {
  readonly kit: Kit;
  target(): Target;
  runner(target: Target): Runner;
}

export const begin = async (
  place: Place,
  play: Play,
  options: RequestOptions = {},
): Promise<{ readonly runner: Runner; readonly request: StartRequest; readonly folder: string }> => {
  const target = place.target();
  const runner = place.runner(target);
  const request = place.kit.request(target, play, options);
  await runner.start(request, () => undefined);
  return { runner, request, folder: request.record.folder };
};

export const json = (...path: readonly string[]): Record<string, unknown> =>
  JSON.parse(readFileSync(join(...path), 'utf8')) as Record<string, unknown>;

/** What must hold on every target, whatever transport and scheduler it has. */
export function everywhere(place: () => Place): void {
  it('runs to its end; each byte of metrics and log comes once', async () => {
    const { kit, target, runner: make } = place();
    const [here] = [target()];
    const runner = make(here);
    const request = kit.request(here, { steps: 6 });
    const told: string[] = [];
    await runner.start(request, (steps) => told.push(steps.map(({ state }) => state[0]).join('')));
    expect(told.at(0)).toBe('rwww');
    expect(told.at(-1)).toBe('dddd');
    const { metrics, log, last } = await follow(runner, request.record);
    expect(last.status).toMatchObject({ state: 'succeeded', code: 0, reason: null });
    expect(stepsOf(metrics)).toEqual(upTo(6));
    expect(metrics).toBe(readFileSync(join(request.record.folder, 'metrics.jsonl'), 'utf8'));
    for (const step of upTo(6)) expect(log).toContain(`step ${step} é\n`);
    expect(eventsOf(metrics).at(-1)).toMatchObject({ event: 'train_end', status: 'done' });
  });

  it('is started once, however often it is asked for', async () => {
    const { kit, target, runner: make } = place();
    const here = target();
    const request = kit.request(here, { steps: 8 });
    await Promise.all([1, 2, 3].map(() => make(here).start(request, () => undefined)));
    const { metrics } = await follow(make(here), request.record);
    await make(here).start(request, () => undefined);
    expect((await make(here).poll(request.record, START)).status.state).toBe('succeeded');
    expect(eventsOf(metrics).filter(({ event }) => event === 'train_begin')).toHaveLength(1);
    expect(stepsOf(metrics)).toEqual(upTo(8));
  });

  it('stops with a checkpoint, and goes on from there', async () => {
    const { runner, request } = await begin(place(), { steps: 400, sleep: 0.1 });
    await follow(runner, request.record, untilStep(3));
    await runner.stop(request.record, 'checkpoint');
    const stopped = await follow(runner, request.record);
    expect(stopped.last.status).toMatchObject({ state: 'stopped', remedy: 'Resume goes on from the last checkpoint.' });
    const [at] = stepsOf(stopped.metrics).slice(-1);
    expect(at).toBeLessThan(400);
    const more = place().kit.request(request.record.target, { steps: (at ?? 0) + 5 }, { id: request.record.id });
    await runner.start({ ...more, resume: true }, () => undefined);
    const whole = await follow(runner, request.record);
    expect(whole.last.status.state).toBe('succeeded');
    expect(stepsOf(whole.metrics)).toEqual(upTo((at ?? 0) + 5));
    expect(eventsOf(whole.metrics).at(-1)?.attempt).toBe(2);
    expect(eventsOf(whole.metrics).map(({ seq }) => seq)).toEqual(upTo(eventsOf(whole.metrics).length));
  });

  it('is ended at once', async () => {
    const { runner, request, folder } = await begin(place(), { steps: 1000, sleep: 0.1 });
    await follow(runner, request.record, untilStep(2));
    await runner.stop(request.record, 'kill');
    const { last } = await follow(runner, request.record);
    expect(last.status).toMatchObject({ state: 'stopped', reason: 'You ended it at once.' });
    await gone(json(folder, 'seen.json')['pid']);
  });

  it('says what the trainer ended with', async () => {
    const { runner, request } = await begin(place(), { steps: 5, fail_at: 2 });
    const { last, log } = await follow(runner, request.record);
    expect(last.status).toMatchObject({
      state: 'failed',
      error: { type: 'ValueError', message: 'broken on purpose' },
    });
    expect(log, log).toContain('ValueError: broken on purpose');
  });

  it('gives secrets to the trainer and to nobody else', async () => {
    const secret = `hf_${'it\'s $(id) \\ "secret"'}`;
    const { runner, request, folder } = await begin(
      place(),
      { steps: 20, sleep: 0.1 },
      { secrets: { HF_TOKEN: secret } },
    );
    await follow(runner, request.record, untilStep(1));
    expect(json(folder, 'seen.json')['token']).toBe(secret);
    expect(argumentsOfAll()).not.toContain('hf_it');
    expect(filesWith(folder, 'hf_it')).toEqual(['seen.json']);
    await follow(runner, request.record, untilState('succeeded'));
    expect(filesWith(folder, 'hf_it')).toEqual(['seen.json']);
  });

  it('copies model, checkpoint and logs, reads files, lists and deletes runs', async () => {
    const { kit } = place();
    const { runner, request, folder } = await begin(place(), { steps: 6 });
    await expect(
      runner.fetch(request.record, { checkpoint: 'checkpoint-999' }, join(kit.folder, 'no')),
    ).rejects.toMatchObject({ code: 'staging' });
    await follow(runner, request.record);
    const to = join(kit.folder, `fetched-${request.record.id}`);
    await runner.fetch(request.record, 'model', join(to, 'model'));
    await runner.fetch(request.record, { checkpoint: 'out/checkpoint-5' }, join(to, 'checkpoint'));
    await runner.fetch(request.record, 'logs', join(to, 'logs'));
    expect(readdirSync(join(to, 'model'))).toEqual(['adapter.bin']);
    expect(readdirSync(join(to, 'checkpoint'))).toEqual(['state']);
    expect(readdirSync(join(to, 'logs')).sort()).toEqual([
      'manifest.json',
      'metrics.jsonl',
      'out.log',
      'run.json',
      'spec.json',
    ]);
    expect(Buffer.from((await runner.read(request.record, 'out/adapter.bin')) ?? []).toString()).toBe('weights');
    expect(await runner.read(request.record, 'nothing')).toBeNull();
    await expect(runner.read(request.record, '../../etc/passwd')).rejects.toMatchObject({ code: 'bad-name' });
    expect((await runner.list()).filter(({ id }) => id === request.record.id)).toEqual([request.record]);
    await runner.remove(request.record);
    expect((await runner.list()).map(({ id }) => id)).not.toContain(request.record.id);
    expect((await runner.poll({ ...request.record }, START)).status.state).toBe('lost');
    expect(folder).toContain(request.record.id);
  });

  it('does not delete what runs', async () => {
    const { runner, request } = await begin(place(), { steps: 1000, sleep: 0.1 });
    await follow(runner, request.record, untilStep(1));
    await expect(runner.remove(request.record)).rejects.toMatchObject({ message: 'The run is not over.' });
    await runner.stop(request.record, 'kill');
    await follow(runner, request.record);
  });

  it('compares in a job of its own', async () => {
    const { runner, request } = await begin(place(), { steps: 1, sleep: 0.01 });
    await follow(runner, request.record);
    const compare = { checkpoint: null, prompts: [1], rows: [], maxNewTokens: 3 };
    await runner.compare(request.record, compare);
    const answer = await runner.read(request.record, 'compare.json');
    expect(JSON.parse(Buffer.from(answer ?? []).toString())).toEqual(compare);
  });
}
