import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { commands, type Hover, MarkdownString, Position, workspace } from 'vscode';
import { folderWith, openFile, problem, row } from './dataset.ts';
import { until } from './helpers.ts';

describe('without trust', () => {
  it('rows are checked with the bundled tokenizer, whatever sft-lens.json names', async () => {
    assert.equal(workspace.isTrusted, false);
    const folder = folderWith({
      'rows.jsonl': `${row('Hi', 'Hello.', 'asistant')}\n`,
      'sft-lens.json': '{"tokenizer": "./model", "chatTemplate": "./evil.jinja", "maxLength": 512}',
      'evil.jinja': '{{ raise_exception("this template was used") }}',
      'model/tokenizer.json': 'not a tokenizer',
    });
    const { document } = await openFile(join(folder, 'rows.jsonl'));
    await problem(document, 'roles/unknown');
    const hovers = await until('a hover', async () => {
      const found = await commands.executeCommand<Hover[]>(
        'vscode.executeHoverProvider',
        document.uri,
        new Position(0, 0),
      );
      return found?.length ? found : null;
    });
    const text = hovers
      .flatMap(({ contents }) => contents.map((part) => (part instanceof MarkdownString ? part.value : String(part))))
      .join('\n');
    assert.match(text, /of 512/);
    assert.doesNotMatch(text, /this template was used/);
  });
});
