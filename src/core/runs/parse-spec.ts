import { nearest, quoted } from '../checks/lib/words.ts';
import { describeFailure } from '../jsonl/json-error.ts';
import { blankComments } from '../jsonl/lenient.ts';
import { type Locator, locatorOf } from '../jsonl/locate.ts';
import { readJson } from '../jsonl/read-json.ts';
import type { Pointer, Range } from '../jsonl/value.ts';
import { run as validate } from '../schema/generated/run.js';
import type { ValidationError } from '../schema/generated/validator.js';
import { toPlain } from '../schema/plain.ts';
import { placeName, sentenceOf, valueAt, withoutEchoes } from '../schema/sentences.ts';
import { checkSpec } from './check-spec.ts';
import { withDefaults } from './defaults.ts';
import type { Json, RunSpec } from './spec.ts';
import { escapeToken, type SpecFinding, type SpecFix, type SpecPath, type SpecProblem } from './spec-problem.ts';

export type { SpecFix, SpecPath, SpecProblem } from './spec-problem.ts';

const TOP_KEYS = [
  'model',
  'data',
  'method',
  'args',
  'peft',
  'target',
  'gpus',
  'nodes',
  'packing',
  'record',
  'compare',
  'tokenizer',
  'chatTemplate',
  'templateArgs',
  'mask',
  'maxLength',
];
const KEYS: Readonly<Record<string, readonly string[]>> = {
  '': TOP_KEYS,
  '/data': ['train', 'eval'],
  '/record': ['rowLoss', 'watch'],
  '/compare': ['prompts', 'maxNewTokens'],
};

type Plain = Readonly<Record<string, unknown>>;
const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const pathOf = (pointer: Pointer): SpecPath =>
  pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((token) => (/^(?:0|[1-9]\d*)$/.test(token) ? Number(token) : token));

/**
 * Reads `NAME.sftrun.json`: JSON, with comments and trailing commas. `spec` has every default and is null where the file has
 * an error. Never throws.
 */
export function parseSpec(text: string): { readonly spec: RunSpec | null; readonly problems: readonly SpecProblem[] } {
  const json = blankComments(text);
  const broken = (message: string, range: Range): ReturnType<typeof parseSpec> => ({
    spec: null,
    problems: [{ message, severity: 'error', pointer: '', range }],
  });
  if (json.trim() === '') return broken('The run spec is empty. Give it a `model` and `data`.', [0, text.length]);
  const { value, failure } = readJson(json);
  if (failure !== null) {
    const { message, range } = describeFailure(json, failure);
    return broken(onLine(text, message), range);
  }
  const plain = toPlain(value);
  if (!isPlain(plain)) return broken('The run spec must be an object, `{...}`.', [0, text.length]);
  const findings = validate(plain) ? [] : [...schemaFindings(validate.errors ?? [], plain)];
  if (!isPlain(plain['args'] ?? {}) || !isPlain(plain['data'])) return { spec: null, problems: place(json, findings) };
  const known = new Set(findings.map(({ pointer }) => pointer));
  findings.push(...checkSpec(plain).filter(({ pointer }) => !known.has(pointer)));
  const wrong = findings.some(({ severity }) => severity === 'error');
  return { spec: wrong ? null : withDefaults(specOf(plain)), problems: place(json, findings) };
}

/** A file has lines: the column of a message is that in its line. */
function onLine(text: string, message: string): string {
  return message.replace(/column ([\d,]+)/, (_, digits: string) => {
    const before = text.slice(0, Number(digits.replaceAll(',', '')) - 1);
    return `line ${before.split('\n').length}, column ${before.length - before.lastIndexOf('\n')}`;
  });
}

/** The plain value, which the schema let through. Objects get a prototype again: what reads them may ask for methods. */
function specOf(plain: Plain): Partial<RunSpec> & Pick<RunSpec, 'model' | 'data'> {
  const { $schema: _, ...rest } = JSON.parse(JSON.stringify(plain)) as Plain;
  return rest as Partial<RunSpec> & Pick<RunSpec, 'model' | 'data'>;
}

/** Findings with their ranges, in the order of the text. `text`: without comments. */
export function place(text: string, findings: readonly SpecFinding[]): readonly SpecProblem[] {
  const locator = locatorOf(text);
  return findings
    .map(({ at, ...problem }) => ({ ...problem, range: rangeOf(locator, problem.pointer, at) }))
    .sort((a, b) => a.range[0] - b.range[0]);
}

