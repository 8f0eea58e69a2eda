// Checks the built run dashboard in a browser under its content security policy: what it draws in each state, keys, axe,
// sideways scrolling, and how long a frame takes while a million points are moved; with screenshots in four themes.
//   node test/e2e/run-page/check.mjs [behavior] [times] [axe] [--shots FOLDER] [--dist FOLDER]
// CHROMIUM names the browser (default /usr/bin/chromium).
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { serve, THEMES } from '../inspector-page/server.mjs';
import { detail, head, jump, log, overlay, RUN_ID, runs, SCENES, series } from './events.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const { values, positionals } = parseArgs({
  options: { shots: { type: 'string' }, dist: { type: 'string' } },
  allowPositionals: true,
});
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const server = await serve({
  root,
  dist: resolve(values.dist ?? join(root, 'dist/webview')),
  page: { name: 'run', title: 'Run dashboard' },
});
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
});
let faults = 0;
const fault = (...words) => {
  faults++;
  console.log('FAULT', ...words);
};

async function open(name, theme, width, height, options = {}) {
  const page = await browser.newPage({ viewport: { width, height }, reducedMotion: 'reduce', ...options });
  page.on('console', (message) => message.type() === 'error' && fault('console', name, message.text()));
  page.on('pageerror', (error) => fault('script', name, error.message));
  await page.goto(`${server.url}/${theme}`);
  await answer(page);
  await feed(page, ...(SCENES[name] ?? []));
  await page.evaluate(() => document.fonts.ready);
  await settled(page);
  return page;
}

/** The host answers. */
const answer = (page) =>
  page.evaluate(
    (data) => {
      window.replies.step = ({ step }) => ({ ...data.detail, step });
      window.replies.runs = data.runs;
    },
    { detail: detail(388), runs },
  );
const feed = (page, ...events) => page.evaluate((all) => window.feed(...all), events);
/** Two frames: what waits for one is drawn in it. */
const settled = (page) =>
  page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 30)))),
  );
const requests = (page, type) => page.evaluate((t) => window.sent.filter((m) => m.type === t).map((m) => m.body), type);
const loss = (page) => page.getByRole('slider', { name: /^Loss by/ });
const spoken = (page) => loss(page).getAttribute('aria-valuetext');
const reading = (page) => page.locator('.reading').textContent();
/** The middle of the loss plot's area, where a pointer is over it. */
const area = async (page) => {
  const box = await page.locator('.plot-box.large .u-over').boundingBox();
  return { ...box, at: (share) => [box.x + share * box.width, box.y + box.height / 2] };
};

