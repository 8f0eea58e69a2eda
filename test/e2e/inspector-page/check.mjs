// Checks the built inspector in a browser under its content security policy: what it draws in each state, keys, axe,
// sideways scrolling and drawing times, with screenshots in four themes.
//   node test/e2e/inspector-page/check.mjs [--shots FOLDER] [--dist FOLDER] [--no-axe]
// CHROMIUM names the browser (default /usr/bin/chromium).
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { pickers, rowMaker, sampleProblems, wrap } from './rows.mjs';
import { serve, THEMES } from './server.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const { values } = parseArgs({
  options: { shots: { type: 'string' }, dist: { type: 'string' }, 'no-axe': { type: 'boolean' } },
});
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const maker = rowMaker(root);

// ---- rows ----
const talk = [
  { role: 'system', content: 'You are the desk of a bike shop. Answer in short, plain sentences.' },
  { role: 'user', content: 'Hi, is my bike done? Ticket 4471.\n\tI need it on Saturday 🚲 please' },
  {
    role: 'assistant',
    content: 'Not yet. We are waiting for a part.\n\nThat is before your tour 🚲, but I cannot promise it.',
  },
  { role: 'user', content: 'OK. What can I do?' },
  { role: 'assistant', content: 'Borrow a bike until Monday.', weight: 0 },
];
const messages = talk.map(({ role, content }, i) => ({ role, text: content, pointer: `/messages/${i}/content` }));
const defect = (trained) => trained.map((t, i) => (i > 46 && i < 56 ? 1 - t : t));
const plain = wrap([maker.chat(talk, { maxLength: 84 })], {
  maxLength: 84,
  problems: sampleProblems,
  messages,
});
const long = (tokens) => {
  // Fifteen tokens a line; the marks of two turns are ten more.
  const line = ' the pump failed at noon and the log says so in one long line\n';
  const content = line.repeat(Math.floor((tokens / 2 - 5) / 15));
  return wrap(
    [
      maker.chat(
        [
          { role: 'user', content },
          { role: 'assistant', content },
        ],
        { maxLength: 65_536 },
      ),
    ],
    {
      maxLength: 65_536,
      row: 2,
      rows: 12,
    },
  );
};
const event = (row, rest = {}) => ({ type: 'row', row, pickers: pickers(row.maxLength), follow: true, ...rest });
const badJson = wrap([], {
  row: 13,
  excerpt: {
    text: '"content":"Do you fit child seats?"} {"role":"assistant","content":"Yes, on most of our bikes."}]}',
    mark: [37, 38],
    column: 118,
  },
  problems: [
    {
      code: 'json/syntax',
      severity: 'error',
      message: 'A comma is missing before `{`, column 118.',
      pointer: '',
      range: [117, 118],
      fixes: [{ scope: 'row', title: 'Insert comma', edits: [] }],
    },
  ],
});
const raises = wrap([], {
  row: 7,
  rows: 310,
  messages,
  detail: { templateError: { message: 'System role not supported', line: 4, kind: 'raise' }, messages },
  problems: [
    {
      code: 'template/raises',
      severity: 'error',
      message: 'The template refuses this row: “System role not supported”.',
      pointer: '/messages/0',
      range: [0, 1],
    },
  ],
});
const many = ['error', 'warning', 'information', 'hint'].map((severity, i) => ({
  code: `roles/case-${i}`,
  severity,
  message: `Unknown role \`asistant${i}\`. Did you mean \`assistant\`?`,
  pointer: '/messages/1',
  range: [0, 1],
}));
/** What a run's models make of each token; nothing of the first one. */
function losses(tokens) {
  const column = (f) => ({
    typed: 'Float64Array',
    data: Array.from({ length: tokens }, (_, i) => (i === 0 ? Number.NaN : f(i))),
  });
  const base = (i) => 2.4 + 2.3 * Math.sin(i);
  const tuned = (i) => (i % 11 === 0 ? 5.2 : 0.4 * base(i));
  return {
    run: 'a',
    name: 'support-lora',
    from: 'checkpoint-40 against the base model',
    layers: [
      { name: 'tuned', values: column(tuned) },
      { name: 'base', values: column(base) },
      { name: 'difference', values: column((i) => tuned(i) - base(i)) },
    ],
  };
}
/** What stands behind the mask. */
const notes = [
  'Loss mask of llamafactory-lora-sft.yaml: llama-factory, formatting openai.',
  'The trainer writes the text by a template of its own. The mask holds where its tokens are those shown here.',
  '`packing` makes `cutoff_len` one token shorter.',
  '`default_system` is not followed.',
];
/** Name, what the host sends, tab to open. */
const SCENES = [
  ['rendered', [event(plain)]],
  ['tokens', [event(plain)], 'tokens'],
  ['messages', [event(plain)], 'messages'],
  ['empty', [{ type: 'state', state: { kind: 'empty' } }]],
  ['starting', [{ type: 'state', state: { kind: 'loading', what: 'Loading tokenizer qwen3' } }]],
  [
    'loading',
    [
      event(wrap([], { messages, detail: { messages } })),
      { type: 'state', state: { kind: 'loading', what: 'Loading tokenizer org/model-8b, 4.1 of 11.4 MB' } },
    ],
  ],
  ['invalid', [event(wrap([maker.chat(talk)], { detail: { messages } })), event(badJson)]],
  ['raises', [event(raises)]],
  ['restricted', [event(wrap([maker.chat(talk)], { restricted: true }))]],
  [
    'error',
    [event(plain), { type: 'state', state: { kind: 'error', message: 'The worker stopped. Reload the window.' } }],
  ],
  ['long', [event(long(12_000))]],
  [
    'preference',
    [
      event(
        wrap([maker.chat(talk, { part: 'chosen' }), maker.chat(talk.slice(0, 3), { part: 'rejected' })], {
          format: 'preference',
        }),
      ),
    ],
  ],
  ['expected', [event(wrap([maker.chat(talk, { intended: defect })], { problems: many }))]],
  ['notes', [event(wrap([maker.chat(talk)], { maskNotes: notes }))]],
  ['loss', [event(wrap([maker.chat(talk)], { loss: losses(maker.chat(talk).ids.data.length) }))]],
];

