// A row from its JSON to ids, spans and mask, against transformers' apply_chat_template(return_assistant_tokens_mask=True):
// the same rows, template and tokenizer, one thread each, paired. Two figures: what a trainer needs (`tokens`), and the
// whole analysis that the editor makes of a row, which also has the origin of every character and a reason for every token.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyzeRow, tokenizeRow, tokensOf } from '../src/core/analysis.ts';
import type { TokenRow } from '../src/core/analysis-types.ts';
import { DEFAULT_SETTINGS } from '../src/core/config.ts';
import { type Engine, makeEngine } from '../src/core/engine.ts';
import { BUNDLED_TEMPLATES } from '../src/core/template/bundled.ts';
import { loadTokenizer } from '../src/node/loader.ts';
import { alpacaRows, data, median, peer, report, root, scratch, seconds, tokenizerFolder } from './common.ts';

const ROWS = 5000;
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

/** Templates with generation blocks: a short one of ours, and the long one that TRL trains Qwen3 with, where it is at hand. */
function templates(): { name: string; source: string }[] {
  const trained = join(data, 'chat_templates/trl/qwen3_training.jinja');
  const qwen3 = existsSync(trained) ? [{ name: 'qwen3 training', source: readFileSync(trained, 'utf8') }] : [];
  return [...qwen3, ...BUNDLED_TEMPLATES.filter(({ name }) => name === 'chatml')];
}

interface Sum {
  readonly seconds: number;
  readonly tokens: number;
  readonly trained: number;
}

function timed(part: readonly string[], run: (row: string) => TokenRow | null): Sum {
  let tokens = 0;
  let trained = 0;
  const time = seconds(() => {
    for (const row of part) {
      const result = run(row);
      tokens += result?.ids.length ?? 0;
      for (const bit of result?.trained ?? []) trained += bit;
    }
  });
  return { seconds: time, tokens, trained };
}

function pair(
  part: readonly string[],
  engine: Engine,
  templatePath: string,
): { tokens: number; analysis: number; rate: number } {
  const path = join(scratch, 'rows.jsonl');
  writeFileSync(path, `${part.join('\n')}\n`);
  const python = peer<Sum>('rows', tokenizerFolder, templatePath, path);
  // Each figure has rows of its own, so that neither finds the other's pieces in the cache.
  const half = part.length / 2;
  const trainer = timed(part.slice(0, half), (row) => tokenizeRow(row, engine, 'messages'));
  const editor = timed(part.slice(half), (row) => tokensOf(analyzeRow(row, engine, 'messages')));
  const same = python.tokens === trainer.tokens + editor.tokens && python.trained === trainer.trained + editor.trained;
  if (!same) throw new Error('Python has other tokens or another mask: see npm run parity.');
  const perRow = python.seconds / part.length;
  return {
    tokens: perRow / (trainer.seconds / half),
    analysis: perRow / (editor.seconds / half),
    rate: half / trainer.seconds,
  };
}

const bundle = await loadTokenizer('bundled:qwen3', join(root, 'dist/assets'));
// Checks are no part of what the peer does.
const settings = { ...DEFAULT_SETTINGS, checks: { '*': 'off' as const } };
let missed = 0;
const list = templates();
console.log(`whole row: ${source}; medians of ${PAIRS} pairs of ${ROWS} fresh rows`);
for (const template of list) {
  const templatePath = join(scratch, 'template.jinja');
  writeFileSync(templatePath, template.source);
  const engine = makeEngine(bundle, { name: template.name, byKind: { default: template.source } }, settings);
  const results = Array.from({ length: PAIRS }, (_, i) =>
    pair(chats.slice(i * ROWS, (i + 1) * ROWS), engine, templatePath),
  );
  const ratio = median(results.map((result) => result.tokens));
  const rate = median(results.map((result) => result.rate));
  if (!report(`${template.name}, rows/s`, rate.toFixed(0), (rate / ratio).toFixed(0), ratio, 8)) missed++;
  console.log(`  with origins, turns and reasons: ${median(results.map((result) => result.analysis)).toFixed(1)}x`);
}
console.log(`bench whole-row: ${list.length - missed} passed, ${missed} failed`);
