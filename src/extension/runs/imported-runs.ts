import { type Memento, Uri } from 'vscode';
import type { FollowedRun } from './followed-run.ts';
import { importRun } from './import-run.ts';
import type { RunManager } from './run-manager.ts';

const KEY = 'sftLens.importedRuns';
const MOST = 50;

/** Where imported runs were read from: they are read again in each window, and nothing of them is copied. */
export class ImportedRuns {
  readonly #memento: Memento;
  readonly #manager: RunManager;

  constructor(memento: Memento, manager: RunManager) {
    this.#memento = memento;
    this.#manager = manager;
  }

  get #paths(): readonly string[] {
    return this.#memento.get<readonly string[]>(KEY, []);
  }

  async import(argument: unknown): Promise<FollowedRun | undefined> {
    const run = await importRun(this.#manager, argument);
    if (run !== undefined) await this.#keep([run.source ?? '', ...this.#paths]);
    return run;
  }

  async restore(): Promise<void> {
    for (const path of this.#paths) {
      // A file that is gone, or is no run any more, is forgotten.
      await importRun(this.#manager, Uri.file(path)).catch(() => this.#keep(this.#paths.filter((one) => one !== path)));
    }
  }

  async forget(run: FollowedRun): Promise<void> {
    await this.#keep(this.#paths.filter((path) => path !== run.source));
  }

  async #keep(paths: readonly string[]): Promise<void> {
    await this.#memento.update(KEY, [...new Set(paths)].filter((path) => path !== '').slice(0, MOST));
  }
}
