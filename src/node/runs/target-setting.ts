import { isAbsolute, join } from 'node:path';
import type { Target } from '../../core/runs/target.ts';

export const LOCAL = 'local';
/** The same as in package.json: the name also is part of messages and files. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
/** OpenSSH takes what begins with a hyphen for an option. */
const HOST = /^[^-\s][^\s]*$/;

export type TargetOrProblem = { readonly target: Target } | { readonly problem: string };

/** An entry of the setting with its defaults filled in. `home`: the home folder here, for targets on this computer. */
export function targetOf(setting: unknown, home: string): TargetOrProblem {
  if (typeof setting !== 'object' || setting === null) return { problem: 'A target must be an object.' };
  const { name, ssh, workdir, setup, python, slurm } = setting as Partial<Record<keyof Target, unknown>>;
  const wrong = (what: string): TargetOrProblem => ({ problem: `Target ${JSON.stringify(name)}: ${what}` });
  if (typeof name !== 'string' || !NAME.test(name))
    return wrong('its name must be of letters, digits, dots, hyphens and underscores.');
  if (name === LOCAL) return wrong('this name stands for this computer. Choose another.');
  if (!isNothing(ssh) && (typeof ssh !== 'string' || !HOST.test(ssh)))
    return wrong('`ssh` must be a host of your ssh configuration.');
  if (!isNothing(workdir) && typeof workdir !== 'string') return wrong('`workdir` must be a folder.');
  if (!isNothing(python) && typeof python !== 'string') return wrong('`python` must be the path of a Python.');
  if (!isNothing(setup) && !isLines(setup)) return wrong('`setup` must be a list of lines, each without a line break.');
  if (!isNothing(slurm) && typeof slurm !== 'object') return wrong('`slurm` must be an object.');
  const folder = typeof workdir === 'string' && workdir !== '' ? workdir : '~/sft-lens';
  if (!folder.startsWith('/') && !folder.startsWith('~/') && !isAbsolute(folder))
    return wrong('`workdir` must begin with / or ~/.');
  return {
    target: {
      name,
      ssh: typeof ssh === 'string' ? ssh : null,
      // On this computer no shell is asked what ~ is.
      workdir: typeof ssh !== 'string' && folder.startsWith('~/') ? join(home, folder.slice(2)) : folder,
      setup: isLines(setup) ? setup : [],
      python: typeof python === 'string' && python !== '' ? python : null,
      slurm: isNothing(slurm) ? null : (slurm as Target['slurm']),
    },
  };
}

const isNothing = (value: unknown): value is null | undefined => value === null || value === undefined;

const isLines = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((line) => typeof line === 'string' && !/[\r\n]/.test(line));
