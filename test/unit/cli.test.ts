// The command line: real files, exit codes.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cliFolder, jsonLines, root, runCli } from './cli-program.ts';

let folder = '';
beforeAll(() => {
  folder = cliFolder();
  // A template without think blocks: the rows below have nothing to hint at.
  file('sft-lens.json', '{"chatTemplate": "bundled:chatml"}');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (args: readonly string[], input?: string) => runCli(folder, args, input);
const lines = (text: string) => jsonLines<Record<string, never>>(text);
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return name;
};

const chat = (answer: string) =>
  JSON.stringify({
    messages: [
      { role: 'user', content: 'Is my bike done?' },
      { role: 'assistant', content: answer },
    ],
  });

describe('sft-lens check', () => {
  it('exits 0 for a clean file and says what it saw', () => {
    const result = run(['check', file('clean.jsonl', `${chat('Yes.')}\n${chat('Not yet.')}\n`)]);
    expect(result.stdout).toContain('clean.jsonl: 2 rows (messages), 0 errors, 0 warnings');
    expect(result.status).toBe(0);
  });

  it('exits 1 for an error, with the exact place', () => {
    const row = chat('Yes.').replace('},{', '} {');
    const result = run(['check', '--json', file('bad.jsonl', `${chat('Yes.')}\n\n${row}\n`)]);
    const [bad, last] = lines(result.stdout);
    expect(bad).toMatchObject({ file: 'bad.jsonl', row: 2, line: 3, format: 'messages' });
    expect((bad as unknown as { problems: unknown[] }).problems).toMatchObject([
      { code: 'json/syntax', severity: 'error', pointer: '' },
    ]);
    expect(last).toMatchObject({
      summary: {
        rows: 2,
        errors: 1,
        warnings: 0,
        files: [{ file: 'bad.jsonl', rows: 2, format: 'messages', errors: 1 }],
      },
    });
    expect(result.status).toBe(1);
  });

  it('fails on warnings only when asked', () => {
    const name = file('empty.jsonl', `${chat('')}\n${chat('Yes.')}\n`);
    expect(run(['check', name, '--fail-on', 'warning']).status).toBe(1);
    expect(run(['check', name, '--fail-on', 'never']).status).toBe(2);
  });

  it('reads standard input and packed files', () => {
    expect(run(['check', '-'], `${chat('Yes.')}\n`).status).toBe(0);
  });

  it('exits 2 with a sentence for wrong usage and for what cannot be read', () => {
    for (const args of [
      ['check'],
      ['check', 'missing.jsonl'],
      ['nothing'],
      ['check', 'clean.jsonl', '--max-length', 'x'],
    ]) {
      const result = run(args);
      expect(result.status).toBe(2);
      expect(result.stderr).toMatch(/^sft-lens: \S/);
      expect(result.stderr).not.toContain('    at ');
    }
  });

  it('names the file of a broken tokenizer folder', () => {
    const result = run(['check', 'clean.jsonl', '--tokenizer', folder]);
    expect(result.status).toBe(2);
    expect(result.stderr).toContain('tokenizer.json');
  });

  it('writes SARIF and GitHub commands', () => {
    const sarif = JSON.parse(run(['check', '--sarif', 'bad.jsonl']).stdout) as { runs: { results: unknown[] }[] };
    expect(sarif.runs[0]?.results).toMatchObject([{ ruleId: 'json/syntax', level: 'error' }]);
    expect(run(['check', '--github', 'bad.jsonl']).stdout).toMatch(
      /^::error file=bad\.jsonl,line=3,col=\d+,title=json\/syntax::/,
    );
  });

  it('fixes what is safe and leaves every other byte', () => {
    const row = chat('Yes.').replace('"assistant"', '"asistant"');
    const name = file('fix.jsonl', `${chat('Yes.')}\r\n${row}\r\n`);
    expect(run(['check', '--fix', name]).status).toBe(0);
    expect(readFileSync(join(folder, name), 'utf8')).toBe(`${chat('Yes.')}\r\n${chat('Yes.')}\r\n`);
  });
});

describe('sft-lens checks', () => {
  it('lists at least 25 checks, each with its page', () => {
    const list = JSON.parse(run(['checks', '--json']).stdout) as { code: string; docs: string; fixable: boolean }[];
    expect(list.length).toBeGreaterThanOrEqual(25);
    for (const { docs } of list) expect(existsSync(join(root, docs))).toBe(true);
  });
});

describe('sft-lens inspect', () => {
  it('gives the whole pipeline of a row', () => {
    const result = run(['inspect', 'clean.jsonl', '--row', '2', '--json', '--chat-template', 'bundled:chatml']);
    const [row] = lines(result.stdout) as unknown as {
      text: string;
      ids: number[];
      spans: [number, number][];
      trained: number[];
      reasons: string[];
      origins: { span: [number, number]; pointer: string }[];
      counts: { tokens: number; trained: number };
    }[];
    expect(row?.text).toContain('<|im_start|>assistant\nNot yet.<|im_end|>');
    expect(row?.ids.length).toBe(row?.spans.length);
    expect(row?.trained.length).toBe(row?.ids.length);
    expect(row?.reasons.length).toBe(row?.ids.length);
    expect(row?.counts.trained).toBe(row?.trained.reduce((a, b) => a + b, 0));
    const trained = row?.spans
      .filter((_, i) => row.trained[i] === 1)
      .map(([s, e]) => row.text.slice(s, e))
      .join('');
    expect(trained).toMatch(/^Not yet\.<\|im_end\|>\n?$/);
    const origin = row?.origins.find(({ pointer }) => pointer === '/messages/1/content');
    expect(origin && row?.text.slice(...origin.span)).toBe('Not yet.');
  });

  it('writes a page', () => {
    expect(run(['inspect', 'clean.jsonl', '--row', 'all', '--html', 'out.html']).status).toBe(0);
    expect(readFileSync(join(folder, 'out.html'), 'utf8')).toMatch(
      /title="id \d+ · Trained · Assistant content\.">Not</,
    );
  });

  it('shows HTML, and never as markup', () => {
    const name = file('html.jsonl', `${chat('<img src=x onerror=alert(1)>')}\n`);
    run(['inspect', name, '--row', '1', '--html', 'html.html']);
    expect(readFileSync(join(folder, 'html.html'), 'utf8')).not.toContain('<img');
  });

  it('refuses a row that is not there', () => {
    expect(run(['inspect', 'clean.jsonl', '--row', '9', '--json']).status).toBe(2);
  });
});

describe('sft-lens tokens', () => {
  const export_ = (format: string) =>
    run(['tokens', 'train.jsonl', '-o', format, '--format', format, '--max-length', '24']);
  beforeAll(() => {
    file(
      'train.jsonl',
      `${chat('Yes, since this morning.')}\n{"messages":[{"role":"user","content":"Hello?"}]}\n${chat('No.')}\n`,
    );
    for (const format of ['arrow', 'jsonl', 'dataset']) expect(export_(format).status).toBe(0);
  });

  it('writes an Arrow stream, cut and without rows that train nothing', () => {
    const table = tableFromIPC(readFileSync(join(folder, 'arrow/train.arrow')));
    expect(table.schema.fields.map((field) => `${field.name}: ${field.type}`)).toEqual([
      'input_ids: List<Int32>',
      'labels: List<Int32>',
      'assistant_masks: List<Int8>',
      'source_line: Int32',
    ]);
    const rows = [...table].map((row) => ({
      ids: [...row['input_ids']] as number[],
      labels: [...row['labels']] as number[],
      masks: [...row['assistant_masks']] as number[],
      line: row['source_line'] as number,
    }));
    expect(rows.map(({ line }) => line)).toEqual([1, 3]);
    for (const { ids, labels, masks } of rows) {
      expect(ids.length).toBeLessThanOrEqual(24);
      expect(labels).toEqual(ids.map((id, i) => (masks[i] ? id : -100)));
    }
    const manifest = JSON.parse(readFileSync(join(folder, 'arrow/manifest.json'), 'utf8')) as Record<string, unknown>;
    expect(manifest).toMatchObject({
      file: 'train.arrow',
      source: 'train.jsonl',
      rows: 3,
      written: 2,
      withoutLabel: 1,
      format: 'messages',
    });
  });

  it('writes the same rows as JSON Lines and as a folder of datasets', () => {
    const table = tableFromIPC(readFileSync(join(folder, 'arrow/train.arrow')));
    const batches = [...table].map((row) => ({
      input_ids: [...row['input_ids']],
      attention_mask: [...row['input_ids']].map(() => 1),
      labels: [...row['labels']],
    }));
    const jsonl = readFileSync(join(folder, 'jsonl/train.jsonl'), 'utf8');
    expect(jsonl).toBe(batches.map((row) => `${JSON.stringify(row)}\n`).join(''));
    const stored = tableFromIPC(readFileSync(join(folder, 'dataset/train/data-00000-of-00001.arrow')));
    expect(stored.schema.fields.map((field) => `${field.name}: ${field.type}`)).toEqual([
      'input_ids: List<Int32>',
      'attention_mask: List<Int8>',
      'labels: List<Int32>',
    ]);
    expect(
      [...stored].map((row) => Object.fromEntries(Object.keys(batches[0]!).map((name) => [name, [...row[name]]]))),
    ).toEqual(batches);
  });

  it('replaces an earlier export, and neither the dataset nor a folder of other files', () => {
    expect(export_('dataset').status).toBe(0);
    const dataset = readFileSync(join(folder, 'train.jsonl'), 'utf8');
    const overItself = run(['tokens', 'train.jsonl', '-o', '.', '--format', 'jsonl']);
    expect(overItself).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('train.jsonl is the dataset itself'),
    });
    expect(readFileSync(join(folder, 'train.jsonl'), 'utf8')).toBe(dataset);
    writeFileSync(join(folder, 'dataset/train/notes.txt'), 'mine');
    const overOthers = export_('dataset');
    expect(overOthers).toMatchObject({ status: 2, stderr: expect.stringContaining('train holds other files') });
    expect(existsSync(join(folder, 'dataset/train/notes.txt'))).toBe(true);
  });
});
