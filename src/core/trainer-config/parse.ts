import { parseDocument } from 'yaml';
import { type Config, isConfig } from './values.ts';

export type ParsedConfig =
  | { readonly config: Config; readonly problem?: never }
  | { readonly problem: string; readonly config?: never };

/**
 * A YAML or JSON file as the trainers' own reader has it: PyYAML, which knows YAML 1.1 (`no` is false) and takes the last of
 * two equal keys. Never throws.
 */
export function parseConfig(text: string, name: string): ParsedConfig {
  if (name.endsWith('.toml')) return { problem: `${name} is TOML. Give the trainer's YAML or JSON file.` };
  try {
    const document = parseDocument(text, { version: '1.1', uniqueKeys: false, prettyErrors: true, logLevel: 'silent' });
    const error = document.errors[0];
    if (error !== undefined) {
      const line = error.linePos?.[0].line;
      const what = error.message
        .split('\n')[0]!
        .replace(/ at line \d+, column \d+:?$/, '')
        .replace(/\.?$/, '.');
      return { problem: `${name} is no valid YAML${line === undefined ? '' : `, line ${line}`}: ${what} Correct it.` };
    }
    const config: unknown = document.toJS({ maxAliasCount: 100 });
    return isConfig(config) ? { config } : { problem: `${name} holds no keys. Give the config file of a trainer.` };
  } catch (error) {
    // Too many aliases, or a tag that leads nowhere.
    return { problem: `${name} cannot be read: ${error instanceof Error ? error.message : String(error)} Correct it.` };
  }
}
