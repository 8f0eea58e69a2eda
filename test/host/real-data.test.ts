import { strict as assert } from 'node:assert';
import { commands, type Diagnostic, DiagnosticSeverity, type TextDocument } from 'vscode';
import { REAL_FILES } from '../../src/core/formats/testing/real-files.ts';
import { codeOf, openFile, problemsOf } from './dataset.ts';
import { until } from './helpers.ts';
import { dataFolder, openable, REAL_FILE_NAMES } from './real-files.ts';
import { checked } from './report.ts';

/** Errors that are really there, by file: the codes, and why. All other files of `datasets` have none. */
const REAL_ERRORS: Readonly<Record<string, readonly [codes: readonly string[], why: string]>> = {
  'datasets/openai_cookbook/drone_training.jsonl': [
    ['template/raises'],
    'an assistant turn with a function_call has no content, which the template of Qwen3 reads',
  ],
  'datasets/oasst/en_100_text.jsonl': [['json/not-object'], 'its rows are JSON strings'],
  'datasets/oasst/prompt_lottery_en_250_text.jsonl': [['json/not-object'], 'its rows are JSON strings'],
  'datasets/sharegpt_openhermes/fidbench_sharegpt.jsonl': [['roles/no-assistant'], 'no row has an assistant turn'],
  'datasets/llamafactory/glaive_toolcall_en_demo.json': [
    ['length/prompt-only-left'],
    'one row is longer than max length',
  ],
};
/** Codes that mean a fault of ours, whatever the file. */
const NEVER = ['internal/check', 'template/limit'];

const errorsOf = (document: TextDocument): readonly Diagnostic[] =>
  problemsOf(document).filter(({ severity }) => severity === DiagnosticSeverity.Error);

const { path: folder, why } = dataFolder();

describe(`real files ${why}`.trim(), function () {
  this.timeout(60_000);
  // The rows of Alpaca have a test of their own.
  const names = REAL_FILE_NAMES.filter((name) => !name.endsWith('alpaca_data.json.gz'));

  for (const name of names) {
    it(name, async function () {
      const path = folder === null ? null : openable(folder, name);
      if (path === null) return this.skip();
      const { document } = await openFile(path);
      try {
        const report = await checked(document.uri, 50_000);
        // What the check found is listed a moment later.
        const found = report === 'no dataset' || report.format === 'unknown' ? 0 : report.totals?.problems.error;
        if (found) await until('the errors', () => errorsOf(document).length > 0);
        const problems = problemsOf(document);
        const said = problems.map((one) => `${String(codeOf(one))}: ${one.message}`);
        for (const code of NEVER) assert.ok(!said.some((line) => line.startsWith(code)), said.join('\n'));

        const [rows, , format] = REAL_FILES[name] ?? [0, 0, 'unknown'];
        const isArray = document.languageId === 'jsonl' || /^\uFEFF?\s*\[/.test(document.getText().slice(0, 4096));
        if (document.languageId === 'json' && (!isArray || format === 'unknown')) {
          assert.deepEqual(said, []);
          return;
        }
        assert.ok(report !== 'no dataset', 'taken for no dataset');
        assert.deepEqual([report.state, report.format], ['checked', format]);
        assert.deepEqual([report.totals?.rows, report.totals?.checked], [rows, rows]);
        if (!name.startsWith('datasets/')) return;
        if (format !== 'unknown' && REAL_ERRORS[name] === undefined) assert.equal(found, 0);
        const errors = errorsOf(document);
        const codes = [...new Set(errors.map((one) => String(codeOf(one))))].sort();
        assert.deepEqual(codes, REAL_ERRORS[name]?.[0] ?? [], errors[0]?.message);
      } finally {
        await commands.executeCommand('workbench.action.closeAllEditors');
      }
    });
  }
});