/** Of a key that is not there, the name of what lacks it; of the whole file its first brace. */
function rangeOf(locator: Locator, pointer: Pointer, at: 'key' | undefined): Range {
  if (pointer !== '') {
    const found = locator.locate(pointer, at ?? 'value');
    if (found !== null) return found;
    const parent = pointer.slice(0, pointer.lastIndexOf('/'));
    const name = parent === '' ? null : locator.locate(parent, 'key');
    if (name !== null) return name;
  }
  const whole = locator.locate('');
  return whole === null ? [0, 0] : [whole[0], whole[0] + 1];
}

function* schemaFindings(errors: readonly ValidationError[], plain: Plain): Generator<SpecFinding> {
  for (const error of withoutEchoes(errors)) {
    const pointer = error.instancePath;
    if (error.keyword === 'additionalProperties')
      yield unknownKey(pointer, String(error.params['additionalProperty']), plain);
    else yield wrongValue(error, plain);
  }
}

function unknownKey(parent: Pointer, key: string, plain: Plain): SpecFinding {
  const pointer = `${parent}/${escapeToken(key)}`;
  const where = parent === '' ? '' : ` in ${placeName(parent)}`;
  const path = pathOf(pointer);
  const base = { severity: 'error', pointer, at: 'key' } as const;
  const meant = nearest(key, KEYS[parent] ?? []);
  if (meant !== null && !Object.hasOwn((valueAt(plain, parent) ?? {}) as object, meant)) {
    const fix = { title: `Change to \`${meant}\``, key: path, value: undefined, rename: meant };
    return { ...base, message: `${quoted(key)} is not known${where}. Did you mean \`${meant}\`?`, fix };
  }
  // TRL's arguments are the usual thing to write one level too high.
  const argument = parent === '' && /^[a-z\d]+(?:_[a-z\d]+)+$/.test(key);
  return {
    ...base,
    message: `${quoted(key)} is not known${where}. ${argument ? 'Arguments of the trainer go into `args`.' : 'Remove it.'}`,
    fix: { title: 'Remove it', key: path, value: undefined },
  };
}

function wrongValue(error: ValidationError, plain: Plain): SpecFinding {
  const pointer = error.instancePath;
  const value = valueAt(plain, pointer);
  const base = { severity: 'error', pointer } as const;
  const set = (to: Json): { readonly fix: SpecFix } => ({
    fix: {
      title: `Change to \`${typeof to === 'string' ? to : JSON.stringify(to)}\``,
      key: pathOf(pointer),
      value: to,
    },
  });
  if (pointer === '/packing') return packingFinding(value, base, set);
  if (pointer === '/gpus')
    return { ...base, message: '`gpus` must be a whole number or `auto`. 0 means the processor.', ...set('auto') };
  if (pointer === '/data/eval' && typeof value === 'number')
    return {
      ...base,
      message: `\`eval\` is a share of the training rows, above 0 and below 1. It is the number ${value}. For a file, write its name.`,
      ...set(0.05),
    };
  if (error.keyword === 'exclusiveMinimum')
    return {
      ...base,
      message: `${sentenceStart(pointer)} must be more than ${String(error.params['limit'])}. It is the number ${String(value)}.`,
    };
  let message = sentenceOf(error, plain, 'The run spec');
  const allowed = error.params['allowedValues'];
  if (Array.isArray(allowed) && typeof value === 'string') {
    const meant = nearest(value, allowed.map(String));
    if (meant !== null) return { ...base, message: `${message} Did you mean \`${meant}\`?`, ...set(meant) };
  }
  // "2e-5" in quotes: YAML's readers take it for text, and so do people.
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  if (error.keyword === 'type' && /number|integer/.test(String(error.params['type'])) && Number.isFinite(number)) {
    message += ' Take away the quotes.';
    return { ...base, message, ...set(number) };
  }
  return { ...base, message };
}

const sentenceStart = (pointer: Pointer): string => placeName(pointer);

function packingFinding(
  value: unknown,
  base: { readonly severity: 'error'; readonly pointer: Pointer },
  set: (to: Json) => { readonly fix: SpecFix },
): SpecFinding {
  if (value === 'wrapped')
    return {
      ...base,
      message:
        '`wrapped` packing lets a row see its neighbours: what is trained would not be what the inspector shows. `bfd` packs rows whole, each seeing only itself.',
      ...set('bfd'),
    };
  const message = '`packing` must be `false`, `bfd` or `bfd_split`.';
  return {
    ...base,
    message: value === true ? `${message} \`bfd\` keeps rows whole.` : message,
    ...set(value === true ? 'bfd' : false),
  };
}
