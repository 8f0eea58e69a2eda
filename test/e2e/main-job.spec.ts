// The main job as a person does it: open a dataset, break a row, read what is wrong, hover, look at the tokens and the mask
// beside the text, go from a token to the JSON and back, choose another mask.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkbench, root, until, type Workbench } from './workbench.ts';

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench({
    name: 'main-job',
    workspace: join(root, 'samples'),
    size: { width: 1600, height: 1000 },
  });
});
afterAll(() => workbench?.close());

const statusText = async () => (await workbench.statusBar()).join(' | ');
/** The hover fills up as its providers answer. */
const hoverThatSays = async (what: RegExp) => {
  let hover = await workbench.hoverAtCursor();
  const contents = workbench.page.locator('.monaco-hover:not(.hidden) .hover-contents');
  return until(`a hover with ${what}`, async () => {
    hover = (await contents.allInnerTexts()).join('\n');
    return what.test(hover) ? hover : null;
  });
};
const figures = () => workbench.inspector().locator('#figures, .figures').innerText();

describe('a dataset in the editor', () => {
  it('shows the row of the cursor in the status bar and the file above line 1', async () => {
    await workbench.openFile('support.jsonl', 1, 1);
    await until('the status bar', async () => /\d+ tokens, \d+ trained/.test(await statusText()), 30_000);
    const lens = workbench.page.locator('.codelens-decoration');
    await until(
      'the lens',
      async () => /20 rows · [\d.,]+ ?[kM]? tokens · \d+ % trained/.test((await lens.first().textContent()) ?? ''),
      20_000,
    );
    expect(await workbench.problemCounts()).toMatchObject({ errors: 0 });
  });

  it('underlines a row while it is being broken, at the place, and forgets it when it is mended', async () => {
    const first = readFileSync(join(workbench.folder, 'support.jsonl'), 'utf8').split('\n')[1] ?? '';
    const at = first.indexOf('"role": "assistant"') + '"role": "as'.length;
    await workbench.openFile('support.jsonl', 2, at + 1);
    await workbench.press('Delete'); // asistant
    await until('a squiggle', async () => (await workbench.squiggles()).error > 0);
    expect(await workbench.problemCounts()).toMatchObject({ errors: 1 });
    const problems = (await workbench.problems()).join('\n');
    expect(problems).toContain('Unknown role `asistant`. Did you mean `assistant`?');
    await workbench.goTo(2, at);
    expect(await hoverThatSays(/Turn 3 asistant · 0 tokens, 0 trained/)).toContain('roles/unknown');
    await workbench.screenshot('squiggle-and-hover');
    await workbench.press('Escape');
    await workbench.runCommand('Undo');
    await until('no squiggle', async () => (await workbench.problemCounts()).errors === 0);
  });

  it('shows the tokens of a message on hover', async () => {
    await workbench.goTo(2, 40);
    expect(await hoverThatSays(/Turn 1 system · \d+ tokens, \d+ trained · [\d.]+ % of 512/)).toContain('content');
    await workbench.press('Escape');
  });
});

