import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../core/config.ts';
import { loadProject, type Project, type ProjectOptions } from './project.ts';
import * as reader from './trainer-config/reader.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'sft-lens-project-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

let count = 0;
/** A folder of these files; the settings of its data/train.jsonl. */
function project(files: Record<string, unknown>, more: Partial<ProjectOptions> = {}): Promise<Project> {
  const folder = join(root, String(count++));
  for (const [name, content] of Object.entries({ 'data/train.jsonl': '', ...files })) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  }
  const maskPath = more.maskPath === undefined ? {} : { maskPath: join(folder, more.maskPath) };
  return loadProject(join(folder, 'data/train.jsonl'), DEFAULT_SETTINGS, {
    trusted: true,
    trainers: () => reader,
    ...more,
    ...maskPath,
  });
}

const AXOLOTL = `
base_model: ./model
chat_template: chatml
sequence_len: 8192
excess_length_strategy: truncate
datasets:
  - path: data/train.jsonl
    type: chat_template
    train_on_eos: all
`;

describe('loadProject', () => {
  it('has the defaults where nothing says anything', async () => {
    const { settings, maskPath, maskFile, maskProblem } = await project({});
    expect(settings).toEqual(DEFAULT_SETTINGS);
    expect([maskPath, maskFile, maskProblem]).toEqual([null, null, null]);
  });

  it("reads a trainer's config file that the mask names", async () => {
    const { settings, maskPath, maskFile, configProblems } = await project({
      'sft-lens.json': { mask: 'runs/axolotl.yml' },
      'runs/axolotl.yml': AXOLOTL,
    });
    expect(configProblems).toEqual([]);
    expect(settings.mask).toEqual({ preset: 'axolotl', train_on_eos: 'all' });
    expect(settings).toMatchObject({ chatTemplate: 'bundled:chatml', maxLength: 8192 });
    expect(settings.tokenizer).toBe(join(dirname(maskPath!), 'model'));
    expect(maskFile).toEqual({
      path: maskPath,
      settings: expect.anything(),
      origin: 'axolotl.yml: axolotl 0.19, train_on_eos all',
      notes: [],
    });
  });

  it('puts its own keys over those of the file', async () => {
    const { settings } = await project({
      'sft-lens.json': {
        mask: 'axolotl.yml',
        maxLength: 100,
        files: [{ glob: '*.jsonl', tokenizer: 'bundled:qwen3' }],
      },
      'axolotl.yml': AXOLOTL,
    });
    expect(settings).toMatchObject({ maxLength: 100, tokenizer: 'bundled:qwen3', chatTemplate: 'bundled:chatml' });
  });

  it('takes one for some files only', async () => {
    const { settings } = await project({
      'sft-lens.json': { mask: 'full', files: [{ glob: 'train.jsonl', mask: './axolotl.yml' }] },
      'axolotl.yml': AXOLOTL,
    });
    expect(settings.mask).toEqual({ preset: 'axolotl', train_on_eos: 'all' });
    const other = await project({
      'sft-lens.json': { mask: 'axolotl.yml', files: [{ glob: 'train.jsonl', mask: 'full' }] },
      'axolotl.yml': AXOLOTL,
    });
    expect(other.settings.mask).toBe('full');
    expect(other.settings.maxLength).toBe(DEFAULT_SETTINGS.maxLength);
  });

  it.each([
    [{}, 'axolotl.yml cannot be read. Write the path of a trainer'],
    [{ 'axolotl.yml': 'base_model: [m\ndatasets: x' }, 'axolotl.yml is no valid YAML, line 2: '],
    [{ 'axolotl.yml': 'name: x' }, 'axolotl.yml is the config of no trainer that is known. '],
    [{ 'axolotl.yml': 'base_model: m\ndatasets: [{train_on_eos: sometimes}]' }, 'axolotl.yml: `train_on_eos`'],
  ])('says at the mask what is wrong with the file: %#', async (files, sentence) => {
    const config = '{"files": [{"glob": "train.jsonl", "mask": "axolotl.yml"}],\n "mask": "full"}';
    const { settings, configProblems, maskPath, maskFile } = await project({ 'sft-lens.json': config, ...files });
    expect(configProblems).toHaveLength(1);
    expect(configProblems[0]!.message.slice(0, sentence.length)).toBe(sentence);
    expect(config.slice(...configProblems[0]!.range)).toBe('"axolotl.yml"');
    expect(settings).toEqual(DEFAULT_SETTINGS);
    // it is watched all the same
    expect(maskPath).toMatch(/axolotl\.yml$/);
    expect(maskFile).toBeNull();
  });

  it('takes the file of the command line instead', async () => {
    const given = await project(
      { 'sft-lens.json': { mask: 'full', maxLength: 7 }, 'a.yml': AXOLOTL },
      { maskPath: 'a.yml' },
    );
    expect(given.settings).toMatchObject({ mask: { preset: 'axolotl', train_on_eos: 'all' }, maxLength: 7 });
    const wrong = await project({}, { maskPath: 'none.yml' });
    expect(wrong.maskProblem).toMatch(/^none\.yml cannot be read\./);
    expect(wrong.configProblems).toEqual([]);
  });

  it('opens nothing without trust', async () => {
    const { settings, untrusted, maskFile, configProblems } = await project(
      { 'sft-lens.json': { mask: 'axolotl.yml' }, 'axolotl.yml': AXOLOTL },
      { trusted: false, trainers: () => expect.fail('loaded') },
    );
    expect(settings).toEqual(DEFAULT_SETTINGS);
    expect([untrusted, maskFile, configProblems]).toEqual([['mask'], null, []]);
  });

  it('finds the formatting of LLaMA-Factory beside the file', async () => {
    const { settings } = await project({
      'sft-lens.json': { mask: 'sft.yaml' },
      'sft.yaml': 'model_name_or_path: org/name\nstage: sft\ndataset: mine\ntemplate: default',
      'data/dataset_info.json': { mine: { file_name: 'train.jsonl', formatting: 'openai' } },
    });
    expect(settings.mask).toEqual({ preset: 'llama-factory', template: 'default', formatting: 'openai' });
    expect(settings.tokenizer).toBe('org/name');
  });
});
