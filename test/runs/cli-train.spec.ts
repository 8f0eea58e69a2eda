// `sft-lens train` as a CI job runs it: the built program, a real trainer on this computer, exit codes.
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trainerIsThere, trainerPython } from './kit.ts';

const root = resolve(import.meta.dirname, '../..');
const program = join(root, 'dist/cli.mjs');
let folder = '';

beforeAll(() => {
  if (!existsSync(program)) throw new Error('dist/cli.mjs is missing: run npm run build');
  folder = mkdtempSync(join(tmpdir(), 'sft-lens-'));
  copyFileSync(join(root, 'samples/support.jsonl'), join(folder, 'support.jsonl'));
  const target = { name: 'here', ssh: null, workdir: join(folder, 'work'), python: trainerPython };
  writeFileSync(join(folder, 'targets.json'), JSON.stringify([target]));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SPEC = {
  model: 'bundled:tiny',
  data: { train: 'support.jsonl', eval: null },
  method: 'full',
  args: { max_steps: 3, per_device_train_batch_size: 1, gradient_accumulation_steps: 1, logging_steps: 1 },
  target: 'here',
};

async function train(spec: unknown, ...args: readonly string[]) {
  writeFileSync(join(folder, 'bikes.sftrun.json'), JSON.stringify(spec, null, 2));
  const child = spawn(process.execPath, [program, 'train', 'bikes.sftrun.json', '--targets', 'targets.json', ...args], {
    cwd: folder,
    env: { ...process.env, HF_HUB_OFFLINE: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((done) => child.once('exit', done));
  const [stdout, stderr, status] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { stdout, stderr, status };
}

describe.skipIf(!trainerIsThere)('sft-lens train', () => {
  it('says what a run would train on, and exits 0', async () => {
    const { status, stdout } = await train(SPEC, '--dry-run');
    expect(stdout).toMatch(/^\d+ rows to tokens, .* trained, the longest row has \d+\nhere: Python 3/);
    expect(status).toBe(0);
    expect(existsSync(join(folder, 'work/runs'))).toBe(false);
  });

  it('names the place in a spec that is wrong, and exits 1', async () => {
    const { status, stderr } = await train({ ...SPEC, method: 'lorra' });
    expect(stderr).toMatch(/^bikes\.sftrun\.json:7:13: error: .*lorra.*Did you mean `lora`\?/);
    expect(status).toBe(1);
  });

  it('knows no target that nobody named, and exits 2', async () => {
    const { status, stderr } = await train(SPEC, '--target', 'moon');
    expect(stderr).toContain('targets.json has no target moon.');
    expect(status).toBe(2);
  });

  it('trains, tells the loss of each step, and exits 0', async () => {
    const { status, stdout, stderr } = await train(SPEC);
    expect(stdout, stderr).toMatch(/step 3.*loss \d/i);
    expect(stdout).toMatch(/Succeeded\./);
    expect(status).toBe(0);
    const [run] = readdirSync(join(folder, 'work/runs'));
    expect(existsSync(join(folder, 'work/runs', run ?? '', 'out/model.safetensors'))).toBe(true);
  }, 300_000);

  it('says why a run failed, and exits 1', async () => {
    const { status, stdout } = await train({ ...SPEC, model: 'no-such/model' });
    expect(stdout).toMatch(/Failed\. The target cannot reach the Hub.*Set `model` to a folder/);
    expect(status).toBe(1);
  }, 300_000);
});
