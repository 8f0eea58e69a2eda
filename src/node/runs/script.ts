import { quote, quotePath } from './quote.ts';
import common from './scripts/common.sh';

/** What a script is told: texts are quoted as they are, paths may begin with `~/`, lists become several words. */
export type Value = string | number | boolean | { readonly path: string };

const word = (value: Value): string =>
  typeof value === 'object'
    ? quotePath(value.path)
    : quote(typeof value === 'boolean' ? (value ? '1' : '') : `${value}`);

/**
 * A script with its variables set before it and its arguments as `$@`. Nothing is pasted into the script's text, so a
 * value can be anything that a variable of sh can hold.
 */
export function script(
  source: string,
  variables: Readonly<Record<string, Value>> = {},
  args: readonly Value[] = [],
  setup: readonly string[] = [],
): string {
  const assignments = Object.entries(variables).map(([name, value]) => `${name}=${word(value)}\n`);
  const positional = `set -- ${args.map(word).join(' ')}\n`;
  return `${common}${setupBlock(setup)}${assignments.join('')}${positional}${source}`;
}

/** The user's own lines. What they print must not be taken for an answer; what they set must stay. */
export const setupBlock = (setup: readonly string[]): string =>
  setup.length === 0 ? '' : `{\n${setup.join('\n')}\n} >&2 </dev/null\n`;