describe('the inspector', () => {
  it('opens beside the text with the row as the model sees it', async () => {
    await workbench.openFile('support.jsonl', 2, 1);
    await workbench.runCommand('SFT Lens: Inspect Row');
    const view = workbench.inspector();
    await view.locator('.rendered .tok').first().waitFor({ timeout: 20_000 });
    expect(await view.locator('h2').first().innerText()).toMatch(/Row 2\s+of 20/);
    expect(await figures()).toMatch(/\d+ tokens\s+\d+ trained \(\d+ %\)/);
    expect(await view.locator('.rendered').innerText()).toContain('<|im_start|>');
    expect(await view.locator('.rendered .m-trained').count()).toBeGreaterThan(5);
    await workbench.screenshot('overview-dark');
  });

  it('follows the cursor', async () => {
    await workbench.openFile('support.jsonl', 3, 1);
    await until('row 3', async () => /Row 3/.test(await workbench.inspector().locator('h2').first().innerText()));
  });

  it('goes from a token to its place in the JSON', async () => {
    const view = workbench.inspector();
    const token = view.locator('.rendered .m-trained:not(.ctl)').nth(3);
    const text = (await token.innerText()).trim();
    // A row that is drawn anew between the two clicks takes them for one each: then a person clicks again.
    let clicked = 0;
    const { line, column } = await until('the place in the JSON', async () => {
      if (Date.now() > clicked + 4_000) {
        await token.dblclick();
        clicked = Date.now();
      }
      const cursor = await workbench.cursor().catch(() => null);
      return cursor && cursor.line === 3 && cursor.column > 1 ? cursor : null;
    });
    expect(line).toBe(3);
    const row = readFileSync(join(workbench.folder, 'support.jsonl'), 'utf8').split('\n')[2] ?? '';
    const near = row.slice(Math.max(0, column - 1 - text.length - 2), column + text.length + 2);
    expect(near).toContain(text);
  });

  it('marks the tokens of the place where the cursor is', async () => {
    const row = readFileSync(join(workbench.folder, 'support.jsonl'), 'utf8').split('\n')[3] ?? '';
    const at = row.lastIndexOf('"content": "') + '"content": "'.length + 3;
    await workbench.openFile('support.jsonl', 4, at);
    const view = workbench.inspector();
    await until('row 4', async () => /Row 4/.test(await view.locator('h2').first().innerText()));
    await until('a marked token', async () => (await view.locator('.tok.linked').count()) > 0);
    const linked = (await view.locator('.tok.linked').allInnerTexts()).join('').trim();
    expect(row.slice(at - 12, at + 12)).toContain(linked);
  });

  it('tells of a token by the keyboard', async () => {
    const view = workbench.inspector();
    await view.locator('.rendered').focus();
    await workbench.press('Home');
    await workbench.press('ArrowRight');
    expect(await view.locator('.tokenline').innerText()).toMatch(/Token 2 of \d+[\s\S]*id \d+[\s\S]*Not trained/);
    await workbench.press('Control+ArrowRight');
    expect(await view.locator('.tokenline').innerText()).toMatch(/Trained/);
  });

  it('switches the loss mask, and the file keeps the choice', async () => {
    const before = await figures();
    await workbench
      .inspector()
      .locator('select[aria-label*="mask" i], label:has-text("Loss mask") select')
      .first()
      .selectOption('full');
    await until('other figures', async () => (await figures()) !== before);
    expect(await figures()).toMatch(/\(100 %\)/);
    await until('the choice in sft-lens.json', async () =>
      readFileSync(join(workbench.folder, 'sft-lens.json'), 'utf8').includes('"mask": "full"'),
    );
    await workbench.inspector().locator('label:has-text("Loss mask") select').first().selectOption('trl-assistant');
    await until('the figures of before', async () => (await figures()) === before);
  });

  it('has views of tokens and of messages', async () => {
    const view = workbench.inspector();
    await view.getByRole('tab', { name: 'Tokens' }).click();
    expect(await view.locator('.chip').count()).toBeGreaterThan(20);
    await workbench.screenshot('tokens-dark');
    await view.getByRole('tab', { name: 'Messages' }).click();
    expect(await view.locator('.fields').innerText()).toContain('/messages/0/content');
    await workbench.screenshot('messages-dark');
    await view.getByRole('tab', { name: 'Rendered' }).click();
  });

  it('shows a broken row with its place and the last good version', async () => {
    const view = workbench.inspector();
    await view.locator('.rendered').focus();
    await workbench.press('Escape');
    await workbench.page.locator('.editor-group-container.active .monaco-editor.focused').waitFor();
    await workbench.openFile('problems.jsonl', 1, 1);
    await until('the sentence', async () => /comma is missing/.test(await view.locator('body').innerText()));
    await workbench.screenshot('invalid-json');
  });

  it('writes nothing into the console of the page', () => {
    expect(workbench.consoleErrors).toEqual([]);
  });
});
