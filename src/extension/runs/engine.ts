import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Uri, workspace } from 'vscode';
import type { Settings } from '../../core/config.ts';
import type { RunManifest, RunRecord, TrainerSpec } from '../../core/runs/folder.ts';
import { runId } from '../../core/runs/run-id.ts';
import type { RunSpec } from '../../core/runs/spec.ts';
import type { PrepareStep } from '../../core/runs/state.ts';
import type { Target } from '../../core/runs/target.ts';
import type { Runner } from '../../node/runs/runner.ts';
import type { SshOptions } from '../../node/runs/ssh-transport.ts';
import { runSettings } from '../../node/runs/trainer-spec.ts';
import { count, counted, short } from '../rows/words.ts';
import type { RunsHost } from './parts.ts';
import { besideSpec } from './spec-files.ts';

/** A run before anything of it left this computer. */
export interface PreparedRun {
  readonly trainer: TrainerSpec;
  readonly manifest: RunManifest;
  /** Holds the Arrow files. */
  readonly staging: string;
}

/** What needs Node: loaded with the first run, since the Arrow writer and the transports are much code. */
export async function createRunner(host: RunsHost, target: Target): Promise<Runner> {
  const { createRunner } = await import('../../node/runs/create-runner.ts');
  const file = (name: string): string => Uri.joinPath(host.extensionUri, 'dist', 'trainer', name).fsPath;
  return createRunner(target, { trainer: file('train.py'), requirements: file('requirements.txt'), ssh: sshOptions() });
}

/**
 * Of Remote - SSH, where it is set up: the same program and configuration. The user's own values only, since a folder must
 * not name programs.
 */
function sshOptions(): SshOptions {
  const settings = workspace.getConfiguration('remote.SSH');
  const own = (key: string): string | undefined => settings.inspect<string>(key)?.globalValue || undefined;
  return { path: own('path'), configFile: own('configFile') };
}

/** A new run of a spec. `target` is the spec's, found among the known ones. */
export async function newRecord(specPath: string, name: string, spec: RunSpec, target: Target): Promise<RunRecord> {
  const { runFolder } = await import('../../node/runs/create-runner.ts');
  const created = new Date();
  const id = runId(created, randomBytes(3));
  const { data } = spec;
  const beside = (path: string): string => besideSpec(Uri.file(specPath), path);
  return {
    v: 1,
    id,
    name,
    specPath,
    trainPath: beside(data.train),
    evalPath: typeof data.eval === 'string' ? beside(data.eval) : null,
    spec,
    target,
    folder: runFolder(target, id),
    created: created.getTime(),
  };
}

/** The settings of one of the run's files: `sft-lens.json`'s, and the spec's over them. */
export async function settingsFor(
  host: Pick<RunsHost, 'projects'>,
  { spec, specPath }: Pick<RunRecord, 'spec' | 'specPath'>,
  path: string,
): Promise<Settings> {
  const { settings } = await host.projects.of(Uri.file(path));
  return runSettings(spec, settings, dirname(specPath));
}

/** Rows to tokens and labels: the ids that the inspector shows. `onSteps` hears how far it is. */
export async function prepareRun(
  host: Pick<RunsHost, 'projects' | 'services' | 'hub'>,
  record: RunRecord,
  staging: string,
  onSteps: (steps: readonly PrepareStep[]) => void,
  signal: AbortSignal,
): Promise<PreparedRun> {
  const [{ handOff }, { seedOf, specFor }] = await Promise.all([
    import('../../node/runs/handoff.ts'),
    import('../../node/runs/trainer-spec.ts'),
  ]);
  const { spec, trainPath, evalPath } = record;
  const train = { path: trainPath, settings: await settingsFor(host, record, trainPath) };
  const held = spec.data.eval;
  await host.hub.settled(train.settings.tokenizer);
  await mkdir(staging, { recursive: true });
  const step = (state: PrepareStep['state'], detail: string): void =>
    onSteps([{ title: 'Rows to tokens', state, detail }]);
  step('running', '');
  try {
    const handoff = await handOff(
      {
        method: spec.method,
        train,
        eval:
          evalPath !== null
            ? { path: evalPath, settings: await settingsFor(host, record, evalPath) }
            : typeof held === 'number'
              ? { share: held, seed: seedOf(spec) }
              : null,
        folder: staging,
        watch: spec.record.watch,
      },
      host.services.get(),
      {
        signal,
        onProgress: ({ rows, tokens }) => step('running', `${counted(rows, 'row')}, ${short(tokens)} tokens`),
      },
    );
    const { train: split } = handoff.manifest;
    step(
      'done',
      `${counted(split.written, 'row')}${split.withoutLabel > 0 ? `, ${count(split.withoutLabel)} without a label left out` : ''}`,
    );
    return {
      manifest: handoff.manifest,
      staging,
      trainer: specFor(spec, train.settings, handoff, { model: modelFor(record) }),
    };
  } catch (error) {
    step('failed', '');
    throw error;
  }
}

/** A folder beside the spec is meant on this computer; everything else the target finds by its name. */
function modelFor({ spec, specPath, target }: RunRecord): string {
  const { model } = spec;
  if (target.ssh !== null) return model;
  const path = besideSpec(Uri.file(specPath), model);
  return existsSync(join(path, 'config.json')) ? path : model;
}
