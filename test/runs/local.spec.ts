import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { START } from '../../src/node/runs/runner.ts';
import {
  createKit,
  eventsOf,
  follow,
  type Kit,
  newId,
  stepsOf,
  trainerIsThere,
  trainerPython,
  untilState,
  untilStep,
  upTo,
} from './kit.ts';
import { begin, everywhere, json, type Place } from './shared.ts';
import { argumentsOfAll, gone } from './traces.ts';

const kit = createKit();
afterAll(() => kit.dispose());

const placeOf = (of: Kit): Place => ({ kit: of, target: () => of.target(), runner: (target) => of.runner(target) });
const here = placeOf(kit);

describe('a run on this computer', () => {
  everywhere(() => here);

  it('ends all that a trainer began when it is ended at once, though it ignores signals', async () => {
    const { runner, request, folder } = await begin(here, { steps: 1000, sleep: 0.1, ignore_term: true });
    await follow(runner, request.record, untilStep(2));
    const began = performance.now();
    await runner.stop(request.record, 'kill');
    expect(performance.now() - began).toBeLessThan(6_000);
    const { last } = await follow(runner, request.record);
    expect(last.status).toMatchObject({ state: 'stopped', code: 137 });
    await gone(json(folder, 'seen.json')['pid']);
  });

  it('is followed without its supervisor, and lost without its trainer', async () => {
    const { runner, request, folder } = await begin(here, { steps: 1000, sleep: 0.1 });
    await follow(runner, request.record, untilStep(1));
    process.kill(Number(json(folder, 'pid.json')['pid']), 'SIGKILL');
    expect((await runner.poll(request.record, START)).status.state).toBe('running');
    // The trainer goes on, so that a second one must not begin.
    await runner.start({ ...request, resume: true }, () => undefined);
    expect(existsSync(join(folder, 'attempt-1'))).toBe(false);
    process.kill(Number(json(folder, 'seen.json')['pid']), 'SIGKILL');
    const { last } = await follow(runner, request.record);
    expect(last.status).toMatchObject({
      state: 'lost',
      reason: 'Its process was ended from outside, often because memory ran out.',
    });
  });

  it('tells a reboot from a crash, and goes on after it', async () => {
    const { runner, request, folder } = await begin(here, { steps: 12, sleep: 0.1, save: 2 });
    await follow(runner, request.record, untilStep(3));
    process.kill(Number(json(folder, 'pid.json')['pid']), 'SIGKILL');
    process.kill(Number(json(folder, 'seen.json')['pid']), 'SIGKILL');
    writeFileSync(join(folder, 'pid.json'), JSON.stringify({ ...json(folder, 'pid.json'), boot: 'another' }));
    const { last } = await follow(runner, request.record);
    expect(last.status).toMatchObject({ state: 'lost', reason: 'This computer was started anew while it ran.' });
    await runner.start({ ...request, resume: true }, () => undefined);
    const whole = await follow(runner, request.record);
    expect(whole.last.status.state).toBe('succeeded');
    expect(stepsOf(whole.metrics)).toEqual(upTo(12));
  });

  it('never ends a process that only has the same id', async () => {
    const { runner, request, folder } = await begin(here, { steps: 2 });
    await follow(runner, request.record);
    const { mtimeMs } = statSync(join(folder, 'exit.json'));
    // Our own process, which began at another time.
    writeFileSync(join(folder, 'pid.json'), JSON.stringify({ ...json(folder, 'pid.json'), pid: process.pid }));
    await runner.stop(request.record, 'kill');
    expect(statSync(join(folder, 'exit.json')).mtimeMs).toBe(mtimeMs);
  });

  it('says that Python crashed', async () => {
    const { runner, request } = await begin(here, { steps: 3, crash_at: 1 });
    const { last } = await follow(runner, request.record);
    expect(last.status).toMatchObject({ state: 'failed', code: 139, reason: 'Python crashed (segmentation fault).' });
  });

  it.skipIf(!trainerIsThere)('begins several processes with torchrun', async () => {
    const target = kit.target({ python: trainerPython });
    const runner = kit.runner(target);
    const request = kit.request(target, { steps: 30, sleep: 0.1, ignore_term: true }, { spec: { gpus: 2 } });
    await runner.start(request, () => undefined);
    const { metrics } = await follow(runner, request.record, untilStep(1));
    expect(eventsOf(metrics)[0]).toMatchObject({ world_size: 2 });
    // Each worker has a session of its own: none may outlive the end.
    await runner.stop(request.record, 'kill');
    await follow(runner, request.record);
    expect(argumentsOfAll()).not.toContain(request.record.id);
  });
});

