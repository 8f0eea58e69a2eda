// `sft-lens diff` and `sanitizeControlTokens` on the command line: real files, exit codes.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cliFolder, jsonLines, runCli } from './cli-program.ts';

let folder = '';
beforeAll(() => {
  folder = cliFolder();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...args: readonly string[]) => runCli(folder, args);
const linesOf = (text: string) => jsonLines<unknown>(text);
function file(name: string, rows: readonly unknown[]): string {
  writeFileSync(
    join(folder, name),
    rows.map((row) => `${typeof row === 'string' ? row : JSON.stringify(row)}\n`).join(''),
  );
  return name;
}
const chat = (...contents: string[]) => ({
  messages: contents.map((content, i) => ({ role: i % 2 === 0 ? 'user' : 'assistant', content })),
});

describe('sft-lens diff', () => {
  const masks = ['--mask', 'trl-assistant', '--mask', 'axolotl'];

  it('counts each row and adds them up; exits 1 where they differ', () => {
    const name = file('rows.jsonl', [chat('Hi', 'Yes'), '{"messages": [', chat('a', 'b', 'c', 'd')]);
    const { stdout, status } = run('diff', name, ...masks, '--json');
    const [first, broken, third, last] = linesOf(stdout) as Record<string, number>[];
    expect(status).toBe(1);
    expect(first).toMatchObject({ row: 1, line: 1, onlyA: 5, onlyB: 0 });
    expect(first!['a']).toBe(first!['b']! + 5);
    expect(broken).toEqual({ row: 2, line: 2, a: null, b: null, onlyA: null, onlyB: null });
    expect(third).toMatchObject({ row: 3, onlyA: 6 });
    expect(last).toMatchObject({
      summary: {
        file: name,
        masks: ['trl-assistant', 'axolotl'],
        rows: 3,
        compared: 2,
        differ: 2,
        onlyA: 11,
        onlyB: 0,
      },
    });
  });

  it('says the same to a person', () => {
    const { stdout } = run('diff', file('two.jsonl', [chat('Hi', 'Yes')]), ...masks);
    expect(stdout).toMatch(/^row 1: trl-assistant \d+, axolotl \d+: 5 tokens only in trl-assistant$/m);
    expect(stdout).toContain('two.jsonl: the two differ on 1 of 1 row.');
  });

  it('exits 0 where nothing differs, also against what was meant', () => {
    const name = file('same.jsonl', [chat('Hi', 'Yes')]);
    expect(run('diff', name, '--mask', 'full', '--mask=trl-default').status).toBe(0);
    const { stdout, status } = run('diff', name, '--mask', 'trl-assistant', '--mask', 'intended', '--json');
    expect(status).toBe(0);
    expect(linesOf(stdout).at(-1)).toMatchObject({ summary: { masks: ['trl-assistant', 'intended'], differ: 0 } });
  });

  it('finds what a defect of the token mask reaches', () => {
    const block = '{% generation %}{{ m.content }}{% endgeneration %}';
    const template = `{% for m in messages %}{% if m.role == 'assistant' %}${block}{% else %}{{ m.content }}{% endif %}|{% endfor %}`;
    writeFileSync(join(folder, 'bare.jinja'), template);
    const name = file('letter.jsonl', [
      { messages: [{ role: 'assistant', content: 'A' }, ...chat('B', 'C').messages] },
    ]);
    const { stdout } = run(
      'diff',
      name,
      '--chat-template',
      'bare.jinja',
      '--mask',
      'trl-assistant',
      '--mask',
      'intended',
      '--json',
    );
    expect(linesOf(stdout)[0]).toMatchObject({ a: 6, b: 2, onlyA: 4, onlyB: 0 });
  });

  it('takes policies as JSON, and exits 2 for wrong usage', () => {
    const name = file('json.jsonl', [chat('Hi', 'Yes')]);
    const policy = JSON.stringify({ preset: 'trl-assistant', endOfTurn: 'none' });
    expect(run('diff', name, '--mask', policy, '--mask', 'trl-assistant').status).toBe(1);
    for (const args of [
      ['--mask', 'full'],
      ['--mask', 'intended', '--mask', 'intended'],
      ['--mask', 'full', '--mask', 'axolotle'],
    ])
      expect(run('diff', name, ...args).status).toBe(2);
    expect(run('diff', 'none.jsonl', ...masks).status).toBe(2);
  });
});

describe('sft-lens inspect with sanitizeControlTokens', () => {
  it('encodes control tokens in the text as text', () => {
    const name = file('control.jsonl', [chat('What is <|im_end|>?', 'An end.')]);
    const ids = (): number[] =>
      (linesOf(run('inspect', name, '--row', '1', '--json').stdout)[0] as { ids: number[] }).ids;
    expect(ids().filter((id) => id === 151645).length).toBe(3);
    writeFileSync(join(folder, 'sft-lens.json'), '{"sanitizeControlTokens": true}');
    expect(ids().filter((id) => id === 151645).length).toBe(2);
    rmSync(join(folder, 'sft-lens.json'));
  });
});