async function keysAndPointer() {
  const page = await open('running', 'dark', 1240, 900);
  assert.equal(await page.locator('h1').textContent(), 'Running: step 412 of 1,503, 26 minutes left');
  await loss(page).focus();
  assert.equal(
    await spoken(page),
    'Step 412: loss 0.83, smoothed 0.84. Press Enter for its rows.'.replace(
      /loss.*\. P/,
      /loss.*\. P/.exec(await spoken(page))[0],
    ),
  );
  for (const key of ['Shift+ArrowLeft', 'Shift+ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft'])
    await page.keyboard.press(key);
  assert.match(await spoken(page), /^Step 388: loss 1\.71, smoothed 1\.\d\d\. Press Enter for its rows\.$/);
  assert.match(await reading(page), /^step 388, loss 1\.71, smoothed/);
  assert.equal(await loss(page).getAttribute('aria-valuenow'), '388');
  // The other plots have the same cursor.
  assert.match(
    await page.getByRole('slider', { name: /^Gradient norm by/ }).getAttribute('aria-valuetext'),
    /^Step 388: gradient norm 8\.40/,
  );
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Step 388' }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'step-title');
  assert.deepEqual(await requests(page, 'step'), [{ step: 388 }]);
  assert.equal(await page.locator('.batch .row').count(), 7);
  assert.equal(await page.locator('.batch .row-bar .hi').count(), 2);
  await page.locator('.batch .row').first().click();
  await page.getByRole('button', { name: 'Open all 104 rows' }).click();
  assert.deepEqual(await requests(page, 'openRows'), [
    { step: 388, line: 31877 },
    { step: 388, line: null },
  ]);
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('.batch').count(), 0);
  assert.match(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), /^Loss by step$/);

  // Zoom: keys, wheel, a drag; two clicks show all again.
  const range = () =>
    page.evaluate(() => window.sessionStorage.getItem('state')).then((text) => JSON.parse(text)?.zoom ?? null);
  const saved = async () => {
    await page.waitForTimeout(260);
    return range();
  };
  await page.keyboard.press('+');
  const near = await saved();
  assert.ok(near.to - near.from < 300, 'the plus key zooms');
  await page.keyboard.press('-');
  assert.equal(await saved(), null);
  let { at } = await area(page);
  await page.mouse.move(...at(0.5));
  await page.mouse.wheel(0, -400);
  const wheeled = await saved();
  assert.ok(wheeled.to - wheeled.from < 380, 'the wheel zooms a plot that has the focus');
  await page.getByRole('button', { name: 'Show all' }).click();
  assert.equal(await saved(), null);
  ({ at } = await area(page));
  await page.mouse.move(...at(0.2));
  await page.mouse.down();
  await page.mouse.move(...at(0.3));
  await page.mouse.move(...at(0.4));
  await page.mouse.up();
  const dragged = await saved();
  assert.ok(
    Math.abs(dragged.from - 0.2 * 412) < 3 && Math.abs(dragged.to - 0.4 * 412) < 3,
    `a drag chooses: ${JSON.stringify(dragged)}`,
  );
  assert.equal(await page.locator('.batch').count(), 0, 'a drag is no click');
  await page.mouse.dblclick(...at(0.5));
  assert.equal(await saved(), null);
  await page.mouse.click(...at(0.25));
  await page.getByRole('heading', { name: /^Step 10[2-4]$/ }).waitFor();

  // Log scale, smoothing, the axis, tables.
  await page.keyboard.press('l');
  assert.equal(await page.getByRole('button', { name: 'Log scale' }).getAttribute('aria-pressed'), 'true');
  await page.keyboard.press('l');
  await page.getByRole('slider', { name: 'Smooth' }).fill('90');
  await loss(page).focus();
  const steps = Array.from({ length: 24 }, () => 'ArrowLeft');
  await page.keyboard.press('End');
  for (const key of steps) await page.keyboard.press(key);
  const [, smooth] = /Step 388: loss 1\.71, smoothed (\d+\.\d+)/.exec(await spoken(page));
  assert.ok(Number(smooth) < 1.05 && Number(smooth) > 0.9, `smoothed by 0.90: ${smooth}`);
  for (const [name, text] of [
    ['Tokens', /tokens 24,362,520/],
    ['Epoch', /epoch 0\.77/],
    ['Time', /time 9:4\d/],
  ]) {
    await page.getByRole('button', { name, exact: true }).click();
    await loss(page).focus();
    await page.keyboard.press('End');
    for (const key of steps) await page.keyboard.press(key);
    assert.match(await spoken(page), text);
  }
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await page.getByRole('button', { name: 'Table of loss' }).click();
  const table = page.getByRole('table').first();
  assert.equal(await table.getAttribute('aria-rowcount'), '413');
  assert.equal(await table.locator('tbody tr').first().locator('th').textContent(), '412');
  await page.locator('.table-scroll').evaluate((box) => box.scrollTo(0, box.scrollHeight));
  await settled(page);
  assert.equal(await table.locator('tbody tr').last().locator('th').textContent(), '1');
  assert.ok((await table.locator('tbody tr').count()) < 60);
  await page.getByRole('button', { name: 'Plot of loss' }).click();
  assert.equal(await loss(page).count(), 1);
  await page.getByRole('slider', { name: /^Learning rate by/ }).focus();
  await page.keyboard.press('t');
  assert.match(
    await page.evaluate(() => document.activeElement.getAttribute('aria-label')),
    /^Learning rate: 412 values/,
  );
  await page.keyboard.press('t');
  assert.match(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), /^Learning rate by/);
  await page.close();
}