describe('what is read of a run', () => {
  it('holds a torn last line back until it is whole', async () => {
    const { runner, request, folder } = await begin(here, { steps: 1 });
    const { last } = await follow(runner, request.record);
    const metrics = join(folder, 'metrics.jsonl');
    appendFileSync(metrics, '{"event":"log","t');
    const torn = await runner.poll(request.record, last.cursor);
    expect([torn.metrics, torn.cursor, torn.more]).toEqual(['', last.cursor, false]);
    appendFileSync(metrics, '":1}\n');
    const whole = await runner.poll(request.record, last.cursor);
    expect(whole.metrics).toBe('{"event":"log","t":1}\n');
    expect(whole.cursor.metrics).toBe(statSync(metrics).size);
  });

  it('begins anew where metrics became shorter', async () => {
    const { runner, request, folder } = await begin(here, { steps: 3 });
    const { last, metrics } = await follow(runner, request.record);
    const [first] = metrics.split('\n');
    truncateSync(join(folder, 'metrics.jsonl'), Buffer.byteLength(`${first}\n`));
    const poll = await runner.poll(request.record, last.cursor);
    expect([poll.truncated, poll.metrics]).toEqual([true, `${first}\n`]);
    expect((await runner.poll(request.record, poll.cursor)).truncated).toBe(false);
  });

  it('takes much of it in parts, and a line of any length', async () => {
    const { runner, request, folder } = await begin(here, { steps: 1 });
    const { last } = await follow(runner, request.record);
    const lines = `${Array.from({ length: 20_000 }, (_, seq) => JSON.stringify({ seq, text: 'ä€😀' })).join('\n')}\n`;
    const long = `${JSON.stringify({ rows: 'x'.repeat(900_000) })}\n`;
    appendFileSync(join(folder, 'metrics.jsonl'), lines + long);
    let [text, cursor, more] = ['', last.cursor, true];
    for (let polls = 0; more || polls < 4; polls++) {
      const poll = await runner.poll(request.record, cursor);
      text += poll.metrics;
      ({ cursor, more } = poll);
      expect(polls).toBeLessThan(20);
    }
    expect(text === lines + long).toBe(true);
  });

  it('takes only the end of a long log, and no half characters', async () => {
    const { runner, request, folder } = await begin(here, { steps: 1 });
    const { last } = await follow(runner, request.record);
    appendFileSync(join(folder, 'out.log'), `${'y'.repeat(1_000_000)}\nend €`);
    const poll = await runner.poll(request.record, last.cursor);
    expect(poll.log.length).toBeLessThanOrEqual(65_536);
    expect(poll.log.endsWith('\nend €')).toBe(true);
    appendFileSync(join(folder, 'out.log'), Buffer.from('€').subarray(0, 2));
    const torn = await runner.poll(request.record, poll.cursor);
    expect(torn.log).toBe('');
    appendFileSync(join(folder, 'out.log'), Buffer.from('€').subarray(2));
    expect((await runner.poll(request.record, torn.cursor)).log).toBe('€');
  });
});

