// Installs what is missing, and only that: each step first looks whether it has anything to do.
// Before `npmPackages` has run there is no node_modules, so this file imports nothing from it.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheDir, environment, mainProgram, onPath, root, runOrStop, Stop, seconds } from './lib/run.mjs';

const node24 = join(cacheDir, 'node24');
const node24Package = join(node24, 'node_modules/node/node_modules', `node-${process.platform}-${process.arch}`);
const codeServerDir = join(cacheDir, 'code-server');

/** Where things are once they have been installed. */
export const places = {
  node24: join(node24Package, 'bin/node'),
  codeServer: join(codeServerDir, 'node_modules/code-server'),
  python: join(cacheDir, 'parity/venv/bin/python'),
  trainer: join(cacheDir, 'trainer/venv/bin/python'),
};

async function step(what, action) {
  const start = performance.now();
  console.log(`setup: ${what} ...`);
  const result = await action();
  console.log(`setup: ${what}: done in ${seconds(start)}`);
  return result;
}

/** True when node_modules holds exactly what package-lock.json says (other platforms' packages aside). */
function npmPackagesAreInstalled() {
  const installedFile = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const present = installed[path];
    return present ? present.version === entry.version : entry.optional === true || entry.devOptional === true;
  });
}

export async function npmPackages() {
  if (npmPackagesAreInstalled()) return;
  await step('npm packages', () => runOrStop('Installing the npm packages', 'npm', ['ci']));
}

const debianPackageIsInstalled = (name) => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own notation
  const query = spawnSync('dpkg-query', ['-W', '-f=${Status}', name], { encoding: 'utf8' });
  return query.status === 0 && query.stdout.includes('install ok installed');
};

/** `needs`: Debian package -> is it (or something as good) there already? */
async function debianPackages(needs) {
  const missing = Object.keys(needs).filter((name) => !needs[name]());
  if (missing.length === 0) return;
  const install = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (!onPath('apt-get')) {
    throw new Stop(`Missing on this machine: ${missing.join(', ')}. Install them with its own package manager.`);
  }
  if (process.getuid?.() !== 0) {
    throw new Stop(`Missing Debian packages: ${missing.join(', ')}. Run as root: apt-get update && ${install}`);
  }
  await step(`Debian packages ${missing.join(' ')}`, async () => {
    const env = environment({ DEBIAN_FRONTEND: 'noninteractive' });
    await runOrStop('Reading the list of Debian packages', 'apt-get', ['update'], { env });
    await runOrStop('Installing Debian packages', 'apt-get', install.split(' ').slice(1), { env });
  });
}

export const chromium = () => debianPackages({ chromium: () => existsSync('/usr/bin/chromium') });

/** A real ssh server, and a Slurm that can have two nodes on one machine. */
export const clusterPrograms = () =>
  debianPackages({
    'openssh-client': () => onPath('ssh') && onPath('ssh-keygen'),
    'openssh-server': () => existsSync('/usr/sbin/sshd'),
    'slurm-wlm': () => onPath('sbatch') && existsSync('/usr/sbin/slurmctld') && existsSync('/usr/sbin/slurmd'),
    munge: () => existsSync('/usr/sbin/munged'),
  });

/** Copies a pinned folder of tools/ into the cache and installs it, unless that very pin is there already. */
async function pinnedTool(name, target, { env, check }) {
  const source = join(root, 'tools', name);
  const hash = createHash('sha256');
  for (const file of ['package.json', 'package-lock.json']) hash.update(readFileSync(join(source, file)));
  const stamp = `${hash.digest('hex')}\n`;
  const stampFile = join(target, 'installed.sha256');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp && check().ok) return;
  await step(name, async () => {
    rmSync(target, { recursive: true, force: true });
    mkdirSync(target, { recursive: true });
    for (const file of ['package.json', 'package-lock.json', '.npmrc']) cpSync(join(source, file), join(target, file));
    await runOrStop(`Installing ${name}`, 'npm', ['ci'], { cwd: target, env });
    const { ok, message } = check();
    if (!ok) throw new Stop(`${name} was installed but does not work: ${message}`);
    writeFileSync(stampFile, stamp);
  });
}

/** Runs `program` and tells whether it ended well. */
function probe(program, args, cwd) {
  if (!existsSync(program)) return { ok: false, message: `${program} is missing` };
  const result = spawnSync(program, args, { cwd, encoding: 'utf8' });
  return { ok: result.status === 0, message: result.stderr ?? '' };
}