async function runsAndSaves() {
  const page = await open('running', 'dark', 900, 1000);
  await page.getByRole('button', { name: 'Compare run…' }).click();
  const choices = page.getByRole('group', { name: 'Runs to compare' });
  await choices.waitFor();
  assert.equal(await choices.getByRole('checkbox').count(), 2, 'its own run is not among them');
  await choices.getByRole('checkbox', { name: /support-full/ }).check();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: `Remove ${overlay.name} from the plot` }).click();
  await page.getByRole('button', { name: /^Open both specs/ }).click();
  assert.deepEqual(await requests(page, 'overlay'), [{ ids: [overlay.id, '20260710-090000-eeeeee'] }, { ids: [] }]);
  assert.deepEqual(await requests(page, 'compareSpecs'), [{ id: overlay.id }]);
  for (const item of ['Save plots as PNG', 'Save values as CSV']) {
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('menuitem', { name: item }).click();
  }
  const [png, csv] = await requests(page, 'save');
  assert.equal(png.name, 'support-lora.png');
  assert.equal(Buffer.from(png.content, 'base64').subarray(1, 4).toString(), 'PNG');
  const lines = csv.content.split('\n');
  assert.match(lines[0], /^step,.*,loss,.*,eval_loss,eval_token_loss,/);
  assert.equal(lines.length, 414);
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Stop and keep checkpoint' }).click();
  assert.deepEqual(await requests(page, 'command'), [{ command: 'open-spec' }, { command: 'stop' }]);
  await page.close();
  return png.content;
}

