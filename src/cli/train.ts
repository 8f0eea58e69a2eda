import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { blankComments } from '../core/jsonl/lenient.ts';
import type { RunEvent } from '../core/runs/events.ts';
import type { RunRecord } from '../core/runs/folder.ts';
import { parseSpec } from '../core/runs/parse-spec.ts';
import { createEventReader } from '../core/runs/read-events.ts';
import { runId } from '../core/runs/run-id.ts';
import type { RunSpec } from '../core/runs/spec.ts';
import { isOver, type PrepareStep, type RunState } from '../core/runs/state.ts';
import type { Target } from '../core/runs/target.ts';
import type { LensService } from '../core/service-types.ts';
import { createRunner, runFolder } from '../node/runs/create-runner.ts';
import { handOff } from '../node/runs/handoff.ts';
import { type Runner, RunnerError, START } from '../node/runs/runner.ts';
import { LOCAL, targetOf } from '../node/runs/target-setting.ts';
import { runSettings, seedOf, specFor } from '../node/runs/trainer-spec.ts';
import { type Arguments, readArguments, UsageError } from './arguments.ts';
import type { CommandContext, ExitCode } from './command.ts';
import { requireTokenizer } from './hub.ts';
import { dim, write } from './output.ts';

/** Milliseconds between two looks at a run. */
const PAUSE = 2_000;
const LOCAL_PAUSE = 500;

export const train = {
  usage: 'train   RUN.sftrun.json [--dry-run] [--target NAME] [--targets FILE] [--resume] [--no-follow]',
  async run(context: CommandContext): Promise<ExitCode> {
    const options = readArguments(context.argv, {
      'dry-run': { type: 'boolean' },
      target: { type: 'string' },
      targets: { type: 'string' },
      resume: { type: 'boolean' },
      'no-follow': { type: 'boolean' },
    });
    const [path, ...more] = options.positionals;
    if (path === undefined || more.length > 0) throw new UsageError(`Usage: sft-lens ${train.usage}`);
    const specPath = resolve(path);
    const spec = await readSpec(specPath, path);
    if (spec === null) return 1;
    try {
      const target = await findTarget(options.text('target') ?? spec.target, options.text('targets'));
      const runner = createRunner(target, assets());
      try {
        return await perform(context.service(options.threads), options, { runner, spec, specPath });
      } finally {
        runner.dispose();
      }
    } catch (error) {
      if (!(error instanceof RunnerError)) throw error;
      await write(`sft-lens: ${error.message} ${error.remedy}\n`, process.stderr);
      return 1;
    }
  },
};

/** Where the trainer lies beside the bundle. */
function assets(): { readonly trainer: string; readonly requirements: string } {
  const folder = join(import.meta.dirname, 'trainer');
  return { trainer: join(folder, 'train.py'), requirements: join(folder, 'requirements.txt') };
}

/** Null where it has errors, which were printed. */
async function readSpec(specPath: string, shown: string): Promise<RunSpec | null> {
  const text = await readFile(specPath, 'utf8');
  const { spec, problems } = parseSpec(text);
  for (const { message, severity, range } of problems) {
    const before = text.slice(0, range[0]);
    const line = before.split('\n').length;
    const column = before.length - before.lastIndexOf('\n');
    await write(`${shown}:${line}:${column}: ${severity}: ${message}\n`, process.stderr);
  }
  return spec;
}

/** `local`, or an entry of a file that holds what the setting `sftLens.targets` holds: a list, or settings with one. */
async function findTarget(name: string, file: string | undefined): Promise<Target> {
  if (name === LOCAL) return local();
  if (file === undefined) {
    throw new UsageError(
      `Target ${name} is not known here. Name a file with --targets that holds the list of the setting sftLens.targets.`,
    );
  }
  const value: unknown = JSON.parse(blankComments(await readFile(file, 'utf8')));
  const list: unknown =
    typeof value === 'object' && value !== null && 'sftLens.targets' in value ? value['sftLens.targets'] : value;
  if (!Array.isArray(list)) throw new UsageError(`${file} holds no list of targets.`);
  const entry: unknown = list.find(
    (item: unknown) => typeof item === 'object' && item !== null && 'name' in item && item.name === name,
  );
  if (entry === undefined) throw new UsageError(`${file} has no target ${name}.`);
  const found = targetOf(entry, homedir());
  if ('problem' in found) throw new UsageError(found.problem);
  return found.target;
}