describe('a start that cannot be', () => {
  it('leaves nothing behind where it is aborted', async () => {
    const target = kit.target();
    const runner = kit.runner(target);
    const request = kit.request(target, { steps: 3 });
    const abort = new AbortController();
    const started = runner.start(
      request,
      (steps) => {
        if (steps[2]?.state === 'running') abort.abort();
      },
      abort.signal,
    );
    await expect(started).rejects.toMatchObject({ code: 'cancelled' });
    expect(existsSync(join(request.record.folder, 'pid.json'))).toBe(false);
  });

  it.each([
    ['no Python', { python: '/no/such/python' }, 'no-python', '/no/such/python does not run.'],
    ['no folder', { workdir: '/proc/nothing' }, 'disk', '/proc/nothing cannot be written on This computer.'],
  ])('says that there is %s', async (_, more, code, message) => {
    const target = kit.target(more);
    const started = kit.runner(target).start(kit.request(target, { steps: 1 }), () => undefined);
    await expect(started).rejects.toMatchObject({ code, message });
  });

  it('says which packages a Python lacks', async () => {
    const target = kit.target();
    const requirements = join(kit.folder, 'more.txt');
    writeFileSync(requirements, 'pip\nno-such-package-a==1\nno-such-package-b>=2\n');
    const started = kit.runner(target, { requirements }).start(kit.request(target, { steps: 1 }), () => undefined);
    await expect(started).rejects.toMatchObject({
      code: 'environment',
      message: expect.stringMatching(/python3 on This computer lacks no-such-package-a, no-such-package-b\.$/),
    });
  });

  it('says that nodes need Slurm', async () => {
    const target = kit.target();
    const started = kit
      .runner(target)
      .start(kit.request(target, { steps: 1 }, { spec: { nodes: 2 } }), () => undefined);
    await expect(started).rejects.toMatchObject({ code: 'submit' });
  });

  it('refuses data that is not what its manifest says', async () => {
    const target = kit.target();
    const request = kit.request(target, { steps: 1 }, { data: new Uint8Array([9, 9]) });
    writeFileSync(join(request.staging, 'train.arrow'), 'other');
    await expect(kit.runner(target).start(request, () => undefined)).rejects.toMatchObject({ code: 'staging' });
    expect(existsSync(request.record.folder)).toBe(false);
  });

  it('says that a disk is full', async () => {
    const disk = join(kit.folder, 'disk');
    mkdirSync(disk);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=60m', 'tmpfs', disk]);
    if (mounted.status !== 0) {
      console.log('skipped: a small disk cannot be mounted here');
      return;
    }
    try {
      const target = kit.target({ workdir: join(disk, 'w') });
      const full = kit.request(target, { steps: 1 }, { data: Buffer.alloc(3_000_000, 1) });
      await expect(kit.runner(target).start(full, () => undefined)).rejects.toMatchObject({
        code: 'disk',
        message: expect.stringContaining('MB are free'),
      });
      // It fills while the data is copied.
      spawnSync('dd', ['if=/dev/zero', `of=${disk}/filler`, 'bs=1M', 'count=52']);
      const { stage } = await import('../../src/node/runs/staging.ts');
      const { localTransport } = await import('../../src/node/runs/local-transport.ts');
      const files = [{ name: 'big', from: { text: 'x'.repeat(9_000_000) } }];
      await expect(
        stage(localTransport(), join(disk, 'w/r'), join(disk, 'w/data'), { files, data: [] }, () => undefined),
      ).rejects.toMatchObject({ code: 'disk', message: 'The disk of This computer is full.' });
      expect(existsSync(join(disk, 'w/r/big'))).toBe(false);
    } finally {
      spawnSync('umount', ['-l', disk]);
    }
  });
});

describe('data', () => {
  it('is kept once for all runs on it', async () => {
    const data = Buffer.alloc(200_000, 7);
    const first = await begin(here, { steps: 1 }, { data });
    const second = await begin(here, { steps: 1 }, { data });
    const inode = (folder: string): number => statSync(join(folder, 'train.arrow')).ino;
    expect(inode(first.folder)).toBe(inode(second.folder));
    expect(readFileSync(join(second.folder, 'train.arrow')).equals(data)).toBe(true);
    await Promise.all([first, second].map(({ runner, request }) => follow(runner, request.record)));
  });
});

