import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { testEngine } from '../../src/core/checks/testing/engine.ts';
import { mutatedRow } from '../parity/fuzz/mutated-row.ts';
import { engines, sampleRows } from '../parity/fuzz/row-cases.ts';
import { judgeRow } from '../parity/fuzz/row-fault.ts';

it('analyses rows that are broken at random without a fault', () => {
  const seeds = sampleRows(fileURLToPath(new URL('../..', import.meta.url)));
  let masks = 0;
  const all = engines(testEngine().bundle);
  for (let seed = 1_000_000; seed < 1_001_500; seed++) {
    const row = mutatedRow(seed, seeds);
    const engine = all[seed % all.length]!;
    const { fault, masked } = judgeRow(row, engine);
    expect(fault, `seed ${seed}: ${row}`).toBeNull();
    if (masked) masks++;
  }
  expect(masks).toBeGreaterThan(500);
}, 60_000);
