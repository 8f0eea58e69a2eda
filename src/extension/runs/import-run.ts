import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Uri, window } from 'vscode';
import { withDefaults } from '../../core/runs/defaults.ts';
import type { RunRecord } from '../../core/runs/folder.ts';
import type { ImportedRun } from '../../core/runs/importers/importer.ts';
import { IMPORTERS, importRun as readForeign } from '../../core/runs/importers/registry.ts';
import { type RunFacts, type RunReducer, runReducer } from '../../core/runs/series.ts';
import { plainStatus } from '../../core/runs/state.ts';
import type { FollowedRun } from './followed-run.ts';
import { RunLog } from './run-log.ts';
import type { RunManager } from './run-manager.ts';

/** Bytes of a log that is read; those of real runs are far below. */
const MOST = 512 * 2 ** 20;
/** Folders below the chosen one that are searched. */
const DEPTH = 2;

/** Reads the log of another trainer; nothing is started, so no trust is asked for. */
export async function importRun(manager: RunManager, argument: unknown): Promise<FollowedRun | undefined> {
  const uri = argument instanceof Uri ? argument : await pick();
  if (uri === undefined) return undefined;
  const path = uri.fsPath;
  for (const file of await candidates(path)) {
    const run = readForeign(file, new Uint8Array(await readFile(file)));
    if (run !== null) return manager.addImported(recordOf(file, run), statusOf(run), new RunLog(reducerOf(run)), file);
  }
  throw new Error(
    `${basename(path)} holds no run that is known: ${IMPORTERS.map(({ title }) => title).join(', ')}. Choose such a file, or the folder that holds it.`,
  );
}

async function pick(): Promise<Uri | undefined> {
  const [uri] =
    (await window.showOpenDialog({
      canSelectFolders: true,
      canSelectFiles: true,
      openLabel: 'Import Run',
      title: `Import a run: ${IMPORTERS.map(({ title }) => title).join(', ')}, or a folder`,
    })) ?? [];
  return uri;
}

/** The file itself; of a folder the files that importers ask for, the newest checkpoint first. */
async function candidates(path: string): Promise<readonly string[]> {
  if ((await stat(path)).isFile()) return [path];
  const found: { readonly path: string; readonly order: number; readonly time: number }[] = [];
  const look = async (folder: string, depth: number): Promise<void> => {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const inside = join(folder, entry.name);
      if (entry.isDirectory() && depth < DEPTH) await look(inside, depth + 1);
      const order = IMPORTERS.findIndex(({ files }) => files.some((ending) => entry.name.includes(ending)));
      if (!entry.isFile() || order === -1) continue;
      const { size, mtimeMs } = await stat(inside);
      if (size <= MOST) found.push({ path: inside, order, time: mtimeMs });
    }
  };
  await look(path, 0);
  return found.sort((a, b) => a.order - b.order || b.time - a.time).map((file) => file.path);
}

/** A record as good as a foreign file allows: it has no spec, no data and no target. */
function recordOf(file: string, { facts }: ImportedRun): RunRecord {
  const folder = dirname(file);
  const hash = createHash('sha256').update(file).digest('hex');
  const parent = basename(folder);
  return {
    v: 1,
    id: `imported-${hash.slice(0, 12)}`,
    name: /^checkpoint-\d+$/.test(parent) ? basename(dirname(folder)) : parent,
    specPath: '',
    trainPath: '',
    evalPath: null,
    spec: withDefaults({ model: '', data: { train: '', eval: null } }),
    target: { name: 'local', ssh: null, workdir: folder, setup: [], python: null, slurm: null },
    folder,
    created: facts.started ?? Date.now(),
  };
}

const statusOf = ({ facts, skipped }: ImportedRun) => ({
  ...plainStatus('succeeded', Date.now()),
  seen: facts.ended ?? Date.now(),
  reason: `Imported from ${facts.source}${skipped > 0 ? `; ${skipped} of its lines cannot be read` : ''}.`,
});

/** Points that are all there: the dashboard asks for them as for those of a run of ours. */
function reducerOf({ series, facts }: ImportedRun): RunReducer {
  const empty = runReducer();
  const { step, epoch, epochs, maxSteps, started, ended, summary } = facts;
  const known: RunFacts = {
    ...empty.facts,
    begin:
      maxSteps === null && epochs === null
        ? null
        : {
            v: 1,
            seq: 1,
            t: (started ?? 0) / 1000,
            attempt: 1,
            step: 0,
            event: 'train_begin',
            max_steps: maxSteps ?? 0,
            epochs: epochs ?? 0,
            world_size: 0,
            world_size_asked: null,
            per_device_batch: 0,
            accumulation: 0,
            device: '',
            device_name: '',
            parallel: '',
            method: '',
            packing: null,
            rows: 0,
            trainable: 0,
            parameters: 0,
            versions: {},
          },
    started: started === null ? null : started / 1000,
    lastEvent: ended === null ? null : ended / 1000,
    step,
    epoch,
    summary,
  };
  return {
    ...empty,
    add: () => undefined,
    reset: () => undefined,
    view: () => series,
    cursor() {
      let taken = false;
      return {
        take() {
          if (taken) return null;
          taken = true;
          return { whole: true, from: null, series };
        },
        skip: () => null,
        dispose: () => undefined,
      };
    },
    facts: known,
    batches: empty.batches,
  };
}
