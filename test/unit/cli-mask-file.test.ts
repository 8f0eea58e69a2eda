// `--mask FILE` and `"mask": "FILE"` on the command line: the config file of a trainer.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cliFolder, runCli } from './cli-program.ts';

let folder = '';
beforeAll(() => {
  folder = cliFolder();
  mkdirSync(join(folder, 'runs'));
  const row = { messages: ['user', 'assistant'].map((role) => ({ role, content: `I am the ${role}.` })) };
  writeFileSync(join(folder, 'rows.jsonl'), `${JSON.stringify(row)}\n`);
  writeFileSync(join(folder, 'sft-lens.json'), '{"tokenizer": "bundled:qwen3"}');
  const dataset = 'datasets: [{path: rows.jsonl, type: chat_template, train_on_eos: none}]';
  writeFileSync(
    join(folder, 'runs/axolotl.yml'),
    `base_model: org/model\nchat_template: chatml\nsequence_len: 12\n${dataset}\n`,
  );
  writeFileSync(join(folder, 'runs/broken.yml'), 'base_model: m\n- x\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (args: readonly string[]) => runCli(folder, args);
const inspected = (args: readonly string[]) => {
  const { status, stdout, stderr } = run(['inspect', 'rows.jsonl', '--row', '1', '--json', ...args]);
  const { text, counts } = JSON.parse(stdout);
  return { status, stderr, text, counts };
};

describe('the config file of a trainer', () => {
  it('gives mask, chat template and length', () => {
    const { stderr, text, counts } = inspected(['--mask', 'runs/axolotl.yml']);
    expect(stderr).toContain('axolotl.yml: axolotl 0.19, train_on_eos none');
    expect(stderr).toContain('axolotl drops rows longer than `sequence_len`');
    expect(text).toBe(
      '<|im_start|>user\nI am the user.<|im_end|>\n<|im_start|>assistant\nI am the assistant.<|im_end|>\n',
    );
    // cut behind the second header
    expect(counts).toMatchObject({ trained: 0, trainedCut: 5 });
  });
  it('stands under what the command line says', () => {
    const { counts } = inspected(['--mask', 'runs/axolotl.yml', '--max-length', '100']);
    expect(counts).toMatchObject({ trained: 5, trainedCut: 0 });
  });
  it('is refused with a sentence', () => {
    for (const [path, sentence] of [
      ['runs/none.yml', /none\.yml cannot be read\. Write the path/],
      ['runs/broken.yml', /broken\.yml is no valid YAML, line 2: /],
    ] as const) {
      const { status, stderr } = run(['check', 'rows.jsonl', '--mask', path]);
      expect(status).toBe(2);
      expect(stderr).toMatch(sentence);
    }
  });
  it('is compared with another mask', () => {
    const { stdout } = run([
      'diff',
      'rows.jsonl',
      '--mask',
      'runs/axolotl.yml',
      '--mask',
      'full',
      '--max-length',
      '100',
    ]);
    expect(stdout).toContain('runs/axolotl.yml');
  });
});
