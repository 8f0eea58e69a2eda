import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, TRANSFORMERS_RULES } from './config.ts';
import { parseConfigFile, settingsFor } from './config-file.ts';
import { FORMATS } from './formats/registry.ts';
import { POLICY_KEYS } from './mask/policy.ts';
import { policyBranches, presetDefinition } from './mask/tools/json-schema.ts';

const problems = (text: string): string[][] =>
  parseConfigFile(text).problems.map(({ message, range }) => [message, text.slice(...range)]);

describe('parseConfigFile', () => {
  it('reads every key, with comments and trailing commas', () => {
    const text = `// project
{
  "$schema": "x",
  "tokenizer": "bundled:qwen3", /* or a folder */
  "chatTemplate": null,
  "templateArgs": {"enable_thinking": false, "n": 1.5},
  "transformers": "4.57",
  "mask": {"preset": "axolotl", "thinking": "mask", "roles": ["assistant", "tool"]},
  "maxLength": 2048,
  "format": "columns",
  "columns": {"prompt": "question"},
  "files": [{"glob": "data/*.jsonl", "format": "sharegpt", "mask": "full"},],
  "checks": {"content/null": "off"},
}`;
    const { config, problems } = parseConfigFile(text);
    expect(problems).toEqual([]);
    expect(config).toEqual({
      tokenizer: 'bundled:qwen3',
      chatTemplate: null,
      templateArgs: { enable_thinking: false, n: 1.5 },
      transformers: '4.57',
      mask: { preset: 'axolotl', thinking: 'mask', roles: ['assistant', 'tool'] },
      maxLength: 2048,
      format: 'columns',
      columns: { prompt: 'question' },
      files: [{ glob: 'data/*.jsonl', format: 'sharegpt', mask: 'full' }],
      checks: { 'content/null': 'off' },
    });
  });

  it.each([
    ['{"tokeniser": "x"}', '`tokeniser` is not known. Did you mean `tokenizer`?', '"tokeniser"'],
    ['{"zzz": 1}', '`zzz` is not known. Remove it.', '"zzz"'],
    [
      '{"mask": {"endOfTurns": "last"}}',
      '`endOfTurns` is not known in `mask`. Did you mean `endOfTurn`?',
      '"endOfTurns"',
    ],
    [
      '{"files": [{"glob": "x", "maks": "full"}]}',
      '`maks` is not known in entry 1 of `files`. Did you mean `mask`?',
      '"maks"',
    ],
    ['{"files": [{"format": "text"}]}', '`glob` is missing in entry 1 of `files`. Add it.', '{"format": "text"}'],
    ['{"maxLength": "4096"}', '`maxLength` must be a whole number. It is the text `"4096"`.', '"4096"'],
    ['{"maxLength": 0}', '`maxLength` must be 1 or more. It is the number 0.', '0'],
    ['{"tokenizer": ""}', '`tokenizer` is empty. Write it.', '""'],
    ['{"mask": 3}', '`mask` must be text or an object. It is the number 3.', '3'],
    [
      '{"checks": {"null": "off"}}',
      "`null` is no check's name: those are `group/name`. `sft-lens checks` lists them.",
      '"null"',
    ],
    [
      '{"checks": {"a/b": "of"}}',
      '`a/b` of `checks` must be `error`, `warning`, `information`, `hint` or `off`. It is the text `"of"`. Did you mean `off`?',
      '"of"',
    ],
    ['{"columns": {"prompt": 1}}', '`prompt` of `columns` must be text. It is the number 1.', '1'],
    ['[]', 'The project file must be an object, `{...}`.', '[]'],
  ])('%s', (text, message, marked) => {
    expect(problems(text)).toEqual([[message, marked]]);
  });

  it('suggests a value of a fixed set', () => {
    expect(problems('{"format": "sharegtp"}')[0]?.[0]).toMatch(
      /It is the text `"sharegtp"`\. Did you mean `sharegpt`\?$/,
    );
    expect(problems('{"mask": "trl-asistant"}')[0]?.[0]).toMatch(/Did you mean `trl-assistant`\?$/);
  });

  it('says where broken JSON is, by line', () => {
    expect(problems('{\n  "maxLength": 1\n  "format": "text"\n}')).toEqual([
      ['A comma is missing before `"`, line 3, column 3.', '"'],
    ]);
  });

  it('keeps what is right beside what is wrong', () => {
    const { config } = parseConfigFile(
      '{"maxLength": "x", "format": "text", "checks": {"a/b": "off", "c/d": "no"}, "mask": {"zzz": 1}, "files": [{"glob": 3}, {"glob": "*", "maxLength": -1, "format": "kto"}]}',
    );
    expect(config).toEqual({ format: 'text', checks: { 'a/b': 'off' }, files: [{ glob: '*', format: 'kto' }] });
  });

  it('takes an empty file for an empty object, and never throws', () => {
    expect(parseConfigFile('')).toEqual({ config: {}, problems: [] });
    expect(parseConfigFile('// nothing\n')).toEqual({ config: {}, problems: [] });
    for (const text of [
      '{',
      'null',
      '"',
      '{"files": {"glob": 1}}',
      '{"files": [null, 3]}',
      '{"__proto__": {}}',
      '\ufeff{}',
      '{"checks": 1}',
    ])
      expect(Array.isArray(parseConfigFile(text).problems)).toBe(true);
  });
});

