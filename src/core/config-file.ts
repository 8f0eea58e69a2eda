import { nearest } from './checks/lib/words.ts';
import type { MaskSpec, Settings } from './config.ts';
import { matchesGlob } from './glob.ts';
import { describeFailure } from './jsonl/json-error.ts';
import { blankComments } from './jsonl/lenient.ts';
import { locatorOf } from './jsonl/locate.ts';
import { readJson } from './jsonl/read-json.ts';
import type { Range } from './jsonl/value.ts';
import { PRESET_NAMES } from './mask/policy.ts';
import { maskKeys } from './mask/tools/json-schema.ts';
import { config as validate } from './schema/generated/config.js';
import { toPlain } from './schema/plain.ts';
import { placeName, sentenceOf, valueAt, withoutEchoes } from './schema/sentences.ts';

/** What is wrong in a project file. Range: UTF-16 units of its text. */
export interface ConfigProblem {
  readonly message: string;
  readonly range: Range;
}

/** The path of a trainer's config file, from which the mask and more is read. */
export type MaskFile = `${string}.${'yml' | 'yaml' | 'json' | 'toml'}`;

export const isMaskFile = (mask: unknown): mask is MaskFile =>
  typeof mask === 'string' && /\.(ya?ml|json|toml)$/.test(mask);

type WithMaskFile<T extends { readonly mask?: MaskSpec }> = Omit<T, 'mask'> & { readonly mask: MaskSpec | MaskFile };

/** The keys of `sft-lens.json` that were given and are right, as they are written: paths are relative to the file. */
export type ProjectSettings = Partial<WithMaskFile<Settings>>;

/** Settings of the files that fit a pattern. */
export interface FileSettings extends ProjectSettings {
  readonly glob: string;
}

export interface ProjectConfig extends ProjectSettings {
  readonly files?: readonly FileSettings[];
}

/** Where the value at a pointer stands in a project file, UTF-16 units; null where it is not. */
export function placeIn(text: string, pointer: string): Range | null {
  const json = blankComments(text);
  return readJson(json).failure === null ? locatorOf(json).locate(pointer) : null;
}

/** Every key of `Settings`, which are the keys of `sft-lens.json` besides `files`. */
const SETTINGS_KEYS: readonly (keyof Settings)[] = [
  'tokenizer',
  'tokenizerClass',
  'chatTemplate',
  'templateArgs',
  'transformers',
  'sanitizeControlTokens',
  'mask',
  'maxLength',
  'format',
  'columns',
  'checks',
];
const TOP_KEYS = [...SETTINGS_KEYS, 'files', '$schema'];
const ENTRY_KEYS = [...SETTINGS_KEYS, 'glob'];

/** Settings over settings: objects key by key, but for `mask` and `columns`, which are wholes. */
function over<T extends ProjectSettings>(base: T, given: ProjectSettings): T {
  return {
    ...base,
    ...given,
    ...(given.templateArgs ? { templateArgs: { ...base.templateArgs, ...given.templateArgs } } : {}),
    ...(given.checks ? { checks: { ...base.checks, ...given.checks } } : {}),
  };
}

type Plain = Readonly<Record<string, unknown>>;
const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Reads `sft-lens.json`: JSON, with comments and trailing commas. A key that is wrong is a problem and is left out of `config`,
 * so that the rest holds. Never throws.
 */
export function parseConfigFile(text: string): {
  readonly config: ProjectConfig;
  readonly problems: readonly ConfigProblem[];
} {
  const json = blankComments(text);
  if (json.trim() === '') return { config: {}, problems: [] };
  const { value, failure } = readJson(json);
  if (failure !== null) {
    const { message, range } = describeFailure(json, failure);
    return { config: {}, problems: [{ message: onLine(text, message), range }] };
  }
  const plain = toPlain(value);
  if (!isPlain(plain)) {
    return {
      config: {},
      problems: [{ message: 'The project file must be an object, `{...}`.', range: [0, text.length] }],
    };
  }
  const { problems, wrong } = problemsOf(json, plain);
  return { config: withoutWrong(plain, wrong), problems };
}

/** A file has lines: the column of a message is that in its line. */
function onLine(text: string, message: string): string {
  return message.replace(/column ([\d,]+)/, (_, digits: string) => {
    const before = text.slice(0, Number(digits.replaceAll(',', '')) - 1);
    const line = before.split('\n').length;
    return `line ${line}, column ${before.length - before.lastIndexOf('\n')}`;
  });
}

