import { strict as assert } from 'node:assert';
import { extensions, workspace } from 'vscode';
import { until } from './helpers.ts';

describe('activation', () => {
  it('happens when a JSONL document opens', async () => {
    const extension = extensions.getExtension('sft-lens.sft-lens');
    assert.ok(extension, 'the extension is not installed');
    const document = await workspace.openTextDocument({ language: 'jsonl', content: '{"messages":[]}\n' });
    assert.equal(document.languageId, 'jsonl');
    await until('activation', () => extension.isActive);
  });
});
