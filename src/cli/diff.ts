import type { Settings } from '../core/config.ts';
import { differs, type MaskChoice, type RowDiff } from '../core/mask/row-diff.ts';
import { mapInOrder } from '../node/row-chunks.ts';
import { type Arguments, readArguments, UsageError } from './arguments.ts';
import type { CommandContext, ExitCode } from './command.ts';
import { bold, count, write, writeLine } from './output.ts';
import { openFile, requireLoaded } from './rows.ts';

/** The word for what a preset means, where its tool's defects make something else of it. */
const INTENDED = 'intended';

interface Side extends MaskChoice {
  readonly name: string;
}

export const diff = {
  usage: 'diff    FILE --mask A --mask B [--json]',
  async run({ argv, service: start }: CommandContext): Promise<ExitCode> {
    const { masks, rest } = masksIn(argv);
    const options = readArguments(rest, { json: { type: 'boolean' } });
    const [path, ...more] = options.positionals;
    if (path === undefined || more.length > 0 || masks.length !== 2)
      throw new UsageError(`Usage: sft-lens ${diff.usage}\nA mask may be ${INTENDED}: what the other one means.`);
    const sides = await sidesOf(masks, rest, path);
    const settings = await options.settingsFor(path);
    const service = start(options.threads);
    for (const { mask } of sides) await requireLoaded({ ...settings, mask }, service);
    const { format, rows } = await openFile(path, settings, service);
    const totals = { rows: 0, compared: 0, differ: 0, a: 0, b: 0, onlyA: 0, onlyB: 0 };
    const json = options.flag('json');
    for await (const [chunk, results] of mapInOrder(rows, (list) =>
      service.compare(
        list.map((row) => row.text),
        settings,
        format,
        sides,
      ),
    )) {
      for (const [i, { row, line }] of chunk.entries()) {
        const result = results[i] ?? null;
        add(totals, result);
        if (json) await writeLine({ row, line, ...(result ?? { a: null, b: null, onlyA: null, onlyB: null }) });
        else if (result !== null && differs(result)) await write(`row ${row}: ${rowWords(result, sides)}\n`);
      }
    }
    const names = sides.map(({ name }) => name);
    if (json) await writeLine({ summary: { file: path, masks: names, ...totals } });
    else await write(`${summaryWords(path, totals, sides)}\n`);
    return totals.differ > 0 ? 1 : 0;
  },
};

/** The masks of the command line, and the other arguments: everywhere else a second `--mask` goes over the first. */
function masksIn(argv: readonly string[]): { masks: string[]; rest: string[] } {
  const masks: string[] = [];
  const rest: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const joined = /^--mask=(.*)$/s.exec(argv[i] ?? '')?.[1];
    if (joined !== undefined) masks.push(joined);
    else if (argv[i] === '--mask' && i + 1 < argv.length) masks.push(argv[++i] ?? '');
    else rest.push(argv[i] ?? '');
  }
  return { masks, rest };
}

/** Each mask as `--mask` of any command means it. */
async function sidesOf(masks: readonly string[], rest: readonly string[], path: string): Promise<[Side, Side]> {
  const mask = async (text: string): Promise<Settings['mask']> => {
    const options: Arguments = readArguments([...rest, '--mask', text], { json: { type: 'boolean' } });
    return (await options.settingsFor(path)).mask;
  };
  const [a = '', b = ''] = masks;
  if (a === INTENDED && b === INTENDED) throw new UsageError(`Only one of the masks can be ${INTENDED}.`);
  const [first, second] = [await mask(a === INTENDED ? b : a), await mask(b === INTENDED ? a : b)];
  return [
    { name: a, mask: first, intended: a === INTENDED },
    { name: b, mask: second, intended: b === INTENDED },
  ];
}

interface Totals extends Record<'rows' | 'compared' | 'differ' | 'a' | 'b' | 'onlyA' | 'onlyB', number> {}

function add(totals: Totals, result: RowDiff | null): void {
  totals.rows++;
  if (result === null) return;
  totals.compared++;
  if (differs(result)) totals.differ++;
  for (const key of ['a', 'b', 'onlyA', 'onlyB'] as const) totals[key] += result[key];
}

function rowWords({ a, b, onlyA, onlyB, otherTokens }: RowDiff, [first, second]: readonly [Side, Side]): string {
  const only = [
    onlyA > 0 ? `${count(onlyA, 'token')} only in ${first.name}` : '',
    onlyB > 0 ? `${count(onlyB, 'token')} only in ${second.name}` : '',
  ].filter((text) => text !== '');
  const why = otherTokens ? 'other tokens' : only.join(', ');
  return `${first.name} ${a.toLocaleString('en')}, ${second.name} ${b.toLocaleString('en')}: ${why}`;
}

function summaryWords(path: string, totals: Totals, [first, second]: readonly [Side, Side]): string {
  const { rows, compared, differ, a, b, onlyA, onlyB } = totals;
  const unread = rows > compared ? ` ${count(rows - compared, 'row')} could not be tokenized.` : '';
  return `${bold(`${path}: the two differ on ${differ.toLocaleString('en')} of ${count(rows, 'row')}.`)} ${first.name} trains ${count(a, 'token')}, ${onlyA.toLocaleString('en')} of them alone; ${second.name} ${b.toLocaleString('en')}, ${onlyB.toLocaleString('en')} alone.${unread}`;
}
