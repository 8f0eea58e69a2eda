// Starts code-server (VS Code as a server) on loopback and says how to reach it.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { places } from '../setup.mjs';
import { cacheDir, environment, root, runOrStop } from './run.mjs';

/** What a packaged extension is made of. */
const extensionParts = ['package.json', 'dist', 'docs', 'media', 'samples', 'schemas', 'syntaxes'];

/**
 * A folder that holds only links to the parts of the extension, to be run from in development. The repository itself
 * will not do: VS Code holds every theme below an extension under development for that extension's own and applies it
 * in spite of the settings, and its own themes lie below .cache/.
 */
export function stagedExtension() {
  const folder = join(cacheDir, 'extension');
  mkdirSync(folder, { recursive: true });
  for (const part of extensionParts) {
    const link = join(folder, part);
    rmSync(link, { force: true, recursive: true });
    if (existsSync(join(root, part))) symlinkSync(join(root, part), link);
  }
  return folder;
}

/** Nothing opens, asks or phones home by itself. */
export const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.welcomePage.experimentalOnboarding': false,
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  // Without a graphics card a spinner in the status bar keeps a processor busy, of which the tests have few.
  'workbench.reduceMotion': 'on',
  'extensions.ignoreRecommendations': true,
  'extensions.autoCheckUpdates': false,
  'telemetry.telemetryLevel': 'off',
  'window.autoDetectColorScheme': false,
  'workbench.colorTheme': 'Dark 2026',
  // The default on a remote is 10 MB, and its question blocks the opening.
  'workbench.editorLargeFileConfirmation': 1024,
  // The web's default is afterDelay: a stray key would reach the file.
  'files.autoSave': 'off',
  'git.enabled': false,
};

export const chromiumArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The arguments and the environment of code-server with everything that it writes inside `dataDir`. */
export function codeServerCommand({ dataDir, trust = true, testing = false, port = 0 }) {
  const remove = Object.keys(process.env).filter((key) => key.startsWith('VSCODE_'));
  const env = environment({
    ...Object.fromEntries(remove.map((key) => [key, undefined])),
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
  });
  const args = [
    join(places.codeServer, 'out/node/entry.js'),
    ...['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`],
    ...['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override', '--ignore-last-opened'],
    ...(trust ? ['--disable-workspace-trust'] : []),
    ...['--config', join(dataDir, 'config.yaml'), '--user-data-dir', dataDir],
    ...['--extensions-dir', join(dataDir, 'extensions')],
    // A built VS Code reads the address's extension paths only with this driver on.
    ...(testing ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
  ];
  return { command: places.node24, args, env };
}

export function writeSettings(dataDir, settings) {
  mkdirSync(join(dataDir, 'User'), { recursive: true });
  writeFileSync(join(dataDir, 'User/settings.json'), JSON.stringify(settings, null, 2));
}

/**
 * Starts it and waits until it listens. `trust: false` leaves Workspace Trust on, so that the folder opens in
 * Restricted Mode. `stop` ends the whole process group: its extension hosts would outlive it.
 */
export async function startCodeServer({ dataDir, settings = {}, env: extra = {}, ...options }) {
  // A person's own settings stay as they left them.
  const keep = options.keepSettings && existsSync(join(dataDir, 'User/settings.json'));
  const trustSettings = options.trust === false ? { 'security.workspace.trust.startupPrompt': 'never' } : {};
  if (!keep) writeSettings(dataDir, { ...quietSettings, ...trustSettings, ...settings });
  const { command, args, env } = codeServerCommand({ dataDir, ...options });
  const child = spawn(command, args, { env: { ...env, ...extra }, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const stop = () => {
    process.off('exit', stop);
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has left already.
    }
  };
  process.once('exit', stop);
  const address = await new Promise((resolve, reject) => {
    const listen = (data) => {
      output += data;
      const match = /HTTP server listening on http:\/\/([\d.:]+)/.exec(output);
      if (match) resolve(match[1]);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('exit', (code) => reject(new Error(`code-server left with ${code}.\n${output}`)));
    child.once('error', reject);
  });
  return { address, dataDir, stop, output: () => output };
}

/** The address that opens `folder` with the extension of the folder `extension` (null: only installed ones). */
export function workbenchUrl(address, { folder, extension = null, tests = null, openFile = null }) {
  const remote = (path) => `vscode-remote://${address}${path}`;
  const payload = [
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
  ];
  if (extension) payload.push(['extensionDevelopmentPath', remote(extension)]);
  if (tests) payload.push(['extensionTestsPath', remote(tests)]);
  if (openFile) payload.push(['openFile', remote(openFile)]);
  return `http://${address}/?folder=${encodeURIComponent(folder)}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
}

/**
 * Lists an extension folder among the installed ones of a data folder, so that a plain address shows it. A reload of
 * the window takes up what has been built since.
 */
export function linkExtension(dataDir, folder) {
  const { publisher, name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const entry = {
    identifier: { id: `${publisher}.${name}` },
    version,
    location: { $mid: 1, scheme: 'file', path: folder },
    metadata: {},
  };
  mkdirSync(join(dataDir, 'extensions'), { recursive: true });
  writeFileSync(join(dataDir, 'extensions/extensions.json'), JSON.stringify([entry]));
}

/** Installs a VSIX into a data folder, as a user would. Returns what was printed. */
export function installExtension(dataDir, vsix) {
  const { command, args, env } = codeServerCommand({ dataDir });
  const [entry] = args;
  const folders = ['--user-data-dir', dataDir, '--extensions-dir', join(dataDir, 'extensions')];
  return runOrStop('Installing the VSIX', command, [entry, ...folders, '--install-extension', vsix], { env });
}

/** The names of the extensions that an extension host of this data folder has activated, as its log tells. */
export function activatedExtensions(dataDir) {
  const logs = join(dataDir, 'logs');
  if (!existsSync(logs)) return [];
  const names = readdirSync(logs, { recursive: true })
    .filter((file) => file.endsWith('remoteexthost.log'))
    .flatMap((file) => [...readFileSync(join(logs, file), 'utf8').matchAll(/_doActivateExtension ([\w.-]+)/g)])
    .map(([, name]) => name);
  return [...new Set(names)];
}
