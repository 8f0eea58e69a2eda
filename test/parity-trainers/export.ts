// npm run parity:trainers -- export: trainers are handed the tokens that we export, by the very configuration lines of
// docs/export.md, and the batches that reach their models are compared with our ids and labels.
// SFT_LENS_TRAINERS is the list of trainers with their interpreters, as JSON.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DEFAULT_SETTINGS, type Settings } from '../../src/core/config.ts';
import { EXPORT_FORMATS, exportTokens } from '../../src/node/export-tokens.ts';
import { openRows } from '../../src/node/row-chunks.ts';
import { createService } from '../../src/node/service.ts';
import { engineFor, ourLabels, ownFamilies, readRows, tokenizerConfig, tokenizerJson, tokenizerOf } from './kit.ts';

const root = resolve(process.env['SFT_LENS_ROOT'] ?? process.cwd());
const interpreters: Readonly<Record<string, string>> = JSON.parse(process.env['SFT_LENS_TRAINERS'] ?? '{}');
const work = join(root, '.cache/trainers/cases/export');

/** A program of the folder `export`, and what the page says to trainers like it. */
interface Reader {
  readonly program: string;
  /** Heading of docs/export.md. */
  readonly section: string;
  /** Lines of YAML that a configuration needs besides. */
  readonly more: string;
}

const DISK: Reader = { program: 'disk.py', section: 'LLaMA-Factory', more: '' };
const TRL: Reader = {
  program: 'trl_sft.py',
  section: 'TRL',
  more: 'per_device_train_batch_size: 4\nuse_cpu: true\nbf16: false\nreport_to: none\n',
};
const AXOLOTL: Reader = {
  program: 'axolotl_train.py',
  section: 'axolotl',
  more: 'val_set_size: 0\ngradient_accumulation_steps: 1\nnum_epochs: 1\ndataset_num_proc: 1\nlearning_rate: 0.0001\noptimizer: adamw_torch\nlr_scheduler: constant\n',
};
const LLAMA_FACTORY: Reader = {
  program: 'llama_factory.py',
  section: 'LLaMA-Factory',
  more: 'stage: sft\ndo_train: true\nfinetuning_type: full\ntemplate: qwen3\ndataset: any\nper_device_train_batch_size: 4\nuse_cpu: true\nreport_to: none\n',
};
const TORCHTUNE: Reader = { program: 'torchtune_recipe.py', section: 'torchtune', more: '' };

const READERS: Readonly<Record<string, readonly Reader[]>> = {
  'trl-1.13': [DISK, TRL],
  'trl-1.16': [DISK, TRL],
  'axolotl-0.18': [AXOLOTL],
  'axolotl-0.19': [DISK, AXOLOTL],
  'llama-factory': [DISK, LLAMA_FACTORY],
  torchtune: [TORCHTUNE],
};

interface Row {
  readonly ids: readonly number[];
  readonly labels: readonly number[];
}
const keyOf = ({ ids, labels }: Row): string => `${ids.join(' ')} / ${labels.join(' ')}`;