describe('names that a shell would trip over', () => {
  const odd = createKit(`we'ird "$(touch PWNED)\`id\` ;&|%n é*~`);
  afterAll(() => odd.dispose());

  it('are only names', async () => {
    const { runner, request, folder } = await begin(placeOf(odd), { steps: 3 }, { secrets: { HF_TOKEN: 'a' } });
    const { last, metrics } = await follow(runner, request.record);
    expect(last.status.state).toBe('succeeded');
    expect(stepsOf(metrics)).toEqual(upTo(3));
    expect(existsSync(folder)).toBe(true);
    await runner.remove(request.record);
    const { stdout } = spawnSync('find', [odd.folder, '.', '-maxdepth', '4', '-name', 'PWNED'], { encoding: 'utf8' });
    expect(stdout).toBe('');
  });

  it('are refused where they are no names at all', async () => {
    const target = kit.target();
    for (const workdir of ['relative', '', '/a\nb', '/', '/a/../b']) {
      expect(() => kit.runner({ ...target, workdir })).toThrow(/no folder for runs/);
    }
    const request = kit.request(target, { steps: 1 });
    for (const id of ['../x', `${newId()}/..`, 'x; id']) {
      const record = { ...request.record, id, folder: `/tmp/${id}` };
      await expect(kit.runner(target).poll(record, START)).rejects.toMatchObject({ code: 'bad-name' });
    }
  });
});

describe('a probe', () => {
  const withSmi = (body: string) => {
    const bin = join(kit.folder, `smi-${newId()}`);
    mkdirSync(bin);
    writeFileSync(join(bin, 'nvidia-smi'), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
    const target = kit.target({ setup: [`PATH=${bin}:$PATH`, 'echo what setup prints is no answer'] });
    return { target, runner: kit.runner(target) };
  };

  it('reads the GPUs, and a run takes the free ones', async () => {
    const { target, runner } = withSmi(
      "printf '0, 81559, 70000, 99, NVIDIA A100\\n1, 81559, 3, 0, NVIDIA A100\\n2, [N/A], [N/A], [N/A], NVIDIA A100\\n'",
    );
    expect((await runner.probe()).gpus.map(({ memoryUsed }) => memoryUsed)).toEqual([
      70000 * 2 ** 20,
      3 * 2 ** 20,
      null,
    ]);
    const request = kit.request(target, { steps: 1 }, { spec: { gpus: 1 } });
    await runner.start(request, () => undefined);
    await follow(runner, request.record);
    expect(json(request.record.folder, 'seen.json')['visible']).toBe('1');
    expect(json(request.record.folder, 'spec.json')['worldSize']).toBe(1);
  });

  it('says what is wrong with a driver', async () => {
    const { runner } = withSmi('echo "Failed to initialize NVML: Driver/library version mismatch"; exit 18');
    expect((await runner.probe()).problems.join()).toContain('version mismatch. Reboot the machine');
  });
});

describe('states on the way', () => {
  it('are told: preparing, running, stopping', async () => {
    const target = kit.target();
    const runner = kit.runner(target);
    const request = kit.request(target, { steps: 400, sleep: 0.3 });
    mkdirSync(request.record.folder, { recursive: true });
    expect((await runner.poll(request.record, START)).status.state).toBe('preparing');
    await runner.start(request, () => undefined);
    await follow(runner, request.record, untilState('running'));
    await follow(runner, request.record, untilStep(1));
    await runner.stop(request.record, 'checkpoint');
    expect((await runner.poll(request.record, START)).status.state).toBe('stopping');
    expect((await follow(runner, request.record)).last.status.state).toBe('stopped');
  });
});
