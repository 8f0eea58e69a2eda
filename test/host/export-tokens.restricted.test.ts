import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commands, workspace } from 'vscode';
import { COMMANDS } from '../../src/extension/contributions.ts';
import type { TokenExport } from '../../src/node/export-tokens.ts';
import { folderWith, openFile, row } from './dataset.ts';

describe('without trust', () => {
  it('Export Tokens writes where it is told, with the bundled tokenizer', async () => {
    assert.equal(workspace.isTrusted, false);
    const folder = folderWith({
      'rows.jsonl': `${row('Hi', 'Hello.')}\n`,
      'sft-lens.json': '{"tokenizer": "./model"}',
      'model/tokenizer.json': 'not a tokenizer',
    });
    await openFile(join(folder, 'rows.jsonl'));
    const made = await commands.executeCommand<TokenExport>(COMMANDS.exportTokens, { format: 'jsonl', folder });
    assert.equal(made.manifest.tokenizer, 'bundled:qwen3');
    assert.match(readFileSync(made.path, 'utf8'), /^\{"input_ids":\[\d/);
  });
});