const local = (): Target => ({
  name: LOCAL,
  ssh: null,
  workdir: join(homedir(), 'sft-lens'),
  setup: [],
  python: null,
  slurm: null,
});

interface Job {
  readonly runner: Runner;
  readonly spec: RunSpec;
  readonly specPath: string;
}

async function perform(service: LensService, options: Arguments, { runner, spec, specPath }: Job): Promise<ExitCode> {
  const staging = await mkdtemp(join(tmpdir(), 'sft-lens-train-'));
  const interrupt = new AbortController();
  const onInterrupt = (): void => interrupt.abort();
  process.once('SIGINT', onInterrupt);
  try {
    const resumed = options.flag('resume') ? await lastRun(runner, specPath) : null;
    const record = resumed ?? newRecord(runner.target, spec, specPath);
    const base = dirname(specPath);
    const settingsOf = async (path: string) => {
      const own = runSettings(spec, await options.settingsFor(path), base);
      await requireTokenizer(own);
      return own;
    };
    const settings = await settingsOf(record.trainPath);
    const evaluated = spec.data.eval;
    let told = 0;
    const handoff = await handOff(
      {
        method: spec.method,
        train: { path: record.trainPath, settings },
        eval:
          record.evalPath !== null
            ? { path: record.evalPath, settings: await settingsOf(record.evalPath) }
            : typeof evaluated === 'number'
              ? { share: evaluated, seed: seedOf(spec) }
              : null,
        folder: staging,
        watch: spec.record.watch,
      },
      service,
      {
        signal: interrupt.signal,
        onProgress: ({ rows, tokens }) => {
          if (Date.now() - told < 1_000) return;
          told = Date.now();
          process.stderr.write(
            dim(`Rows to tokens: ${rows.toLocaleString('en')} rows, ${tokens.toLocaleString('en')} tokens\n`),
          );
        },
      },
    );
    const { train: split } = handoff.manifest;
    await write(
      `${split.written.toLocaleString('en')} rows to tokens, ${split.withoutLabel.toLocaleString('en')} without a label left out: ${split.tokens.toLocaleString('en')} tokens, ${split.trained.toLocaleString('en')} trained, the longest row has ${split.longest.toLocaleString('en')}\n`,
    );
    if (options.flag('dry-run')) return await dryRun(runner, interrupt.signal);
    const model =
      runner.target.ssh === null && existsSync(resolve(base, spec.model, 'config.json'))
        ? resolve(base, spec.model)
        : spec.model;
    const token = process.env['HF_TOKEN'];
    await runner.start(
      {
        record,
        trainer: specFor(spec, settings, handoff, { model }),
        staging,
        resume: resumed !== null,
        secrets: token ? { HF_TOKEN: token } : {},
      },
      stepPrinter(),
      interrupt.signal,
    );
    await write(`Run ${record.id} on ${runner.target.name}, in ${record.folder}\n`);
    return options.flag('no-follow') ? 0 : await follow(runner, record, interrupt.signal, howToGoOn(options, record));
  } finally {
    process.off('SIGINT', onInterrupt);
    await rm(staging, { recursive: true, force: true });
  }
}

async function dryRun(runner: Runner, signal: AbortSignal): Promise<ExitCode> {
  const probe = await runner.probe(signal);
  const gpus = probe.gpus.map(({ name }) => name).join(', ') || 'no GPU';
  await write(
    `${runner.target.name}: ${probe.reachable ? `Python ${probe.python?.version ?? '-'}, ${gpus}` : 'not reached'}\n`,
  );
  for (const problem of probe.problems) await write(`${problem}\n`, process.stderr);
  return probe.problems.length === 0 ? 0 : 1;
}