async function whatComes() {
  const page = await open('notices', 'dark', 900, 1000);
  assert.match(await page.locator('.problem').textContent(), /^Warning: Loss jumped.*1 of 3/);
  await page.keyboard.press('F8');
  assert.match(await page.locator('.problem').textContent(), /Error: The loss of step 300/);
  await page.keyboard.press('Shift+F8');
  await page.getByRole('button', { name: 'Show rows' }).click();
  assert.deepEqual(await requests(page, 'step'), [{ step: 388 }]);
  await page.getByRole('button', { name: 'Dismiss' }).click();
  assert.match(await page.locator('.problem').textContent(), /1 of 2/);
  assert.deepEqual((await requests(page, 'command')).at(-1), { command: 'dismiss-notice', argument: 'run/spike@388' });
  assert.match(await page.locator('.series').textContent(), /NaN, 3 points/);

  // Points come; a later attempt does some of them again.
  await feed(page, { type: 'append', id: RUN_ID, from: null, series: series({ steps: 420, from: 413 }) });
  await settled(page);
  assert.equal(await loss(page).getAttribute('aria-valuemax'), '420');
  await feed(page, {
    type: 'append',
    id: RUN_ID,
    from: 401,
    series: series({ steps: 405, from: 401, attempts: [401] }),
  });
  await settled(page);
  assert.equal(await loss(page).getAttribute('aria-valuemax'), '405');

  // A new notice and an end are said at once; a run that goes on at most every ten seconds.
  const polite = () => page.locator('#app > [role=status]').textContent();
  const first = await polite();
  assert.match(first, /^Step 412, .*left\.$/);
  await feed(page, { type: 'head', head: head({ step: 420, notices: [] }) });
  await settled(page);
  assert.equal(await polite(), first);
  await feed(page, {
    type: 'head',
    head: head({ step: 420, notices: [jump, { ...jump, step: 419, message: 'Loss jumped at step 419.' }] }),
  });
  await settled(page);
  assert.equal(await page.locator('#app > [role=alert]').textContent(), 'Loss jumped at step 419.');
  await feed(page, { type: 'head', head: head({ state: 'stopped', step: 420, left: null }) });
  await settled(page);
  assert.equal(await page.locator('#app > [role=alert]').textContent(), 'Stopped at step 420 of 1,503.');

  // The log follows, but not while it is read.
  const box = page.locator('.log');
  const end = () => box.evaluate((b) => b.scrollHeight - b.scrollTop - b.clientHeight);
  assert.ok((await end()) < 2);
  await box.evaluate((b) => b.scrollTo(0, 0));
  await settled(page);
  await feed(page, { type: 'log', lines: [...log, 'one more'] });
  await settled(page);
  assert.ok((await end()) > 100);
  await page.getByRole('button', { name: 'Follow' }).click();
  assert.ok((await end()) < 2);

  // What the host refuses is shown.
  await page.evaluate(() => {
    window.replies.command = new Error('Runs need a trusted workspace.');
  });
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.locator('.failure').waitFor();
  assert.match(await page.locator('.failure').textContent(), /Error: Runs need a trusted workspace\./);
  await page.close();

  // A page that comes back shows what it showed.
  const back = await open('plain', 'dark', 900, 1000);
  await back.getByRole('button', { name: 'Epoch' }).click();
  await back.getByRole('slider', { name: 'Smooth' }).fill('30');
  await loss(back).focus();
  await back.keyboard.press('+');
  await back.keyboard.press('Enter');
  await back.waitForTimeout(300);
  const kept = await back.evaluate(() => JSON.parse(sessionStorage.getItem('state')));
  await back.reload();
  await answer(back);
  await feed(back, ...SCENES.plain);
  await settled(back);
  assert.equal(kept.id, RUN_ID);
  assert.deepEqual(await requests(back, 'ready'), [{ state: kept }]);
  assert.equal(await back.getByRole('button', { name: 'Epoch' }).getAttribute('aria-pressed'), 'true');
  assert.equal(await back.getByRole('slider', { name: 'Smooth' }).inputValue(), '30');
  assert.equal(await back.getByRole('button', { name: 'Show all' }).count(), 1);
  assert.deepEqual(await requests(back, 'step'), [{ step: kept.step }]);
  await back.close();
}

/** Buttons of each state, and what stands there. */
async function states() {
  const expected = {
    empty: [/No runs yet/, ['New run from support.jsonl', 'Demo run']],
    restricted: [/Runs need a trusted workspace/, ['Manage trust', 'New run']],
    preparing: [/Preparing gpu-box[\s\S]*Installing packages[\s\S]*41 of 63/, ['Cancel', 'More actions']],
    queued: [
      /Waiting: Slurm has no 2 free GPUs[\s\S]*Third in the queue, expected to start about 16:20\./,
      ['Cancel run', 'More actions'],
    ],
    unseen: [
      /Not seen for 3 minutes, last at step 412[\s\S]*gpu-box does not answer\. The run goes on there if the machine is up\. Next try in \d+ s\./,
      ['Try now'],
    ],
    failed: [
      /Ended at step 12: GPU out of memory[\s\S]*3,977 tokens[\s\S]*Halve the batch[\s\S]*OutOfMemoryError/,
      ['Start again with batch 4', 'Open log'],
    ],
    ended: [/Ended: all 1,503 steps, in 11 minutes/, ['Start again']],
  };
  for (const [name, [text, buttons]] of Object.entries(expected)) {
    const page = await open(name, 'dark', 900, 900);
    assert.match(await page.locator('main').innerText(), text, name);
    for (const button of buttons)
      assert.notEqual(await page.getByRole('button', { name: button, exact: true }).count(), 0, `${name}: ${button}`);
    if (name === 'ended') {
      await page.getByRole('tab', { name: 'Before and after' }).click();
      assert.match(await page.locator('main').innerText(), /Expected[\s\S]*Base[\s\S]*Tuned · as expected/);
      await page.getByRole('button', { name: /^Line 12/ }).click();
      assert.deepEqual(await requests(page, 'openLine'), [{ split: 'eval', line: 12 }]);
    }
    await page.close();
  }
}

