import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CodeAction, commands, Position, Uri } from 'vscode';
import { COMMANDS } from '../../src/extension/contributions.ts';
import type { TokenExport } from '../../src/node/export-tokens.ts';
import { folderWith, openFile, problem, problemsOf, row } from './dataset.ts';
import { until } from './helpers.ts';

const root = process.env['SFT_LENS_ROOT'] ?? '';

interface BatchRow {
  readonly input_ids: readonly number[];
  readonly attention_mask: readonly number[];
  readonly labels: readonly number[];
}
const rowsOf = (path: string): BatchRow[] =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('Export Tokens', () => {
  it('writes of the samples what the command line writes', async () => {
    const text = readFileSync(join(root, 'samples/support.jsonl'), 'utf8');
    const folder = folderWith({ 'support.jsonl': text });
    await openFile(join(folder, 'support.jsonl'));
    const made = await commands.executeCommand<TokenExport>(COMMANDS.exportTokens, { format: 'jsonl', folder });
    assert.equal(made.path, join(folder, 'support-tokens/support.jsonl'));
    const written = readFileSync(made.path, 'utf8');
    const cli = [join(root, 'dist/cli.mjs'), 'tokens', 'support.jsonl', '-o', 'cli', '--format', 'jsonl'];
    const { status, stderr } = spawnSync(process.execPath, cli, { cwd: folder, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    assert.equal(written, readFileSync(join(folder, 'cli/support.jsonl'), 'utf8'));
    const { settings, source, ...manifest } = JSON.parse(readFileSync(join(folder, 'cli/manifest.json'), 'utf8'));
    const ours = JSON.parse(readFileSync(join(folder, 'support-tokens/manifest.json'), 'utf8'));
    assert.deepEqual(ours, { ...ours, ...manifest });
    assert.ok(ours.written > 10);
    assert.equal(rowsOf(made.path).length, ours.written);
  });

  it('takes the text of the editor, saved or not', async () => {
    const folder = folderWith({ 'rows.jsonl': `${row('Hi', 'Hello.')}\n` });
    const editor = await openFile(join(folder, 'rows.jsonl'));
    await editor.edit((edit) => edit.insert(new Position(1, 0), `${row('And?', 'Fine.')}\n{"messages": [`));
    assert.equal(editor.document.isDirty, true);
    const made = await commands.executeCommand<TokenExport>(COMMANDS.exportTokens, { format: 'jsonl', folder });
    const rows = rowsOf(made.path);
    assert.deepEqual([made.manifest.rows, made.manifest.written, made.manifest.unreadable], [3, 2, 1]);
    assert.equal(rows.length, 2);
    for (const { input_ids, attention_mask, labels } of rows) {
      assert.deepEqual(attention_mask, Array(input_ids.length).fill(1));
      assert.ok(labels.some((label) => label >= 0) && labels.includes(-100));
      labels.forEach((label, i) => {
        assert.ok(label === -100 || label === input_ids[i]);
      });
    }
    assert.equal(readFileSync(join(folder, 'rows.jsonl'), 'utf8'), `${row('Hi', 'Hello.')}\n`);
    await commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('takes a file from the disk that no editor has open', async () => {
    const folder = folderWith({ 'rows.jsonl': `${row('Hi', 'Hello.')}\n`, 'other.jsonl': `${row('No', 'No.')}\n` });
    await openFile(join(folder, 'other.jsonl'));
    const uri = Uri.file(join(folder, 'rows.jsonl')).toString();
    const made = await commands.executeCommand<TokenExport>(COMMANDS.exportTokens, { uri, format: 'jsonl', folder });
    assert.equal(made.path, join(folder, 'rows-tokens/rows.jsonl'));
    assert.equal(made.manifest.source, join(folder, 'rows.jsonl'));
    assert.equal(rowsOf(made.path).length, 1);
  });

  it('asks for the trainer, that of the mask first', async () => {
    const folder = folderWith({
      'rows.jsonl': `${row('Hi', 'Hello.')}\n`,
      'sft-lens.json': '{"mask": "llama-factory", "chatTemplate": "bundled:chatml"}',
    });
    const { document } = await openFile(join(folder, 'rows.jsonl'));
    await problem(document, 'mask/own-text');
    let done = false;
    const exporting = commands.executeCommand<TokenExport>(COMMANDS.exportTokens, { folder });
    const ended = Promise.resolve(exporting).then((made) => {
      done = true;
      return made;
    });
    await until('the export', async () => {
      await commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return done;
    });
    const made = await ended;
    assert.equal(made.path, join(folder, 'rows-tokens/rows'));
    assert.deepEqual(readdirSync(made.path).sort(), ['data-00000-of-00001.arrow', 'dataset_info.json', 'state.json']);
  });

  it('is a quick fix where the trainer writes a text of its own', async () => {
    const folder = folderWith({
      'rows.jsonl': `${row('Hi', 'Hello.')}\n`,
      'sft-lens.json': '{"mask": "torchtune", "chatTemplate": "bundled:chatml"}',
    });
    const { document } = await openFile(join(folder, 'rows.jsonl'));
    const found = await problem(document, 'mask/own-text');
    assert.match(found.message, /torchtune .* To train on exactly these, export them\.$/);
    assert.equal(problemsOf(document).length, 1);
    const actions = await commands.executeCommand<CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      found.range,
    );
    const action = actions.find(({ command }) => command?.command === COMMANDS.exportTokens);
    assert.deepEqual(action?.command?.arguments, [{ uri: document.uri.toString() }]);
  });

  it('writes nothing where the tokenizer cannot be loaded', async () => {
    const folder = folderWith({
      'rows.jsonl': `${row('Hi', 'Hello.')}\n`,
      'sft-lens.json': '{"tokenizer": "./model"}',
      'model/tokenizer.json': 'not a tokenizer',
    });
    await openFile(join(folder, 'rows.jsonl'));
    const made = await commands.executeCommand(COMMANDS.exportTokens, { format: 'arrow', folder });
    assert.equal(made, undefined);
    assert.equal(existsSync(join(folder, 'rows-tokens')), false);
  });
});
