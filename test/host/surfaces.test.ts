import { strict as assert } from 'node:assert';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type CodeLens,
  commands,
  type Hover,
  MarkdownString,
  Position,
  Range,
  Selection,
  TabInputWebview,
  window,
} from 'vscode';
import { COMMANDS } from '../../src/extension/contributions.ts';
import { folderWith, openFile, row } from './dataset.ts';
import { until } from './helpers.ts';

const textOf = (hovers: readonly Hover[]): string =>
  hovers
    .flatMap(({ contents }) => contents.map((part) => (part instanceof MarkdownString ? part.value : String(part))))
    .join('\n');

describe('native surfaces', () => {
  const text = [row('Is my bike done?', 'Not yet. We are waiting for a part.'), row('And now?', 'Yes.')].join('\n');
  const path = join(folderWith({ 'rows.jsonl': text }), 'rows.jsonl');

  const hoverAt = async (position: Position): Promise<string> => {
    const { document } = await openFile(path);
    return until('a hover', async () => {
      const hovers = await commands.executeCommand<Hover[]>('vscode.executeHoverProvider', document.uri, position);
      const all = textOf(hovers);
      return all.includes('tokens') ? all : null;
    });
  };

  it('hover on a message tells its tokens', async () => {
    const hover = await hoverAt(new Position(0, text.indexOf('Not yet') + 2));
    assert.match(hover, /\*\*Turn 2\*\* assistant · \d+ tokens, \d+ trained · [\d.]+ % of 4,096/);
    assert.match(hover, /\| Field \| Characters \| Tokens \| Trained \|/);
    assert.match(hover, /\| content \| 35 \|/);
    assert.match(hover, /command:sftLens\.inspectRow/);
  });

  it('hover between messages tells the row', async () => {
    assert.match(await hoverAt(new Position(1, 0)), /\*\*Row 2\*\* · \d+ tokens, \d+ trained/);
  });

  it('one lens, on line 1', async () => {
    const { document } = await openFile(path);
    const lenses = await until('the totals', async () => {
      const found = await commands.executeCommand<CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 10);
      const ours = (found ?? []).filter(({ command }) => command?.command.startsWith('sftLens.'));
      return ours.some(({ command }) => command?.title.includes('trained')) ? ours : null;
    });
    assert.ok(lenses.every(({ range }) => range.start.line === 0));
    assert.match(lenses[0]?.command?.title ?? '', /^2 rows · \d+ tokens · \d+ % trained$/);
    assert.equal(lenses.at(-1)?.command?.title, 'Inspect');
  });

  it('every command exists', async () => {
    const all = new Set(await commands.getCommands(true));
    for (const id of Object.values(COMMANDS)) assert.ok(all.has(id), id);
  });

  it('a changed sft-lens.json takes effect', async () => {
    const folder = folderWith({ 'rows.jsonl': text, 'sft-lens.json': '{"maxLength": 4096}' });
    const config = join(folder, 'sft-lens.json');
    const { document } = await openFile(join(folder, 'rows.jsonl'));
    const editor = await openFile(config);
    await editor.edit((edit) => edit.replace(new Range(0, 0, 0, 99), '{"maxLength": 20}'));
    await editor.document.save();
    await until('the new max length', async () => {
      const position = new Position(0, 0);
      const hovers = await commands.executeCommand<Hover[]>('vscode.executeHoverProvider', document.uri, position);
      return textOf(hovers).includes('% of 20');
    });
    writeFileSync(config, '{}');
  });

  it('Inspect Row opens the inspector beside, and the editor keeps the focus', async () => {
    const editor = await openFile(path);
    editor.selection = new Selection(1, 3, 1, 3);
    await commands.executeCommand(COMMANDS.inspectRow);
    const tab = await until('the panel', () =>
      window.tabGroups.all
        .flatMap((group) => group.tabs)
        .find(({ input }) => input instanceof TabInputWebview && input.viewType.includes('sftLens.inspector')),
    );
    assert.notEqual(tab.group.viewColumn, editor.viewColumn);
    await window.tabGroups.close(tab);
  });
});
