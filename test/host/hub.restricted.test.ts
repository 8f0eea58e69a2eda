import { strict as assert } from 'node:assert';
import { mkdtempSync, readdirSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { smallModel } from '../hub/models.ts';
import { startStandIn } from '../hub/stand-in.ts';
import { folderWith, openFile, problem, row } from './dataset.ts';

describe('without trust', () => {
  it('nothing is downloaded', async () => {
    const home = mkdtempSync(join(realpathSync(tmpdir()), 'sft-lens-hf-'));
    const hub = await startStandIn([smallModel(process.env['SFT_LENS_ROOT'] ?? '')]);
    process.env['HF_HOME'] = home;
    process.env['HF_ENDPOINT'] = hub.url;
    try {
      const folder = folderWith({
        'rows.jsonl': `${row('Hi', 'Hello.', 'asistant')}\n`,
        'sft-lens.json': '{"tokenizer": "tests/small"}',
      });
      const { document } = await openFile(join(folder, 'rows.jsonl'));
      await problem(document, 'roles/unknown');
      assert.deepEqual(hub.requests, []);
      assert.deepEqual(readdirSync(home), []);
    } finally {
      delete process.env['HF_HOME'];
      delete process.env['HF_ENDPOINT'];
      await hub.close();
    }
  });
});
