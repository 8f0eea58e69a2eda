// Checks the Diff view of the built inspector in a browser under its content security policy: words, keys, pickers, what the
// host is asked, axe in four themes at two widths, sideways scrolling, drawing time of a long row, with screenshots.
//   node test/e2e/inspector-page/diff.mjs [--shots FOLDER] [--no-axe]
// CHROMIUM names the browser (default /usr/bin/chromium).
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { pickers, rowMaker, wrap } from './rows.mjs';
import { serve, THEMES } from './server.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const { values } = parseArgs({ options: { shots: { type: 'string' }, 'no-axe': { type: 'boolean' } } });
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const maker = rowMaker(root);
/** Milliseconds until a row of 9,000 tokens is there under both masks. */
const BUDGET = 1500;

/** A row with empty think blocks, a tool call and a thought, as ChatML has it. `mask`: `trl` or `axolotl`. */
function partOf(mask, repeat = 1) {
  const tokens = [];
  const add = (turn, text, reason, more = {}) =>
    tokens.push({ turn, text, reason, trained: !/^masked|^mask-/.test(reason), pointer: null, ...more });
  const words = (turn, text, reason) => {
    for (const word of text.match(/\n+| ?[^\s]+/g) ?? [])
      add(turn, word, reason, { pointer: `/messages/${turn}/content`, offset: 0 });
  };
  const roles = [];
  const turn = (role, fill) => {
    const at = roles.push(role) - 1;
    const given = role === 'assistant' ? 'masked-header' : 'masked-role';
    add(at, '<|im_start|>', given, { control: true });
    add(at, role, given);
    add(at, '\n', given);
    fill(at, role === 'assistant' ? 'assistant-content' : 'masked-role');
    const more = role === 'assistant';
    add(at, '<|im_end|>', more ? 'end-of-turn' : 'masked-role', { control: true });
    add(at, '\n', !more ? 'masked-role' : mask === 'trl' ? 'after-end-of-turn' : 'masked-after-end-of-turn');
  };
  const think = (at) => {
    const reason = mask === 'trl' ? 'empty-think' : 'masked-thinking';
    add(at, '<think>', reason, { control: true });
    add(at, '\n\n', reason);
    add(at, '</think>', reason, { control: true });
    add(at, '\n\n', reason);
  };
  turn('system', (at, reason) =>
    words(at, 'You are the desk of a bike shop. Answer in short, plain sentences.', reason),
  );
  turn('user', (at, reason) => words(at, 'Hi, is my bike done? Ticket 4471. I need it on Saturday 🚲', reason));
  turn('assistant', (at) => {
    think(at);
    add(at, '<tool_call>', 'template-text', { control: true });
    add(at, '\n', 'template-text');
    words(at, '{"name": "get_repair", "arguments": {"ticket": 4471}}', 'tool-call');
    add(at, '\n', 'template-text');
    add(at, '</tool_call>', 'template-text', { control: true });
  });
  turn('tool', (at, reason) => words(at, '{"state": "waiting", "part": "rear derailleur"}', reason));
  turn('assistant', (at, reason) => {
    add(at, '<think>', 'template-text', { control: true });
    words(at, '\nThe tour is on Saturday. I must not promise the date.\n', 'assistant-reasoning');
    add(at, '</think>', 'template-text', { control: true });
    words(at, `\n\nNot yet. We are waiting for a rear derailleur.${' It may come on Friday.'.repeat(repeat)}`, reason);
  });
  turn('user', (at, reason) => words(at, 'OK. What can I do?', reason));
  turn('assistant', (at, reason) => {
    think(at);
    words(
      at,
      'You have two choices:\n\n1. **Borrow a bike.** A loan bike in your size is free.\n2. **Wait a day.**',
      reason,
    );
  });
  return maker.partOf(tokens, roles, {});
}

const sides = (first, second, repeat) => {
  const options = ['trl-assistant', 'trl-default', 'axolotl', 'unsloth'].map((value) => ({ value, label: value }));
  const side = (value) => ({
    value,
    name: value === 'intended' ? null : value,
    parts: [partOf(value === 'axolotl' ? 'axolotl' : 'trl', repeat)],
  });
  return {
    options: [...options, { value: 'intended', label: 'as intended' }],
    first: side(first),
    second: side(second),
  };
};
const rowEvent = (repeat) => {
  const row = wrap([partOf('trl', repeat)], { maxLength: 65_536 });
  return { type: 'row', row, pickers: pickers(row.maxLength), follow: true };
};
const counted = { kind: 'done', done: 52_002, rows: 52_002, differ: 51_874 };

