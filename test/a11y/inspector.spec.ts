import { afterAll, beforeAll, expect, it } from 'vitest';
import { axeViolations, openWorkbench, type Theme, themes, until, type Workbench } from '../e2e/workbench.ts';

let workbench: Workbench;

const row = {
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'When does the shop open?' },
    { role: 'assistant', content: 'At nine, Monday to Saturday.' },
  ],
};

beforeAll(async () => {
  workbench = await openWorkbench({ name: 'a11y', files: { 'rows.jsonl': `${JSON.stringify(row)}\n` } });
  await workbench.openFile('rows.jsonl', 1, 20);
  await workbench.runCommand('SFT Lens: Inspect Row');
  const frame = await workbench.inspectorFrame();
  await until(
    'the row in the inspector',
    async () => (await frame.locator('body').textContent())?.includes('Saturday'),
    30_000,
  );
});
afterAll(() => workbench?.close());

it.each(Object.keys(themes) as Theme[])('axe finds nothing in the inspector: %s', async (theme) => {
  await workbench.setTheme(theme);
  const frame = await workbench.inspectorFrame();
  await frame.locator('body[data-vscode-theme-kind]').waitFor();
  await workbench.screenshot(`inspector-${theme}`);
  expect(await axeViolations(frame)).toEqual([]);
});
