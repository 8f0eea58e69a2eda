import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { type CodeLens, commands, Position, Range, workspace } from 'vscode';
import { codeOf, folderWith, openFile, problemsOf, row } from './dataset.ts';
import { until } from './helpers.ts';

const ROWS = 50_000;
const STROKES = 40;

const percentile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) * share)] ?? Number.NaN;

/**
 * Milliseconds from the document's change to the diagnostics that `done` waits for. VS Code tells of changed diagnostics
 * only every 50 ms, so they are looked at all the time instead.
 */
function untilDiagnostics(done: () => boolean): Promise<number> {
  return new Promise((resolve) => {
    const listener = workspace.onDidChangeTextDocument(() => {
      listener.dispose();
      const start = performance.now();
      const look = (): void => {
        if (done()) resolve(performance.now() - start);
        else setTimeout(look, 1);
      };
      look();
    });
  });
}

describe('a file of 50,000 rows', function () {
  this.timeout(120_000);

  it('is checked at once where it is seen, and after a key stroke', async () => {
    const lines = Array.from({ length: ROWS }, (_, index) =>
      row(
        `What is the answer to question ${index}?`,
        `It is ${index * 7}, as the book says.`,
        index === 2 ? 'asistant' : 'assistant',
      ),
    );
    const path = join(folderWith({ 'rows.jsonl': lines.join('\n') }), 'rows.jsonl');
    const opened = performance.now();
    const editor = await openFile(path);
    const { document } = editor;
    await until('the first problem', () => problemsOf(document).some((one) => codeOf(one) === 'roles/unknown'));
    const first = performance.now() - opened;
    await until(
      'all rows',
      async () => {
        const lenses = await commands.executeCommand<CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 10);
        return lenses?.some(({ command }) => command?.title.includes('trained'));
      },
      100_000,
    );
    const all = performance.now() - opened;

    const times: number[] = [];
    const broken = (): boolean => problemsOf(document).some((one) => codeOf(one) === 'json/syntax');
    for (let stroke = 0; stroke < STROKES; stroke++) {
      const breaks = stroke % 2 === 0;
      const seen = untilDiagnostics(() => broken() === breaks);
      await editor.edit(
        (edit) => (breaks ? edit.delete(new Range(5, 0, 5, 1)) : edit.insert(new Position(5, 0), '{')),
        { undoStopBefore: false, undoStopAfter: false },
      );
      times.push(await seen);
    }
    const [middle, high] = [percentile(times, 0.5), percentile(times, 0.95)];
    console.log(
      `host: ${ROWS} rows: first problem ${first.toFixed(0)} ms, all rows ${all.toFixed(0)} ms, key stroke to diagnostics median ${middle.toFixed(0)} ms, p95 ${high.toFixed(0)} ms`,
    );
    assert.ok(high < 1000, `a key stroke takes ${high.toFixed(0)} ms`);
  });
});