// ---- page ----
const server = await serve({ root, dist: resolve(values.dist ?? join(root, 'dist/webview')) });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
});
let faults = 0;
const fault = (...words) => {
  faults++;
  console.log('FAULT', ...words);
};

async function open(scene, theme, width, height, options = {}) {
  const [name, events, tab] = scene;
  const page = await browser.newPage({ viewport: { width, height }, reducedMotion: 'reduce', ...options });
  page.on('console', (message) => message.type() === 'error' && fault('console', name, message.text()));
  page.on('pageerror', (error) => fault('script', name, error.message));
  await page.goto(`${server.url}/${theme}`);
  await page.evaluate((all) => window.feed(...all), events);
  await page.evaluate(() => document.fonts.ready);
  if (tab) await page.click(`#tab-${tab}`);
  await page.waitForTimeout(120);
  return page;
}

const sceneOf = (name) => SCENES.find(([n]) => n === name);
const requests = (page, type) => page.evaluate((t) => window.sent.filter((m) => m.type === t).map((m) => m.body), type);

async function accessibility() {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
  let runs = 0;
  let violations = 0;
  for (const scene of SCENES)
    for (const theme of THEMES)
      for (const width of theme === 'dark' ? [520, 900] : [520]) {
        const page = await open(scene, theme, width, 900);
        if ((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) > 0)
          fault('too wide', scene[0], width);
        await page.evaluate(axe);
        const result = await page.evaluate(
          (values) => window.axe.run(document, { runOnly: { type: 'tag', values } }),
          tags,
        );
        runs++;
        for (const violation of result.violations) {
          violations += violation.nodes.length;
          fault(
            'axe',
            scene[0],
            theme,
            width,
            violation.id,
            violation.nodes[0].target.join(' '),
            violation.nodes[0].failureSummary,
          );
        }
        await page.close();
      }
  console.log(`axe: ${runs} runs, ${violations} violations`);
}

