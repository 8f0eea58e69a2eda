import type { RowSummary } from '../core/analysis-types.ts';
import type { Problem, Severity } from '../core/checks/problem.ts';
import { FileScan } from '../core/file-scan.ts';
import { applyFixes } from '../node/fix-file.ts';
import { mapInOrder } from '../node/row-chunks.ts';
import type { FileRow } from '../node/row-reader.ts';
import { readArguments, UsageError } from './arguments.ts';
import type { CommandContext, ExitCode } from './command.ts';
import { count, write } from './output.ts';
import { type FileResult, type Reporter, reporterFor } from './reporters.ts';
import { openFile, requireLoaded } from './rows.ts';

const WEIGHT: Record<Severity, number> = { error: 3, warning: 2, information: 1, hint: 0 };

export const check = {
  usage: 'check   FILES... [--json | --sarif | --github] [--fail-on error|warning|information|hint] [--fix]',
  async run({ argv, service: start }: CommandContext): Promise<ExitCode> {
    const options = readArguments(argv, {
      json: { type: 'boolean' },
      sarif: { type: 'boolean' },
      github: { type: 'boolean' },
      'fail-on': { type: 'string' },
      fix: { type: 'boolean' },
    });
    if (options.positionals.length === 0) throw new UsageError(`Usage: sft-lens ${check.usage}`);
    const failOn = severityOption(options.text('fail-on') ?? 'error');
    const formats = (['json', 'sarif', 'github'] as const).filter((name) => options.flag(name));
    if (formats.length > 1) throw new UsageError(`Choose one of ${formats.map((name) => `--${name}`).join(' and ')}.`);
    const reporter = reporterFor(formats[0] ?? 'text');
    const service = start(options.threads);
    const results: FileResult[] = [];
    let failed = false;

    await reporter.begin();
    for (const path of options.positionals) {
      const settings = await options.settingsFor(path);
      await requireLoaded(settings, service);
      const once = async (
        report: Reporter | null,
        fixes: Map<number, readonly Problem[]> | null,
      ): Promise<FileResult> => {
        const { format, rows } = await openFile(path, settings, service);
        const scan = new FileScan(format, settings);
        let total = 0;
        for await (const [chunk, summaries] of mapInOrder(rows, (list) =>
          service.summarize(
            list.map((row) => row.text),
            settings,
            format,
          ),
        )) {
          scan.learn(summaries);
          for (const [i, row] of chunk.entries()) {
            const summary = summaries[i];
            if (!summary) continue;
            total++;
            const problems = rowProblems(row, summary, scan);
            if (problems.length === 0) continue;
            fixes?.set(row.row, problems);
            await report?.row({
              file: path,
              row: row.row,
              line: row.line,
              format: summary.format,
              text: row.text,
              problems,
            });
          }
        }
        const notices = scan.notices();
        return {
          file: path,
          rows: total,
          format,
          errors: scan.count('error'),
          warnings: scan.count('warning'),
          notices,
        };
      };
      if (options.flag('fix')) {
        const fixes = new Map<number, readonly Problem[]>();
        await once(null, fixes);
        const fixed = await applyFixes(path, fixes);
        if (fixed > 0 && formats.length === 0) await write(`${path}: ${count(fixed, 'problem')} fixed\n`);
      }
      const result = await once(
        {
          ...reporter,
          row: async (row) => {
            if (row.problems.some((problem) => WEIGHT[problem.severity] >= WEIGHT[failOn])) failed = true;
            await reporter.row(row);
          },
        },
        null,
      );
      if (result.notices.some((notice) => WEIGHT[notice.severity] >= WEIGHT[failOn])) failed = true;
      results.push(result);
    }
    await reporter.end(results);
    return failed ? 1 : 0;
  },
};

function rowProblems(row: FileRow, summary: RowSummary, scan: FileScan): readonly Problem[] {
  const found = scan.problemsOf(row.row, summary);
  if (row.problems.length === 0) return found;
  scan.add(row.problems);
  return [...row.problems, ...found];
}

function severityOption(text: string): Severity {
  if (!Object.hasOwn(WEIGHT, text))
    throw new UsageError(`--fail-on must be ${Object.keys(WEIGHT).join(', ')}. It is ${text}.`);
  return text as Severity;
}
