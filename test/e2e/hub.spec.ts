// A tokenizer of the Hugging Face Hub as a person takes it: chosen by name, cancelled, gated, given a token.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { smallModel } from '../hub/models.ts';
import { commitOf, type StandIn, startStandIn } from '../hub/stand-in.ts';
import { openWorkbench, root, until, type Workbench } from './workbench.ts';

const TOKEN = 'hf_yes';
const small = smallModel(root);
const gated = smallModel(root, { id: 'tests/gated', gated: true });
const ROW =
  '{"messages": [{"role": "user", "content": "Is my bike done?"}, {"role": "assistant", "content": "Not yet."}]}\n';

let hub: StandIn;
let home = '';
let workbench: Workbench;
beforeAll(async () => {
  hub = await startStandIn([small, gated], { allowed: [TOKEN] });
  home = mkdtempSync(join(tmpdir(), 'sft-lens-hf-'));
  // The extension host has the environment of this process.
  Object.assign(process.env, { HF_HOME: home, HF_ENDPOINT: hub.url });
  workbench = await openWorkbench({ name: 'hub', files: { 'sft-lens.json': '{}\n', 'rows.jsonl': ROW } });
  await workbench.openFile('rows.jsonl');
});
afterAll(async () => {
  await workbench?.close();
  await hub.close();
  delete process.env['HF_HOME'];
  delete process.env['HF_ENDPOINT'];
  rmSync(home, { recursive: true, force: true });
});

const box = () => workbench.quickInput();
const row = (text: string) => workbench.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: text });
const notification = (text: string) => workbench.notification(text);
const config = () => readFileSync(join(workbench.folder, 'sft-lens.json'), 'utf8');
const isHere = (model: typeof small) =>
  existsSync(
    join(home, 'hub', `models--${model.id.replace('/', '--')}`, 'snapshots', commitOf(model), 'tokenizer.json'),
  );
const problem = (text: string) =>
  until(`"${text}" in the problems`, async () => (await workbench.problems()).some((line) => line.includes(text)));

async function choose(id: string): Promise<void> {
  await workbench.runCommand('SFT Lens: Select Tokenizer');
  await row('a model, by its name').click();
  await until('the box', () => box().isVisible());
  await box().fill(id);
  await workbench.press('Enter');
  await until('the choice', async () => config().includes(id.split('/').at(-1) ?? id));
}

it('a download shows how far it is, and can be stopped', async () => {
  hub.set({ allowed: [TOKEN], slow: 1500 });
  await choose(`${hub.url}/tests/small`);
  expect(config()).toBe('{\n  "tokenizer": "tests/small"\n}\n');
  await problem('Downloading tokenizer tests/small. Until then the rows are measured with qwen3.');
  const progress = await notification('Downloading tokenizer tests/small');
  await until('how far it is', async () => /\d+ of \d+ kB/.test(await progress.innerText()));
  await workbench.screenshot('hub-downloading');
  await progress.hover();
  await progress.getByText('Cancel').click();
  await problem('The download of tests/small was stopped. Run "SFT Lens: Reload Tokenizers" to try again.');
  expect(isHere(small)).toBe(false);
});

it('reloading tries again', async () => {
  hub.set({ allowed: [TOKEN] });
  await workbench.runCommand('SFT Lens: Reload Tokenizers');
  await until('the files', async () => isHere(small));
  await until('no problem', async () => !(await workbench.problems()).join().includes('tests/small'));
});

it('what was chosen and what is here is offered', async () => {
  await workbench.runCommand('SFT Lens: Select Tokenizer');
  await row('tests/small').filter({ hasText: 'on this machine' }).waitFor();
  await row(`Pin tests/small to ${commitOf(small).slice(0, 7)}`).waitFor();
  await workbench.screenshot('hub-select');
  await workbench.press('Escape');
});

it('a name that cannot be one is refused in the box', async () => {
  await workbench.runCommand('SFT Lens: Select Tokenizer');
  await row('a model, by its name').click();
  await until('the box', () => box().isVisible());
  await box().fill('not a name');
  await workbench.page.getByText('Write org/name or org/name@revision').waitFor();
  await workbench.press('Escape');
});

it('a gated model leads to the token, which is used and shown nowhere', async () => {
  await choose('tests/gated');
  const refused = await notification('tests/gated is gated');
  await workbench.screenshot('hub-gated');
  await refused.getByText('Set Token').click();
  await until('the box', () => box().isVisible());
  expect(await box().getAttribute('type')).toBe('password');
  await box().fill(TOKEN);
  await workbench.press('Enter');
  await until('the files', async () => isHere(gated));
  await until('no problem', async () => !(await workbench.problems()).join().includes('gated'));
  const folder = join(workbench.folder, '..');
  const files = (
    readdirSync(folder, { recursive: true, withFileTypes: true }) as { name: string; parentPath: string }[]
  )
    .map(({ name, parentPath }) => join(parentPath, name))
    .filter((path) => /\.(log|json|jsonl)$/.test(path) && !path.includes('/extensions/'));
  expect(files.filter((path) => readFileSync(path, 'utf8').includes(TOKEN))).toEqual([]);
});