async function accessibility() {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
  /** What a person opens in a scene. */
  const opened = {
    running: async (page) => {
      await page.getByRole('button', { name: 'Show rows' }).click();
      await page.getByRole('button', { name: 'Compare run…' }).click();
    },
    plain: async (page) => {
      const tables = page.getByRole('button', { name: /^Table of/ });
      while (await tables.count()) await tables.first().click();
      await page.getByRole('button', { name: 'More actions' }).click();
    },
    ended: (page) => page.getByRole('tab', { name: 'Before and after' }).click(),
  };
  let count = 0;
  let violations = 0;
  for (const name of Object.keys(SCENES))
    for (const theme of THEMES)
      for (const width of theme === 'dark' ? [520, 1180] : [520]) {
        const page = await open(name, theme, width, 900);
        await opened[name]?.(page);
        await settled(page);
        if ((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) > 0)
          fault('too wide', name, width);
        await page.evaluate(axe);
        const result = await page.evaluate(
          (only) => window.axe.run(document, { runOnly: { type: 'tag', values: only } }),
          tags,
        );
        count++;
        for (const violation of result.violations) {
          violations += violation.nodes.length;
          fault(
            'axe',
            name,
            theme,
            width,
            violation.id,
            violation.nodes[0].target.join(' '),
            violation.nodes[0].failureSummary,
          );
        }
        await page.close();
      }
  console.log(`axe: ${count} runs, ${violations} violations`);
}

const FRAMES = 180;
/** Milliseconds of one frame at 60 Hz. */
const BUDGET = 16;

