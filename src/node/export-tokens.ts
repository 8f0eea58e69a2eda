import { mkdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Settings } from '../core/config.ts';
import type { FormatName } from '../core/formats/format.ts';
import type { LensService } from '../core/service-types.ts';
import { datasetSink, isReplaceable } from './dataset-sink.ts';
import { hashTokenizer } from './hash-file.ts';
import { mapInOrder, type OpenFile, type TextRow } from './row-chunks.ts';
import { Aborted } from './service.ts';
import { arrowSink, jsonlSink, type RowOf, type RowSink } from './token-sink.ts';
import { BATCH_COLUMNS, countRow, noCounts, SFT_COLUMNS, sftRow, type TrainCounts } from './train-rows.ts';

type SftRow = RowOf<typeof SFT_COLUMNS>;

interface Writer {
  /** Of the name of what is written. */
  readonly ending: string;
  open(path: string): Promise<RowSink<SftRow>>;
}

/** How ids and labels are written: by the trainers that read it, see docs/export.md. */
const WRITERS = {
  /** For TRL: an Arrow stream. */
  arrow: { ending: '.arrow', open: (path) => arrowSink(path, SFT_COLUMNS) },
  /** For axolotl: JSON Lines. */
  jsonl: { ending: '.jsonl', open: async (path) => batchColumns(await jsonlSink(path, BATCH_COLUMNS)) },
  /** For LLaMA-Factory: a folder for `datasets.load_from_disk`. */
  dataset: { ending: '', open: async (path) => batchColumns(await datasetSink(path, BATCH_COLUMNS)) },
} as const satisfies Readonly<Record<string, Writer>>;

export type ExportFormat = keyof typeof WRITERS;
export const EXPORT_FORMATS = Object.keys(WRITERS) as readonly ExportFormat[];

/** What stands in the way of an export: a sentence with what to do. */
export class ExportError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ExportError';
  }
}

export interface ExportRequest {
  /** A path; `-` for standard input; the address of a document that no file holds. */
  readonly source: string;
  /** SHA-256 of the source in hex, asked for when its rows were read; null where there is nothing to compare it with. */
  sha256(): Promise<string | null>;
  readonly rows: OpenFile<TextRow>;
  readonly settings: Settings;
  readonly format: ExportFormat;
  /** Made where it is missing. */
  readonly folder: string;
  /** Of what is written, without its ending. */
  readonly name: string;
  /** Name of the file that says what was written, and of what; default: manifest.json. */
  readonly manifest?: string;
}

/** manifest.json. */
export interface ExportManifest extends TrainCounts {
  /** Beside the manifest. */
  readonly file: string;
  readonly source: string;
  readonly sha256: string | null;
  /** Of the rows. */
  readonly format: FormatName;
  readonly tokenizer: string;
  readonly tokenizerCommit: string | null;
  readonly tokenizerSha256: string | null;
  readonly chatTemplate: string;
  readonly settings: Settings;
}

export interface TokenExport {
  readonly path: string;
  readonly manifest: ExportManifest;
}

export interface ExportOptions {
  /** Rows read so far. */
  readonly onProgress?: (rows: number) => void;
  readonly signal?: AbortSignal;
}

/** Where the tokens of an export go. */
export const exportPath = ({ folder, name, format }: Pick<ExportRequest, 'folder' | 'name' | 'format'>): string =>
  join(folder, `${name}${WRITERS[format].ending}`);

/**
 * Ids and labels of rows, as the inspector shows them, cut to `maxLength`; rows without a label are left out and counted.
 * Rejects with `Aborted`, an `ExportError` or the file system's error; then nothing of it is left.
 */
export async function exportTokens(
  request: ExportRequest,
  service: LensService,
  options: ExportOptions = {},
): Promise<TokenExport> {
  const { folder, settings, source } = request;
  const path = exportPath(request);
  await requireFree(path, request);
  const made = await mkdir(folder, { recursive: true });
  const sink = await WRITERS[request.format].open(path);
  const manifestPath = join(folder, request.manifest ?? 'manifest.json');
  try {
    const counts = await writeRows(request, sink, service, options);
    const { tokenizer, hub, chatTemplate } = await service.resolve(settings);
    const manifest: ExportManifest = {
      file: basename(path),
      source,
      sha256: await request.sha256(),
      format: request.rows.format,
      tokenizer,
      tokenizerCommit: hub?.commit ?? null,
      tokenizerSha256: await hashTokenizer(settings.tokenizer),
      chatTemplate,
      settings,
      ...counts,
    };
    await writeFile(`${manifestPath}.part`, `${JSON.stringify(manifest, null, 2)}\n`);
    await sink.close();
    await rename(`${manifestPath}.part`, manifestPath);
    return { path, manifest };
  } catch (error) {
    await sink.abandon();
    await rm(`${manifestPath}.part`, { force: true });
    if (made !== undefined) await rmdir(folder).catch(() => {});
    throw error;
  }
}

async function writeRows(
  { rows: { format, rows }, settings }: ExportRequest,
  sink: RowSink<SftRow>,
  service: LensService,
  { onProgress, signal }: ExportOptions,
): Promise<TrainCounts> {
  const counts = noCounts();
  const tokenized = mapInOrder(rows, (chunk) =>
    service.tokenize(
      chunk.map((row) => row.text),
      settings,
      format,
    ),
  );
  for await (const [chunk, results] of tokenized) {
    if (signal?.aborted === true) throw new Aborted();
    const out: SftRow[] = [];
    results.forEach((result, i) => {
      counts.rows++;
      const row = result && sftRow(result, settings.maxLength, chunk[i]?.line ?? 0);
      if (result === null) counts.unreadable++;
      else if (row === null) counts.withoutLabel++;
      else {
        countRow(counts, row);
        out.push(row.row);
      }
    });
    await sink.write(out);
    onProgress?.(counts.rows);
  }
  return counts;
}

/** An export never writes over the rows that it reads, nor over a folder of other files. */
async function requireFree(path: string, { source, format }: ExportRequest): Promise<void> {
  if (await isSameFile(path, source))
    throw new ExportError(`${path} is the dataset itself. Choose another folder for its tokens.`);
  if (format === 'dataset' && !(await isReplaceable(path)))
    throw new ExportError(`${path} holds other files. Choose another folder for the tokens.`);
}

async function isSameFile(a: string, b: string): Promise<boolean> {
  const [one, other] = await Promise.all([a, b].map((path) => stat(path).catch(() => null)));
  return one != null && other != null && one.dev === other.dev && one.ino === other.ino;
}

const batchColumns = (sink: RowSink<RowOf<typeof BATCH_COLUMNS>>): RowSink<SftRow> => ({
  ...sink,
  write: (rows) =>
    sink.write(
      rows.map(({ input_ids, labels }) => ({
        input_ids,
        attention_mask: new Uint8Array(input_ids.length).fill(1),
        labels,
      })),
    ),
});
