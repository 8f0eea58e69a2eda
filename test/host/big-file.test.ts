import { strict as assert } from 'node:assert';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { commands, languages, Uri, workspace } from 'vscode';
import { codeOf, folderWith, row } from './dataset.ts';
import { until } from './helpers.ts';

const MEGABYTE = 1024 * 1024;

describe('a file of more than 50 MB', function () {
  this.timeout(120_000);

  it('has diagnostics though extensions get no document of it', async () => {
    const folder = folderWith({ 'rows.jsonl': '' });
    const path = join(folder, 'rows.jsonl');
    // Padding between the tokens: the limit is about characters, the time about tokens.
    const padded = row('Hi', 'Hello.').replace('{', `{${' '.repeat(MEGABYTE)}`);
    const file = openSync(path, 'w');
    writeSync(file, `${row('Hi', 'Hello.', 'asistant')}\n\n`);
    for (let part = 0; part < 52; part++) writeSync(file, `${padded}\n`);
    writeSync(file, '{"messages": [\n');
    closeSync(file);
    try {
      const uri = Uri.file(path);
      await commands.executeCommand('vscode.open', uri);
      const found = await until(
        'the last row',
        () => {
          const problems = languages.getDiagnostics(uri);
          return problems.some((one) => codeOf(one) === 'json/syntax') ? problems : null;
        },
        100_000,
      );
      assert.ok(!workspace.textDocuments.some((document) => document.uri.fsPath === path));
      const line = (code: string): number | undefined => found.find((one) => codeOf(one) === code)?.range.start.line;
      assert.equal(line('json/syntax'), 54);
      assert.equal(line('roles/unknown'), 0);
    } finally {
      await commands.executeCommand('workbench.action.closeActiveEditor');
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
