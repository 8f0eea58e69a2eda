// A row from its JSON to ids, spans and mask, against transformers' apply_chat_template(return_assistant_tokens_mask=True):
// the same rows, template and tokenizer, one thread each, paired. The second figure is the whole analysis that the editor
// makes of a row: also the origin of every character, turns, and a reason for every token.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyzeRow, tokenizeRow, tokensOf } from '../src/core/analysis.ts';
import type { TokenRow } from '../src/core/analysis-types.ts';
import { DEFAULT_SETTINGS } from '../src/core/config.ts';
import { makeEngine } from '../src/core/engine.ts';
import { BUNDLED_TEMPLATES } from '../src/core/template/bundled.ts';
import { loadTokenizer } from '../src/node/loader.ts';
import { alpacaRows, median, peer, report, root, scratch, seconds, tokenizerFolder } from './common.ts';

const ROWS = 6000;
const PAIRS = 5;

const { rows, source } = alpacaRows();
const chats = rows.slice(0, ROWS * PAIRS).map(({ instruction, input, output }) =>
  JSON.stringify({
    messages: [
      { role: 'user', content: input === '' ? instruction : `${instruction}\n${input}` },
      { role: 'assistant', content: output },
    ],
  }),
);
const template = BUNDLED_TEMPLATES.find((candidate) => candidate.name === 'chatml');
if (!template) throw new Error('no template');
const templatePath = join(scratch, 'chatml.jinja');
writeFileSync(templatePath, template.source);
const bundle = await loadTokenizer('bundled:qwen3', join(root, 'dist/assets'));
// Checks are no part of what the peer does.
const settings = { ...DEFAULT_SETTINGS, checks: { '*': 'off' as const } };
const engine = makeEngine(bundle, { name: 'chatml', byKind: { default: template.source } }, settings);

const ratios: number[] = [];
const ours: number[] = [];
const theirs: number[] = [];
const analyses: number[] = [];
for (let pair = 0; pair < PAIRS; pair++) {
  // Fresh rows for every pair: nothing is in a cache because it was seen before.
  const part = chats.slice(pair * ROWS, (pair + 1) * ROWS);
  const path = join(scratch, 'rows.jsonl');
  writeFileSync(path, `${part.join('\n')}\n`);
  const python = peer<{ seconds: number; tokens: number; trained: number }>(
    'rows',
    tokenizerFolder,
    templatePath,
    path,
  );
  const timed = (run: (row: string) => TokenRow | null): number => {
    let tokens = 0;
    let trained = 0;
    const time = seconds(() => {
      for (const row of part) {
        const result = run(row);
        tokens += result?.ids.length ?? 0;
        for (const bit of result?.trained ?? []) trained += bit;
      }
    });
    if (tokens !== python.tokens || trained !== python.trained)
      throw new Error(
        `not the same work: ${tokens} and ${python.tokens} tokens, ${trained} and ${python.trained} trained`,
      );
    return time;
  };
  const mine = timed((row) => tokenizeRow(row, engine, 'messages'));
  const whole = timed((row) => tokensOf(analyzeRow(row, engine, 'messages')));
  analyses.push(python.seconds / whole);
  ratios.push(python.seconds / mine);
  ours.push(part.length / mine);
  theirs.push(part.length / python.seconds);
}
console.log(
  `whole row: ${source}; median of ${PAIRS} pairs of ${ROWS} rows; ${readFileSync(templatePath).length} byte template`,
);
const held = report('whole row, rows/s', median(ours).toFixed(0), median(theirs).toFixed(0), median(ratios), 8);
console.log(`the editor's analysis of the same rows, seen once before: ${median(analyses).toFixed(1)}x`);
console.log(`bench whole-row: ${held ? '1 passed, 0 failed' : '0 passed, 1 failed'}`);
