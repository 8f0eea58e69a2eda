import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { packTokenizer } from '../../scripts/pack-tokenizer.mjs';
import { analyzeRow, analyzeRows, type RowAnalysis, summaryOf, tokenizeRow, tokensOf } from './analysis.ts';
import { DEFAULT_SETTINGS, type MaskSpec } from './config.ts';
import { detailOf } from './detail.ts';
import { detectFile } from './detect.ts';
import { type Engine, makeEngine } from './engine.ts';
import { sliceRows } from './jsonl/slices.ts';
import { BUNDLED_TEMPLATES } from './template/bundled.ts';
import type { TokenizerBundle } from './tokenizer/encoding.ts';
import { loadPacked } from './tokenizer/packed.ts';

const root = join(import.meta.dirname, '../..');
let bundle: TokenizerBundle;
beforeAll(async () => {
  const file = join(root, '.cache/test/qwen3.tok');
  await packTokenizer(file);
  bundle = loadPacked(brotliDecompressSync(readFileSync(file)));
});

function engineFor(template: string, mask: MaskSpec): Engine {
  const found = BUNDLED_TEMPLATES.find(({ name }) => name === template);
  const byKind = found === undefined ? bundle.chatTemplates : { default: found.source };
  return makeEngine(bundle, { name: template, byKind }, { ...DEFAULT_SETTINGS, mask });
}

const files = [
  'support.jsonl',
  'problems.jsonl',
  ...readdirSync(join(root, 'samples/formats')).map((name) => `formats/${name}`),
]
  .filter((name) => /json/.test(name))
  .map((name) => {
    const text = readFileSync(join(root, 'samples', name), 'utf8');
    const { starts, ends } = sliceRows(text);
    const rows = [...starts].map((start, i) => text.slice(start, ends[i]));
    return { name, rows, format: detectFile(rows, DEFAULT_SETTINGS) };
  });

describe('a row through the pipeline', () => {
  it.each([
    ['qwen3', 'trl-assistant'],
    ['chatml', 'trl-assistant'],
    ['chatml', 'openai'],
    ['chatml', 'full'],
    ['chatml', 'trl-default'],
    ['llama-3', 'axolotl'],
    ['gemma', { preset: 'trl-assistant', turns: 'last' }],
  ] as const)('trains the same tokens with and without all that is shown (%s, %o)', (template, mask) => {
    const engine = engineFor(template, mask);
    let compared = 0;
    for (const { rows, format } of files)
      for (const row of rows) {
        const shown = tokensOf(analyzeRow(row, engine, format));
        expect(tokenizeRow(row, engine, format)).toEqual(shown);
        if (shown !== null) compared++;
      }
    expect(compared).toBeGreaterThan(30);
  });

  it('finds the same in rows together as in each alone, and begins none after the time is over', () => {
    const engine = engineFor('qwen3', 'trl-assistant');
    const found = ({ format, problems }: RowAnalysis) => ({ format, problems });
    for (const { rows, format } of files)
      expect(analyzeRows(rows, engine, format).map(found)).toEqual(
        rows.map((row) => found(analyzeRow(row, engine, format))),
      );
    let left = 2;
    expect(analyzeRows(['{}', '1', '[]', '{}'], engine, 'messages', {}, () => --left === 0).length).toBe(2);
  });

  it('gives every character an origin, every token a reason, and counts that add up', () => {
    const engine = engineFor('qwen3', 'trl-assistant');
    for (const { rows, format } of files)
      for (const text of rows) {
        const analysis = analyzeRow(text, engine, format, { exactTurns: true });
        const detail = detailOf(analysis, engine);
        for (const part of detail.parts) {
          expect(part.reasons.length).toBe(part.ids.length);
          expect(part.turns.length).toBe(part.ids.length);
          expect(part.segmentStarts[0] ?? 0).toBe(0);
          const perRole = Object.values(part.perRole).reduce((sum, n) => sum + n, 0);
          expect(perRole).toBe(part.ids.length);
          const trained = part.trained.subarray(0, DEFAULT_SETTINGS.maxLength).reduce((sum, bit) => sum + bit, 0);
          expect(part.counts.trained).toBe(trained);
        }
        expect(summaryOf(analysis, DEFAULT_SETTINGS.maxLength).counts).toEqual(detail.counts);
      }
  });

  it('leads from a token to the JSON and back', () => {
    const engine = engineFor('qwen3', 'trl-assistant');
    const text =
      '{"messages": [{"role": "user", "content": "a\\u0062c \\"d\\""}, {"role": "assistant", "content": "Grüße 👍🏽!"}]}';
    const analysis = analyzeRow(text, engine, 'messages');
    const [part] = detailOf(analysis, engine).parts;
    const segment = part!.segmentPointer.findIndex((index) => part!.pointers[index] === '/messages/0/content');
    const start = part!.segmentStarts[segment]!;
    expect(part!.text.slice(start, start + 3)).toBe('abc');
    const range = analysis.row.within('/messages/0/content', [1, 2]);
    expect(text.slice(...range!)).toBe('\\u0062');
    expect(analysis.row.at(range![0] + 2)).toEqual({ pointer: '/messages/0/content', key: false, offset: 1 });
  });
});
