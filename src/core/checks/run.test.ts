import { expect, test } from 'vitest';
import { parseRow } from '../jsonl/parse.ts';
import type { Check, CheckContext, Finding } from './check.ts';
import { duplicateFinding, mixedFormat } from './file-checks.ts';
import { levelOf } from './level.ts';
import { emptyMemo } from './lib/memo.ts';
import type { Problem } from './problem.ts';
import { rangeOf, runThese } from './run.ts';
import { testEngine } from './testing/engine.ts';

const TEXT = '{"messages": [{"role": "user", "content": "a\\nb"}], "b": 1}';
const engine = testEngine();

function context(checks: CheckContext['settings']['checks'] = {}): CheckContext {
  const row = parseRow(TEXT);
  const object = row.value as CheckContext['object'];
  return {
    row,
    object,
    format: 'messages',
    rowFormat: null,
    parts: [],
    bundle: engine.bundle,
    settings: { ...engine.settings, checks },
    memo: emptyMemo(),
  };
}

const check = (code: string, run: () => Iterable<Finding>): Check => ({
  code,
  severity: 'warning',
  title: code,
  stage: 'json',
  fixable: false,
  run,
});
const says = (code: string, ...pointers: string[]): Check =>
  check(code, () => pointers.map((pointer) => ({ message: 'Here.', pointer })));

/** The problems of one row. */
const runOne = (checks: readonly Check[], row: CheckContext): Problem[] => runThese(checks, [row])[0]!;

test('a problem has the code, the severity and the place', () => {
  expect(runOne([says('a/b', '/b')], context())).toEqual([
    { code: 'a/b', severity: 'warning', message: 'Here.', pointer: '/b', range: [TEXT.length - 2, TEXT.length - 1] },
  ]);
});

test('problems are sorted by place', () => {
  const found = runOne([says('a/b', '/b'), says('a/c', '/messages/0')], context());
  expect(found.map(({ code }) => code)).toEqual(['a/c', 'a/b']);
});

test('a level of the settings decides, the code before its group before all', () => {
  expect(runOne([says('a/b', '/b')], context({ 'a/b': 'off' }))).toEqual([]);
  expect(runOne([says('a/b', '/b')], context({ 'a/*': 'off' }))).toEqual([]);
  expect(runOne([says('a/b', '/b')], context({ 'a/*': 'off', 'a/b': 'error' }))[0]?.severity).toBe('error');
  expect(levelOf('a/b', { '*': 'hint' })).toBe('hint');
  expect(levelOf('a/b', {})).toBeUndefined();
});

test('a check that throws is a problem of its own and ends no other', () => {
  const breaks = check('a/broken', () => {
    throw new Error('no such thing');
  });
  const found = runOne([breaks, says('a/b', '/b')], context());
  expect(found.map(({ code }) => code)).toEqual(['internal/check', 'a/b']);
  expect(found[0]?.message).toContain('`a/broken` failed on this row: no such thing');
  expect(runOne([breaks], context({ 'internal/check': 'off' }))).toEqual([]);
});

test('each row has its own problems, in the order of the rows', () => {
  const long: Check = {
    ...says('a/long', '/b'),
    run: ({ row }) => (row.text === TEXT ? [{ message: 'Long.', pointer: '' }] : []),
  };
  const short: CheckContext = { ...context(), row: parseRow('{}') };
  expect(runThese([long, says('a/b', '/b')], [short, context()]).map((row) => row.map(({ code }) => code))).toEqual([
    ['a/b'],
    ['a/long', 'a/b'],
  ]);
  expect(runThese([long], [])).toEqual([]);
});

test('a check that throws half way keeps what it found', () => {
  const half = check('a/half', function* () {
    yield { message: 'First.', pointer: '/b' };
    throw new Error('then');
  });
  expect(runOne([half], context()).map(({ code }) => code)).toEqual(['internal/check', 'a/half']);
});

test('the worst fifty of a row are kept', () => {
  const many = check('a/many', () =>
    Array.from({ length: 80 }, (_, i) => ({ message: `Number ${i}.`, pointer: '/b' })),
  );
  const bad: Check = { ...says('a/bad', '/messages'), severity: 'error' };
  const found = runOne([many, bad], context());
  expect(found.length).toBe(50);
  expect(found.some(({ code }) => code === 'a/bad')).toBe(true);
});

test('the same words at the same place are said once', () => {
  expect(runOne([says('a/b', '/b', '/b')], context()).length).toBe(1);
});

test('places: a stretch of a string with escapes, a key, the nearest ancestor, the row', () => {
  const { row } = context();
  const text = (range: readonly [number, number]): string => TEXT.slice(...range);
  expect(text(rangeOf({ pointer: '/messages/0/content', within: [1, 2] }, row))).toBe('\\n');
  expect(text(rangeOf({ pointer: '/messages/0/role', at: 'key' }, row))).toBe('"role"');
  expect(text(rangeOf({ pointer: '/messages/0/name/x' }, row))).toBe('{"role": "user", "content": "a\\nb"}');
  expect(text(rangeOf({ pointer: '/nothing' }, row))).toBe(TEXT);
  expect(text(rangeOf({ pointer: '/b', range: [0, 1] }, row))).toBe('{');
});

test('what only the file shows', () => {
  expect(duplicateFinding(1234, 10, {})).toMatchObject({
    code: 'file/duplicate-row',
    severity: 'warning',
    range: [0, 10],
  });
  expect(duplicateFinding(1234, 10, {})?.message).toContain('row 1,234');
  expect(duplicateFinding(1, 10, { 'file/*': 'off' })).toBeNull();
  expect(mixedFormat('alpaca', 'messages', 10, {})?.message).toContain('This row is of the format alpaca');
  expect(mixedFormat('alpaca', 'alpaca', 10, {})).toBeNull();
  expect(mixedFormat('unknown', 'alpaca', 10, {})).toBeNull();
});