const faults = [];
const fault = (text) => {
  faults.push(text);
  console.log(`FAULT ${text}`);
};
const server = await serve({ root, dist: join(root, 'dist/webview') });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});

async function open(theme, width, { repeat = 1, first = 'trl-assistant', second = 'axolotl' } = {}) {
  const page = await browser.newPage({ viewport: { width, height: 1240 } });
  page.on('console', (message) => message.type() === 'error' && fault(`console: ${message.text()}`));
  page.on('pageerror', (error) => fault(`page: ${error.message}`));
  await page.goto(`${server.url}/${theme}`);
  await page.evaluate(
    ([row, diff]) => {
      window.diffs = diff;
      window.replies.diff = ({ first, second }) =>
        window.revive(
          window.diffs[`${first ?? 'trl-assistant'}|${second ?? 'axolotl'}`] ?? Object.values(window.diffs)[0],
        );
      window.feed(row, { type: 'state', state: { kind: 'ready' } });
    },
    [
      rowEvent(repeat),
      {
        [`${first}|${second}`]: sides(first, second, repeat),
        'axolotl|axolotl': sides('axolotl', 'axolotl'),
        'trl-assistant|intended': sides('trl-assistant', 'intended'),
      },
    ],
  );
  await page.locator('vscode-panel-tab#tab-diff').click();
  await page
    .locator('.pair .cell')
    .first()
    .waitFor({ state: 'attached', timeout: 10_000 })
    .catch(() => undefined);
  return page;
}
const sentOf = (page, type) =>
  page.evaluate((name) => window.sent.filter((m) => m.type === name).map((m) => m.body), type);

async function words() {
  const page = await open('dark', 900);
  const summary = await page.locator('.summary [role=status]').innerText();
  assert.equal(
    summary.replace(/\s+/g, ' '),
    'trl-assistant trains 11 tokens more than axolotl: the empty think block of turns 3 and 7, and the line break after <|im_end|> of turns 3, 5 and 7.',
  );
  assert.deepEqual(await page.locator('.pair .same').allInnerTexts(), [
    'Turns 1–2 equal',
    'Turn 4 equal',
    'Turn 6 equal',
  ]);
  const cells = await page
    .locator('.pair .cell')
    .evaluateAll((all) => all.map((cell) => cell.getAttribute('aria-label')));
  assert.equal(cells.length, 6);
  assert.match(cells[0], /^trl-assistant, turn 3, assistant: \d+ of \d+ trained, 5 differ$/);
  assert.match(cells[1], /^axolotl, turn 3, assistant: \d+ of \d+ trained, 5 differ$/);
  assert.equal(await page.locator('.cell.first .d-on').count(), 11);
  assert.equal(await page.locator('.cell.second .d-off').count(), 11);
  assert.match(await page.locator('.side-head').first().innerText(), /trained\s*11 more/);

  assert.equal(await page.locator('.stops > .num').innerText(), 'Difference 1 of 5');
  await page.keyboard.press('F7');
  assert.equal(await page.locator('.stops > .num').innerText(), 'Difference 2 of 5');
  const spoken = await page.locator('#app > [role=status]').innerText();
  assert.equal(
    spoken,
    'Difference 2 of 5, turn 3, assistant: the line break after <|im_end|>, 1 token, trained by trl-assistant only.',
  );
  await page.keyboard.press('Shift+F7');
  await page.keyboard.press('Shift+F7');
  assert.equal(await page.locator('.stops > .num').innerText(), 'Difference 5 of 5');
  assert.equal(await page.locator('.cell.first .tok.now').count(), 1);
  assert.equal(await page.locator('.cell.second .tok.now').count(), 1);
  assert.match(await page.locator('.tokenline').innerText(), /axolotl: Not trained/);

  await page.getByRole('switch', { name: 'Hide equal turns' }).click();
  assert.equal(await page.locator('.pair .cell').count(), 14);
  assert.equal(await page.locator('.pair .same').count(), 0);

  assert.equal(await page.locator('.summary').getByText('In the file').count(), 0);
  const feed = (diff) => page.evaluate((event) => window.feed(event), { type: 'file-diff', diff });
  await feed({ kind: 'counting', done: 12_000, rows: 52_002, differ: 11_900 });
  assert.match(
    await page.locator('.summary').innerText(),
    /Comparing the file: 12,000 of 52,002 rows, 11,900 differ\./,
  );
  await page.getByRole('button', { name: 'Stop' }).click();
  await feed({ kind: 'stopped', done: 12_000, rows: 52_002, differ: 11_900 });
  await page.getByRole('button', { name: 'Compare the others' }).click();
  await feed(counted);
  assert.match(await page.locator('.summary').innerText(), /In the file the two differ on 51,874 of 52,002 rows\./);
  await page.getByRole('button', { name: 'List the rows' }).click();
  assert.deepEqual(await sentOf(page, 'fileDiff'), [{ what: 'stop' }, { what: 'continue' }, { what: 'list' }]);

  await page.getByLabel('Second mask').selectOption('intended');
  await page.locator('.summary', { hasText: 'what was meant' }).waitFor();
  assert.deepEqual((await sentOf(page, 'diff')).at(-1), { first: 'trl-assistant', second: 'intended' });
  assert.equal(await page.locator('.stops > .num').innerText(), 'No difference');
  await page.locator('vscode-panel-tab#tab-rendered').click();
  await page.locator('.rendered .tok').first().waitFor();
  assert.deepEqual((await sentOf(page, 'fileDiff')).at(-1), { what: 'leave' });
  await page.evaluate((event) => window.feed(event), { type: 'tab', tab: 'diff' });
  await page.locator('.pair.heads').waitFor();
  await page.close();
}

