import { expect, test } from 'vitest';
import { analyzeRow } from '../analysis.ts';
import type { Engine } from '../engine.ts';
import type { Edit, Problem } from './problem.ts';
import { CHECKS } from './registry.ts';
import { CASES, type Case } from './testing/cases.ts';
import { testEngine } from './testing/engine.ts';

const textOf = ({ row }: Case): string => (typeof row === 'string' ? row : JSON.stringify(row));
const nameOf = ({ code, kind }: Case): string => (kind === undefined ? code : `${code}: ${kind}`);

/** Checks that no row of theirs can show here: the whole file shows them, or a tokenizer that the tests do not have. */
const WITHOUT_CASE = new Set(['template/double-bos', 'mask/differs-from-intended']);

const engines = new Map<string, Engine>();
function engineOf({ settings, template }: Case): Engine {
  const key = JSON.stringify([settings, template]);
  let engine = engines.get(key);
  if (!engine) engines.set(key, (engine = testEngine(settings, template)));
  return engine;
}

const problemsOf = (text: string, of: Case): readonly Problem[] =>
  analyzeRow(text, engineOf(of), of.format ?? 'messages').problems;

/** The row, and below it each problem with the characters that it underlines. */
function drawn(text: string, problems: readonly Problem[]): string {
  const lines = problems.map(({ code, severity, message, pointer, range, fixes }) => {
    const under = `${text.slice(...range).replaceAll('\u001b', '␛')}`;
    const shown = under.length > 70 ? `${under.slice(0, 69)}…` : under;
    const fix = (fixes ?? []).map(({ title, scope }) => `\n      fix (${scope}): ${title}`).join('');
    return `  ${severity} ${code}\n      ${message}\n      at ${pointer === '' ? 'the row' : pointer} [${range[0]}, ${range[1]}): ${shown}${fix}`;
  });
  const row = text.length > 400 ? `${text.slice(0, 399)}…` : text;
  return `${row.replaceAll('\u001b', '␛')}\n${lines.join('\n')}\n`;
}

test.each(CASES.map((of) => [nameOf(of), of] as const))('%s', (_, of) => {
  const codes = problemsOf(textOf(of), of).map(({ code }) => code);
  expect(codes).toContain(of.code);
  expect(codes).not.toContain('internal/check');
});

test('every check that a row can show has a case', () => {
  const shown = new Set(CASES.map(({ code }) => code));
  const missing = CHECKS.filter(({ stage, code }) => stage !== 'file' && !shown.has(code) && !WITHOUT_CASE.has(code));
  expect(missing.map(({ code }) => code)).toEqual([]);
});

test('problems read as they should', async () => {
  const golden = CASES.map((of) => {
    const text = textOf(of);
    return `# ${nameOf(of)}\n${drawn(text, problemsOf(text, of))}`;
  }).join('\n');
  await expect(golden).toMatchFileSnapshot('golden/problems.txt');
});

function applied(text: string, edits: readonly Edit[]): string {
  return edits
    .toSorted((a, b) => b.range[0] - a.range[0])
    .reduce((row, { range, text: insert }) => row.slice(0, range[0]) + insert + row.slice(range[1]), text);
}

const FIXED = CASES.flatMap((of) => {
  const text = textOf(of);
  const edits = problemsOf(text, of)
    .filter(({ code }) => code === of.code)
    .flatMap(({ fixes }) => fixes ?? [])
    .flatMap((fix) => (fix.scope === 'config' ? [] : fix.edits));
  return edits.length === 0 ? [] : [[nameOf(of), of, applied(text, edits)] as const];
});

test.each(FIXED)('the fix of %s ends the problem and leaves JSON', (_, of, fixed) => {
  expect(() => JSON.parse(fixed)).not.toThrow();
  expect(problemsOf(fixed, of).map(({ code }) => code)).not.toContain(of.code);
});

test.each(
  CASES.flatMap((of) =>
    problemsOf(textOf(of), of)
      .filter(({ code }) => code === of.code)
      .flatMap(({ fixes }) => fixes ?? [])
      .flatMap((fix) => (fix.scope === 'config' ? [[nameOf(of), of, { [fix.key]: fix.value }] as const] : [])),
  ),
)('the setting that %s proposes ends the problem', (_, of, change) => {
  const changed: Case = { ...of, settings: { ...of.settings, ...change } };
  expect(problemsOf(textOf(of), changed).map(({ code }) => code)).not.toContain(of.code);
});

test('a good row has no problem', () => {
  const row = JSON.stringify({
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Is ticket 4471 done?' },
      {
        role: 'assistant',
        reasoning_content: 'Look it up.',
        content: '',
        tool_calls: [{ function: { name: 'f', arguments: { a: 1 } } }],
      },
      { role: 'tool', content: 'done' },
      { role: 'assistant', reasoning_content: 'It is done.', content: 'Yes.' },
    ],
    tools: [
      {
        type: 'function',
        function: { name: 'f', parameters: { type: 'object', properties: { a: { type: 'integer' } } } },
      },
    ],
  });
  expect(analyzeRow(row, testEngine(), 'messages').problems).toEqual([]);
});
