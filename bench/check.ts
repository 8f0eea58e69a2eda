// `sft-lens check` on Alpaca (tokens, masks and all checks) against a Python script with json and jsonschema (shape only):
// whole processes, start-up included, paired.
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alpacaFile, median, python, root, scratch, seconds } from './common.ts';

const PAIRS = 3;
const { path, source } = alpacaFile();
const schema = join(scratch, 'alpaca.schema.json');
writeFileSync(
  schema,
  JSON.stringify({
    type: 'object',
    required: ['instruction', 'output'],
    properties: {
      instruction: { type: 'string', minLength: 1 },
      input: { type: 'string' },
      output: { type: 'string', minLength: 1 },
    },
  }),
);
const ratios: number[] = [];
const ours: number[] = [];
const theirs: number[] = [];
let emptyOutputs = 0;
for (let pair = 0; pair < PAIRS; pair++) {
  const script = seconds(() => execFileSync(python, [join(root, 'bench/peers.py'), 'check', path, schema]));
  let output = '';
  const mine = seconds(() => {
    output = spawnSync(process.execPath, [join(root, 'dist/cli.mjs'), 'check', path, '--json'], {
      encoding: 'utf8',
      maxBuffer: 1 << 30,
    }).stdout;
  });
  emptyOutputs = output
    .split('\n')
    .filter((line) => line.includes('"content/empty"') && line.includes('/output')).length;
  ratios.push(script / mine);
  ours.push(mine);
  theirs.push(script);
}
console.log(`check: ${source}; median of ${PAIRS} pairs; rows with an empty output flagged: ${emptyOutputs}`);
// The peer looks at the shape only: what ours does besides (render, tokens, masks, 56 checks) has no peer.
console.log(
  `check: ${median(ours).toFixed(1)} s; json and jsonschema, shape only: ${median(theirs).toFixed(1)} s; ${median(ratios).toFixed(2)}x`,
);
const held = median(ours) < 10;
console.log(`all rows in less than 10 s: ${held ? 'held' : 'MISSED'}`);
console.log(`bench check: ${held ? '1 passed, 0 failed' : '0 passed, 1 failed'}`);