function newRecord(target: Target, spec: RunSpec, specPath: string): RunRecord {
  const created = new Date();
  const id = runId(created, randomBytes(3));
  const beside = (path: string): string => resolve(dirname(specPath), path);
  return {
    v: 1,
    id,
    name: basename(specPath).replace(/\.sftrun\.json$/, ''),
    specPath,
    trainPath: beside(spec.data.train),
    evalPath: typeof spec.data.eval === 'string' ? beside(spec.data.eval) : null,
    spec,
    target,
    folder: runFolder(target, id),
    created: created.getTime(),
  };
}

/** The last run of this spec on the target. */
async function lastRun(runner: Runner, specPath: string): Promise<RunRecord> {
  const runs = (await runner.list()).filter((record) => record.specPath === specPath);
  const last = runs.sort((a, b) => b.created - a.created)[0];
  if (!last) throw new UsageError(`${runner.target.name} has no run of ${specPath} to go on with.`);
  return last;
}

function stepPrinter(): (steps: readonly PrepareStep[]) => void {
  let before = '';
  return (steps) => {
    const step = steps.findLast(({ state }) => state !== 'waiting');
    if (!step) return;
    const text = `${step.title}${step.state === 'done' ? ': done' : ''}${step.detail === '' ? '' : `: ${step.detail}`}`;
    if (text !== before) process.stderr.write(dim(`${text}\n`));
    before = text;
  };
}

const howToGoOn = (options: Arguments, { folder, target }: RunRecord): string =>
  `The run goes on in ${folder} on ${target.name}. To follow it again: sft-lens train ${options.positionals[0]} --resume${
    options.text('target') === undefined ? '' : ` --target ${options.text('target')}`
  }${options.text('targets') === undefined ? '' : ` --targets ${options.text('targets')}`}\n`;

/** Prints what happens until the run is over, or until it is interrupted: then the run goes on. */
async function follow(runner: Runner, record: RunRecord, signal: AbortSignal, goOn: string): Promise<ExitCode> {
  const reader = createEventReader();
  let cursor = START;
  let state: RunState | null = null;
  let reason: string | null = null;
  while (!signal.aborted) {
    const poll = await runner.poll(record, cursor);
    if (poll.truncated) reader.reset();
    cursor = poll.cursor;
    for (const event of reader.push(poll.metrics)) {
      const text = lineOf(event);
      if (text !== null) await write(`${text}\n`);
    }
    const { status } = poll;
    if (status.state !== state || status.reason !== reason) {
      ({ state, reason } = status);
      await write(
        `${[`${state[0]?.toUpperCase()}${state.slice(1)}.`, reason, status.remedy].filter(Boolean).join(' ')}\n`,
      );
    }
    if (poll.more) continue;
    if (isOver(state)) return state === 'succeeded' || state === 'stopped' ? 0 : 1;
    const pause =
      status.nextTry === null
        ? runner.target.ssh === null
          ? LOCAL_PAUSE
          : PAUSE
        : Math.max(PAUSE, status.nextTry - Date.now());
    await sleep(pause, undefined, { signal }).catch(() => undefined);
  }
  await write(goOn, process.stderr);
  return 0;
}

/** One line for each log event, and for what else a person waits for. */
function lineOf(event: RunEvent): string | null {
  const figure = (value: unknown): string =>
    typeof value === 'number' ? String(Number(value.toPrecision(4))) : String(value);
  switch (event.event) {
    case 'train_begin':
      return `Attempt ${event.attempt} begins at step ${event.step} of ${event.max_steps}, ${event.world_size === 1 ? 'one process' : `${event.world_size} processes`} on ${event.device_name}`;
    case 'log': {
      const parts = (
        ['loss', 'eval_loss', 'grad_norm', 'learning_rate', 'epoch', 'tokens_per_second'] as const
      ).flatMap((name) => (event[name] === undefined ? [] : [`${name} ${figure(event[name])}`]));
      return parts.length === 0 ? null : `step ${event.step}  ${parts.join('  ')}`;
    }
    case 'save':
      return `step ${event.step}  saved ${event.path}`;
    case 'error':
      return `${event.type}: ${event.message.split('\n')[0] ?? ''}`;
    default:
      return null;
  }
}
