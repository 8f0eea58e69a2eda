import { basename } from 'node:path';
import { EXPORT_FORMATS, ExportError, type ExportFormat, exportTokens } from '../node/export-tokens.ts';
import { hashFile } from '../node/hash-file.ts';
import { readArguments, UsageError } from './arguments.ts';
import type { CommandContext, ExitCode } from './command.ts';
import { count, write } from './output.ts';
import { openFile, requireLoaded } from './rows.ts';

export const tokens = {
  usage: `tokens  FILES... -o DIR [--format ${EXPORT_FORMATS.join('|')}]`,
  async run({ argv, service: start }: CommandContext): Promise<ExitCode> {
    const options = readArguments(withOutputFormat(argv), {
      output: { type: 'string', short: 'o' },
      'output-format': { type: 'string' },
    });
    const folder = options.text('output');
    const format = options.text('output-format') ?? 'arrow';
    if (folder === undefined || options.positionals.length === 0)
      throw new UsageError(`Usage: sft-lens ${tokens.usage}`);
    if (!isExportFormat(format))
      throw new UsageError(`--output-format is one of ${EXPORT_FORMATS.join(', ')}. It is ${format}.`);
    const service = start(options.threads);
    for (const source of options.positionals) {
      const settings = await options.settingsFor(source);
      await requireLoaded(settings, service);
      const name = source === '-' ? 'stdin' : basename(source).replace(/(\.jsonl|\.ndjson|\.json)?(\.gz)?$/, '');
      const { path, manifest } = await exportTokens(
        {
          source,
          sha256: async () => (source === '-' ? null : hashFile(source)),
          rows: await openFile(source, settings, service),
          settings,
          format,
          folder,
          name,
          ...(options.positionals.length === 1 ? {} : { manifest: `${name}.manifest.json` }),
        },
        service,
      ).catch((error: unknown) => {
        throw error instanceof ExportError ? new UsageError(error.message) : error;
      });
      await write(
        `${path}: ${count(manifest.written, 'row')}, ${count(manifest.tokens, 'token')}, ${manifest.trained.toLocaleString('en')} trained; ` +
          `${count(manifest.withoutLabel, 'row')} without a label and ${manifest.unreadable.toLocaleString('en')} unreadable left out\n`,
      );
    }
    return 0;
  },
};

const isExportFormat = (text: string): text is ExportFormat => (EXPORT_FORMATS as readonly string[]).includes(text);

/** `--format` with a format of the output is the output's here; any other value is the rows' as everywhere else. */
function withOutputFormat(argv: readonly string[]): string[] {
  return argv.flatMap((arg, i) => {
    if (arg === '--format' && isExportFormat(argv[i + 1] ?? '')) return ['--output-format'];
    const joined = /^--format=(.*)$/.exec(arg)?.[1];
    return joined !== undefined && isExportFormat(joined) ? [`--output-format=${joined}`] : [arg];
  });
}
