import type { OptionValue } from '../mask/tools/tool.ts';

/** A mapping of a config file, as YAML and JSON give it. */
export type Config = Readonly<Record<string, unknown>>;

export const isConfig = (value: unknown): value is Config =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A key that has a value; `null` is none, as for the trainers' own readers. */
export const has = (config: Config, key: string): boolean => (config[key] ?? null) !== null;

export const text = (config: Config, key: string): string | undefined => {
  const value = config[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

export const flag = (config: Config, key: string): boolean => config[key] === true;

/** A whole number from 1. */
export const size = (config: Config, key: string): number | undefined => {
  const value = config[key];
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : undefined;
};

export const section = (config: Config, key: string): Config => {
  const value = config[key];
  return isConfig(value) ? value : {};
};

/** The mappings of a list. */
export const sections = (config: Config, key: string): readonly Config[] => {
  const value = config[key];
  return Array.isArray(value) ? value.filter(isConfig) : [];
};

const isOption = (value: unknown): value is OptionValue =>
  value === null ||
  typeof value === 'string' ||
  typeof value === 'number' ||
  typeof value === 'boolean' ||
  (Array.isArray(value) && value.every(isOption));

/** Those of a tool's options that the config gives. */
export function optionsIn(config: Config, names: readonly string[]): Record<string, OptionValue> {
  const options: Record<string, OptionValue> = {};
  for (const name of names) {
    const value = config[name];
    if (value !== undefined && value !== null && isOption(value)) options[name] = value;
  }
  return options;
}

/** `{name: value}` where there is a value, to be spread. */
export const given = <K extends string, V>(name: K, value: V | undefined): { readonly [P in K]?: V } =>
  (value === undefined ? {} : { [name]: value }) as { readonly [P in K]?: V };

/** The last part of a path or an address. */
export const baseName = (path: string): string =>
  path
    .replace(/[\\/]+$/, '')
    .split(/[\\/]/)
    .pop() ?? path;

/** Whether one of a config's paths or patterns is that of the data file. */
export function namesData(paths: unknown, dataPath: string | null): boolean {
  if (dataPath === null) return false;
  const all: unknown[] = Array.isArray(paths) ? paths : isConfig(paths) ? Object.values(paths).flat() : [paths];
  return all.some((path) => typeof path === 'string' && baseName(path) === baseName(dataPath));
}
