import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  engineFor,
  type Golden,
  goldenLabels,
  ourLabels,
  ownFamilies,
  readRows,
  tokenizerJson,
  tokenizerOf,
} from '../../../../test/parity-trainers/kit.ts';
import type { Tokenizer } from '../../tokenizer/encoding.ts';

const root = process.cwd();
const folder = join(root, 'test/parity-trainers/golden');
const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.json')) : [];

/** Labels that the trainers themselves made of the project's own templates; `npm run parity:trainers` asks them again. */
describe.skipIf(files.length === 0)('masks equal the trainers’', () => {
  let tokenizer: Tokenizer;
  beforeAll(() => {
    tokenizer = tokenizerOf(tokenizerJson(root));
  });
  const rows = readRows(root);
  const families = new Map(ownFamilies(root).map((family) => [family.name, family]));

  for (const file of files) {
    const golden = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Golden;
    for (const [name, cases] of Object.entries(golden.labels))
      it(`${golden.trainer} ${name}`, () => {
        const family = families.get(name)!;
        const found: Record<string, (string | null)[]> = {};
        for (const row of Object.keys(cases)) found[row] = [];
        golden.runs.forEach(({ mask }, run) => {
          const engine = engineFor(family, tokenizer, mask, golden.transformers);
          for (const [row, labels] of Object.entries(cases))
            found[row]!.push(labels[run] === null ? null : goldenLabels(ourLabels(rows.get(row)!, engine)));
        });
        expect(found).toEqual(cases);
      });
  }
});
