import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseRow } from '../../../src/core/jsonl/parse.ts';
import type { Range, Value } from '../../../src/core/jsonl/value.ts';
import { TemplateError } from '../../../src/core/template/chat-template.ts';
import { compileTemplate } from '../../../src/core/template/compile-template.ts';
import { DATE, toUnits, wrongOrigin } from './compare.ts';

const root = resolve(process.env['SFT_LENS_ROOT'] ?? process.cwd());
const python = process.env['SFT_LENS_PYTHON'] ?? join(root, '.cache/parity/venv/bin/python');
const folder = join(root, '.cache/parity/programs');

/** A template and the variables it sees, as JSON text: numbers must not pass through JavaScript. */
export interface Program {
  readonly template: string;
  readonly context: string;
}

/** What Python says of a program: spans in code points, the template's line of an error. */
export interface Outcome {
  readonly text?: string;
  readonly spans?: readonly Range[];
  readonly error?: string;
  readonly type?: string;
  readonly line?: number | null;
}

/** Runs every program in Python. `name` keeps the files of two runs apart. */
export function runInPython(name: string, programs: readonly Program[]): Outcome[] {
  mkdirSync(folder, { recursive: true });
  const contexts = [...new Set(programs.map((p) => p.context))];
  const at = new Map(contexts.map((context, i) => [context, i]));
  const cases = programs.map(({ template, context }) => [template, at.get(context)]);
  const [input, output] = [join(folder, `${name}.json`), join(folder, `${name}.python.json`)];
  writeFileSync(
    input,
    `{"date":${JSON.stringify(DATE)},"contexts":[${contexts.join(',')}],"cases":${JSON.stringify(cases)}}`,
  );
  execFileSync(python, [join(root, 'test/parity/templates/programs.py'), input, output], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return JSON.parse(readFileSync(output, 'utf8')) as Outcome[];
}

/** What our engine makes of a program: plain and traced, which must agree. */
export interface Ours {
  readonly text: string | null;
  readonly spans: readonly Range[];
  readonly error: TemplateError | null;
  /** What is wrong with the traced render, or null. */
  readonly traced: string | null;
}

const argsOf = new Map<string, ReadonlyMap<string, Value>>();

export function runHere({ template, context }: Program): Ours {
  let args = argsOf.get(context);
  if (args === undefined) {
    args = new Map([['date', DATE], ...(parseRow(context).value as ReadonlyMap<string, Value>)]);
    argsOf.set(context, args);
  }
  const messages = (args.get('messages') ?? []) as readonly ReadonlyMap<string, Value>[];
  const given = { messages, tools: args.get('tools') ?? null, args, addGenerationPrompt: false };
  const rowArgs = new Set(args.keys());
  const attempt = <T>(work: () => T): T | TemplateError => {
    try {
      return work();
    } catch (error) {
      if (error instanceof TemplateError) return error;
      throw error;
    }
  };
  const plain = attempt(() => compileTemplate('program', template).plain(given));
  const traced = attempt(() => compileTemplate('program', template).traced({ ...given, rowArgs }));
  if (plain instanceof TemplateError) {
    const same = traced instanceof TemplateError && traced.message === plain.message && traced.line === plain.line;
    const said = traced instanceof TemplateError ? traced.message : 'nothing';
    return { text: null, spans: [], error: plain, traced: same ? null : `the traced render raises ${said}` };
  }
  if (traced instanceof TemplateError) {
    return { text: plain.text, spans: [], error: null, traced: `the traced render raises ${traced.message}` };
  }
  const wrong = traced.text !== plain.text ? 'the traced text differs' : wrongOrigin(traced, given);
  return { text: plain.text, spans: plain.generation ?? [], error: null, traced: wrong };
}

/** How our outcome differs from Python's, or null. */
export function difference(ours: Ours, python: Outcome): string | null {
  if (ours.traced !== null) return ours.traced;
  if (ours.error === null) {
    if (python.error !== undefined) return `prints ${show(ours.text)}, Python raises ${python.type}: ${python.error}`;
    if (ours.text !== python.text) return `prints ${show(ours.text)}, Python ${show(python.text)}`;
    const spans = JSON.stringify(toUnits(ours.text!, python.spans ?? []));
    return JSON.stringify(ours.spans) === spans ? null : `spans ${JSON.stringify(ours.spans)}, Python ${spans}`;
  }
  if (python.error === undefined) return `raises ${ours.error.message}, Python prints ${show(python.text)}`;
  const raised = python.type === 'TemplateError';
  if (raised !== (ours.error.kind === 'raised') || (raised && ours.error.message !== python.error)) {
    return `raises ${ours.error.kind} ${ours.error.message}, Python ${python.type}: ${python.error}`;
  }
  return null;
}

/** Whether an error has Python's words, and whether it has its line. */
export function sameError(ours: Ours, python: Outcome): { readonly message: boolean; readonly line: boolean } {
  if (ours.error === null || python.error === undefined) return { message: true, line: true };
  // Where the stack ends is the host's own: both must stop there, each in its words and at its depth.
  if (python.type === 'RecursionError') {
    const isLimit = ours.error.kind === 'limit';
    return { message: isLimit, line: isLimit };
  }
  return {
    message: ours.error.message === python.error,
    line: python.line === null || ours.error.line === python.line,
  };
}

const show = (text: string | null | undefined): string => JSON.stringify((text ?? '').slice(0, 300));

/** Keeps what Python printed of these programs in a committed file. */
export function writeGolden(file: string, programs: readonly Program[], expected: readonly Outcome[]): void {
  const contexts = [...new Set(programs.map((p) => p.context))];
  const cases = programs
    .map(({ template, context }, i) => ({ template, context: contexts.indexOf(context), ...expected[i] }))
    // Python prints where an object lies in memory.
    .filter((c) => !/ at 0x[0-9a-f]+/.test(`${c.text ?? ''}${c.error ?? ''}`));
  const lines = (list: readonly string[]): string => list.map((line) => `  ${line}`).join(',\n');
  const path = join(root, 'test/parity/templates/golden', file);
  writeFileSync(
    path,
    `{\n "contexts": [\n${lines(contexts)}\n ],\n "cases": [\n${lines(cases.map((c) => JSON.stringify(c)))}\n ]\n}\n`,
  );
  console.log(`Wrote ${path}`);
}