const nativeModules = ['@vscode/spdlog', '@vscode/sqlite3', 'kerberos', 'node-pty', '@parcel/watcher'];

/** VS Code as a server, with the Node 24 that it needs. */
export async function codeServer() {
  await debianPackages({
    'libkrb5-dev': () => debianPackageIsInstalled('libkrb5-dev') || existsSync('/usr/include/gssapi/gssapi.h'),
    'g++': () => onPath('g++'),
    make: () => onPath('make'),
    python3: () => onPath('python3'),
  });
  await pinnedTool('node24', node24, { env: process.env, check: () => probe(places.node24, ['--version'], root) });
  const requireAll = nativeModules.map((name) => `require(${JSON.stringify(name)});`).join('');
  await pinnedTool('code-server', codeServerDir, {
    // The headers of the very Node that runs it; a nodedir in the user's npmrc may point to another one.
    // Under `npm test` the outer npm has left its user agent there, which names its own Node; the installer believes it.
    env: environment(
      { npm_config_nodedir: node24Package, npm_config_user_agent: undefined, npm_node_execpath: undefined },
      [join(node24Package, 'bin')],
    ),
    check: () => {
      const cwd = join(places.codeServer, 'lib/vscode');
      return existsSync(cwd)
        ? probe(places.node24, ['-e', requireAll], cwd)
        : { ok: false, message: `${cwd} is missing` };
    },
  });
}

/** A Python of its own with the pinned packages of tools/parity/requirements.txt. Returns the interpreter's path. */
export async function python() {
  await debianPackages({
    python3: () => onPath('python3'),
    'python3-venv': () => spawnSync('python3', ['-c', 'import ensurepip, venv'], { stdio: 'ignore' }).status === 0,
  });
  const requirements = join(root, 'tools/parity/requirements.txt');
  const stamp = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  const folder = join(cacheDir, 'parity/venv');
  const stampFile = join(folder, 'installed.sha256');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return places.python;
  await step('Python packages', async () => {
    rmSync(folder, { recursive: true, force: true });
    await runOrStop('Making a Python environment', 'python3', ['-m', 'venv', folder]);
    await runOrStop('Installing Python packages', places.python, [
      '-m',
      'pip',
      'install',
      '--quiet',
      '-r',
      requirements,
    ]);
    writeFileSync(stampFile, stamp);
  });
  return places.python;
}

/**
 * Older versions of transformers, one folder each in `.cache/parity/transformers`: with that folder first on PYTHONPATH,
 * the Python of `python()` has that version, and what else tools/parity/transformers/VERSION.txt names.
 */
export async function transformersVersions() {
  const lists = join(root, 'tools/parity/transformers');
  const interpreter = await python();
  for (const file of readdirSync(lists).sort()) {
    const version = file.replace(/\.txt$/, '');
    const folder = join(cacheDir, 'parity/transformers', version);
    const stamp = createHash('sha256')
      .update(readFileSync(join(lists, file)))
      .digest('hex');
    const stampFile = join(folder, 'installed.sha256');
    if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) continue;
    const uv = await uvProgram();
    await step(`transformers ${version}`, async () => {
      rmSync(folder, { recursive: true, force: true });
      const into = ['--no-deps', '--python', interpreter, '--target', folder];
      await runOrStop(`Installing transformers ${version}`, uv, [
        ...['pip', 'install', '--quiet', ...into, '-r', join(lists, file)],
      ]);
      writeFileSync(stampFile, stamp);
    });
  }
}

/** Whether a Python has all that a requirements file asks for. */
const SATISFIED = `
import importlib.metadata, sys
from packaging.requirements import Requirement
for line in open(sys.argv[1]):
    wanted = Requirement(line.strip())
    assert wanted.specifier.contains(importlib.metadata.version(wanted.name)), line
`;