async function longRow() {
  const page = await open('dark', 900, { repeat: 1 });
  const taken = await page.evaluate(
    async ([row, diffs]) => {
      const reply = window.revive(diffs);
      window.replies.diff = () => reply;
      const start = performance.now();
      window.feed(row);
      while (document.querySelector('.skipped') === null) await new Promise((done) => requestAnimationFrame(done));
      return Math.round(performance.now() - start);
    },
    [rowEvent(1500), sides('trl-assistant', 'axolotl', 1500)],
  );
  console.log(`long row: ${taken} ms`);
  if (taken > BUDGET) fault(`long row: ${taken} ms, budget ${BUDGET}`);
  await page.close();
}

async function accessibility() {
  let runs = 0;
  let violations = 0;
  for (const theme of THEMES)
    for (const width of [520, 1180]) {
      const page = await open(theme, width);
      await page.evaluate((event) => window.feed(event), { type: 'file-diff', diff: counted });
      if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth))
        fault(`${theme} ${width}: scrolls sideways`);
      const [left, right] = await page
        .locator('.side-head')
        .evaluateAll((all) => all.map((head) => head.getBoundingClientRect().top));
      if (left !== right) fault(`${theme} ${width}: the pickers are not side by side`);
      await page.evaluate(axe);
      const { violations: found } = await page.evaluate(
        (tags) => window.axe.run(document, { runOnly: { type: 'tag', values: tags } }),
        ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      );
      runs++;
      for (const { id, nodes } of found) {
        violations++;
        fault(`axe ${theme} ${width}: ${id} ${nodes[0]?.html}`);
      }
      await page.close();
    }
  console.log(`axe: ${runs} runs, ${violations} violations`);
}

async function shots(folder) {
  mkdirSync(folder, { recursive: true });
  for (const theme of THEMES)
    for (const width of [520, 900]) {
      const page = await open(theme, width);
      await page.evaluate((event) => window.feed(event), { type: 'file-diff', diff: counted });
      await page.screenshot({ path: join(folder, `diff-${width}-${theme}.png`) });
      await page.close();
    }
}

try {
  if (values.shots) await shots(resolve(values.shots));
  await words();
  await longRow();
  if (!values['no-axe']) await accessibility();
} catch (error) {
  fault(error instanceof Error ? (error.stack ?? error.message) : String(error));
} finally {
  await browser.close();
  server.close?.();
}
process.exit(faults.length === 0 ? 0 : 1);
