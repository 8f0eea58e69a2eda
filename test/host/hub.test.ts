import { strict as assert } from 'node:assert';
import { cpSync, existsSync, mkdtempSync, readFileSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commands, type TextDocument, window, workspace } from 'vscode';
import { COMMANDS } from '../../src/extension/contributions.ts';
import { smallModel } from '../hub/models.ts';
import { commitOf, type StandIn, startStandIn } from '../hub/stand-in.ts';
import { folderWith, openFile, problemsOf, row } from './dataset.ts';
import { until } from './helpers.ts';
import { reportOf } from './report.ts';

const root = process.env['SFT_LENS_ROOT'] ?? '';
const ROWS = `${row('Is my bike done?', 'Not yet. We are waiting for a part.')}\n`;

describe('a tokenizer of the Hugging Face Hub', () => {
  const model = smallModel(root);
  const commit = commitOf(model);
  const home = mkdtempSync(join(realpathSync(tmpdir()), 'sft-lens-hf-'));
  const snapshot = join(home, 'hub/models--tests--small/snapshots', commit);
  let hub: StandIn;

  const project = (tokenizer: string): string =>
    folderWith({
      'rows.jsonl': ROWS,
      'sft-lens.json': `{\n  // Of the model.\n  "tokenizer": ${JSON.stringify(tokenizer)}\n}\n`,
    });
  const warning = (document: TextDocument, text: string): Promise<string> =>
    until(`"${text}"`, () => problemsOf(document).find(({ message }) => message.includes(text))?.message);
  const tokensOf = (document: TextDocument): Promise<number> =>
    until('all rows', async () => {
      const found = await reportOf(document.uri);
      return found?.state === 'checked' ? found.totals?.tokens : null;
    });

  before(async () => {
    hub = await startStandIn([model, smallModel(root, { id: 'tests/gated', gated: true })]);
    process.env['HF_HOME'] = home;
    process.env['HF_ENDPOINT'] = hub.url;
    await workspace.getConfiguration('sftLens').update('diagnostics.enabled', true, true);
  });
  after(async () => {
    delete process.env['HF_HOME'];
    delete process.env['HF_ENDPOINT'];
    await hub.close();
  });

  it('is downloaded once, while the bundled one stands in, and then used', async () => {
    hub.set({ slow: 150 });
    const { document } = await openFile(join(project('tests/small'), 'rows.jsonl'));
    const message = await warning(document, 'Downloading tokenizer tests/small.');
    assert.match(message, /Until then the rows are measured with qwen3\./);
    const before = await tokensOf(document);
    await until('the files', () => existsSync(join(snapshot, 'tokenizer.json')));
    await until('no warning', () => !problemsOf(document).some(({ message }) => message.includes('Downloading')));
    const tokens = await until('other numbers', async () => {
      const now = await tokensOf(document);
      return now === before ? null : now;
    });
    hub.set({});

    const folder = project('./model');
    cpSync(snapshot, join(folder, 'model'), { recursive: true, dereference: true });
    assert.equal(await tokensOf((await openFile(join(folder, 'rows.jsonl'))).document), tokens);

    const asked = hub.requests.length;
    const again = await openFile(join(project('tests/small'), 'rows.jsonl'));
    assert.equal(await tokensOf(again.document), tokens);
    assert.deepEqual(hub.requests.slice(asked), []);
  });

  it('is pinned to the commit that it was measured with, comments kept', async () => {
    const folder = project('tests/small');
    const { document } = await openFile(join(folder, 'rows.jsonl'));
    await tokensOf(document);
    const pinned = commands.executeCommand(COMMANDS.pinTokenizer);
    const config = (): string => readFileSync(join(folder, 'sft-lens.json'), 'utf8');
    await until('the pin', async () => {
      await commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return config().includes(commit);
    });
    await pinned;
    assert.equal(config(), `{\n  // Of the model.\n  "tokenizer": "tests/small@${commit}"\n}\n`);
  });

  it('says what to do where it cannot be had', async () => {
    const gated = await openFile(join(project('tests/gated'), 'rows.jsonl'));
    assert.match(await warning(gated.document, 'is gated'), /Accept its licence on http:.*Set Hugging Face Token/);
    const missing = await openFile(join(project('tests/smal'), 'rows.jsonl'));
    assert.match(await warning(missing.document, 'no model of the Hub'), /Did you mean tests\/small\?/);
    await commands.executeCommand('notifications.clearAll');
    assert.ok(window.activeTextEditor);
  });
});