async function behavior() {
  const page = await open(sceneOf('rendered'), 'dark', 900, 1000);
  const line = () => page.textContent('.tokenline');
  await page.focus('.rendered');
  await page.keyboard.press('Home');
  assert.match(await line(), /Token 1 of/);
  await page.keyboard.press('ArrowRight');
  assert.match(await line(), /Token 2 of/);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Control+ArrowRight');
  const total = await page.evaluate(() => document.querySelectorAll('.rendered .tok[data-i]').length);
  await page.keyboard.press('End');
  assert.match(await line(), new RegExp(`Token ${total} of`));
  assert.match(await page.textContent('[role=status]'), /, id \d+, (Cut|Not trained|Trained)/);
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  assert.equal((await requests(page, 'reveal')).at(-1).focus, true);
  await page.keyboard.press('w');
  assert.equal(await page.getAttribute('[aria-label="Show whitespace"]', 'aria-pressed'), 'true');
  await page.keyboard.press('w');
  const before = (await requests(page, 'reveal')).length;
  await page.click('.rendered [data-i="15"]');
  const reveals = await requests(page, 'reveal');
  assert.equal(reveals.length, before + 1);
  assert.equal(reveals.at(-1).focus, false);
  assert.match(reveals.at(-1).pointer, /content$/);
  await page.keyboard.press('F8');
  await page.keyboard.press('Shift+F8');
  await page.keyboard.press('Alt+PageDown');
  await page.hover('.rendered [data-i="20"]');
  await page.waitForTimeout(450);
  assert.equal(await page.isVisible('.card'), true);
  await page.hover('.card');
  await page.waitForTimeout(450);
  assert.equal(await page.isVisible('.card'), true);
  await page.keyboard.press('Escape');
  assert.equal(await page.isVisible('.card'), false);
  await page.keyboard.press('Escape');
  const went = (await requests(page, 'go')).map((body) => body.to);
  assert.deepEqual(went, ['next-problem', 'previous-problem', 'next-row', 'editor']);
  // The cursor marks its tokens and brings them into sight without taking the focus.
  await page.waitForTimeout(700);
  const pointer = reveals.at(-1).pointer;
  await page.evaluate(() => document.activeElement?.blur());
  await page.evaluate((at) => window.feed({ type: 'cursor', pointer: at, offset: 5 }), pointer);
  assert.equal(await page.evaluate(() => document.querySelectorAll('.rendered .linked').length), 1);
  assert.equal(await page.evaluate(() => document.activeElement === document.body), true);
  // The same cursor, told again, leaves the current token where a person has moved it since.
  await page.focus('.rendered');
  await page.keyboard.press('Home');
  await page.evaluate((at) => window.feed({ type: 'cursor', pointer: at, offset: 5 }), pointer);
  assert.match(await line(), /Token 1 of/);
  // A place that holds several turns points at none, and a row that is sent again is not drawn again.
  await page.evaluate(() => window.feed({ type: 'cursor', pointer: '', offset: null }));
  assert.equal(await page.evaluate(() => document.querySelectorAll('.linked').length), 0);
  await page.evaluate(() => document.querySelector('.rendered').firstElementChild.setAttribute('data-kept', ''));
  await page.evaluate((one) => window.feed(one), event(plain));
  assert.equal(await page.locator('[data-kept]').count(), 1);
  await page.evaluate(() => window.feed({ type: 'cursor', pointer: null, offset: null }));
  assert.equal(await page.evaluate(() => document.querySelectorAll('.linked').length), 0);
  await page.focus('#tab-rendered');
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.isVisible('.tokens .chip'), true);
  await page.close();

  const split = await open(['split', [event(wrap([maker.chat(talk)]))]], 'dark', 900, 900);
  const text = await split.evaluate(() => document.querySelector('.rendered').textContent);
  assert.equal(text.split('🚲').length - 1, 2, 'each character is drawn once');
  assert.equal(await split.evaluate(() => document.querySelectorAll('.rendered .tok.byte').length), 2);
  await split.close();

  const hostile = [{ role: 'user', content: '<img src=x onerror=alert(1)><script>1</script> \u202etxt' }];
  const html = await open(['hostile', [event(wrap([maker.chat(hostile)]))]], 'dark', 900, 900);
  assert.equal(await html.evaluate(() => document.querySelectorAll('.rendered img, .rendered script').length), 0);
  assert.match(await html.evaluate(() => document.querySelector('.rendered').textContent), /<script>.*U\+202E/s);
  await html.close();

  // Two paragraphs about the mask, the rest on demand; the whole of what a narrow picker cuts.
  const noted = await open(sceneOf('notes'), 'dark', 520, 900);
  assert.equal(await noted.locator('.mask-notes p').count(), 2);
  await noted.getByRole('button', { name: '2 more about the loss mask' }).click();
  assert.match(await noted.locator('.mask-notes').innerText(), /default_system is not followed\. Less$/);
  assert.equal(await noted.locator('.picker .wrap').first().getAttribute('title'), 'messages');
  await noted.close();

  // Loss of a run over the tokens: bars, the number in the token line, and another layer.
  const loss = await open(sceneOf('loss'), 'dark', 520, 900);
  assert.match(await loss.getAttribute('.rendered [data-i="11"]', 'class'), /\bloss-4\b/);
  assert.equal(/loss-/.test(await loss.getAttribute('.rendered [data-i="0"]', 'class')), false);
  await loss.focus('.rendered');
  await loss.keyboard.press('Home');
  for (let i = 0; i < 11; i++) await loss.keyboard.press('ArrowRight');
  assert.match(await loss.textContent('.tokenline'), /loss 5\.20, base 0\.10/);
  assert.match(await loss.textContent('[role=status]'), / Loss 5\.20, base 0\.10\.$/);
  await loss.getByRole('button', { name: 'Difference' }).click();
  assert.match(await loss.getAttribute('.rendered [data-i="11"]', 'class'), /\bloss-4 loss-worse\b/);
  await loss.getByRole('button', { name: 'Off' }).click();
  assert.equal(await loss.locator('.rendered [class*="loss-"]').count(), 0);
  await loss.getByRole('button', { name: 'Hide token loss' }).click();
  assert.deepEqual((await requests(loss, 'command')).at(-1), { command: 'hide-loss' });
  await loss.close();

  const more = await open(sceneOf('expected'), 'dark', 520, 900);
  assert.equal(await more.locator('.problem').count(), 2);
  await more.click('text="2 more"');
  assert.equal(await more.locator('.problem').count(), 4);
  await more.close();
  console.log('behavior: ok');
}

