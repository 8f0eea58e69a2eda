import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Target } from '../../core/runs/target.ts';
import type { Facts, PythonFact } from './facts.ts';
import { RunnerError } from './runner.ts';
import { script } from './script.ts';
import checkScript from './scripts/check-python.sh';
import environmentScript from './scripts/environment.sh';
import { failure } from './staging.ts';
import type { Transport } from './transport.ts';

/** Milliseconds. Two gigabytes of packages on a slow line. */
const INSTALL = 2 * 3600_000;
const CHECK = 300_000;
const OLDEST = [3, 10] as const;
/** uv fetches it where there is none. */
const FOR_UV = '3.12';

/** Prints the versions of packages and which are not there. */
const VERSIONS = `import importlib.metadata as m, json, sys
have, lacks = {}, []
for name in sys.argv[1:]:
    try:
        have[name] = m.version(name)
    except m.PackageNotFoundError:
        lacks.append(name)
print(json.dumps({"versions": have, "lacks": lacks}))`;

/** Imports them, since what is installed can still be broken, and prints their versions. */
const IMPORTS = `import importlib, importlib.metadata as m, sys
modules = {}
for module, packages in m.packages_distributions().items():
    for package in packages:
        modules.setdefault(package, []).append(module)
for name in sys.argv[1:]:
    own = name.replace("-", "_")
    having = [module for module in modules.get(name, []) if not module.startswith("_")]
    if having:
        importlib.import_module(own if own in having else having[0])
${VERSIONS}`;

export interface Environment {
  /** Absolute path of the interpreter on the target. */
  readonly python: string;
  readonly versions: Readonly<Record<string, string>>;
}

const isNewEnough = ({ version }: PythonFact): boolean => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
};

/** The Python that the environment is made with, or the user's own; null: uv brings one. */
export function usablePython(target: Target, facts: Facts): PythonFact | null | RunnerError {
  const fits = facts.pythons.find(
    (python) => isNewEnough(python) && (target.python !== null || python.venv || facts.uv !== null),
  );
  if (fits) return fits;
  const old = facts.pythons[0];
  if (target.python !== null) {
    return old
      ? new RunnerError(
          'no-python',
          `${target.python} is Python ${old.version}. The trainer needs 3.10 or later.`,
          'Set python of the target to a newer one.',
        )
      : new RunnerError(
          'no-python',
          `${target.python} does not run.`,
          'Set python of the target to a Python that has the packages of the trainer, or remove it.',
        );
  }
  if (facts.uv !== null) return null;
  const recent = facts.pythons.find(isNewEnough);
  if (recent) {
    return new RunnerError(
      'no-python',
      `${recent.path} cannot make environments: venv or ensurepip is missing.`,
      'Install the package python3-venv or uv there, or set python of the target.',
    );
  }
  return new RunnerError(
    'no-python',
    old ? `The only Python there is ${old.version}. The trainer needs 3.10 or later.` : 'There is no Python.',
    'Install Python 3.10 or later, or uv, or add a line to setup of the target that loads one.',
  );
}

