import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { hashFile, hashTokenizer } from '../node/hash-file.ts';
import { mapInOrder } from '../node/row-chunks.ts';
import { arrowSink, jsonlSink, type RowOf } from '../node/token-sink.ts';
import { countRow, noCounts, SFT_COLUMNS, sftRow } from '../node/train-rows.ts';
import { readArguments, UsageError } from './arguments.ts';
import type { CommandContext, ExitCode } from './command.ts';
import { count, write } from './output.ts';
import { openFile, requireLoaded } from './rows.ts';

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
      const sink = await (kind === 'arrow' ? arrowSink : jsonlSink)(target, SFT_COLUMNS);
      const counts = noCounts();
      for await (const [chunk, results] of mapInOrder(rows, (list) =>
        service.tokenize(
          list.map((row) => row.text),
          settings,
          format,
        ),
      )) {
        const out: RowOf<typeof SFT_COLUMNS>[] = [];
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
      }
      await sink.close();
      const resolved = await service.resolve(settings);
      const manifest = {
        file: basename(target),
        source: path,
        sha256: path === '-' ? null : await hashFile(path),
        format,
        tokenizer: resolved.tokenizer,
        tokenizerCommit: resolved.hub?.commit ?? null,
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
