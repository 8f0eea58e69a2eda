// Files, templates and tokenizers that are broken or meant to harm: the editor stays alive and says what is wrong.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { oddFiles } from './odd-files.ts';
import { openWorkbench, root, until, type Workbench } from './workbench.ts';

const ROWS = 12;
const chat = (user: string, assistant: string, more: object = {}) =>
  JSON.stringify({
    messages: [
      { role: 'user', content: user },
      { role: 'assistant', content: assistant },
    ],
    ...more,
  });
const rows = Array.from({ length: ROWS }, (_, i) => `${chat(`Is bike ${i + 1} done?`, 'Not yet.')}\n`).join('');
const config = (settings: object) => JSON.stringify(settings);
const tokenizer = readFileSync(join(root, 'test/fixtures/tokenizers/bytes-gpt2.json'), 'utf8');

function misfit(): string {
  const json = JSON.parse(tokenizer);
  json.model.merges.push(['qqq', 'zzz']);
  return JSON.stringify(json);
}

const PAYLOAD = `<img src=x onerror="window.__pwned=1"><script>window.__pwned=1</script></script><b style="color:red">bold</b>`;

const files: Record<string, string | Uint8Array> = {
  'good.jsonl': rows,
  'endless/endless.jsonl': rows,
  'endless/sft-lens.json': config({ chatTemplate: 'loop.jinja' }),
  'endless/loop.jinja':
    '{% for i in range(100000) %}{% for j in range(100000) %}{% set x = i * j %}{% endfor %}{% endfor %}',
  'range/range.jsonl': rows,
  'range/sft-lens.json': config({ chatTemplate: 'range.jinja' }),
  'range/range.jinja': '{% for i in range(100000000) %}{% set x = i * 2 %}{% endfor %}',
  'huge/huge.jsonl': rows,
  'huge/sft-lens.json': config({ chatTemplate: 'huge.jinja' }),
  'huge/huge.jinja': "{{ 'x' * 1000000000 }}",
  'cut/cut.jsonl': rows,
  'cut/sft-lens.json': config({ tokenizer: './model' }),
  'cut/model/tokenizer.json': tokenizer.slice(0, tokenizer.length / 2),
  'missing/missing.jsonl': rows,
  'missing/sft-lens.json': config({ tokenizer: './model' }),
  'missing/model/tokenizer_config.json': '{}',
  'misfit/misfit.jsonl': rows,
  'misfit/sft-lens.json': config({ tokenizer: './model' }),
  'misfit/model/tokenizer.json': misfit(),
  'html/html.jsonl': [
    chat(PAYLOAD, PAYLOAD, { [PAYLOAD]: PAYLOAD }),
    chat('Hi', 'Hello.').replace('"assistant"', JSON.stringify('<img src=x onerror=window.__pwned=1>')),
  ].join('\n'),
  ...oddFiles('odd'),
};

let workbench: Workbench;
const errors = async () => (await workbench.problemCounts()).errors;
const status = async () => (await workbench.statusBar()).join(' | ');
const problemsText = async () => (await workbench.problems()).join('\n');
/** Milliseconds until `done`. */
async function timeUntil(what: string, done: () => Promise<boolean>, limit: number): Promise<number> {
  const start = performance.now();
  await until(what, done, limit);
  return performance.now() - start;
}
/** What the extension wrote into its log at level error or warning, and what its host says of it. */
function complaints(name: string): string[] {
  const logs = join(root, 'test-results/workbench', name, 'data');
  return (readdirSync(logs, { recursive: true }) as string[])
    .filter((file) => file.endsWith('.log'))
    .flatMap((file) => readFileSync(join(logs, file), 'utf8').split('\n'))
    .filter((line) => /\[error\]/.test(line) && /sft-lens|sft lens/i.test(line));
}

