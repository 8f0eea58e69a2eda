import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunRecord, TrainerSpec } from '../../src/core/runs/folder.ts';
import { runId } from '../../src/core/runs/run-id.ts';
import type { RunSpec } from '../../src/core/runs/spec.ts';
import { isOver, type RunState } from '../../src/core/runs/state.ts';
import type { Target } from '../../src/core/runs/target.ts';
import { createRunner, type RunnerOptions, runFolder } from '../../src/node/runs/create-runner.ts';
import { type Cursor, type Poll, type Runner, START, type StartRequest } from '../../src/node/runs/runner.ts';

/** A real program that behaves as the trainer does towards the runner, and starts at once. */
export const PROGRAM = `
import json, os, signal, sys, time
from pathlib import Path
folder = Path(sys.argv[1])
spec = json.loads((folder / "spec.json").read_text())
play = json.loads((folder / "play.json").read_text())
rank = int(os.environ.get("RANK", 0))
world = int(os.environ.get("WORLD_SIZE", 1))
metrics = folder / "metrics.jsonl"
if "--compare" in sys.argv:
    time.sleep(play.get("sleep", 0.05))
    (folder / "compare.json").write_text(sys.argv[sys.argv.index("--compare") + 1])
    sys.exit(play.get("compare_code", 0))
lines = [json.loads(l) for l in metrics.read_text().splitlines() if l.strip()] if metrics.exists() else []
seq = max([l["seq"] for l in lines], default=0)
attempt = max([l["attempt"] for l in lines], default=0) + 1
saves = [l["step"] for l in lines if l["event"] == "save"]
step = saves[-1] if saves else 0
def emit(event, **more):
    global seq
    if rank: return
    seq += 1
    with open(metrics, "a") as f:
        f.write(json.dumps({"v": 1, "seq": seq, "t": time.time(), "event": event, "attempt": attempt, "step": step, **more}) + "\\n")
if play.get("ignore_term"): signal.signal(signal.SIGTERM, signal.SIG_IGN)
if not rank:
    (folder / "seen.json").write_text(json.dumps({"token": os.environ.get("HF_TOKEN"), "argv": sys.argv, "world": world,
        "visible": os.environ.get("CUDA_VISIBLE_DEVICES"), "setup": os.environ.get("FROM_SETUP"), "pid": os.getpid()}))
emit("train_begin", max_steps=play["steps"], world_size=world)
print("begin", flush=True)
while step < play["steps"]:
    time.sleep(play.get("sleep", 0.05))
    step += 1
    emit("log", loss=1 / step)
    print("step", step, "é", flush=True)
    if step == play.get("fail_at"):
        (folder / ("error-rank%d.json" % rank)).write_text(json.dumps({"type": "ValueError", "message": "broken on purpose", "rank": rank, "at": time.time()}))
        raise ValueError("broken on purpose")
    if step == play.get("crash_at"): os.kill(os.getpid(), signal.SIGSEGV)
    if step % play.get("save", 5) == 0:
        (folder / "out" / ("checkpoint-%d" % step)).mkdir(parents=True, exist_ok=True)
        (folder / "out" / ("checkpoint-%d" % step) / "state").write_text(str(step))
        emit("save", path="out/checkpoint-%d" % step)
    if (folder / "stop").exists():
        (folder / "out" / ("checkpoint-%d" % step)).mkdir(parents=True, exist_ok=True)
        emit("save", path="out/checkpoint-%d" % step)
        emit("train_end", status="stopped")
        sys.exit(0)
if not rank:
    (folder / "out").mkdir(exist_ok=True)
    (folder / "out" / "adapter.bin").write_text("weights")
emit("train_end", status="done")
`;

const without = (process.env['SFT_LENS_RUNS_WITHOUT'] ?? '').split(',');

/** `npm test -- runs` says why where it is not. */
export const clusterIsThere = !without.includes('cluster');

/** A Python with torch and the packages of the trainer. */
export const trainerPython = join(import.meta.dirname, '../../.cache/trainer/venv/bin/python');
export const trainerIsThere = !without.includes('trainer') && existsSync(trainerPython);

export interface Play {
  readonly steps: number;
  /** Seconds of a step. */
  readonly sleep?: number;
  readonly save?: number;
  readonly fail_at?: number;
  readonly crash_at?: number;
  readonly ignore_term?: boolean;
  readonly compare_code?: number;
}

export interface Kit {
  /** A folder that goes away with the kit. */
  readonly folder: string;
  readonly options: RunnerOptions;
  target(more?: Partial<Target>): Target;
  runner(target: Target, options?: Partial<RunnerOptions>): Runner;
  request(target: Target, play: Play, more?: RequestOptions): StartRequest;
  dispose(): void;
}

export interface RequestOptions {
  readonly spec?: Partial<RunSpec>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly id?: string;
  readonly data?: Uint8Array;
}

