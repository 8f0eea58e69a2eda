// npm run parity:trainers [-- NAME...] [-- --golden]: asks each trainer for its labels of our rows and compares them with
// ours wherever it tokenized the whole render. SFT_LENS_TRAINERS is the list of names with their interpreters, as JSON.
// `--golden` keeps what it made of the project's own templates in golden/NAME.json; `--again` asks nobody and compares the
// answers of the last time.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DEFAULT_SETTINGS, type MaskSpec } from '../../src/core/config.ts';
import { resolveMask } from '../../src/core/mask/resolve.ts';
import type { Tokenizer } from '../../src/core/tokenizer/encoding.ts';
import { findTrl } from '../../src/node/trl/find-trl.ts';
import { swapForTrl } from '../../src/node/trl/swap.ts';
import { rangesOf } from '../parity/masks/ranges.ts';
import {
  engineFor,
  type Family,
  foreignFamilies,
  type Golden,
  goldenLabels,
  type Labels,
  ourLabels,
  ownFamilies,
  readRows,
  runsFor,
  tokenizerConfig,
  tokenizerJson,
  tokenizerOf,
} from './kit.ts';
import { TRAINERS, type Trainer } from './trainers.ts';

const root = resolve(process.env['SFT_LENS_ROOT'] ?? process.cwd());
const data = process.env['SFT_LENS_DATA'] ?? join(root, '../shared/data');
const interpreters: Readonly<Record<string, string>> = JSON.parse(process.env['SFT_LENS_TRAINERS'] ?? '{}');
const keepGolden = process.argv.includes('--golden');
const again = process.argv.includes('--again');
const folderOf = (trainer: Trainer): string => join(root, '.cache/trainers/cases', trainer.name);

interface Answer {
  readonly run: string;
  readonly family: string;
  readonly row: string;
  readonly ids?: readonly number[];
  readonly labels?: readonly number[];
  readonly refused?: string;
}

/** One line of the table. */
interface Tally {
  rows: number;
  same: number;
  equal: number;
  differ: number;
  known: number;
  refused: number;
}

function familiesOf(trainer: Trainer, trl: string | null): Family[] {
  const own = ownFamilies(root).filter(({ name, named }) => trainer.families?.includes(name) ?? !named);
  const foreign = (trainer.foreign ?? []).flatMap((folder) => {
    const found = foreignFamilies(join(data, folder));
    if (found.length === 0) console.log(`skipped: ${join(data, folder)} is not here`);
    return found;
  });
  return [
    ...own,
    ...(trl === null ? [] : foreignFamilies(trl, 'trl-').filter(({ name }) => !name.endsWith('_training'))),
    ...foreign,
  ];
}

/** A tokenizer folder for each family, and all that is asked. */
function writeCases(trainer: Trainer, families: readonly Family[], json: string): void {
  const folder = folderOf(trainer);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'tokenizer.json'), json);
  const folders: Record<string, string> = {};
  for (const family of families) {
    const at = (folders[family.name] = join(folder, 'families', family.name));
    mkdirSync(at, { recursive: true });
    symlinkSync(join(folder, 'tokenizer.json'), join(at, 'tokenizer.json'));
    writeFileSync(join(at, 'tokenizer_config.json'), JSON.stringify(tokenizerConfig(family)));
  }
  const rows = Object.fromEntries([...readRows(root)].map(([name, row]) => [name, JSON.parse(row)]));
  const runs = trainer.runs.map((run) => ({ ...run, families: run.families ?? families.map(({ name }) => name) }));
  writeFileSync(join(folder, 'cases.json'), JSON.stringify({ families: folders, rows, runs }));
}

const theirs = ({ ids, labels, refused }: Answer): Labels =>
  ids === undefined || labels === undefined
    ? { refused: refused ?? '' }
    : { ids, trained: labels.map((label) => (label === -100 ? 0 : 1)) };

const sameIds = (a: ArrayLike<number>, b: ArrayLike<number>): boolean =>
  a.length === b.length && Array.from(a).every((id, i) => id === b[i]);

/** The family as it is rendered: TRL may swap the template. */
async function swapped(family: Family, mask: MaskSpec, trlTemplates: string | null): Promise<Family> {
  const settings = { ...DEFAULT_SETTINGS, mask, trlTemplates };
  const { sources } = await swapForTrl({ name: family.name, byKind: { default: family.template } }, settings);
  return { ...family, template: sources.byKind['default'] ?? family.template };
}

type Verdict = 'equal' | 'refused' | 'other ids' | { readonly differs: string };

function verdictOf(given: Labels, ours: Labels, changes: boolean): Verdict {
  if (given.refused !== undefined)
    return ours.refused !== undefined ? 'refused' : { differs: `refused: ${given.refused}` };
  if (ours.refused !== undefined)
    // a row that the chat template refuses may be one that the trainer changes first, or renders by a text of its own
    return changes && ours.unrendered ? 'other ids' : { differs: `only ours refuses: ${ours.refused}` };
  if (!sameIds(given.ids, ours.ids)) return 'other ids';
  const wanted = rangesOf(given.trained);
  const found = rangesOf(ours.trained);
  return wanted === found ? 'equal' : { differs: `${found} instead of ${wanted}` };
}

