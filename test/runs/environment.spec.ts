import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKit, follow } from './kit.ts';

const kit = createKit();
afterAll(() => kit.dispose());

/** A package that is there without a network. */
const WHEEL = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1] + "/tinypkg-1.0-py3-none-any.whl", "w") as z:
    z.writestr("tinypkg.py", sys.argv[2])
    z.writestr("tinypkg-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: tinypkg\\nVersion: 1.0\\n")
    z.writestr("tinypkg-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    z.writestr("tinypkg-1.0.dist-info/RECORD", "")
`;
const wheel = (name: string, code: string): string => {
  const folder = join(kit.folder, name);
  mkdirSync(folder, { recursive: true });
  expect(spawnSync('python3', ['-c', WHEEL, folder, code]).status).toBe(0);
  const requirements = join(folder, 'requirements.txt');
  writeFileSync(requirements, `--no-index\n--find-links ${folder}\ntinypkg==1.0 # the only one\n`);
  return requirements;
};

describe('an environment', () => {
  let requirements: string;
  beforeAll(() => {
    requirements = wheel('good', 'x = 1');
  });
  const target = kit.target({ python: null });

  it('is made once for two that ask at the same time, and used again', async () => {
    const details: string[] = [];
    const requests = [1, 2].map(() => kit.request(target, { steps: 1 }));
    await Promise.all(
      requests.map((request) =>
        kit.runner(target, { requirements }).start(request, (steps) => details.push(steps[1]?.detail ?? '')),
      ),
    );
    for (const { record } of requests) {
      expect((await follow(kit.runner(target), record)).last.status.state).toBe('succeeded');
    }
    const { stdout } = spawnSync('find', [join(target.workdir, 'envs'), '-name', 'pyvenv.cfg'], { encoding: 'utf8' });
    expect(stdout.trim().split('\n')).toHaveLength(1);
    const start = performance.now();
    await kit.runner(target, { requirements }).start(kit.request(target, { steps: 1 }), () => undefined);
    console.log(`a start in an environment that is there takes ${(performance.now() - start).toFixed(0)} ms`);
  }, 180_000);

  it('that was left unfinished is made again, and a lock whose owner is gone is no lock', async () => {
    const envs = join(target.workdir, 'envs');
    const [hash = ''] = spawnSync('ls', [envs], { encoding: 'utf8' })
      .stdout.split('\n')
      .filter((name) => /^[0-9a-f]{16}$/.test(name));
    rmSync(join(envs, hash, '.complete'));
    rmSync(join(envs, hash, 'bin'), { recursive: true });
    mkdirSync(join(envs, `${hash}.lock`));
    const host = spawnSync('uname', ['-n'], { encoding: 'utf8' }).stdout.trim();
    writeFileSync(join(envs, `${hash}.lock`, 'owner'), `{"pid":999999999,"start":"1","host":"${host}"}\n`);
    await kit.runner(target, { requirements }).start(kit.request(target, { steps: 1 }), () => undefined);
    expect(existsSync(join(envs, hash, '.complete'))).toBe(true);
    expect(existsSync(join(envs, `${hash}.lock`))).toBe(false);
  }, 180_000);

  it('says which package cannot be had', async () => {
    const missing = join(kit.folder, 'missing.txt');
    writeFileSync(missing, '--no-index\nno-such-package==1\n');
    const started = kit
      .runner(target, { requirements: missing })
      .start(kit.request(target, { steps: 1 }), () => undefined);
    await expect(started).rejects.toMatchObject({
      code: 'environment',
      message: expect.stringContaining('no-such-package'),
    });
  }, 180_000);

  it('says that a package is there but does not load', async () => {
    const broken = wheel('broken', 'raise ImportError("libgone.so: cannot open shared object file")');
    const started = kit
      .runner(target, { requirements: broken })
      .start(kit.request(target, { steps: 1 }), () => undefined);
    await expect(started).rejects.toMatchObject({
      code: 'environment',
      message: expect.stringContaining('libgone.so'),
      remedy: expect.stringContaining('do not load'),
    });
  }, 180_000);

  it('is made by uv where there is one, which chooses the build of torch', async () => {
    const bin = join(kit.folder, 'bin');
    const said = join(kit.folder, 'uv.log');
    mkdirSync(bin);
    // It cannot be had on every machine: this one writes down what it is told and does the least of it.
    writeFileSync(
      join(bin, 'uv'),
      `#!/bin/sh\necho "$UV_TORCH_BACKEND $*" >> ${said}\nif [ "$1" = venv ]; then for last; do :; done; python3 -m venv --without-pip "$last"; else echo "Installed 1 package in 2ms"; fi\n`,
    );
    chmodSync(join(bin, 'uv'), 0o755);
    const withUv = kit.target({ python: null, workdir: join(kit.folder, 'uv runs'), setup: [`PATH=${bin}:$PATH`] });
    const request = kit.request(withUv, { steps: 1 });
    const runner = kit.runner(withUv);
    await runner.start(request, () => undefined);
    expect((await follow(runner, request.record)).last.status.state).toBe('succeeded');
    const [venv, install] = readFileSync(said, 'utf8').split('\n');
    expect(venv).toMatch(/^auto venv --seed --python \S+ [0-9a-f]{16}$/);
    expect(install).toMatch(
      /^auto pip install --python [0-9a-f]{16}\/bin\/python -r [0-9a-f]{16}\.lock\/requirements\.txt$/,
    );
  }, 180_000);
});
