// One row through the whole pipeline (parse, render, encode with offsets, mask) against transformers'
// apply_chat_template(return_assistant_tokens_mask=True): the same rows, template and tokenizer, one thread each, paired.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyzeRow, tokensOf } from '../src/core/analysis.ts';
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
  let tokens = 0;
  let trained = 0;
  const mine = seconds(() => {
    for (const row of part) {
      const result = tokensOf(analyzeRow(row, engine, 'messages'));
      tokens += result?.ids.length ?? 0;
      for (const bit of result?.trained ?? []) trained += bit;
    }
  });
  if (tokens !== python.tokens || trained !== python.trained)
    throw new Error(
      `not the same work: ${tokens} and ${python.tokens} tokens, ${trained} and ${python.trained} trained`,
    );
  ratios.push(python.seconds / mine);
  ours.push(part.length / mine);
  theirs.push(part.length / python.seconds);
}
console.log(
  `whole row: ${source}; median of ${PAIRS} pairs of ${ROWS} rows; ${readFileSync(templatePath).length} byte template`,
);
const held = report('whole row, rows/s', median(ours).toFixed(0), median(theirs).toFixed(0), median(ratios), 8);
console.log(`bench whole-row: ${held ? '1 passed, 0 failed' : '0 passed, 1 failed'}`);
