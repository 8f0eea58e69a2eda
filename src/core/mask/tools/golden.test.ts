import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  analysisOf,
  engineFor,
  type Golden,
  goldenLabels,
  labelsUnder,
  ownFamilies,
  readRows,
  runsFor,
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
        const engines = runsFor(golden.runs, name).map(({ mask }) =>
          engineFor(family, tokenizer, mask, golden.transformers),
        );
        const runs = engines.map(labelsUnder);
        const found: Record<string, (string | null)[]> = {};
        for (const [row, labels] of Object.entries(cases)) {
          // the text is the same for all runs
          const part = analysisOf(rows.get(row)!, engines[0]!);
          found[row] = labels.map((kept, run) => (kept === null ? null : goldenLabels(runs[run]!(part))));
        }
        expect(found).toEqual(cases);
      });
  }
});