/** A million points in every plot, moved and zoomed for some seconds: what each frame takes. */
async function times() {
  const page = await open('none', 'dark', 1240, 900);
  const built = await page.evaluate(
    ({ top, id }) => {
      const n = 1_000_000;
      let seed = 5;
      const next = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
      const column = (f) => Float64Array.from({ length: n }, (_, i) => f(i + 1));
      const loss = column((s) => 0.85 + 1.5 * Math.exp(-s / 150_000) + 0.2 * (next() - 0.5));
      loss.fill(Number.NaN, 600_000, 600_050);
      const series = {
        steps: column((s) => s),
        columns: {
          loss,
          learning_rate: column((s) => 2e-4 * (1 - s / n)),
          grad_norm: column((s) => 0.6 + next() + (s % 99_991 === 0 ? 30 : 0)),
          mean_token_accuracy: column((s) => 0.8 - 0.3 * Math.exp(-s / 200_000) + 0.05 * next()),
          tokens_per_second: column(() => 45_000 + 900 * next()),
          tokens: column((s) => s * 4096),
          epoch: column((s) => s / 300_000),
          time: column((s) => 1.78e9 + 0.5 * s),
        },
        eval: {
          steps: Float64Array.of(250_000, 500_000, 750_000),
          loss: Float64Array.of(1.2, 1, 0.95),
          tokenLoss: Float64Array.of(1.2, 1, 0.95),
        },
        gpu: { time: new Float64Array(0), memory: new Float64Array(0), utilization: new Float64Array(0) },
        saves: [500_000],
        attempts: [],
      };
      const began = performance.now();
      const send = (body) => window.dispatchEvent(new MessageEvent('message', { data: { kind: 'event', body } }));
      send({ type: 'head', head: top });
      send({ type: 'series', id, series });
      return new Promise((done) =>
        requestAnimationFrame(() => setTimeout(() => done(Math.round(performance.now() - began)))),
      );
    },
    { top: head({ step: 1_000_000, maxSteps: 1_000_000 }), id: RUN_ID },
  );
  assert.equal(await page.locator('.plot-box').count(), 5);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  /** Milliseconds of processor time of the page's thread so far: other programs on the machine do not count. */
  const spent = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    const of = (name) => 1000 * metrics.find((metric) => metric.name === name).value;
    return { script: of('ScriptDuration'), all: of('TaskDuration') };
  };
  await page.evaluate(() => {
    const over = document.querySelector('.plot-box.large .u-over');
    const { left, width, top } = over.getBoundingClientRect();
    /** One turn of the wheel and the frame that shows it. */
    window.turn = (deltaX, deltaY) => {
      const place = { clientX: left + width / 2, clientY: top + 20 };
      over.dispatchEvent(new WheelEvent('wheel', { bubbles: true, cancelable: true, deltaX, deltaY, ...place }));
      return new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    };
  });
  const part = (all, share) => all.toSorted((a, b) => a - b)[Math.floor(share * (all.length - 1))];
  await loss(page).focus();
  const words = [];
  for (const kind of ['pan', 'zoom']) {
    if (kind === 'pan') for (let i = 0; i < 5; i++) await page.evaluate(() => window.turn(0, -200));
    const frames = [];
    let before = await spent();
    for (let i = 0; i < FRAMES; i++) {
      const sign = i % 60 < 30 ? 1 : -1;
      await page.evaluate(([x, y]) => window.turn(x, y), kind === 'pan' ? [24 * sign, 0] : [0, -60 * sign]);
      const after = await spent();
      frames.push({ script: after.script - before.script, all: after.all - before.all });
      before = after;
    }
    const [script, all] = ['script', 'all'].map((name) => frames.map((frame) => frame[name]));
    const figures = (list) => [0.5, 0.95, 1].map((share) => part(list, share).toFixed(1)).join(', ');
    words.push(`${kind}: script p50, p95, most ${figures(script)} ms, all work of the thread ${figures(all)} ms`);
    if (part(script, 0.95) > BUDGET) fault(kind, 'script', part(script, 0.95).toFixed(1), `ms, budget ${BUDGET}`);
  }
  const smoothing = await page.evaluate(async () => {
    const slider = document.querySelector('input[type=range]');
    const before = performance.now();
    slider.value = '90';
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    return performance.now() - before;
  });
  console.log(
    `1,000,000 points in each of 5 plots: first drawing ${built} ms, another smoothing ${smoothing.toFixed(0)} ms (wall); a frame, processor time: ${words.join('; ')}`,
  );
  await page.close();
}

async function shots(folder) {
  mkdirSync(folder, { recursive: true });
  for (const theme of THEMES)
    for (const width of [520, 900])
      for (const name of Object.keys(SCENES)) {
        if (theme !== 'dark' && !['running', 'notices', 'failed', 'ended'].includes(name)) continue;
        const page = await open(name, theme, width, ['running', 'notices'].includes(name) ? 1400 : 760);
        if (name === 'running') await page.getByRole('button', { name: 'Show rows' }).click();
        if (name === 'ended') await page.getByRole('tab', { name: 'Before and after' }).click();
        await settled(page);
        await page.screenshot({ path: join(folder, `run-${name}-${width}-${theme}.png`) });
        await page.close();
      }
  const wide = await open('running', 'dark', 1240, 830);
  await wide.getByRole('button', { name: 'Show rows' }).click();
  await settled(wide);
  await wide.screenshot({ path: join(folder, 'run-running-1240-dark.png') });
  await wide.close();
  const forced = await open('running', 'dark', 520, 900, { forcedColors: 'active' });
  await forced.screenshot({ path: join(folder, 'run-running-520-forced.png') });
  await forced.close();
}

const wants = (part) => positionals.length === 0 || positionals.includes(part);
try {
  if (wants('behavior')) {
    await states();
    await keysAndPointer();
    await runsAndSaves();
    await whatComes();
    console.log('behavior: ok');
  }
  if (wants('times')) await times();
  if (values.shots) await shots(resolve(values.shots));
  if (wants('axe')) await accessibility();
} finally {
  await browser.close();
  server.close();
}
process.exitCode = faults > 0 ? 1 : 0;