/** The exit code of the trainer's program. */
function ask(trainer: Trainer, families: readonly Family[], json: string, out: string): number | null {
  writeCases(trainer, families, json);
  const folder = folderOf(trainer);
  const program = join(root, 'test/parity-trainers', trainer.program);
  return spawnSync(interpreters[trainer.name] ?? '', [program, join(folder, 'cases.json'), out], {
    cwd: folder,
    stdio: 'inherit',
    env: {
      ...process.env,
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONWARNINGS: 'ignore',
      OMP_NUM_THREADS: '1',
      TOKENIZERS_PARALLELISM: 'false',
    },
  }).status;
}

async function compare(trainer: Trainer, tokenizer: Tokenizer, json: string): Promise<number> {
  const trl = trainer.swaps === true ? await findTrl([interpreters[trainer.name] ?? '']) : null;
  const families = familiesOf(trainer, trl);
  const out = join(folderOf(trainer), 'answers.jsonl');
  const status = again ? 0 : ask(trainer, families, json, out);
  if (status !== 0) {
    console.log(`${trainer.program} ended with ${status}`);
    console.log(`parity trainers ${trainer.name}: 0 passed, 1 failed`);
    return 1;
  }
  const answers: Answer[] = readFileSync(out, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
  return report(trainer, families, tokenizer, answers, trl);
}

async function report(
  trainer: Trainer,
  families: readonly Family[],
  tokenizer: Tokenizer,
  answers: readonly Answer[],
  trl: string | null,
): Promise<number> {
  const rows = readRows(root);
  const byPlace = new Map(answers.map((answer) => [`${answer.run}\0${answer.family}\0${answer.row}`, answer]));
  const failures: string[] = [];
  const causes = new Map<string, number>();
  const golden: Record<string, Record<string, (string | null)[]>> = {};
  let passed = 0;
  console.log(
    `\n${'family'.padEnd(26)}${'run'.padEnd(26)}${['rows', 'same ids', 'equal', 'differ', 'known', 'refused'].map((word) => word.padStart(9)).join('')}`,
  );
  for (const run of trainer.runs)
    for (const family of families) {
      if (run.families && !run.families.includes(family.name)) continue;
      const engine = engineFor(await swapped(family, run.mask, trl), tokenizer, run.mask, trainer.transformers);
      const changes = trainer.changes === true || resolveMask(run.mask).tool?.ownText !== undefined;
      const tally: Tally = { rows: 0, same: 0, equal: 0, differ: 0, known: 0, refused: 0 };
      for (const [row, text] of rows) {
        const answer = byPlace.get(`${run.name}\0${family.name}\0${row}`);
        if (answer === undefined) continue;
        tally.rows++;
        const given = theirs(answer);
        const verdict = verdictOf(given, ourLabels(text, engine), changes);
        const cause =
          typeof verdict === 'object' ? (trainer.known?.({ run: run.name, family: family.name, row }) ?? null) : null;
        if (family.own) {
          const kept = verdict === 'other ids' || cause !== null ? null : goldenLabels(given);
          const runs = runsFor(trainer.runs, family.name);
          ((golden[family.name] ??= {})[row] ??= Array(runs.length).fill(null))[runs.indexOf(run)] = kept;
        }
        if (verdict === 'other ids') continue;
        if (verdict === 'refused') tally.refused++;
        else tally.same++;
        if (verdict === 'equal') tally.equal++;
        else if (typeof verdict === 'object') {
          if (cause === null) {
            tally.differ++;
            failures.push(`${run.name} ${family.name} ${row}: ${verdict.differs}`);
          } else {
            tally.known++;
            causes.set(cause, (causes.get(cause) ?? 0) + 1);
          }
        }
      }
      passed += tally.equal + tally.refused;
      const numbers = [tally.rows, tally.same, tally.equal, tally.differ, tally.known, tally.refused];
      console.log(
        `${family.name.padEnd(26)}${run.name.padEnd(26)}${numbers.map((count) => String(count).padStart(9)).join('')}`,
      );
    }
  for (const [cause, count] of causes) console.log(`  known (${count}): ${cause}`);
  for (const failure of failures.slice(0, 40)) console.log(`  ${failure}`);
  writeFileSync(join(folderOf(trainer), 'failures.txt'), failures.map((line) => `${line}\n`).join(''));
  if (keepGolden) writeGolden(trainer, golden);
  console.log(`parity trainers ${trainer.name}: ${passed} passed, ${failures.length} failed`);
  return failures.length;
}

function writeGolden(trainer: Trainer, labels: Golden['labels']): void {
  const { name, transformers } = trainer;
  const golden: Golden = {
    trainer: name,
    transformers,
    runs: trainer.runs.map(({ name, mask, families }) => {
      const own = Object.keys(labels).filter((family) => families?.includes(family) ?? true);
      return own.length === Object.keys(labels).length ? { name, mask } : { name, mask, families: own };
    }),
    labels,
  };
  // a line for each row of a family
  const lines = JSON.stringify(golden).replaceAll('],"', '],\n"').replaceAll('},{', '},\n{');
  mkdirSync(join(root, 'test/parity-trainers/golden'), { recursive: true });
  writeFileSync(join(root, 'test/parity-trainers/golden', `${name}.json`), `${lines}\n`);
}

const json = tokenizerJson(root);
const tokenizer = tokenizerOf(json);
let failed = 0;
for (const trainer of TRAINERS)
  if (trainer.name in interpreters) failed += await compare(trainer, tokenizer, JSON.stringify(json));
process.exitCode = failed === 0 ? 0 : 1;
