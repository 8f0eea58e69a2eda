import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import {
  type CodeAction,
  type CodeLens,
  type CompletionList,
  ConfigurationTarget,
  commands,
  type Diagnostic,
  languages,
  Position,
  type TextDocument,
  workspace,
} from 'vscode';
import { SETTINGS } from '../../src/extension/contributions.ts';
import { folderWith, openFile, row } from './dataset.ts';
import { until } from './helpers.ts';

const own = ({ uri }: TextDocument): readonly Diagnostic[] =>
  languages.getDiagnostics(uri).filter(({ source }) => source === 'SFT Lens');
const problem = (document: TextDocument, text: RegExp): Promise<Diagnostic> =>
  until(`a problem ${text}`, () => own(document).find(({ message }) => text.test(message)));

const open = async (spec: object | string): Promise<TextDocument> => {
  const folder = folderWith({
    'rows.jsonl': `${row('Hi', 'Hello.')}\n`,
    'run.sftrun.json': typeof spec === 'string' ? spec : JSON.stringify(spec, null, 2),
  });
  return (await openFile(join(folder, 'run.sftrun.json'))).document;
};

const completions = async (document: TextDocument, before: string): Promise<readonly string[]> => {
  const at = document.positionAt(document.getText().indexOf(before) + before.length);
  const list = await commands.executeCommand<CompletionList>('vscode.executeCompletionItemProvider', document.uri, at);
  return (list?.items ?? []).map(({ label }) => (typeof label === 'string' ? label : label.label));
};

describe('run specs', () => {
  after(() => commands.executeCommand('workbench.action.closeAllEditors'));

  it('are JSON with comments', async () => {
    const document = await open('{\n  // why\n  "model": "a/b", "data": {"train": "rows.jsonl", "eval": 0.1},\n}\n');
    assert.equal(document.languageId, 'jsonc');
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.deepEqual(
      own(document).map(({ message }) => message),
      [],
    );
  });

  it('say what is wrong, and mend it', async () => {
    const document = await open({ model: 'a/b', data: { train: 'rows.jsonl', eval: 0.1 }, packing: 'wrapped' });
    const { range } = await problem(document, /`wrapped` packing/);
    const actions = await commands.executeCommand<CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      range,
    );
    const fix = actions.find(({ title }) => title.includes('bfd')) ?? assert.fail('There is no quick fix.');
    assert.ok(fix.edit !== undefined && (await workspace.applyEdit(fix.edit)));
    await until('no problem', () => own(document).length === 0);
    assert.match(document.getText(), /"packing": "bfd"/);
  });

  it('know the files and targets of this computer', async () => {
    const document = await open({ model: 'a/b', data: { train: 'row.jsonl' }, target: 'locl' });
    await problem(document, /There is no file `row.jsonl`/);
    await problem(document, /The target "locl" is not known/);
  });

  it('warn of values that are known to hurt', async () => {
    const document = await open({
      model: 'a/b',
      data: { train: 'rows.jsonl' },
      method: 'full',
      args: { learning_rate: 0.1 },
    });
    await problem(document, /learning rate of 0.1 is high/);
  });

  it('complete targets, data files and models', async () => {
    await workspace
      .getConfiguration()
      .update(SETTINGS.targets, [{ name: 'gpu-box', ssh: 'gpu-box' }], ConfigurationTarget.Global);
    try {
      const document = await open({ model: '', data: { train: '' }, target: '' });
      const targets = await until('targets', async () => {
        const found = await completions(document, '"target": "');
        return found.includes('gpu-box') ? found : null;
      });
      assert.ok(targets.includes('local'));
      assert.ok((await completions(document, '"train": "')).includes('rows.jsonl'));
      assert.ok((await completions(document, '"model": "')).some((model) => model.includes('/')));
    } finally {
      await workspace.getConfiguration().update(SETTINGS.targets, undefined, ConfigurationTarget.Global);
    }
  });

  it('have one lens, on line 1', async () => {
    const document = await open({ model: 'a/b', data: { train: 'rows.jsonl' } });
    const lenses = await until('the lens', async () => {
      const found = await commands.executeCommand<CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 10);
      return found?.some(({ command }) => command?.command === 'sftLens.startRun') ? found : null;
    });
    assert.ok(lenses.every(({ range }) => range.start.isEqual(new Position(0, 0))));
    assert.deepEqual(
      lenses.map(({ command }) => command?.title),
      ['Start', 'Dry run', 'Open dashboard'],
    );
  });
});
