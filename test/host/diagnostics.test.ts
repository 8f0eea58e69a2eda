import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CodeAction, commands, DiagnosticSeverity, Position, Range, Uri, window, workspace } from 'vscode';
import { codeOf, folderWith, noProblem, openFile, problem, problemsOf, row } from './dataset.ts';
import { until } from './helpers.ts';

describe('diagnostics', () => {
  it('stand at the exact place, with a link to the page of the check', async () => {
    const bad = row('Is my bike done?', 'Not yet.', 'asistant');
    const folder = folderWith({ 'rows.jsonl': `${row('Hi', 'Hello.')}\n\n${bad}\n` });
    const { document } = await openFile(join(folder, 'rows.jsonl'));
    const found = await problem(document, 'roles/unknown');
    const start = bad.indexOf('asistant');
    assert.equal(document.getText(found.range).replaceAll('"', ''), 'asistant');
    assert.equal(found.range.start.line, 2);
    assert.ok(Math.abs(found.range.start.character - start) <= 1);
    assert.equal(found.severity, DiagnosticSeverity.Error);
    assert.ok(typeof found.code === 'object' && found.code.target.path.endsWith('/docs/checks/roles-unknown.md'));
  });

  it('follow the typing, row by row', async () => {
    const folder = folderWith({ 'rows.jsonl': `${row('One', 'Two.')}\n${row('Three', 'Four.')}\n` });
    const { document } = await openFile(join(folder, 'rows.jsonl'));
    const editor = await openFile(join(folder, 'rows.jsonl'));
    await editor.edit((edit) => edit.delete(new Range(1, 0, 1, 1)));
    const broken = await problem(document, 'json/syntax');
    assert.equal(broken.range.start.line, 1);
    await editor.edit((edit) => edit.insert(new Position(0, 0), `${row('New', 'Row.')}\n`));
    await until('the problem one line further down', () =>
      problemsOf(document).some((one) => codeOf(one) === 'json/syntax' && one.range.start.line === 2),
    );
    await editor.edit((edit) => edit.insert(new Position(2, 0), '{'));
    await noProblem(document, 'json/syntax');
  });

  it('come for a JSON array of rows, and for no other JSON', async () => {
    const folder = folderWith({
      'rows.json': `[\n  ${row('Hi', 'Hello.')},\n  ${row('Who?', 'Me.', 'asistant')}\n]\n`,
      'other.json': '[{"name": "asistant", "role": "asistant"}]\n',
    });
    const other = await openFile(join(folder, 'other.json'));
    const { document } = await openFile(join(folder, 'rows.json'));
    const found = await problem(document, 'roles/unknown');
    assert.equal(found.range.start.line, 2);
    assert.deepEqual(problemsOf(other.document), []);
  });

  it('say nothing about lines that are no training data, but for broken JSON', async () => {
    const folder = folderWith({ 'metrics.jsonl': '{"step": 1, "loss": 2.5}\n{"step": 2, "loss": 2.4}\n{"step": 3\n' });
    const { document } = await openFile(join(folder, 'metrics.jsonl'));
    await problem(document, 'json/syntax');
    assert.deepEqual(problemsOf(document).map(codeOf), ['json/syntax']);
  });

  it('tell on line 1 when the tokenizer of the project cannot be used', async () => {
    const folder = folderWith({
      'rows.jsonl': `${row('Hi', 'Hello.')}\n`,
      'sft-lens.json': '{"tokenizer": "./model"}',
      'model/tokenizer.json': '{ this is no JSON',
    });
    const { document } = await openFile(join(folder, 'rows.jsonl'));
    const warning = await until('the warning', () =>
      problemsOf(document).find(({ message }) => message.includes('tokenizer.json')),
    );
    assert.equal(warning.range.start.line, 0);
    assert.equal(warning.severity, DiagnosticSeverity.Warning);
  });

  it('are one list of at most 1,000 with a note about the rest', async () => {
    const lines = Array.from({ length: 1500 }, (_, index) => row(`Question ${index}`, 'Yes.', 'asistant'));
    const folder = folderWith({ 'rows.jsonl': lines.join('\n') });
    const { document } = await openFile(join(folder, 'rows.jsonl'));
    const note = await until('the note', () =>
      problemsOf(document).find(({ message }) => message.includes('more problems are not listed')),
    );
    assert.equal(note.severity, DiagnosticSeverity.Information);
    assert.ok(problemsOf(document).length <= 1000);
  });
});

