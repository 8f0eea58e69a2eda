import { createHash } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Settings } from '../../core/config.ts';
import type { FormatName } from '../../core/formats/format.ts';
import { RUN_FILES, type RunManifest, type SplitManifest } from '../../core/runs/folder.ts';
import type { Method } from '../../core/runs/spec.ts';
import type { LensService, Resolved, Vocabulary } from '../../core/service-types.ts';
import { hashFile, hashTokenizer } from '../hash-file.ts';
import { hubIdOf, pinnedHubId } from '../hub/hub-id.ts';
import { mapInOrder, openRows } from '../row-chunks.ts';
import { Aborted } from '../service.ts';
import type { Columns, RowOf } from '../token-sink.ts';
import { DPO_COLUMNS, dpoRow, KTO_COLUMNS, ktoRow, SFT_COLUMNS, sftRow, type TrainRow } from '../train-rows.ts';
import { heldOut } from './held-out.ts';
import { RunnerError } from './runner.ts';
import { type SplitFile, splitFile } from './split-file.ts';

/** A dataset file and what its rows are read, rendered and masked by. */
export interface DataFile {
  readonly path: string;
  readonly settings: Settings;
}

export interface HandoffRequest {
  readonly method: Method;
  readonly train: DataFile;
  /** A file; a share of the training rows (0 to 1), chosen by the seed; or none. */
  readonly eval: DataFile | { readonly share: number; readonly seed: number } | null;
  /** Made where it is missing. Files of an earlier hand-off are replaced. */
  readonly folder: string;
  /** Lines of the training file whose rows are to be found again. */
  readonly watch: readonly number[];
}

export interface Handoff {
  readonly manifest: RunManifest;
  /** Rows of train.arrow, from 0; lines that are held out or not trained on are not among them. */
  readonly watch: readonly number[];
  /** What a tiny model must know, and the tokens that end the answers of the rows. */
  readonly vocabularySize: number;
  readonly stopIds: readonly number[];
}

export interface HandoffProgress {
  readonly split: 'train' | 'eval';
  readonly rows: number;
  readonly tokens: number;
}

export interface HandoffOptions {
  readonly onProgress?: (progress: HandoffProgress) => void;
  readonly signal?: AbortSignal;
}

/**
 * Tokens and labels of a dataset, as the inspector shows them, into the Arrow files of a run and their manifest. Rows without
 * a label are left out and counted. Rejects with `Aborted`, or with a `RunnerError` that says what is wrong with the data;
 * then the folder holds no new file.
 */
export async function handOff(
  request: HandoffRequest,
  service: LensService,
  options: HandoffOptions = {},
): Promise<Handoff> {
  const { method, train, folder } = request;
  const files = request.eval !== null && 'path' in request.eval ? [train, request.eval] : [train];
  for (const { settings } of files) {
    const { problems } = await service.resolve(settings);
    if (problems.length > 0)
      throw new RunnerError('staging', problems.join(' '), 'Correct sft-lens.json or the spec, then start again.');
  }
  await mkdir(folder, { recursive: true });
  await Promise.all(
    [RUN_FILES.train, RUN_FILES.eval, RUN_FILES.manifest].map((name) => rm(join(folder, name), { force: true })),
  );
  const { hub } = await service.resolve(train.settings);
  const vocabulary = await service.vocabulary(train.settings);
  const { splits, format, watch, stopIds } = await splitsFor(method, request, service, vocabulary, options);
  const manifest: RunManifest = {
    v: 1,
    method,
    format,
    tokenizer: pinned(train.settings.tokenizer, hub),
    tokenizerSha256: await hashTokenizer(hub?.folder ?? train.settings.tokenizer),
    chatTemplateSha256: vocabulary.chatTemplateSha256,
    maskSha256: createHash('sha256').update(canonicalJson(train.settings.mask)).digest('hex'),
    ...splits,
  };
  const path = join(folder, RUN_FILES.manifest);
  await writeFile(`${path}.part`, `${JSON.stringify(manifest, null, 2)}\n`);
  await rename(`${path}.part`, path);
  return { manifest, watch, vocabularySize: vocabulary.size, stopIds };
}

/** A tokenizer of the Hub with its commit: a branch moves on. */
function pinned(tokenizer: string, hub: Resolved['hub']): string {
  const id = hubIdOf(tokenizer);
  return id === null || hub === null ? tokenizer : pinnedHubId(id, hub.commit);
}

/** Each method has its own columns; what goes on with them is the same. */
function splitsFor(
  method: Method,
  request: HandoffRequest,
  service: LensService,
  vocabulary: Vocabulary,
  options: HandoffOptions,
): Promise<Splits> {
  const job = { request, service, vocabulary, options };
  switch (method) {
    case 'dpo':
      return writeSplits(job, {
        columns: DPO_COLUMNS,
        missing: 'holds a prompt with a chosen and a rejected answer',
        read: (rows, settings, format) => service.answers(rows, settings, format, 'pair'),
        cut: dpoRow,
      });
    case 'kto':
      return writeSplits(job, {
        columns: KTO_COLUMNS,
        missing: 'holds an answer with a label of true or false',
        read: (rows, settings, format) => service.answers(rows, settings, format, 'rated'),
        cut: ktoRow,
      });
    case 'full':
    case 'lora':
    case 'qlora':
      return writeSplits(job, {
        columns: SFT_COLUMNS,
        missing: 'has a token to train on',
        read: (rows, settings, format) => service.tokenize(rows, settings, format),
        cut: sftRow,
      });
  }
}

interface Job {
  readonly request: HandoffRequest;
  readonly service: LensService;
  readonly vocabulary: Vocabulary;
  readonly options: HandoffOptions;
}