const SPEC: RunSpec = {
  model: 'tiny',
  data: { train: 'train.jsonl', eval: null },
  method: 'full',
  args: {},
  peft: null,
  target: 'local',
  gpus: 'auto',
  nodes: 1,
  packing: false,
  record: { rowLoss: true, watch: [] },
  compare: { prompts: 0, maxNewTokens: 1 },
};

const TRAINER: TrainerSpec = {
  v: 1,
  model: 'tiny',
  method: 'full',
  args: {},
  peft: null,
  packing: null,
  maxLength: 128,
  rowLoss: true,
  watch: [],
  worldSize: null,
  heartbeat: 10,
  prompts: 0,
  maxNewTokens: 1,
  tiny: null,
  stopIds: [],
};

export const newId = (): string => runId(new Date(), randomBytes(3));

/** `name` becomes a part of all paths: tests put into it what shells trip over. */
export function createKit(name = 'runs'): Kit {
  const folder = mkdtempSync(join(tmpdir(), 'sft-lens-runs-'));
  const assets = join(folder, 'assets');
  mkdirSync(assets);
  const trainer = join(assets, 'train.py');
  const requirements = join(assets, 'requirements.txt');
  writeFileSync(trainer, PROGRAM);
  writeFileSync(requirements, '# nothing beyond Python\n');
  const options: RunnerOptions = { trainer, requirements };
  return {
    folder,
    options,
    target: (more = {}) => ({
      name: 'here',
      ssh: null,
      workdir: join(folder, name),
      setup: [],
      python: 'python3',
      slurm: null,
      ...more,
    }),
    runner: (target, more = {}) => createRunner(target, { ...options, ...more }),
    request(target, play, { spec = {}, secrets = {}, id = newId(), data = new Uint8Array([1, 2, 3]) } = {}) {
      const staging = join(folder, `staging-${id}`);
      mkdirSync(staging, { recursive: true });
      writeFileSync(join(staging, 'train.arrow'), data);
      writeFileSync(join(staging, 'play.json'), JSON.stringify(play));
      writeFileSync(
        join(staging, 'manifest.json'),
        JSON.stringify({
          v: 1,
          train: { file: 'train.arrow', arrowSha256: createHash('sha256').update(data).digest('hex') },
          eval: null,
        }),
      );
      const record: RunRecord = {
        v: 1,
        id,
        name: 'test',
        specPath: '/x/test.sftrun.json',
        trainPath: '/x/train.jsonl',
        evalPath: null,
        spec: { ...SPEC, target: target.name, ...spec },
        target,
        folder: runFolder(target, id),
        created: Date.now(),
      };
      return { record, trainer: TRAINER, staging, resume: false, secrets };
    },
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export interface Followed {
  readonly polls: readonly Poll[];
  readonly metrics: string;
  readonly log: string;
  readonly last: Poll;
}

/** Polls until the run has one of the states (default: is over), and puts together what came. */
export async function follow(
  runner: Runner,
  record: RunRecord,
  until: (poll: Poll, all: { readonly metrics: string }) => boolean = ({ status, more }) =>
    isOver(status.state) && !more,
  { from = START as Cursor, timeout = 60_000, pause = 100 } = {},
): Promise<Followed> {
  const end = Date.now() + timeout;
  const polls: Poll[] = [];
  let [metrics, log, cursor] = ['', '', from];
  for (;;) {
    const poll = await runner.poll(record, cursor);
    polls.push(poll);
    if (poll.truncated) metrics = '';
    metrics += poll.metrics;
    log += poll.log;
    cursor = poll.cursor;
    if (until(poll, { metrics })) return { polls, metrics, log, last: poll };
    if (Date.now() > end) {
      throw new Error(`still ${JSON.stringify(poll.status)} after ${timeout} ms\n${metrics}\n${log}`);
    }
    await sleep(pause);
  }
}

export const untilState =
  (...states: readonly RunState[]) =>
  (poll: Poll): boolean =>
    states.includes(poll.status.state);

export const untilStep =
  (step: number) =>
  (_: Poll, { metrics }: { readonly metrics: string }): boolean =>
    eventsOf(metrics).some((event) => event.step >= step);

export interface Event {
  readonly seq: number;
  readonly event: string;
  readonly step: number;
  readonly attempt: number;
  readonly [key: string]: unknown;
}

export const eventsOf = (metrics: string): readonly Event[] =>
  metrics
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Event);

/** Steps as a plot shows them: those of a later attempt replace those of an earlier one. */
export function stepsOf(metrics: string): readonly number[] {
  const steps: number[] = [];
  for (const { event, step, ...figures } of eventsOf(metrics)) {
    if (event === 'train_begin') while (steps.length > 0 && (steps.at(-1) ?? 0) > step) steps.pop();
    if (event === 'log' && 'loss' in figures) steps.push(step);
  }
  return steps;
}

export const upTo = (last: number): readonly number[] => Array.from({ length: last }, (_, index) => index + 1);