/** Milliseconds of processor time of the page's thread: other programs on the machine do not count. */
async function meter(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const read = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return 1000 * metrics.find(({ name }) => name === 'TaskDuration').value;
  };
  return async (work) => {
    const before = await read();
    const result = await work();
    return [Math.round((await read()) - before), result];
  };
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];

/** Milliseconds of one frame at 60 Hz. */
const FRAME = 16.7;
const budget = (tab, tokens, what, took, most) => took < most || fault(tab, tokens, what, took, `ms, budget ${most}`);

/** From the event to the frame that shows it; further parts; frames while scrolling through; an arrow key. */
async function times() {
  for (const [tokens, tab] of [
    [8000, 'rendered'],
    [8000, 'tokens'],
    [32_000, 'rendered'],
    [32_000, 'tokens'],
  ]) {
    const page = await open(['warm', [event(plain)], tab], 'dark', 520, 900);
    const cost = await meter(page);
    await page.evaluate(
      (one) => {
        window.body = window.revive(one);
        window.frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
        window.inFront = (selector) => [...document.querySelectorAll(selector)].find((e) => e.offsetParent !== null);
      },
      event(long(tokens)),
    );
    const draws = [];
    for (let i = 0; i < 7; i++) {
      const [first, wall] = await cost(() =>
        page.evaluate(async (row) => {
          window.body.row = { ...window.body.row, row };
          const start = performance.now();
          window.dispatchEvent(new MessageEvent('message', { data: { kind: 'event', body: window.body } }));
          document.body.getBoundingClientRect();
          const took = performance.now() - start;
          await window.frame();
          return Math.round(took);
        }, 100 + i),
      );
      // Further parts follow in the next frames.
      const [rest] = await cost(() =>
        page.evaluate(
          async (least) => {
            const host = window.inFront('.rendered, .tokens');
            while (host.querySelectorAll('[data-i]').length < least) await window.frame();
          },
          tokens === 8000 ? 7900 : 4000,
        ),
      );
      draws.push({ first, wall, whole: first + rest });
    }
    const draw = median(draws.map(({ first }) => first));
    const whole = median(draws.map((one) => one.whole));
    const grown = [];
    while (await page.locator('text=/Show the next/').count())
      grown.push(
        (
          await cost(() =>
            page.evaluate(async () => {
              const buttons = [...window.inFront('.rendered, .tokens').querySelectorAll('.more vscode-button')];
              buttons.find((button) => /next/.test(button.textContent)).click();
              await window.frame();
            }),
          )
        )[0],
      );
    const [scrolling, scroll] = await cost(() =>
      page.evaluate(async () => {
        const box = window.inFront('.scroll');
        box.scrollTop = 0;
        const gaps = [];
        let last = performance.now();
        for (let i = 0; i < 90; i++) {
          box.scrollTop += 400;
          await new Promise((done) => requestAnimationFrame(done));
          gaps.push(performance.now() - last);
          last = performance.now();
        }
        gaps.sort((a, b) => a - b);
        return { p50: Math.round(gaps[45]), p95: Math.round(gaps[85]), drawn: box.querySelectorAll('[data-i]').length };
      }),
    );
    const [steps] = await cost(() =>
      page.evaluate(async () => {
        const host = window.inFront('.rendered, .tokens');
        host.focus();
        for (let i = 0; i < 20; i++) {
          host.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
          await window.frame();
        }
      }),
    );
    const wall = draws.map((one) => one.wall);
    console.log(
      `${tab}, ${tokens} tokens (processor time): first part ${draw} ms (wall ${Math.min(...wall)} to ${Math.max(...wall)}), all ${whole} ms` +
        `${grown.length ? `, next 4,000 ${median(grown)} to ${Math.max(...grown)} ms` : ''}, ` +
        `scrolling through ${scroll.drawn} drawn: ${(scrolling / 90).toFixed(1)} ms a frame (wall p50 ${scroll.p50}, p95 ${scroll.p95}), ` +
        `arrow key with its frame ${(steps / 20).toFixed(1)} ms`,
    );
    budget(tab, tokens, 'drawing', draw, 100);
    budget(tab, tokens, 'drawing more', grown.length ? median(grown) : 0, 100);
    budget(tab, tokens, 'a frame of scrolling', scrolling / 90, FRAME);
    budget(tab, tokens, 'an arrow key', steps / 20, FRAME);
    await page.close();
  }
}

async function shots(folder) {
  mkdirSync(folder, { recursive: true });
  for (const theme of THEMES)
    for (const width of [520, 900])
      for (const scene of SCENES) {
        const main = scene[0] === 'rendered';
        if (theme !== 'dark' && !['rendered', 'tokens', 'expected', 'invalid', 'loss'].includes(scene[0])) continue;
        const page = await open(scene, theme, width, main ? 1580 : 760);
        if (main) {
          const token = page.locator('.rendered [data-i="291"]');
          if (await token.count()) {
            await token.click();
            await page.mouse.move(2, 2);
            await token.hover();
            await page.waitForTimeout(420);
          }
        }
        await page.screenshot({ path: join(folder, `inspector-${scene[0]}-${width}-${theme}.png`) });
        await page.close();
      }
  const forced = await open(sceneOf('rendered'), 'dark', 520, 900, { forcedColors: 'active' });
  await forced.screenshot({ path: join(folder, 'inspector-rendered-520-forced.png') });
  await forced.close();
}

try {
  await behavior();
  await times();
  if (values.shots) await shots(resolve(values.shots));
  if (!values['no-axe']) await accessibility();
} finally {
  await browser.close();
  server.close();
}
process.exitCode = faults > 0 ? 1 : 0;
