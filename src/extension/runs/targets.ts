import { homedir } from 'node:os';
import { type LogOutputChannel, Uri } from 'vscode';
import type { Target } from '../../core/runs/target.ts';
import { LOCAL, targetOf } from '../../node/runs/target-setting.ts';
import { SETTINGS } from '../contributions.ts';
import { readSetting } from '../editor-api.ts';

/** This computer and what the setting `sftLens.targets` names. Read anew each time: settings change. */
export class Targets {
  readonly #storage: Uri;
  readonly #log: LogOutputChannel;

  constructor(storage: Uri, log: LogOutputChannel) {
    this.#storage = storage;
    this.#log = log;
  }

  get local(): Target {
    return {
      name: LOCAL,
      ssh: null,
      workdir: Uri.joinPath(this.#storage, 'runs').fsPath,
      setup: [],
      python: readSetting(SETTINGS.python) || null,
      slurm: null,
    };
  }

  /** `local` first; of two with the same name the first. */
  get all(): readonly Target[] {
    const targets = new Map<string, Target>([[LOCAL, this.local]]);
    for (const setting of readSetting(SETTINGS.targets)) {
      const found = targetOf(setting, homedir());
      if ('problem' in found) this.#log.warn(found.problem);
      else if (!targets.has(found.target.name)) targets.set(found.target.name, found.target);
    }
    return [...targets.values()];
  }

  get(name: string): Target | undefined {
    return this.all.find((target) => target.name === name);
  }
}

/** "gpu-box, Slurm", "this computer": what a target is, in a few words. */
export function targetWords({ name, ssh, slurm }: Target): string {
  if (name === LOCAL) return 'this computer';
  return [ssh === null ? 'this computer' : `ssh ${ssh}`, ...(slurm === null ? [] : ['Slurm'])].join(', ');
}
