// The export of tokens with the real workers: what is written, and what is left when it is stopped.
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, type Settings } from '../../src/core/config.ts';
import type { PresetName } from '../../src/core/mask/policy.ts';
import { MASK_TOOLS } from '../../src/core/mask/tools/registry.ts';
import type { LensService } from '../../src/core/service-types.ts';
import { EXPORT_FORMATS, type ExportRequest, exportTokens } from '../../src/node/export-tokens.ts';
import { openRowsOf } from '../../src/node/row-chunks.ts';
import { createService } from '../../src/node/service.ts';

const root = resolve(import.meta.dirname, '../..');
const worker = join(root, 'dist/worker.cjs');
let folder = '';
let service: LensService;
beforeAll(() => {
  if (!existsSync(worker)) throw new Error('dist/worker.cjs is missing: run npm run build');
  folder = mkdtempSync(join(tmpdir(), 'sft-lens-export-'));
  service = createService({ worker, assets: join(root, 'dist/assets'), threads: 2 });
});
afterAll(() => {
  service.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const SETTINGS: Settings = { ...DEFAULT_SETTINGS, chatTemplate: 'bundled:chatml' };
const chat = (answer: string): string =>
  JSON.stringify({
    messages: [
      { role: 'user', content: 'Done?' },
      { role: 'assistant', content: answer },
    ],
  });

async function request(texts: readonly string[], given: Partial<ExportRequest> = {}): Promise<ExportRequest> {
  const rows = texts.map((text, i) => ({ text, line: i + 1 }));
  return {
    source: 'untitled:rows',
    sha256: async () => 'abc',
    rows: await openRowsOf(rows, SETTINGS, service),
    settings: SETTINGS,
    format: 'jsonl',
    folder: join(folder, 'out'),
    name: 'rows',
    ...given,
  };
}
const text = (path: string): string => readFileSync(join(folder, path), 'utf8');
const IM = [151644, 151645];

it('the settings say where the trainer of the mask writes a text of its own', async () => {
  const note = async (mask: PresetName) => (await service.resolve({ ...SETTINGS, mask })).maskNote;
  expect(await note('torchtune')).toBe(MASK_TOOLS.torchtune.ownText);
  expect(await note('axolotl')).toBeNull();
  // The bundled template is Qwen3's as first published.
  const own = await service.resolve({ ...SETTINGS, chatTemplate: null, mask: 'trl-assistant' });
  expect(own.maskNote).toMatch(/^TRL stops at this revision of the chat template/);
});

describe('exportTokens', () => {
  it('writes JSON Lines of ids, attention and labels, and nothing else', async () => {
    const { path, manifest } = await exportTokens(await request([chat('Yes.')]), service);
    expect(path).toBe(join(folder, 'out/rows.jsonl'));
    expect(text('out/rows.jsonl')).toBe(
      `{"input_ids":[${IM[0]},872,198,17453,30,${IM[1]},198,${IM[0]},77091,198,9454,13,${IM[1]},198],` +
        `"attention_mask":[${Array(14).fill(1).join(',')}],` +
        `"labels":[${[...Array(10).fill(-100), 9454, 13, IM[1], 198].join(',')}]}\n`,
    );
    expect(manifest).toMatchObject({
      file: 'rows.jsonl',
      source: 'untitled:rows',
      sha256: 'abc',
      format: 'messages',
      tokenizer: 'bundled:qwen3',
      rows: 1,
      written: 1,
      tokens: 14,
      trained: 4,
    });
    expect(JSON.parse(text('out/manifest.json'))).toEqual(manifest);
    expect(readdirSync(join(folder, 'out')).sort()).toEqual(['manifest.json', 'rows.jsonl']);
  });

  it('writes a folder for load_from_disk, named by its content', async () => {
    const given = { format: 'dataset', folder: join(folder, 'disk') } as const;
    await exportTokens(await request([chat('Yes.'), chat('No.')], given), service);
    const data = readFileSync(join(folder, 'disk/rows/data-00000-of-00001.arrow'));
    expect(readdirSync(join(folder, 'disk/rows')).sort()).toEqual([
      'data-00000-of-00001.arrow',
      'dataset_info.json',
      'state.json',
    ]);
    expect(JSON.parse(text('disk/rows/state.json'))).toEqual({
      _data_files: [{ filename: 'data-00000-of-00001.arrow' }],
      _fingerprint: createHash('sha256').update(data).digest('hex').slice(0, 16),
      _format_columns: null,
      _format_kwargs: {},
      _format_type: null,
      _output_all_columns: false,
      _split: null,
    });
    // what `datasets` caches beside it goes with it
    writeFileSync(join(folder, 'disk/rows/cache-1234567890abcdef.arrow'), '');
    await exportTokens(await request([chat('Maybe.')], given), service);
    expect(readdirSync(join(folder, 'disk/rows'))).toHaveLength(3);
    expect(JSON.parse(text('disk/manifest.json'))).toMatchObject({ file: 'rows', written: 1 });
  });

  it.each(EXPORT_FORMATS)('leaves nothing of %s when it is stopped', async (format) => {
    const abort = new AbortController();
    const rows = Array.from({ length: 9000 }, (_, i) => chat(`Answer ${i}.`));
    const given = { format, folder: join(folder, `stopped-${format}`) } as const;
    const seen: number[] = [];
    const stopped = exportTokens(await request(rows, given), service, {
      signal: abort.signal,
      onProgress(done) {
        seen.push(done);
        abort.abort();
      },
    });
    await expect(stopped).rejects.toThrow('Stopped.');
    expect(seen).toHaveLength(1);
    expect(existsSync(given.folder)).toBe(false);
  });

  it('keeps an earlier export when it is stopped', async () => {
    const given = { folder: join(folder, 'kept') };
    await exportTokens(await request([chat('Yes.')], given), service);
    const before = readdirSync(given.folder).map((name) => [name, text(`kept/${name}`)]);
    const aborted = exportTokens(await request([chat('No.')], given), service, { signal: AbortSignal.abort() });
    await expect(aborted).rejects.toThrow();
    expect(readdirSync(given.folder).map((name) => [name, text(`kept/${name}`)])).toEqual(before);
  });

  it('never writes over the rows that it reads', async () => {
    const source = join(folder, 'rows.jsonl');
    writeFileSync(source, chat('Yes.'));
    await expect(exportTokens(await request([chat('Yes.')], { source, folder }), service)).rejects.toThrow(
      'rows.jsonl is the dataset itself. Choose another folder for its tokens.',
    );
    expect(readFileSync(source, 'utf8')).toBe(chat('Yes.'));
  });
});