describe('in a trusted folder', () => {
  beforeAll(async () => {
    workbench = await openWorkbench({ name: 'bad-input', files, size: { width: 1500, height: 900 } });
    // The extension and its workers are running, as they are when someone changes a template.
    await workbench.openFile('good.jsonl');
    await until('the good rows', async () => /\d+ tokens/.test(await status()), 60_000);
  });
  afterAll(() => workbench?.close());
  // Problems of a closed file are not counted any more.
  afterEach(async () => {
    // A test that ended in the middle may leave a changed file, and VS Code would ask what to do with it.
    await workbench.runCommand('File: Revert File').catch(() => undefined);
    await workbench.runCommand('View: Close All Editors');
    await until('no problems', async () => (await errors()) === 0);
  });

  for (const [name, sentence] of [
    ['endless', /The template was stopped: it takes too many steps for one row/],
    ['huge', /The template was stopped: it makes more than 4 million characters for one row/],
    ['range', /Range too big/],
  ] as const) {
    it(`a template that is ${name} costs its own rows only`, async () => {
      await workbench.openFile(`${name}.jsonl`);
      const first = await timeUntil('a first sentence', async () => (await errors()) > 0, 20_000);
      const all = await timeUntil('a sentence for each row', async () => (await errors()) === ROWS, 30_000);
      console.log(`${name}: first row after ${first.toFixed(0)} ms, all ${ROWS} after ${(first + all).toFixed(0)} ms`);
      expect(first).toBeLessThan(5_000);
      expect(await problemsText()).toMatch(sentence);
      await workbench.screenshot(`bad-template-${name}`);
      await workbench.openFile(`${name}.jsonl`, 2, 1);
      await workbench.type('xyz');
      await until('what was typed', async () => (await workbench.visibleText()).includes('xyz{"messages"'));
      await workbench.runCommand('File: Revert File');
      await until('the sentences again', async () => (await errors()) === ROWS);
      await workbench.openFile('good.jsonl', 3, 1);
      await until('the good rows', async () => /\d+ tokens, \d+ trained/.test(await status()));
    });
  }

  for (const [name, sentence] of [
    ['cut', /cut\/model cannot be used: tokenizer\.json is not valid JSON/],
    ['missing', /missing\/model has no tokenizer\.json/],
    ['misfit', /misfit\/model cannot be used: .*tokenizer\.json.*merges.*"qqq"/],
  ] as const) {
    it(`a tokenizer that is ${name} is named, and the bundled one measures the rows`, async () => {
      await workbench.openFile(`${name}.jsonl`, 2, 1);
      await until('the tokens', async () => /\d+ tokens, \d+ trained/.test(await status()), 20_000);
      const text = await until('the sentence', async () => {
        const found = await problemsText();
        return sentence.test(found) ? found : null;
      });
      expect(text).toMatch(/measured with qwen3/);
      await workbench.screenshot(`bad-tokenizer-${name}`);
    });
  }

  it('markup in a row is text, wherever it is shown', async () => {
    await workbench.openFile('html.jsonl', 1, 1);
    await workbench.runCommand('SFT Lens: Inspect Row');
    const view = workbench.inspector();
    await view.locator('.rendered .tok').first().waitFor({ timeout: 20_000 });
    const frame = await workbench.inspectorFrame();
    const isHarmless = async () => {
      expect(await frame.evaluate(() => (globalThis as { __pwned?: unknown }).__pwned)).toBeUndefined();
      expect(
        await frame.evaluate(() =>
          [...document.querySelectorAll('img, b[style], [onerror], script')]
            .map((element) => element.outerHTML)
            .filter((html) => /onerror|color:\s*red|__pwned/.test(html)),
        ),
      ).toEqual([]);
    };
    for (const tab of ['Rendered', 'Tokens', 'Messages']) {
      await view.getByRole('tab', { name: tab }).click();
      await until(`markup as text in ${tab}`, async () =>
        // A chip has its id below it, so that no text of several tokens is in one piece.
        tab === 'Tokens'
          ? (await view.locator('.chip').count()) > 40
          : (await view.locator('body').innerText()).replace(/\s/g, '').includes('onerror'),
      );
      await isHarmless();
      await workbench.screenshot(`html-${tab.toLowerCase()}`);
    }
    await view.getByRole('tab', { name: 'Rendered' }).click();
    expect((await view.locator('.rendered').innerText()).replace(/\s/g, '')).toContain(
      '</script></script><bstyle="color:red">bold</b>',
    );
  });

  it('markup in a role is text in hovers and problems', async () => {
    const role = '<img src=x onerror=window.__pwned=1>';
    const line = (files['html/html.jsonl'] as string).split('\n')[1] ?? '';
    await workbench.openFile('html.jsonl', 2, line.indexOf('Hello.') + 2);
    await workbench.hoverAtCursor();
    const hover = workbench.page.locator('.monaco-hover:not(.hidden)');
    await until('the turn', async () => (await hover.allInnerTexts()).join('\n').includes(`Turn 2 ${role}`));
    expect(await hover.locator('img, script, [onerror]').count()).toBe(0);
    await workbench.screenshot('html-hover');
    await workbench.press('Escape');
    expect(await problemsText()).toContain(role);
    expect(await workbench.page.evaluate(() => (globalThis as { __pwned?: unknown }).__pwned)).toBeUndefined();
  });

  it('odd bytes are told of, line by line', async () => {
    const said: string[] = [];
    for (const [path, expected] of Object.entries(ODD)) {
      await workbench.openFile(`odd/${path}`);
      const text = await until(
        `${path}: ${expected}`,
        async () => {
          const { errors: count } = await workbench.problemCounts();
          if (expected === null) return count === 0 ? '' : null;
          if (count === 0) return null;
          const found = await problemsText();
          return expected.test(found) ? found : null;
        },
        30_000,
      );
      said.push(`${path}: ${text.replaceAll('\n', ' / ').slice(0, 200)}`);
      await workbench.screenshot(`odd-${path}`);
      await workbench.runCommand('View: Close All Editors');
    }
    console.log(said.join('\n'));
    // All of it was survived.
    await workbench.openFile('good.jsonl', 3, 1);
    await until('the good rows', async () => /\d+ tokens, \d+ trained/.test(await status()));
  }, 300_000);

  it('nothing complains in a log or in the console', () => {
    expect(workbench.consoleErrors).toEqual([]);
    expect(complaints('bad-input')).toEqual([]);
  });
});

