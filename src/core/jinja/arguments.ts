import { fail } from './errors.ts';
import type { Keywords, PyList, PyValue } from './values.ts';

/**
 * Puts positional and keyword arguments of a call in the order of `names`; what is not given is undefined.
 * Python's TypeErrors for too many, doubled and unknown ones; `implicit` counts what comes before them (a filter's value).
 */
export function bind(
  callee: string,
  names: readonly string[],
  args: PyList,
  keywords: Keywords,
  required = 0,
  implicit = 0,
): readonly (PyValue | undefined)[] {
  if (args.length > names.length) {
    const [least, most] = [required + implicit, names.length + implicit];
    const range = least === most ? String(most) : `from ${least} to ${most}`;
    const given = args.length + implicit;
    fail(
      `${callee}() takes ${range} positional argument${range === '1' ? '' : 's'} but ${given} ${given === 1 ? 'was' : 'were'} given`,
    );
  }
  if (keywords.size === 0) {
    if (args.length < required) missing(callee, names, args.length);
    return args;
  }
  const bound: (PyValue | undefined)[] = [...args];
  for (const [name, value] of keywords) {
    const at = names.indexOf(name);
    if (at < 0) fail(`${callee}() got an unexpected keyword argument '${name}'`);
    if (at < args.length) fail(`${callee}() got multiple values for argument '${name}'`);
    bound[at] = value;
  }
  for (let i = 0; i < required; i++) if (bound[i] === undefined) missing(callee, names, i);
  return bound;
}

function missing(callee: string, names: readonly string[], at: number): never {
  return fail(`${callee}() missing 1 required positional argument: '${names[at]}'`);
}
