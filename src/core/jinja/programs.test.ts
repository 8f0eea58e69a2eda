import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { difference, type Outcome, runHere, sameError } from '../../../test/parity/templates/programs.ts';

/** Programs and what transformers 5.23 prints of them; `npm run parity -- programs expressions` compares many more. */
function golden(name: string): {
  readonly contexts: readonly string[];
  readonly cases: readonly (Outcome & { readonly template: string; readonly context: number })[];
} {
  const path = `../../../test/parity/templates/golden/${name}.json`;
  const file = readFileSync(new URL(path, import.meta.url), 'utf8');
  // The variables stay text: their numbers must not pass through JavaScript.
  const contexts = file.slice(file.indexOf('[') + 1, file.indexOf('\n ],')).trim();
  return { contexts: contexts.split(/,\n\s+(?=\{)/), cases: JSON.parse(file).cases };
}

/** The values of `with` and the look at a namespace have the line of the statement before them in Python's traceback. */
const MISPLACED = /\bwith\b|non-namespace/;

describe.each(['programs', 'enumerated'])('%s print what Python prints', (name) => {
  const { contexts, cases } = golden(name);
  it('are there', () => expect(cases.length).toBeGreaterThan(400));
  it.each(cases.map((reference, i) => [i, reference] as const))('%i', (_, reference) => {
    const ours = runHere({ template: reference.template, context: contexts[reference.context]! });
    expect(difference(ours, reference), reference.template).toBeNull();
    if (MISPLACED.test(`${reference.template} ${reference.error}`)) return;
    expect(sameError(ours, reference).line, reference.template).toBe(true);
  });
});
