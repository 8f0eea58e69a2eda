import { writeFile } from 'node:fs/promises';
import { inspectObject } from '../core/inspect-object.ts';
import { mapInOrder } from '../node/row-chunks.ts';
import { readArguments, UsageError, wholeNumber } from './arguments.ts';
import type { CommandContext, ExitCode } from './command.ts';
import { htmlPage } from './inspect-html.ts';
import { type InspectedRow, terminalText } from './inspect-text.ts';
import { write, writeLine } from './output.ts';
import { openFile, requireLoaded } from './rows.ts';

export const inspect = {
  usage: 'inspect FILE --row N|all [--json | --html OUT]',
  async run({ argv, service: start }: CommandContext): Promise<ExitCode> {
    const options = readArguments(argv, {
      row: { type: 'string' },
      json: { type: 'boolean' },
      html: { type: 'string' },
    });
    const [path, ...more] = options.positionals;
    const which = options.text('row');
    if (path === undefined || more.length > 0 || which === undefined)
      throw new UsageError(`Usage: sft-lens ${inspect.usage}`);
    const wanted = which === 'all' ? null : wholeNumber('row', which);
    const html = options.text('html');
    if (html !== undefined && options.flag('json')) throw new UsageError('Choose one of --json and --html.');

    const settings = await options.settingsFor(path);
    const service = start(options.threads);
    await requireLoaded(settings, service);
    const { maskNote } = await service.resolve(settings);
    if (maskNote !== null) process.stderr.write(`${maskNote}\n`);
    const { format, rows } = await openFile(path, settings, service);
    const page: InspectedRow[] = [];
    let seen = 0;
    for await (const [chunk, details] of mapInOrder(rows, (list) =>
      Promise.all(
        list
          .filter((row) => wanted === null || row.row === wanted)
          .map(async (row) => ({ row, detail: await service.detail(row.text, settings, format) })),
      ),
    )) {
      seen += chunk.length;
      for (const inspected of details) {
        if (html !== undefined) page.push(inspected);
        else if (options.flag('json')) await writeLine(inspectObject(inspected.row, inspected.detail));
        else await write(terminalText(inspected, settings.maxLength));
      }
      if (wanted !== null && details.length > 0) break;
    }
    if (wanted !== null && wanted !== undefined && seen < wanted)
      throw new UsageError(`${path} has ${seen} rows. Row ${wanted} is not among them.`);
    if (html !== undefined) {
      await writeFile(html, htmlPage(path, page, settings.maxLength));
      await write(`${html}\n`);
    }
    return 0;
  },
};
