import type { CheckLevel } from '../config.ts';

/** What `sft-lens.json` says about a code: the code itself, or its group as `roles/*`, or all as `*`. */
export function levelOf(code: string, levels: Readonly<Record<string, CheckLevel>>): CheckLevel | undefined {
  return levels[code] ?? levels[`${code.slice(0, code.indexOf('/'))}/*`] ?? levels['*'];
}
