import { RUN_FILES, type RunRecord } from '../../core/runs/folder.ts';
import { isRunId } from '../../core/runs/run-id.ts';
import type { Target } from '../../core/runs/target.ts';
import { checkRelative } from './quote.ts';
import { readAnswer } from './read-answer.ts';
import { type Runner, RunnerError } from './runner.ts';
import { script } from './script.ts';
import listScript from './scripts/list.sh';
import packScript from './scripts/pack.sh';
import readScript from './scripts/read.sh';
import removeScript from './scripts/remove.sh';
import type { Transport } from './transport.ts';
import { unpackInto } from './unpack.ts';

const QUICK = 60_000;
const LONG = 24 * 3600_000;
const NONE = 4;

export async function readRunFile(transport: Transport, folder: string, path: string): Promise<Uint8Array | null> {
  const { code, out, err } = await transport.run(
    script(readScript, { RUN: { path: folder }, FILE: checkRelative(path) }),
    { timeout: 10 * QUICK },
  );
  if (code === 0) return out;
  if (code === NONE) return null;
  throw new RunnerError(
    'unreachable',
    `${path} could not be read on ${transport.where}: ${err.trim().slice(0, 300)}.`,
    'Try again.',
  );
}

export async function fetchFiles(
  transport: Transport,
  folder: string,
  what: Parameters<Runner['fetch']>[1],
  to: string,
): Promise<void> {
  const { from, names, without } =
    what === 'logs'
      ? {
          from: '.',
          names: [RUN_FILES.log, RUN_FILES.metrics, RUN_FILES.manifest, RUN_FILES.record, RUN_FILES.spec, 'eval'],
          without: '',
        }
      : what === 'model'
        ? // Its checkpoints hold the optimizer too, many times the size of the model.
          { from: RUN_FILES.output, names: ['.'], without: './checkpoint-*' }
        : {
            from: `${RUN_FILES.output}/${checkRelative(what.checkpoint).replace(/^out\//, '')}`,
            names: ['.'],
            without: '',
          };
  await unpackInto(to, async (onOut) => {
    const { code, err } = await transport.run(
      script(packScript, { RUN: { path: folder }, FROM: from, WITHOUT: without }, names),
      { timeout: LONG, onOut },
    );
    if (code === NONE) {
      throw new RunnerError(
        'staging',
        `The run has no ${what === 'model' ? 'model' : from} yet.`,
        'Stop it with a checkpoint, or wait for its end.',
      );
    }
    if (code !== 0)
      throw new RunnerError(
        'staging',
        `The files could not be copied from ${transport.where}: ${err.trim().slice(0, 300)}.`,
        'Try again.',
      );
  });
}

export async function listRuns(transport: Transport, target: Target): Promise<readonly RunRecord[]> {
  const { out } = await transport.run(script(listScript, { WORKDIR: { path: target.workdir } }), { timeout: QUICK });
  const lines = readAnswer(out);
  const folders = lines.get('folder') ?? [];
  return (lines.get('record') ?? []).flatMap((base64, index) => {
    const folder = folders[index];
    const record = recordOf(Buffer.from(base64, 'base64').toString('utf8'));
    // The folder is where it was found: it may have been moved, or be seen from another machine.
    return record && folder?.endsWith(`/${record.id}`) ? [{ ...record, folder, target }] : [];
  });
}

/** A record, or null where the text is none: another program may have left it there. */
export function recordOf(text: string): RunRecord | null {
  try {
    const value = JSON.parse(text) as Partial<RunRecord>;
    const whole =
      value.v === 1 &&
      typeof value.id === 'string' &&
      isRunId(value.id) &&
      typeof value.name === 'string' &&
      typeof value.created === 'number' &&
      typeof value.spec === 'object' &&
      value.spec !== null;
    return whole ? (value as RunRecord) : null;
  } catch {
    return null;
  }
}

export async function removeRun(transport: Transport, target: Target, folder: string): Promise<void> {
  const text = script(
    removeScript,
    { RUN: { path: folder }, DATA: { path: `${target.workdir}/data` } },
    [],
    target.slurm === null ? [] : target.setup,
  );
  const { code, err } = await transport.run(text, { timeout: 10 * QUICK });
  if (code === 5) throw new RunnerError('submit', 'The run is not over.', 'Stop it first.');
  if (code !== 0)
    throw new RunnerError(
      'staging',
      `The folder could not be deleted: ${err.trim().slice(0, 300)}.`,
      'Delete it there by hand.',
    );
}
