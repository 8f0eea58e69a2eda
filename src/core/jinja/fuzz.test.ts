import { expect, it } from 'vitest';
import { type Fate, fateOf, mutated } from '../../../test/parity/templates/mutate.ts';
import { randomPrograms } from '../../../test/parity/templates/random-program.ts';
import { BUNDLED_TEMPLATES } from '../template/bundled.ts';

it('mutated templates never crash; `npm run parity -- template-fuzz` tries many more', { timeout: 120_000 }, () => {
  const sources = [...BUNDLED_TEMPLATES.map((t) => t.source), ...randomPrograms(3, 100).map((p) => p.template)];
  const fates: Record<Fate, number> = { printed: 0, raised: 0, refused: 0, stopped: 0 };
  for (const template of mutated(5, sources, 400)) fates[fateOf(template)]++;
  expect(fates.printed).toBeGreaterThan(40);
  expect(fates.refused).toBeGreaterThan(40);
});
