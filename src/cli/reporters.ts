import type { Problem, Severity } from '../core/checks/problem.ts';
import { checkInfo } from '../core/checks/registry.ts';
import type { FormatName } from '../core/formats/format.ts';
import { bold, count, dim, red, write, writeLine, yellow } from './output.ts';

export interface FileResult {
  readonly file: string;
  readonly rows: number;
  readonly format: FormatName;
  readonly errors: number;
  readonly warnings: number;
  /** What is true of nearly every row, said once. */
  readonly notices: readonly {
    readonly code: string;
    readonly severity: Severity;
    readonly rows: number;
    readonly message: string;
  }[];
}

export interface RowResult {
  readonly file: string;
  readonly row: number;
  readonly line: number;
  readonly format: FormatName;
  readonly text: string;
  readonly problems: readonly Problem[];
}

/** How problems leave the program. `row` is called in file order, only for rows with problems. */
export interface Reporter {
  begin(): Promise<void>;
  row(row: RowResult): Promise<void>;
  end(files: readonly FileResult[]): Promise<void>;
}

const nothing = (): Promise<void> => Promise.resolve();
const sum = (files: readonly FileResult[], key: 'rows' | 'errors' | 'warnings'): number =>
  files.reduce((total, file) => total + file[key], 0);

const json: Reporter = {
  begin: nothing,
  row: ({ file, row, line, format, problems }) =>
    writeLine({
      file,
      row,
      line,
      format,
      problems: problems.map(({ code, severity, message, pointer, range }) => ({
        code,
        severity,
        message,
        pointer,
        range,
      })),
    }),
  end: (files) =>
    writeLine({
      summary: { files, rows: sum(files, 'rows'), errors: sum(files, 'errors'), warnings: sum(files, 'warnings') },
    }),
};

const COLOR: Record<Severity, (text: string) => string> = { error: red, warning: yellow, information: dim, hint: dim };

/** Where a problem begins: line from 1, column in UTF-16 units from 1. A row of an array may have several lines. */
function placeOf(row: RowResult, offset: number): { line: number; column: number } {
  const before = row.text.slice(0, offset);
  const lines = before.split('\n');
  return { line: row.line + lines.length - 1, column: (lines.at(-1)?.length ?? 0) + 1 };
}

const text: Reporter = {
  begin: nothing,
  async row(row) {
    for (const { code, severity, message, range } of row.problems) {
      const { line, column } = placeOf(row, range[0]);
      await write(`${row.file}:${line}:${column}: ${COLOR[severity](severity)} ${message} ${dim(code)}\n`);
    }
  },
  async end(files) {
    for (const file of files) {
      for (const notice of file.notices)
        await write(`${file.file}: ${COLOR[notice.severity](notice.severity)} ${notice.message} ${dim(notice.code)}\n`);
      await write(
        `${bold(file.file)}: ${count(file.rows, 'row')} (${file.format}), ${count(file.errors, 'error')}, ${count(file.warnings, 'warning')}\n`,
      );
    }
  },
};

/** GitHub's workflow commands: https://docs.github.com, "workflow commands". Values escape %, CR and LF; properties : and , too. */
const escapeData = (value: string): string =>
  value.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const escapeProperty = (value: string): string => escapeData(value).replaceAll(':', '%3A').replaceAll(',', '%2C');
const GITHUB: Record<Severity, string> = { error: 'error', warning: 'warning', information: 'notice', hint: 'notice' };

const github: Reporter = {
  begin: nothing,
  async row(row) {
    for (const { code, severity, message, range } of row.problems) {
      const { line, column } = placeOf(row, range[0]);
      await write(
        `::${GITHUB[severity]} file=${escapeProperty(row.file)},line=${line},col=${column},title=${escapeProperty(code)}::${escapeData(message)}\n`,
      );
    }
  },
  async end(files) {
    for (const file of files)
      for (const notice of file.notices)
        await write(
          `::${GITHUB[notice.severity]} file=${escapeProperty(file.file)},title=${escapeProperty(notice.code)}::${escapeData(notice.message)}\n`,
        );
  },
};

const SARIF: Record<Severity, string> = { error: 'error', warning: 'warning', information: 'note', hint: 'note' };

/** SARIF 2.1.0, written as it goes: a log of any size needs no memory. */
function sarifReporter(): Reporter {
  let first = true;
  return {
    begin: () =>
      write(
        `{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{"tool":{"driver":${JSON.stringify(
          {
            name: 'sft-lens',
            rules: checkInfo().map(({ code, title, severity }) => ({
              id: code,
              shortDescription: { text: title },
              defaultConfiguration: { level: SARIF[severity] },
            })),
          },
        )}},"columnKind":"utf16CodeUnits","results":[`,
      ),
    async row(row) {
      for (const { code, severity, message, range } of row.problems) {
        const start = placeOf(row, range[0]);
        const end = placeOf(row, range[1]);
        const result = {
          ruleId: code,
          level: SARIF[severity],
          message: { text: message },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: row.file.split('\\').join('/') },
                region: { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column },
              },
            },
          ],
        };
        await write(`${first ? '' : ',\n'}${JSON.stringify(result)}`);
        first = false;
      }
    },
    end: () => write(']}]}\n'),
  };
}

export function reporterFor(kind: 'text' | 'json' | 'github' | 'sarif'): Reporter {
  switch (kind) {
    case 'text':
      return text;
    case 'json':
      return json;
    case 'github':
      return github;
    case 'sarif':
      return sarifReporter();
  }
}
