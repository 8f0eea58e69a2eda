import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { TokenRow } from '../core/analysis-types.ts';
import { arrowSink, jsonlSink, type TokenSink, type TrainRow } from '../node/token-sink.ts';
import { readArguments, UsageError } from './arguments.ts';
import type { CommandContext, ExitCode } from './command.ts';
import { count, write } from './output.ts';
import { mapInOrder, openFile, requireLoaded } from './rows.ts';

const IGNORED_LABEL = -100;

export const tokens = {
  usage: 'tokens  FILES... -o DIR [--format arrow|jsonl]',
  async run({ argv, service: start }: CommandContext): Promise<ExitCode> {
    const options = readArguments(withOutputFormat(argv), {
      output: { type: 'string', short: 'o' },
      'output-format': { type: 'string' },
    });
    const folder = options.text('output');
    const kind = options.text('output-format') ?? 'arrow';
    if (folder === undefined || options.positionals.length === 0)
      throw new UsageError(`Usage: sft-lens ${tokens.usage}`);
    if (kind !== 'arrow' && kind !== 'jsonl') throw new UsageError(`--format must be arrow or jsonl. It is ${kind}.`);
    await mkdir(folder, { recursive: true });
    const service = start(options.threads);
    for (const path of options.positionals) {
      const settings = await options.settingsFor(path);
      await requireLoaded(settings, service);
      const { format, rows } = await openFile(path, settings, service);
      const name = path === '-' ? 'stdin' : basename(path).replace(/(\.jsonl|\.ndjson|\.json)?(\.gz)?$/, '');
      const target = join(folder, `${name}.${kind}`);
      const partial = `${target}.part`;
      const sink: TokenSink = kind === 'arrow' ? arrowSink(partial) : jsonlSink(partial);
      const counts = { rows: 0, written: 0, unreadable: 0, withoutLabel: 0, tokens: 0, trained: 0, truncated: 0 };
      for await (const [chunk, results] of mapInOrder(rows, (list) =>
        service.tokenize(
          list.map((row) => row.text),
          settings,
          format,
        ),
      )) {
        const out: TrainRow[] = [];
        results.forEach((result, i) => {
          counts.rows++;
          const row = result === null ? null : cut(result, settings.maxLength, chunk[i]?.line ?? 0);
          if (row === null) counts.unreadable++;
          else if (!row.assistant_masks.includes(1)) counts.withoutLabel++;
          else {
            counts.written++;
            counts.tokens += row.input_ids.length;
            counts.truncated += (result?.ids.length ?? 0) - row.input_ids.length;
            for (const bit of row.assistant_masks) counts.trained += bit;
            out.push(row);
          }
        });
        await sink.write(out);
      }
      await sink.close();
      await rename(partial, target);
      const resolved = await service.resolve(settings);
      const manifest = {
        file: basename(target),
        source: path,
        sha256: path === '-' ? null : await hashFile(path),
        format,
        tokenizer: resolved.tokenizer,
        tokenizerSha256: await hashTokenizer(settings.tokenizer),
        chatTemplate: resolved.chatTemplate,
        settings,
        ...counts,
      };
      await writeFile(
        join(folder, options.positionals.length === 1 ? 'manifest.json' : `${name}.manifest.json`),
        `${JSON.stringify(manifest, null, 2)}\n`,
      );
      await write(
        `${target}: ${count(counts.written, 'row')}, ${count(counts.tokens, 'token')}, ${counts.trained.toLocaleString('en')} trained; ` +
          `${count(counts.withoutLabel, 'row')} without a label and ${counts.unreadable.toLocaleString('en')} unreadable left out\n`,
      );
    }
    return 0;
  },
};

/** `--format arrow|jsonl` is the output's here; any other value is the rows' format as everywhere else. */
function withOutputFormat(argv: readonly string[]): string[] {
  return argv.flatMap((arg, i) => {
    if (arg === '--format' && /^(arrow|jsonl)$/.test(argv[i + 1] ?? '')) return ['--output-format'];
    const joined = /^--format=(arrow|jsonl)$/.exec(arg);
    return joined ? [`--output-format=${joined[1]}`] : [arg];
  });
}

function cut(row: TokenRow, maxLength: number, line: number): TrainRow {
  const ids = row.ids.subarray(0, maxLength);
  const masks = row.trained.subarray(0, maxLength);
  const labels = ids.map((id, i) => (masks[i] ? id : IGNORED_LABEL));
  return { input_ids: ids, labels, assistant_masks: masks, source_line: line };
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

async function hashTokenizer(id: string): Promise<string | null> {
  return id.startsWith('bundled:') ? null : hashFile(id.endsWith('.json') ? id : join(id, 'tokenizer.json'));
}
