import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DEFAULT_SETTINGS, type Settings } from '../core/config.ts';
import { isMaskFile, parseConfigFile } from '../core/config-file.ts';
import { placePath, placeTokenizer } from '../node/hub/hub-id.ts';
import { loadProject } from '../node/project.ts';
import { dim } from './output.ts';

/** Wrong usage or a file that cannot be read: exit code 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

const COMMON = {
  tokenizer: { type: 'string' },
  'tokenizer-class': { type: 'string' },
  'chat-template': { type: 'string' },
  'template-arg': { type: 'string', multiple: true },
  mask: { type: 'string' },
  'max-length': { type: 'string' },
  format: { type: 'string' },
  transformers: { type: 'string' },
  threads: { type: 'string' },
  config: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

type OptionSpec = Readonly<
  Record<string, { readonly type: 'string' | 'boolean'; readonly multiple?: boolean; readonly short?: string }>
>;

export interface Arguments {
  readonly positionals: readonly string[];
  text(name: string): string | undefined;
  flag(name: string): boolean;
  /** The common options over `sft-lens.json` of a data file. Throws `UsageError`. */
  settingsFor(path: string): Promise<Settings>;
  readonly threads: number | undefined;
}

/** `own`: the command's options besides the common ones. Throws `UsageError` with the command's usage. */
export function readArguments(argv: readonly string[], own: OptionSpec): Arguments {
  let parsed: { values: Record<string, unknown>; positionals: string[] };
  try {
    parsed = parseArgs({ args: [...argv], options: { ...COMMON, ...own }, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  const { values } = parsed;
  const text = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  /** What was said of trainers' config files: of each file that is read the same. */
  const told = new Set<string>();
  const { maskPath, ...overrides } = overridesOf(text, values['template-arg']);
  return {
    positionals: parsed.positionals,
    text,
    flag: (name) => values[name] === true,
    threads: wholeNumber('threads', text('threads')),
    async settingsFor(path) {
      const config = text('config');
      const file = path === '-' ? './stdin.jsonl' : path;
      const project = await loadProject(file, DEFAULT_SETTINGS, {
        trusted: true,
        ...(config === undefined ? {} : { configPath: config }),
        maskPath,
      });
      const problem = project.configProblems[0];
      if (problem) throw new UsageError(`${project.configPath}: ${problem.message}`);
      const { maskFile, maskProblem } = project;
      if (maskProblem !== null) throw new UsageError(maskProblem);
      for (const line of maskFile === null || overrides.mask !== undefined ? [] : [maskFile.origin, ...maskFile.notes])
        if (!told.has(line)) {
          told.add(line);
          process.stderr.write(`${dim(line)}\n`);
        }
      return { ...project.settings, ...overrides };
    },
  };
}

/** The common options as `sft-lens.json` would say them, so that one schema judges both. */
function overridesOf(
  text: (name: string) => string | undefined,
  args: unknown,
): Partial<Settings> & { readonly maskPath?: string } {
  const given: Record<string, unknown> = {};
  const put = (key: string, value: unknown): void => {
    if (value !== undefined) given[key] = value;
  };
  put('tokenizer', placed(text('tokenizer'), placeTokenizer));
  put('tokenizerClass', text('tokenizer-class'));
  put('chatTemplate', placed(text('chat-template'), placePath));
  put('mask', maskOption(text('mask')));
  put('maxLength', wholeNumber('max-length', text('max-length')));
  put('format', text('format'));
  put('transformers', text('transformers'));
  if (Array.isArray(args)) given['templateArgs'] = Object.fromEntries(args.map((arg) => templateArgument(String(arg))));
  const { problems } = parseConfigFile(JSON.stringify(given));
  const problem = problems[0];
  if (problem) throw new UsageError(problem.message);
  const { mask, ...others } = given;
  return isMaskFile(mask) ? { ...others, maskPath: resolve(mask) } : (given as Partial<Settings>);
}

/** Paths on the command line count from where it runs. */
const placed = (id: string | undefined, place: (id: string, base: string) => string): string | undefined =>
  id === undefined || id.startsWith('bundled:') ? id : place(id, process.cwd());

function maskOption(text: string | undefined): unknown {
  if (text === undefined || !text.trimStart().startsWith('{')) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new UsageError('--mask is neither a preset nor a policy in JSON.');
  }
}

/** `k=v`: v is JSON where it reads as JSON, else text. */
function templateArgument(arg: string): [string, unknown] {
  const at = arg.indexOf('=');
  if (at < 1) throw new UsageError(`--template-arg ${arg}: write it as name=value.`);
  const value = arg.slice(at + 1);
  try {
    return [arg.slice(0, at), JSON.parse(value) as unknown];
  } catch {
    return [arg.slice(0, at), value];
  }
}

export function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new UsageError(`--${name} must be a whole number from 1. It is ${text}.`);
  return value;
}