describe('quick fixes', () => {
  const actionsAt = async (uri: Uri, range: Range, resolve = 0): Promise<readonly CodeAction[]> =>
    (await commands.executeCommand<CodeAction[]>('vscode.executeCodeActionProvider', uri, range, undefined, resolve)) ??
    [];

  it('change this row, and can be undone', async () => {
    const folder = folderWith({ 'rows.jsonl': `${row('Hi', 'Hello.', 'asistant')}\n` });
    const { document } = await openFile(join(folder, 'rows.jsonl'));
    const { range } = await problem(document, 'roles/unknown');
    const action = (await actionsAt(document.uri, range, 10)).find(({ edit }) => edit !== undefined);
    assert.ok(action?.edit, 'no fix with an edit');
    assert.ok(await workspace.applyEdit(action.edit));
    assert.equal(document.lineAt(0).text, row('Hi', 'Hello.'));
    await noProblem(document, 'roles/unknown');
  });

  it('change every row like it', async () => {
    const lines = ['a', 'b', 'c'].map((text) => row(text, `${text}!`, 'asistant'));
    const folder = folderWith({ 'rows.jsonl': lines.join('\n') });
    const { document } = await openFile(join(folder, 'rows.jsonl'));
    await until(
      'three problems',
      () => problemsOf(document).filter((one) => codeOf(one) === 'roles/unknown').length === 3,
    );
    const { range } = await problem(document, 'roles/unknown');
    const actions = await actionsAt(document.uri, range, 20);
    const action = actions.find(({ title }) => title.includes('in all 3'));
    assert.ok(action?.edit, `no fix of all rows among ${actions.map(({ title }) => title).join(' | ')}`);
    await workspace.applyEdit(action.edit);
    await noProblem(document, 'roles/unknown');
    assert.ok(!document.getText().includes('asistant'));
  });

  it("take transformers 5's own tokenizer, where it gives other ids than the file", async () => {
    const fixture = join(process.env['SFT_LENS_ROOT'] ?? '', 'test/fixtures/tokenizers/chars-llama.json');
    const folder = folderWith({
      'rows.jsonl': `${row('Hi', 'Hello.')}\n`,
      'sft-lens.json': '{"tokenizer": "./model", "chatTemplate": "bundled:chatml"}',
      'model/tokenizer.json': readFileSync(fixture, 'utf8'),
      'model/tokenizer_config.json': '{"tokenizer_class": "LlamaTokenizer"}',
    });
    const { document } = await openFile(join(folder, 'rows.jsonl'));
    const said = (): boolean => problemsOf(document).some(({ message }) => message.includes('LlamaTokenizer'));
    await until('the notice', said);
    const actions = await actionsAt(document.uri, new Range(0, 0, 0, 0));
    const action = actions.find(({ title }) => title.includes('own tokenizer'));
    assert.ok(action?.command, `not among ${actions.map(({ title }) => title).join(' | ')}`);
    await commands.executeCommand(action.command.command, ...(action.command.arguments ?? []));
    const config = (await workspace.openTextDocument(Uri.file(join(folder, 'sft-lens.json')))).getText();
    assert.match(config, /"tokenizerClass": "transformers-5"/);
    await until('no notice', () => !said());
  });

  it('turn a check off in sft-lens.json, which takes effect', async () => {
    const folder = folderWith({
      'rows.jsonl': `${row('Hi', 'Hello.', 'asistant')}\n`,
      'sft-lens.json': '{\n  // kept\n  "maxLength": 512\n}\n',
    });
    const { document } = await openFile(join(folder, 'rows.jsonl'));
    const { range } = await problem(document, 'roles/unknown');
    const action = (await actionsAt(document.uri, range)).find(({ title }) =>
      title.startsWith('Turn off roles/unknown'),
    );
    assert.ok(action?.command);
    await commands.executeCommand(action.command.command, ...(action.command.arguments ?? []));
    const config = (await workspace.openTextDocument(Uri.file(join(folder, 'sft-lens.json')))).getText();
    assert.match(config, /\/\/ kept/);
    assert.match(config, /"roles\/unknown": "off"/);
    await noProblem(document, 'roles/unknown');
  });
});

describe('going to problems', () => {
  it('moves the cursor, and wraps around', async () => {
    const folder = folderWith({
      'rows.jsonl': [row('1', 'x'), row('2', 'x', 'asistant'), row('3', 'x'), row('4', 'x', 'asistant')].join('\n'),
    });
    const { document } = await openFile(join(folder, 'rows.jsonl'));
    await until(
      'both problems',
      () => problemsOf(document).filter((one) => codeOf(one) === 'roles/unknown').length === 2,
    );
    const lines = new Set<number>();
    for (let step = 0; step < 12; step++) {
      await commands.executeCommand('sftLens.nextProblem');
      lines.add(window.activeTextEditor?.selection.start.line ?? -1);
    }
    assert.ok(lines.has(1) && lines.has(3), [...lines].join());
  });
});