/** Names of the packages in a requirements file. */
export const packagesOf = (requirements: string): readonly string[] =>
  requirements.split('\n').flatMap((line) => {
    const text = line.replace(/(^|\s)#.*$/, '').trim();
    // What holds only on some systems may rightly be missing.
    if (text.startsWith('-') || text.includes(';')) return [];
    return /^[A-Za-z0-9][A-Za-z0-9._-]*/.exec(text) ?? [];
  });

/**
 * The environment of the trainer: the user's own Python where the target names one, else one that is made once for each
 * set of requirements. `onDetail` is told how far it is.
 */
export async function prepareEnvironment(
  transport: Transport,
  target: Target,
  facts: Facts,
  requirements: string,
  onDetail: (detail: string) => void,
  signal?: AbortSignal,
): Promise<Environment> {
  const python = usablePython(target, facts);
  if (python instanceof RunnerError) throw python;
  const envs = `${facts.workdir ?? target.workdir}/envs`;
  if (target.python !== null && python) return check(transport, target, python.path, envs, requirements, signal);
  const name = python?.path ?? FOR_UV;
  const hash = createHash('sha256')
    .update(
      JSON.stringify([
        requirements,
        facts.system,
        facts.machine,
        python?.path ?? null,
        python?.version ?? FOR_UV,
        facts.uv !== null,
      ]),
    )
    .digest('hex')
    .slice(0, 16);
  const lines = readLines((line) => {
    const detail = progressOf(line, seen);
    if (detail !== null) onDetail(detail);
  });
  const seen = { collected: 0 };
  const said: string[] = [];
  const { code, err } = await transport.run(
    script(
      environmentScript,
      { ENVS: { path: envs }, HASH: hash, UV: facts.uv ?? '', PYTHON: name, CHECK: IMPORTS },
      packagesOf(requirements),
      target.setup,
    ),
    {
      timeout: INSTALL,
      input: Readable.from([Buffer.from(requirements)]),
      signal,
      onOut: (data) => {
        for (const line of lines(data)) said.push(line);
        if (said.length > 200) said.splice(0, said.length - 200);
        return undefined;
      },
    },
  );
  const text = said.join('\n');
  if (code !== 0) {
    if (/No space left on device|Disk quota exceeded/.test(`${text}\n${err}`))
      throw failure(transport, 'No space left on device');
    const line = lastError(said) ?? err.trim().split('\n').at(-1) ?? '';
    throw new RunnerError(
      'environment',
      `The packages of the trainer could not be installed on ${transport.where}: ${line.slice(0, 300).replace(/\.?$/, '.')}`,
      code === 6
        ? 'They are installed but do not load. Set python of the target to an environment that works there.'
        : 'Look at the network there, or set python of the target to an environment that has them.',
    );
  }
  return answerOf(said);
}

async function check(
  transport: Transport,
  target: Target,
  python: string,
  envs: string,
  requirements: string,
  signal?: AbortSignal,
): Promise<Environment> {
  const packages = packagesOf(requirements);
  const { code, out } = await transport.run(
    script(checkScript, { PYTHON: python, VERSIONS, CHECK: IMPORTS, ENVS: { path: envs } }, packages, target.setup),
    { timeout: CHECK, signal },
  );
  const said = out.toString('utf8').split('\n');
  const lacks = /"lacks": \[(.*)\]/.exec(said.join('\n'))?.[1]?.replaceAll('"', '') ?? '';
  if (lacks !== '') {
    throw new RunnerError(
      'environment',
      `${python} on ${transport.where} lacks ${lacks}.`,
      `Install what is missing there (${python} -m pip install ${lacks.replaceAll(',', '')}), or remove python from the target.`,
    );
  }
  if (code !== 0) {
    throw new RunnerError(
      'environment',
      `The packages of ${python} do not load on ${transport.where}: ${(said.findLast((line) => line.trim() !== '') ?? '').slice(0, 300).replace(/\.?$/, '.')}`,
      'Repair that environment, or remove python from the target.',
    );
  }
  return answerOf(said);
}

function answerOf(lines: readonly string[]): Environment {
  const python = lines.findLast((line) => line.startsWith('python '))?.slice(7) ?? '';
  const json = lines.findLast((line) => line.startsWith('{"versions"'));
  const versions = json ? (JSON.parse(json) as { versions: Record<string, string> }).versions : {};
  return { python, versions };
}

function progressOf(line: string, seen: { collected: number }): string | null {
  const collecting = /^Collecting ([A-Za-z0-9._-]+)/.exec(line);
  if (collecting) return `${++seen.collected}: ${collecting[1]}`;
  const download = /^\s*Downloading (\S+?)(?:-\d\S*)? \(([\d.]+ [kMG]?B)\)/.exec(line);
  if (download) return `${seen.collected}: ${download[1]}, ${download[2]}`;
  const together = /^Installing collected packages: (.*)/.exec(line);
  if (together?.[1]) return `unpacking ${together[1].split(',').length}`;
  const uv = /^(?:Resolved|Prepared|Installed) (\d+) packages?/.exec(line);
  if (uv) return line.split(' in ')[0]?.toLowerCase() ?? null;
  if (line === 'waiting') return 'another window installs them';
  if (line === 'checking') return 'loading them once';
  return null;
}

const lastError = (lines: readonly string[]): string | null =>
  lines.find((line) => /^ERROR: /.test(line))?.replace(/^ERROR: /, '') ??
  lines.findLast((line) => line.trim() !== '') ??
  null;

/** Whole lines out of pieces of text. */
function readLines(onLine: (line: string) => void): (data: Buffer) => readonly string[] {
  let rest = '';
  return (data) => {
    const lines = (rest + data.toString('utf8')).split(/\r?\n/);
    rest = lines.pop() ?? '';
    lines.forEach(onLine);
    return lines;
  };
}