describe('settingsFor', () => {
  const { config } = parseConfigFile(`{
    "maxLength": 100, "templateArgs": {"a": 1}, "checks": {"x/a": "off"},
    "files": [
      {"glob": "*.jsonl", "maxLength": 200, "checks": {"x/b": "error"}, "templateArgs": {"b": 2}},
      {"glob": "data/eval*", "maxLength": 300, "columns": {"text": "t"}}
    ]}`);

  it('lays the project over the defaults and each fitting entry over that', () => {
    expect(settingsFor(config, 'x.json', DEFAULT_SETTINGS)).toEqual({
      ...DEFAULT_SETTINGS,
      maxLength: 100,
      templateArgs: { a: 1 },
      checks: { 'x/a': 'off' },
    });
    expect(settingsFor(config, 'data/eval.jsonl', DEFAULT_SETTINGS)).toEqual({
      ...DEFAULT_SETTINGS,
      maxLength: 300,
      templateArgs: { a: 1, b: 2 },
      checks: { 'x/a': 'off', 'x/b': 'error' },
      columns: { text: 't' },
    });
  });

  it('has nothing of its own in the settings', () => {
    expect(Object.keys(settingsFor(config, 'data/eval.jsonl', DEFAULT_SETTINGS)).sort()).toEqual(
      Object.keys(DEFAULT_SETTINGS).sort(),
    );
  });
});

describe('the schema', () => {
  const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../schemas/sft-lens.schema.json'), 'utf8')) as {
    properties: Record<string, unknown>;
    definitions: Record<
      string,
      { enum?: string[]; default?: unknown; properties?: Record<string, unknown>; allOf?: unknown[] }
    >;
  };

  it('has every key, preset, format, version and default of the code', () => {
    expect(Object.keys(schema.properties).sort()).toEqual(
      [...Object.keys(DEFAULT_SETTINGS), 'files', '$schema'].sort(),
    );
    expect(Object.keys(schema.definitions['policy']?.properties ?? {}).sort()).toEqual(
      ['preset', ...POLICY_KEYS].sort(),
    );
    expect(schema.definitions['transformers']?.enum).toEqual(TRANSFORMERS_RULES);
    expect(schema.definitions['format']?.enum?.toSorted()).toEqual(
      ['auto', 'columns', 'unknown', ...FORMATS.map(({ name }) => name)].sort(),
    );
    for (const key of [
      'tokenizer',
      'tokenizerClass',
      'chatTemplate',
      'transformers',
      'mask',
      'maxLength',
      'format',
    ] as const)
      expect(schema.definitions[key]?.default).toEqual(DEFAULT_SETTINGS[key]);
  });

  it('says of presets what their registry says: else run scripts/mask-schema.mjs', () => {
    const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
    expect(schema.definitions['preset']).toEqual(plain(presetDefinition()));
    expect(schema.definitions['policy']?.allOf).toEqual(plain(policyBranches()));
  });
});