/** From a row's text to the row of the Arrow file. */
interface Kind<T, C extends Columns> {
  readonly columns: C;
  /** "None of the 12 rows ...". */
  readonly missing: string;
  read(rows: readonly string[], settings: Settings, format: FormatName): Promise<readonly (T | null)[]>;
  cut(row: T, maxLength: number, line: number): TrainRow<RowOf<C>> | null;
}

interface Splits {
  readonly splits: { readonly train: SplitManifest; readonly eval: SplitManifest | null };
  readonly format: FormatName;
  readonly watch: readonly number[];
  readonly stopIds: readonly number[];
}

async function writeSplits<T, C extends Columns & { readonly source_line: 'number' }>(
  job: Job,
  kind: Kind<T, C>,
): Promise<Splits> {
  const { request, vocabulary } = job;
  const watched = new Set(request.watch);
  const train = await splitFile(request.folder, RUN_FILES.train, kind.columns, watched);
  const held = request.eval && (await splitFile(request.folder, RUN_FILES.eval, kind.columns, new Set<number>()));
  const ends = new Map<number, number>();
  const added = new Set(vocabulary.added);
  const seen = ({ tail }: TrainRow<RowOf<C>>): void => {
    const end = tail.findLast((id) => added.has(id));
    if (end !== undefined) ends.set(end, (ends.get(end) ?? 0) + 1);
  };
  try {
    const { eval: from } = request;
    const share = from !== null && 'share' in from ? from : null;
    const choose = share === null ? () => false : heldOut(share.share, share.seed);
    // The last row waits: it is held out where the file is too small for the choice to have met a row.
    let last: TrainRow<RowOf<C>> | null = null;
    const files = held === null ? ([train] as const) : ([train, held] as const);
    const format = await eachRow(job, kind, request.train, 'train', files, (row) => {
      seen(row);
      if (choose()) return void held?.add(row);
      if (last) train.add(last);
      last = row;
    });
    if (last !== null)
      (share !== null && held?.counts.written === 0 && train.counts.written > 0 ? held : train).add(last);
    needRows(train, request.train, kind);
    if (held && from !== null && 'path' in from) {
      await eachRow(job, kind, from, 'eval', [held], (row) => held.add(row));
      needRows(held, from, kind);
    }
    if (held && share) {
      held.counts.rows = held.counts.written;
      train.counts.rows -= held.counts.written;
    }
    const readRows = train.counts.written + (share === null ? 0 : (held?.counts.written ?? 0));
    const sha256 = await hashFile(request.train.path);
    const splits = {
      train: await train.close(request.train.path, sha256),
      eval: await closeHeld(held, request, sha256),
    };
    return {
      splits,
      format,
      watch: request.watch.flatMap((line) => train.rowOfLine.get(line) ?? []),
      // A token that ends a single row by chance is no stop.
      stopIds: [...ends].filter(([, count]) => count * 10 >= readRows).map(([id]) => id),
    };
  } catch (error) {
    await Promise.all([train.abandon(), held?.abandon()]);
    throw error;
  }
}

/** A share of one row has nothing to hold out. */
async function closeHeld<R>(
  held: SplitFile<R> | null,
  request: HandoffRequest,
  trainSha256: string,
): Promise<SplitManifest | null> {
  if (held === null || request.eval === null) return null;
  if (held.counts.written === 0) {
    await held.abandon();
    return null;
  }
  if ('path' in request.eval) return held.close(request.eval.path, await hashFile(request.eval.path));
  return held.close(request.train.path, trainSha256);
}

/** Reads a file through the workers into `files`; the first counts what cannot be used. Returns the file's format. */
async function eachRow<T, C extends Columns>(
  { service, options }: Job,
  kind: Kind<T, C>,
  { path, settings }: DataFile,
  split: 'train' | 'eval',
  files: readonly [SplitFile<RowOf<C>>, SplitFile<RowOf<C>>?],
  take: (row: TrainRow<RowOf<C>>) => void,
): Promise<FormatName> {
  const { counts } = files[0];
  const unreadable = (error: unknown): never => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RunnerError(
      'staging',
      `${path} cannot be read: ${reason}`,
      'Check the path in the spec, then start again.',
    );
  };
  const { format, rows } = await openRows(path, settings, service).catch(unreadable);
  const tokenized = mapInOrder(rows, (chunk) =>
    kind.read(
      chunk.map((row) => row.text),
      settings,
      format,
    ),
  )[Symbol.asyncIterator]();
  while (true) {
    const next = await tokenized.next().catch(unreadable);
    if (next.done === true) return format;
    if (options.signal?.aborted === true) throw new Aborted();
    const [chunk, results] = next.value;
    results.forEach((result, i) => {
      counts.rows++;
      const row = result && kind.cut(result, settings.maxLength, chunk[i]?.line ?? 0);
      if (row) take(row);
      else if (result === null) counts.unreadable++;
      else counts.withoutLabel++;
    });
    for (const file of files) await file?.flush();
    options.onProgress?.({ split, rows: counts.rows, tokens: counts.tokens });
  }
}

function needRows<T, C extends Columns>({ counts }: SplitFile<RowOf<C>>, file: DataFile, kind: Kind<T, C>): void {
  if (counts.written > 0) return;
  const name = basename(file.path);
  throw new RunnerError(
    'staging',
    counts.rows === 0
      ? `${name} has no rows.`
      : `None of the ${counts.rows.toLocaleString('en')} rows of ${name} ${kind.missing}.`,
    counts.rows === 0
      ? 'Choose another file in the spec.'
      : 'Open the file and look at a row in the inspector, or choose another mask, max length or method.',
  );
}

/** Objects with their keys in order, so that the same settings have the same hash. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
}
