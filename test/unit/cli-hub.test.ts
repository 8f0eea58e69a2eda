// `--tokenizer org/name` on the command line, with a Hub on this machine.
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smallModel } from '../hub/models.ts';
import { commitOf, type StandIn, startStandIn } from '../hub/stand-in.ts';
import { cliFolder, program, root } from './cli-program.ts';

const model = smallModel(root);
const commit = commitOf(model);
const ROW = JSON.stringify({
  messages: [
    { role: 'user', content: 'Is my bike done?' },
    { role: 'assistant', content: 'Yes.' },
  ],
});

let hub: StandIn;
let folder = '';
beforeAll(async () => {
  folder = cliFolder();
  writeFileSync(join(folder, 'rows.jsonl'), `${ROW}\n`);
  hub = await startStandIn([model, smallModel(root, { id: 'tests/gated', gated: true })], { allowed: ['hf_yes'] });
});
afterAll(async () => {
  await hub.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Result {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}
const run = (args: readonly string[], env: Record<string, string> = {}): Promise<Result> =>
  new Promise((done) => {
    const own = { HF_HOME: join(folder, 'home'), HF_ENDPOINT: hub.url, HF_HUB_OFFLINE: '', HF_TOKEN: '', ...env };
    const options = { cwd: folder, env: { ...process.env, ...own } };
    execFile(process.execPath, [program, ...args], options, (error, stdout, stderr) =>
      done({ status: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, stdout, stderr }),
    );
  });
const inspect = (tokenizer: string, env: Record<string, string> = {}): Promise<Result> =>
  run(['inspect', 'rows.jsonl', '--row', '1', '--json', '--mask', 'full', '--tokenizer', tokenizer], env);
const idsOf = ({ stdout }: Result): readonly number[] => (JSON.parse(stdout) as { ids: number[] }).ids;

describe('a tokenizer of the Hub', () => {
  it('is downloaded once and then needs no network', async () => {
    const first = await inspect('tests/small');
    expect(first.stderr).toBe('');
    expect(first.status).toBe(0);
    const asked = hub.requests.length;
    expect(asked).toBeGreaterThan(0);
    for (const id of ['tests/small', `tests/small@${commit}`, `tests/small@${commit.slice(0, 7)}`])
      expect(idsOf(await inspect(id, { HF_ENDPOINT: 'http://127.0.0.1:1' }))).toEqual(idsOf(first));
    expect(hub.requests.length).toBe(asked);
  });

  it('is the same as from a folder, which comes first', async () => {
    const copy = join(folder, 'tests/copy');
    mkdirSync(copy, { recursive: true });
    for (const file of ['tokenizer.json', 'tokenizer_config.json', 'chat_template.jinja'])
      writeFileSync(join(copy, file), model.files[file] ?? '');
    expect(idsOf(await inspect('tests/copy'))).toEqual(idsOf(await inspect('tests/small')));
  });

  it('stands in the manifest with its commit', async () => {
    expect((await run(['tokens', 'rows.jsonl', '-o', 'out', '--tokenizer', 'tests/small'])).status).toBe(0);
    expect(JSON.parse(readFileSync(join(folder, 'out/manifest.json'), 'utf8'))).toMatchObject({
      tokenizer: 'tests/small',
      tokenizerCommit: commit,
      tokenizerSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('takes the token of the environment', async () => {
    const refused = await inspect('tests/gated');
    expect(refused.status).toBe(2);
    expect(refused.stderr).toMatch(/^sft-lens: tests\/gated is gated\. Accept its licence on http.*HF_TOKEN/);
    const accepted = await inspect('tests/gated', { HF_TOKEN: 'hf_yes' });
    expect(accepted.status).toBe(0);
    expect(`${accepted.stdout}${accepted.stderr}`).not.toContain('hf_yes');
  });

  it('exits 2 with a sentence where it cannot be had', async () => {
    for (const [id, env, sentence] of [
      ['tests/smal', {}, 'Did you mean tests/small?'],
      ['tests/small@v9', {}, 'has no revision v9'],
      ['tests/other', { HF_HUB_OFFLINE: '1' }, 'HF_HUB_OFFLINE forbids'],
      ['tests/other', { HF_ENDPOINT: 'http://127.0.0.1:1' }, 'could not be reached'],
    ] as const) {
      const result = await inspect(id, env);
      expect(result.status).toBe(2);
      expect(result.stderr).toContain(sentence);
      expect(result.stderr).not.toContain('    at ');
      expect(result.stdout).toBe('');
    }
  });
});