/** What is said of each odd file; null: nothing is wrong with it. */
const ODD: Readonly<Record<string, RegExp | null>> = {
  'random.jsonl': /no JSON|not UTF-8/,
  'long.jsonl': /more than 4 million characters/,
  'deep.jsonl': /nested deeper than 990 levels/,
  'brackets.jsonl': /nested deeper than 990 levels/,
  'surrogates.jsonl': /half of a surrogate pair/,
  'bom.jsonl': null,
  'empty.jsonl': null,
  'blank.jsonl': null,
  'separators.jsonl': null,
};

describe('in Restricted Mode', () => {
  beforeAll(async () => {
    workbench = await openWorkbench({
      name: 'bad-input-restricted',
      trust: false,
      files: {
        'rows.jsonl': `${chat('Hi', 'Hello.').replace('"assistant"', '"asistant"')}\n${chat('Who?', 'Me.')}\n`,
        'sft-lens.json': config({ tokenizer: './model', chatTemplate: 'evil.jinja', maxLength: 512 }),
        'model/tokenizer.json': tokenizer,
        'evil.jinja': "{{ raise_exception('this template was used') }}",
      },
      size: { width: 1500, height: 900 },
    });
  });
  afterAll(() => workbench?.close());

  it('rows are checked with what is bundled, and the inspector says why', async () => {
    await workbench.openFile('rows.jsonl', 2, 1);
    await until('the problem', async () => (await errors()) === 1, 30_000);
    await until('the tokens', async () => /\d+ tokens, \d+ trained/.test(await status()));
    expect(await problemsText()).not.toContain('this template was used');
    await workbench.openFile('rows.jsonl', 2, 1);
    await workbench.runCommand('SFT Lens: Inspect Row');
    const view = workbench.inspector();
    await view.locator('.rendered .tok').first().waitFor({ timeout: 20_000 });
    expect(await view.locator('body').innerText()).toMatch(
      /template and tokenizer are not used until you trust this workspace\. Shown with qwen3/,
    );
    // The tokenizer of the folder knows no row of Qwen3's template.
    expect(await view.locator('.rendered').innerText()).toContain('<|im_start|>');
    await workbench.screenshot('restricted');
    await view.getByText('Manage trust').click();
    await workbench.page.locator('.workspace-trust-editor').waitFor({ timeout: 15_000 });
  });

  it('nothing complains', () => {
    expect(workbench.consoleErrors).toEqual([]);
    expect(complaints('bad-input-restricted')).toEqual([]);
  });
});
