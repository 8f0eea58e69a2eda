import { isRunId } from '../../core/runs/run-id.ts';
import { RunnerError } from './runner.ts';

/**
 * One word of POSIX sh that stands for exactly this text. Single quotes take everything literally but themselves.
 * Throws `RunnerError` (bad-name) for a NUL, which no argument can hold.
 */
export function quote(text: string): string {
  if (text.includes('\0')) throw new RunnerError('bad-name', `${JSON.stringify(text)} holds a NUL.`, 'Take it out.');
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Like `quote`, for a path on a target: a leading `~/` is the home there. Line breaks are refused. */
export function quotePath(path: string): string {
  if (/[\r\n]/.test(path)) {
    throw new RunnerError('bad-name', `${JSON.stringify(path)} holds a line break.`, 'Take it out.');
  }
  if (path === '~') return '"$HOME"';
  return path.startsWith('~/') ? `"$HOME"/${quote(path.slice(2))}` : quote(path);
}

const ALIAS = /^[A-Za-z0-9_.@:[\]%][A-Za-z0-9_.@:[\]%-]*$/;

/** A name that ssh takes for a host and for nothing else: it never begins with a dash. */
export function checkAlias(alias: string): string {
  if (ALIAS.test(alias)) return alias;
  throw new RunnerError(
    'bad-name',
    `${JSON.stringify(alias)} is no name of a host for ssh.`,
    'Set ssh to a Host of your ssh configuration, or to user@host.',
  );
}

/** Run ids are parts of paths and names of jobs. */
export function checkRunId(id: string): string {
  if (isRunId(id)) return id;
  throw new RunnerError('bad-name', `${JSON.stringify(id)} is no id of a run.`, 'Start the run again.');
}

/** A path inside a run's folder, as run folders and their files name it. */
export function checkRelative(path: string): string {
  const parts = path.split('/');
  if (path !== '' && !path.includes('\\') && !/[\0\r\n]/.test(path) && !parts.some((part) => /^(\.{0,2})$/.test(part)))
    return path;
  throw new RunnerError('bad-name', `${JSON.stringify(path)} is no file of a run.`, 'Name a file inside its folder.');
}

/** A path that holds a run or many: absolute, or below the home on the target. */
export function checkFolder(path: string): string {
  if (/^(\/|~\/).*[^/]/.test(path) && !/[\0\r\n]/.test(path) && !path.split('/').includes('..')) return path;
  throw new RunnerError(
    'bad-name',
    `${JSON.stringify(path)} is no folder for runs.`,
    'Set workdir to an absolute path, or to one that begins with ~/.',
  );
}

const SECRET = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Lines of sh that set the secrets; they only ever travel on standard input. */
export function secretLines(secrets: Readonly<Record<string, string>>): string {
  return Object.entries(secrets)
    .map(([name, value]) => {
      if (!SECRET.test(name)) throw new RunnerError('bad-name', `${name} is no name of a variable.`, 'Rename it.');
      if (/[\0\r\n]/.test(value)) {
        // Says nothing of the value.
        throw new RunnerError('bad-name', `The value of ${name} has more than one line.`, 'Set it again.');
      }
      return `export ${name}=${quote(value)}\n`;
    })
    .join('');
}
