import { basename, dirname } from 'node:path';
import { EventEmitter, type GlobPattern, type LogOutputChannel, RelativePattern, Uri, workspace } from 'vscode';
import type { Settings } from '../core/config.ts';
import { placePath, placeTokenizer } from '../node/hub/hub-id.ts';
import { loadProject, type Project } from '../node/project.ts';
import { CONFIG_FILE, SETTINGS } from './contributions.ts';
import { Disposables } from './disposables.ts';
import { readSetting } from './editor-api.ts';
import { Debounced } from './timing.ts';

/** Files whose change means that loaded tokenizers and templates are out of date. */
const MODEL_FILES = '**/{tokenizer.json,tokenizer_config.json,special_tokens_map.json,*.jinja}';
/** Saving a folder of files is one change. Milliseconds. */
const SETTLE = 200;

export interface ProjectChange {
  /** Files of a tokenizer or a template changed: the same settings mean something else now. */
  readonly reload: boolean;
}

/** The settings of each data file: `sft-lens.json` over VS Code's settings. */
export class Projects {
  readonly #log: LogOutputChannel;
  readonly #owned = new Disposables();
  readonly #loaded = new Map<string, Promise<Project>>();
  /** Config files of trainers that a mask names, by path. */
  readonly #maskFiles = new Set<string>();
  readonly #changed = this.#owned.add(new EventEmitter<ProjectChange>());
  readonly #settle = this.#owned.add(new Debounced(() => this.#fire()));
  #reload = false;
  readonly onDidChange = this.#changed.event;

  constructor(log: LogOutputChannel) {
    this.#log = log;
    this.#watch(`**/${CONFIG_FILE}`, false);
    this.#watch(MODEL_FILES, true);
    const soon = (): void => this.#settle.schedule(0);
    this.#owned.add(
      workspace.onDidSaveTextDocument((document) => {
        if (document.uri.path.endsWith(`/${CONFIG_FILE}`) || this.#maskFiles.has(document.uri.fsPath)) soon();
      }),
    );
    this.#owned.add(workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('sftLens') && soon()));
    this.#owned.add(workspace.onDidGrantWorkspaceTrust(soon));
  }

  of(uri: Uri): Promise<Project> {
    const key = uri.toString();
    const known = this.#loaded.get(key);
    if (known !== undefined) return known;
    const project = this.#load(uri);
    this.#loaded.set(key, project);
    return project;
  }

  /** Files of a tokenizer changed where no watcher looks. */
  modelsChanged(): void {
    this.#reload = true;
    this.#settle.schedule(0);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  /** Watched for good: another data file may name it again. */
  #watchMaskFile(path: string): void {
    if (this.#maskFiles.has(path)) return;
    this.#maskFiles.add(path);
    this.#watch(new RelativePattern(Uri.file(dirname(path)), basename(path)), false);
  }

  #watch(glob: GlobPattern, reload: boolean): void {
    const watcher = this.#owned.add(workspace.createFileSystemWatcher(glob));
    const changed = (): void => {
      this.#reload ||= reload;
      this.#settle.schedule(SETTLE);
    };
    this.#owned.add(watcher.onDidChange(changed));
    this.#owned.add(watcher.onDidCreate(changed));
    this.#owned.add(watcher.onDidDelete(changed));
  }

  #fire(): void {
    this.#loaded.clear();
    const reload = this.#reload;
    this.#reload = false;
    this.#changed.fire({ reload });
  }

  async #load(uri: Uri): Promise<Project> {
    const defaults = defaultsOf(uri);
    try {
      // Only real files have a folder to look for sft-lens.json in, and models beside it.
      if (uri.scheme === 'file') {
        const project = await loadProject(uri.fsPath, defaults, { trusted: workspace.isTrusted });
        if (project.maskPath !== null) this.#watchMaskFile(project.maskPath);
        return project;
      }
    } catch (error) {
      this.#log.error(`The settings of ${uri.toString(true)} cannot be read: ${String(error)}`);
    }
    return withoutFiles(defaults);
  }
}

const withoutFiles = (defaults: Settings): Project => ({
  settings: bundledOnly(defaults),
  configPath: null,
  configProblems: [],
  untrusted: [],
  maskPath: null,
  maskFile: null,
  maskProblem: null,
});

const bundledOnly = (settings: Settings): Settings => ({
  ...settings,
  tokenizer: settings.tokenizer.startsWith('bundled:') ? settings.tokenizer : 'bundled:qwen3',
  chatTemplate: settings.chatTemplate?.startsWith('bundled:') === true ? settings.chatTemplate : null,
});

function defaultsOf(uri: Uri): Settings {
  const folder = workspace.getWorkspaceFolder(uri)?.uri.fsPath;
  // A path in the settings counts from the workspace folder; in sft-lens.json from the file's own.
  const place = (id: string, how: typeof placePath): string =>
    folder === undefined || id.startsWith('bundled:') ? id : how(id, folder);
  const chatTemplate = readSetting(SETTINGS.chatTemplate, uri);
  return {
    tokenizer: place(readSetting(SETTINGS.tokenizer, uri), placeTokenizer),
    chatTemplate: chatTemplate === null ? null : place(chatTemplate, placePath),
    templateArgs: readSetting(SETTINGS.templateArgs, uri),
    transformers: readSetting(SETTINGS.transformers, uri),
    sanitizeControlTokens: readSetting(SETTINGS.sanitizeControlTokens, uri),
    mask: readSetting(SETTINGS.mask, uri),
    maxLength: readSetting(SETTINGS.maxLength, uri),
    format: readSetting(SETTINGS.format, uri),
    columns: readSetting(SETTINGS.columns, uri),
    checks: readSetting(SETTINGS.checks, uri),
  };
}