/** A Python of its own for the trainer of src/trainer, with a torch for the processor. Returns the interpreter's path. */
export async function trainer() {
  const requirements = join(root, 'src/trainer/requirements.txt');
  const stamp = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  const folder = join(cacheDir, 'trainer/venv');
  const stampFile = join(folder, 'installed.sha256');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return places.trainer;
  if (!probe(places.trainer, ['-c', SATISFIED, requirements], root).ok) {
    await debianPackages({
      python3: () => onPath('python3'),
      'python3-venv': () => spawnSync('python3', ['-c', 'import ensurepip, venv'], { stdio: 'ignore' }).status === 0,
    });
    await step('Python packages of the trainer', async () => {
      rmSync(folder, { recursive: true, force: true });
      await runOrStop('Making a Python environment', 'python3', ['-m', 'venv', folder]);
      const pip = (what, ...args) => runOrStop(what, places.trainer, ['-m', 'pip', ...args]);
      const torch = readFileSync(requirements, 'utf8').match(/^torch==.*$/m)[0];
      if (pipOffersProcessorBuild(torch)) await pip('Installing torch', 'install', '--quiet', torch);
      else {
        // pip would take gigabytes of CUDA libraries with it; uv knows where the builds for the processor are.
        await pip('Installing uv', 'install', '--quiet', 'uv');
        const uv = [
          '-m',
          'uv',
          'pip',
          'install',
          '--quiet',
          '--python',
          places.trainer,
          '--torch-backend',
          'cpu',
          torch,
        ];
        await runOrStop('Installing torch', places.trainer, uv);
      }
      await pip('Installing the packages of the trainer', 'install', '--quiet', '-r', requirements);
    });
  }
  writeFileSync(stampFile, stamp);
  return places.trainer;
}

function pipOffersProcessorBuild(torch) {
  const args = ['-m', 'pip', 'install', '--quiet', '--dry-run', '--report', '-', torch];
  const { status, stdout } = spawnSync(places.trainer, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  return status === 0 && !JSON.parse(stdout).install.some(({ metadata }) => /^(nvidia|cuda)-/.test(metadata.name));
}

/** The trainers that masks are compared with, each with a Python of its own: the folders of tools/trainers. */
export const trainerNames = () => readdirSync(join(root, 'tools/trainers')).sort();

/**
 * A Python with the packages of tools/trainers/NAME: those of `requirements.txt` with all that they need (torch for the
 * processor), then those of `no-deps.txt` alone. uv makes them, which shares files between environments. Returns the
 * interpreter's path.
 */
export async function trainerNamed(name) {
  const lists = ['requirements.txt', 'no-deps.txt']
    .map((file) => join(root, 'tools/trainers', name, file))
    .filter((file) => existsSync(file));
  const folder = join(cacheDir, 'trainers', name);
  const interpreter = join(folder, 'bin/python');
  const stamp = createHash('sha256');
  for (const list of lists) stamp.update(readFileSync(list));
  const wanted = stamp.digest('hex');
  const stampFile = join(folder, 'installed.sha256');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted) return interpreter;
  const uv = await uvProgram();
  await step(`Python packages of ${name}`, async () => {
    rmSync(folder, { recursive: true, force: true });
    await runOrStop('Making a Python environment', uv, ['venv', '--quiet', '--python', 'python3', folder]);
    for (const list of lists) {
      const how = list.endsWith('no-deps.txt') ? ['--no-deps'] : torchForTheProcessor();
      const args = ['pip', 'install', '--quiet', '--python', interpreter, ...how, '-r', list];
      await runOrStop(`Installing the packages of ${name}`, uv, args);
    }
    writeFileSync(stampFile, wanted);
  });
  return interpreter;
}

/** uv knows where the builds of torch for the processor are; where pip was given one as a file, it takes that. */
function torchForTheProcessor() {
  const wheels = process.env.PIP_FIND_LINKS ?? '';
  const given = existsSync(wheels) && readdirSync(wheels).some((file) => /^torch-.*\+cpu-/.test(file));
  return given ? ['--find-links', wheels] : ['--torch-backend', 'cpu'];
}

async function uvProgram() {
  const folder = join(cacheDir, 'trainers/.uv');
  const program = join(folder, 'bin/uv');
  if (!probe(program, ['--version'], root).ok)
    await step('uv', async () => {
      await runOrStop('Making a Python environment', 'python3', ['-m', 'venv', folder]);
      await runOrStop('Installing uv', join(folder, 'bin/python'), ['-m', 'pip', 'install', '--quiet', 'uv']);
    });
  return program;
}

const steps = {
  'npm-packages': npmPackages,
  chromium,
  'code-server': codeServer,
  python,
  'transformers-versions': transformersVersions,
  trainer,
  'cluster-programs': clusterPrograms,
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await mainProgram(async () => {
    const chosen = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(steps);
    for (const name of chosen) {
      if (!steps[name]) throw new Stop(`No step "${name}". There are: ${Object.keys(steps).join(', ')}.`);
      await steps[name]();
    }
  });
}