/** Code blocks of a language under a heading of the page, with the folder of the export put in. */
function blocks(section: string, language: string): string[] {
  const page = readFileSync(join(root, 'docs/export.md'), 'utf8');
  const text = page.split(/^## /m).find((part) => part.startsWith(`${section}\n`));
  if (text === undefined) throw new Error(`docs/export.md has no heading ${section}.`);
  return [...text.matchAll(/```(\w+)\n([\s\S]*?)```/g)]
    .filter((match) => match[1] === language)
    .map((match) => (match[2] ?? '').replaceAll('/path/to', work));
}

/** Every row of the comparison that has a label, exported in each format; returns what the exports must hold. */
async function writeExports(): Promise<Row[]> {
  const family = ownFamilies(root).find(({ name }) => name === 'chatml');
  if (family === undefined) throw new Error('There is no family chatml.');
  const model = join(work, 'model');
  mkdirSync(model, { recursive: true });
  const json = tokenizerJson(root);
  writeFileSync(join(model, 'tokenizer.json'), JSON.stringify(json));
  writeFileSync(join(model, 'tokenizer_config.json'), JSON.stringify(tokenizerConfig(family)));
  const chats = [...readRows(root).values()].filter((row) => 'messages' in JSON.parse(row));
  // enough for several packs
  const rows = Array.from({ length: 6 }, () => chats).flat();
  const source = join(work, 'train.jsonl');
  writeFileSync(source, rows.map((row) => `${row}\n`).join(''));
  const settings: Settings = { ...DEFAULT_SETTINGS, tokenizer: model };
  const service = createService({
    worker: join(root, 'dist/worker.cjs'),
    assets: join(root, 'dist/assets'),
    threads: 1,
  });
  for (const format of EXPORT_FORMATS)
    await exportTokens(
      {
        source,
        sha256: async () => null,
        rows: await openRows(source, settings, service),
        settings,
        format,
        folder: join(work, 'train-tokens'),
        name: 'train',
      },
      service,
    );
  service.dispose();
  const engine = engineFor(family, tokenizerOf(json), settings.mask, settings.transformers);
  return rows.flatMap((row) => {
    const ours = ourLabels(row, engine);
    if (ours.refused !== undefined) return [];
    const ids = Array.from(ours.ids).slice(0, settings.maxLength);
    const labels = ids.map((id, i) => (ours.trained[i] === 1 ? id : -100));
    return labels.some((label) => label !== -100) ? [{ ids, labels }] : [];
  });
}

/** What reached a model. */
interface Batches {
  readonly batches: string;
  /** Whether every row must be there. */
  readonly whole: boolean;
  readonly rows: Row[];
}

/** Null where the program failed. */
function ask(trainer: string, { program, section, more }: Reader): Batches[] | null {
  const folder = join(work, `${trainer}-${program.replace('.py', '')}`);
  mkdirSync(folder, { recursive: true });
  const config = join(folder, 'config.yaml');
  writeFileSync(config, more + blocks(section, 'yaml').join(''));
  for (const code of blocks(section, 'python')) writeFileSync(join(folder, 'exported.py'), code);
  writeFileSync(join(folder, 'case.json'), JSON.stringify({ model: join(work, 'model'), config, work: folder }));
  const out = join(folder, 'rows.jsonl');
  const { status, stderr } = spawnSync(
    interpreters[trainer] ?? '',
    [join(root, 'test/parity-trainers/export', program), join(folder, 'case.json'), out],
    {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      env: {
        ...process.env,
        PYTHONDONTWRITEBYTECODE: '1',
        OMP_NUM_THREADS: '1',
        TOKENIZERS_PARALLELISM: 'false',
        HF_HOME: join(work, 'hf'),
        CUDA_VISIBLE_DEVICES: '',
      },
    },
  );
  if (status !== 0) {
    console.log(stderr.slice(-3000));
    return null;
  }
  const found: Batches[] = [];
  for (const line of readFileSync(out, 'utf8').split('\n')) {
    if (line === '') continue;
    const value: Row | Omit<Batches, 'rows'> = JSON.parse(line);
    if ('batches' in value) found.push({ ...value, rows: [] });
    else found.at(-1)?.rows.push(value);
  }
  return found;
}

/** How many rows are those of the export. Trainers shuffle. */
function countEqual(rows: readonly Row[], wanted: readonly Row[]): number {
  const left = new Map<string, number>();
  for (const row of wanted) left.set(keyOf(row), (left.get(keyOf(row)) ?? 0) + 1);
  return rows.filter((row) => {
    const count = left.get(keyOf(row)) ?? 0;
    left.set(keyOf(row), count - 1);
    return count > 0;
  }).length;
}

rmSync(work, { recursive: true, force: true });
const wanted = await writeExports();
let passed = 0;
let failed = 0;
console.log(`${'what'.padEnd(56)}${['rows', 'equal', 'other', 'missing'].map((word) => word.padStart(9)).join('')}`);
for (const [trainer, readers] of Object.entries(READERS)) {
  if (!(trainer in interpreters)) continue;
  for (const reader of readers) {
    const found = ask(trainer, reader);
    if (found === null || found.length === 0) {
      failed++;
      console.log(`${trainer}: ${reader.program} failed`);
      continue;
    }
    for (const { batches, whole, rows } of found) {
      const equal = countEqual(rows, wanted);
      const missing = wanted.length - equal;
      const other = rows.length - equal;
      const numbers = [wanted.length, equal, other, missing].map((count) => String(count).padStart(9));
      console.log(`${batches.padEnd(56)}${numbers.join('')}${whole ? '' : '  (leaves rows out)'}`);
      passed += equal;
      failed += other + (whole ? missing : Number(equal === 0));
    }
  }
}
console.log(`parity trainers export: ${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
