// Mutated templates: none hangs, none crashes (only TemplateError leaves the engine), memory stays bounded.
//   npm run parity -- template-fuzz       SEED=7 COUNT=40000 choose others, SEED=new some that nobody saw
import { resolve } from 'node:path';
import { allTemplates } from './templates/collect.ts';
import { type Fate, fateOf, mutated } from './templates/mutate.ts';
import { randomPrograms, seedOf } from './templates/random-program.ts';

const root = resolve(process.env['SFT_LENS_ROOT'] ?? process.cwd());
const data = process.env['SFT_LENS_DATA'] ?? `${root}/../shared/data`;
const seed = seedOf(process.env['SEED']);
const count = Number(process.env['COUNT'] ?? 20_000);

/** Milliseconds that one template may take, on a busy machine. */
const MOST = 15_000;
/** MiB that the whole run may hold. */
const MEMORY = 1500;

function main(): number {
  console.log(`seed ${seed}`);
  const sources = [...allTemplates(data).map((t) => t.source), ...randomPrograms(seed, 500).map((p) => p.template)];
  const fates: Record<Fate, number> = { printed: 0, raised: 0, refused: 0, stopped: 0 };
  let failed = 0;
  let slowest = 0;
  let memory = 0;
  let done = 0;
  for (const template of mutated(seed, sources, count)) {
    const start = performance.now();
    let problem: string | null = null;
    try {
      fates[fateOf(template)]++;
    } catch (error) {
      problem = String((error as Error).stack).slice(0, 600);
    }
    const took = performance.now() - start;
    slowest = Math.max(slowest, took);
    if (took > MOST) problem ??= `took ${Math.round(took)} ms`;
    if (++done % 500 === 0) memory = Math.max(memory, process.memoryUsage().rss / 2 ** 20);
    if (problem !== null && failed++ < 10)
      console.log(`FAILS ${JSON.stringify(template.slice(0, 3000))}\n   ${problem}`);
  }
  if (memory > MEMORY) {
    console.log(`FAILS memory: ${Math.round(memory)} MiB`);
    failed++;
  }
  console.table({ ...fates, failed, 'slowest (ms)': Math.round(slowest), 'memory (MiB)': Math.round(memory) });
  console.log(`parity template-fuzz: ${done - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = main();