/** The problems, and pointers to the keys that cannot be used. */
function problemsOf(json: string, plain: Plain): { problems: ConfigProblem[]; wrong: ReadonlySet<string> } {
  const wrong = new Set<string>();
  const problems: ConfigProblem[] = [];
  if (validate(plain)) return { problems, wrong };
  const { locate } = locatorOf(json);
  for (const error of withoutEchoes(validate.errors ?? [])) {
    let pointer = error.instancePath;
    let message: string;
    let range: Range | null;
    if (error.keyword === 'additionalProperties') {
      const key = String(error.params['additionalProperty']);
      message = unknownKey(pointer, key);
      pointer = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      range = locate(pointer, 'key');
    } else if (error.keyword === 'propertyNames') {
      const key = String(error.params['propertyName']);
      message = pointer.endsWith('/mask')
        ? unknownMaskKey(valueAt(plain, pointer), key)
        : `\`${key}\` is no check's name: those are \`group/name\`. \`sft-lens checks\` lists them.`;
      pointer = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      range = locate(pointer, 'key');
    } else if (error.schemaPath.includes('propertyNames')) {
      continue;
    } else {
      message = sentenceOf(error, plain, 'The project file');
      range = locate(pointer);
    }
    wrong.add(pointer);
    problems.push({
      message: withSuggestion(message, error.params['allowedValues'], plain, pointer),
      range: range ?? [0, 0],
    });
  }
  return { problems, wrong };
}

function unknownKey(parent: string, key: string): string {
  const known = parent === '' ? TOP_KEYS : ENTRY_KEYS;
  const meant = nearest(key, known);
  const where = parent === '' ? '' : ` in ${placeName(parent)}`;
  return `\`${key}\` is not known${where}. ${meant === null ? 'Remove it.' : `Did you mean \`${meant}\`?`}`;
}

/** A key that the mask's preset does not have; perhaps another one has it. */
function unknownMaskKey(mask: unknown, key: string): string {
  const preset = PRESET_NAMES.find((name) => isPlain(mask) && mask['preset'] === name);
  const owners = PRESET_NAMES.filter((name) => maskKeys(name).includes(key)).map((name) => `\`${name}\``);
  const meant = nearest(key, maskKeys(preset));
  const which = preset === undefined ? '`mask`' : `the mask \`${preset}\``;
  const advice =
    meant !== null
      ? `Did you mean \`${meant}\`?`
      : owners.length > 0
        ? `It belongs to ${owners.join(', ')}.`
        : 'Remove it.';
  return `\`${key}\` is not known in ${which}. ${advice}`;
}

/** "Did you mean" for a value of a fixed set. */
function withSuggestion(message: string, allowed: unknown, plain: Plain, pointer: string): string {
  if (!Array.isArray(allowed)) return message;
  const value = valueAt(plain, pointer);
  const meant = typeof value === 'string' ? nearest(value, allowed.map(String)) : null;
  return meant === null ? message : `${message} Did you mean \`${meant}\`?`;
}

/** A copy without what is wrong. `mask` is used whole or not at all; of `checks`, `columns` and `files` the right entries are. */
function withoutWrong(plain: Plain, wrong: ReadonlySet<string>): ProjectConfig {
  const settings = (from: Plain, at: string): ProjectSettings => {
    const given: Record<string, unknown> = {};
    for (const key of SETTINGS_KEYS) {
      const value = from[key];
      if (value === undefined || wrong.has(`${at}/${key}`)) continue;
      const below = [...wrong].filter((pointer) => pointer.startsWith(`${at}/${key}/`));
      if (below.length === 0) given[key] = value;
      else if (key !== 'mask' && isPlain(value)) {
        const right = Object.entries(value).filter(
          ([name]) => !below.includes(`${at}/${key}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`),
        );
        given[key] = Object.fromEntries(right);
      }
    }
    return given as ProjectSettings;
  };
  const config = settings(plain, '');
  const { files } = plain;
  if (!Array.isArray(files) || wrong.has('/files')) return config;
  const entries = files.flatMap((entry: unknown, index): FileSettings[] => {
    const at = `/files/${index}`;
    if (!isPlain(entry) || wrong.has(at) || typeof entry['glob'] !== 'string' || wrong.has(`${at}/glob`)) return [];
    return [{ ...settings(entry, at), glob: entry['glob'] }];
  });
  return { ...config, files: entries };
}

/**
 * The settings of one data file: `defaults`, over them the project's, over those each entry of `files` that fits, in order.
 * `path`: of the data file, relative to the project file, with `/`. Paths in the result stay as they are written.
 */
export function settingsFor(config: ProjectConfig, path: string, defaults: Settings): WithMaskFile<Settings> {
  const { files = [], ...project } = config;
  let settings = over<WithMaskFile<Settings>>(defaults, project);
  for (const { glob, ...entry } of files) if (matchesGlob(path, glob)) settings = over(settings, entry);
  return settings;
}
