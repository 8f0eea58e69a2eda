import type { RunSeries } from '../run-protocol.ts';
import type {
  CompareEvent,
  ErrorEvent,
  EvalEvent,
  GpuFigures,
  HeartbeatEvent,
  LogEvent,
  RunEvent,
  SaveEvent,
  TrainBegin,
  TrainEnd,
} from './events.ts';
import { firstNotBelow } from './growing.ts';
import { numberOf } from './read-events.ts';
import { seriesColumns, seriesOf } from './series-columns.ts';
import { type StepIndex, stepIndex } from './step-index.ts';

/** What all events of a run say together. Each step is there once: a later attempt replaces what it did again. */
export interface RunReducer {
  add(events: Iterable<RunEvent>): void;
  /** Forgets everything: the file begins again. Cursors begin again, too. */
  reset(): void;
  /** All points without a copy; holds until the next `add`. */
  view(): RunSeries;
  /** For one receiver of `series` and `append` messages. */
  cursor(): SeriesCursor;
  readonly facts: RunFacts;
  readonly batches: StepIndex;
}

export interface SeriesCursor {
  /**
   * What is new since the last call, as copies that can be sent; null where nothing is. The first time it is all of it (a
   * `series` message), later the body of an `append` message. Costs what is new.
   */
  take(): { readonly whole: boolean; readonly from: number | null; readonly series: RunSeries } | null;
  /** As `take`, for who reads `view()`: no copies, only the step from which points were replaced; null where none were. */
  skip(): number | null;
  dispose(): void;
}

/** The last of what events say besides points. */
export interface RunFacts {
  /** Of the current attempt. */
  readonly begin: TrainBegin | null;
  /** Seconds since 1970 of the first event of all. */
  readonly started: number | null;
  /** Steps done when the current attempt began. */
  readonly from: number;
  readonly attempt: number;
  /** The furthest step that the current attempt is known to have done. */
  readonly step: number;
  /** Seconds since 1970 at which `step` was first heard of. */
  readonly stepTime: number | null;
  readonly epoch: number | null;
  /** Seconds since 1970 of the last event. */
  readonly lastEvent: number | null;
  readonly heartbeat: HeartbeatEvent | null;
  readonly gpus: readonly GpuFigures[];
  readonly end: TrainEnd | null;
  readonly error: ErrorEvent | null;
  /** By path, in order. */
  readonly saves: readonly SaveEvent[];
  readonly evals: readonly EvalEvent[];
  readonly compare: CompareEvent | null;
  /** Figures of the last log of all: train_loss, train_runtime, total_flos. */
  readonly summary: Readonly<Record<string, number>>;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const NO_FACTS: RunFacts = {
  begin: null,
  started: null,
  from: 0,
  attempt: 1,
  step: 0,
  stepTime: null,
  epoch: null,
  lastEvent: null,
  heartbeat: null,
  gpus: [],
  end: null,
  error: null,
  saves: [],
  evals: [],
  compare: null,
  summary: {},
};

/** These come with logs of every kind: alone they are no point of the training. */
const EVERYWHERE = new Set(['epoch', 'tokens', 'tokens_per_second', 'num_tokens', 'num_input_tokens_seen']);

type FigureKind = 'head' | 'summary' | 'eval' | 'everywhere' | 'train';
const KINDS = new Map<string, FigureKind>(['v', 'seq', 't', 'attempt', 'step', 'event'].map((name) => [name, 'head']));
/** What a figure of a log belongs to, by its name. The usual names are remembered: a million logs ask. */
function kindOf(name: string): FigureKind {
  const known = KINDS.get(name);
  if (known !== undefined) return known;
  return name.startsWith('eval_')
    ? 'eval'
    : name.startsWith('train_') || name === 'total_flos'
      ? 'summary'
      : EVERYWHERE.has(name)
        ? 'everywhere'
        : 'train';
}

/** Points since a cursor looked: indices from which they are new, and the least step that was changed. */
interface Mark {
  whole: boolean;
  step: number;
  eval: number;
  gpu: number;
  changed: number;
  dirty: boolean;
}

export function runReducer(): RunReducer {
  let columns = seriesColumns();
  let batches = stepIndex();
  let facts: Writable<RunFacts> = { ...NO_FACTS };
  const marks = new Set<Mark>();
  /** Rises with each attempt; that of the last point of each kind says whether a lower step replaces it. */
  let generation = 0;
  let last = { log: 0, eval: 0, batch: 0 };

  const changed = (from: number): void => {
    for (const mark of marks) mark.changed = Math.min(mark.changed, from);
  };
  const dirty = (): void => {
    for (const mark of marks) mark.dirty = true;
  };
  /**
   * Whether an event of that step is a new point (true), more of the last one (null) or out of order (false), after taking
   * away what a later attempt does again.
   */
  const advance = (
    kind: keyof typeof last,
    step: number,
    newest: number,
    cut: (from: number) => void,
  ): boolean | null => {
    if (Number.isNaN(newest) || step > newest) {
      last[kind] = generation;
      return true;
    }
    if (last[kind] < generation) {
      cut(step);
      changed(step);
      last[kind] = generation;
      return true;
    }
    return step === newest ? null : false;
  };

  const addLog = (event: LogEvent): void => {
    let point = false;
    for (const name in event) {
      const kind = kindOf(name);
      if (kind === 'train') point = true;
      else if (kind === 'summary') facts.summary = { ...facts.summary, [name]: numberOf(event[name]) };
    }
    if (event['eval_loss'] !== undefined) addEvalPoint(event.step, 'loss', numberOf(event['eval_loss']));
    if (typeof event.epoch === 'number') facts.epoch = event.epoch;
    if (!point) return;
    const { step } = event;
    const isNew = advance('log', step, columns.steps.at(columns.steps.length - 1), columns.cutSteps);
    if (isNew === false) return;
    if (isNew) columns.addStep(step);
    else changed(step);
    const at = columns.steps.length - 1;
    columns.set(at, 'time', event.t);
    for (const name in event) {
      const kind = kindOf(name);
      if (kind === 'train' || kind === 'everywhere') columns.set(at, name, numberOf(event[name]));
    }
  };
  const addEvalPoint = (step: number, column: 'loss' | 'tokenLoss', value: number): boolean => {
    const list = columns.eval.steps;
    const isNew = advance('eval', step, list.at(list.length - 1), columns.cutEval);
    if (isNew === false) return false;
    if (isNew) columns.addEval(step);
    else changed(step);
    columns.eval[column].set(list.length - 1, value);
    return true;
  };
  const addGpus = (event: HeartbeatEvent): void => {
    facts.heartbeat = event;
    const { gpus } = event;
    if (gpus === undefined) return;
    facts.gpus = gpus;
    const used = gpus.filter(({ utilization }) => utilization !== undefined);
    columns.gpu.time.push(event.t);
    columns.gpu.memory.push(gpus.reduce((sum, { memory_used }) => sum + memory_used, 0));
    columns.gpu.utilization.push(
      used.length === 0 ? Number.NaN : used.reduce((sum, { utilization }) => sum + (utilization ?? 0), 0) / used.length,
    );
  };
  const begin = (event: TrainBegin): void => {
    if (facts.begin !== null) {
      generation++;
      const before = columns.attempts.filter((step) => step < event.step);
      columns.attempts = [...before, event.step];
    }
    facts.begin = event;
    facts.attempt = Math.max(event.attempt, generation + 1);
    facts.from = event.step;
    facts.step = event.step;
    facts.stepTime = event.t;
    facts.end = null;
    facts.error = null;
  };
  const addOne = (event: RunEvent): void => {
    facts.started ??= event.t;
    facts.lastEvent = Math.max(facts.lastEvent ?? event.t, event.t);
    switch (event.event) {
      case 'train_begin':
        begin(event);
        break;
      case 'log':
        addLog(event);
        break;
      case 'batch':
        if (advance('batch', event.step, lastBatch, (from) => batches.cut(from)) === true) {
          batches.add(event);
          lastBatch = event.step;
        }
        break;
      case 'eval':
        if (addEvalPoint(event.step, 'tokenLoss', numberOf(event.token_loss)))
          facts.evals = [...facts.evals.filter(({ step }) => step < event.step), event];
        break;
      case 'heartbeat':
        addGpus(event);
        break;
      case 'save':
        facts.saves = [...facts.saves.filter(({ path }) => path !== event.path), event];
        columns.saves = [...new Set([...columns.saves, event.step])].sort((a, b) => a - b);
        break;
      case 'train_end':
        facts.end = event;
        break;
      case 'compare':
        facts.compare = event;
        return;
      case 'error':
        facts.error = event;
        break;
    }
    // A heartbeat may carry a step that is not over; it is one sign of life among others.
    if (event.event !== 'train_begin' && event.step > facts.step) {
      facts.step = event.step;
      facts.stepTime = event.t;
    }
  };
  let lastBatch = Number.NaN;
  const fresh = (): Mark => ({ whole: true, step: 0, eval: 0, gpu: 0, changed: Number.POSITIVE_INFINITY, dirty: true });

  return {
    add(events) {
      let any = false;
      for (const event of events) {
        any = true;
        addOne(event);
      }
      if (any) dirty();
    },
    reset() {
      columns = seriesColumns();
      batches = stepIndex();
      facts = { ...NO_FACTS };
      generation = 0;
      last = { log: 0, eval: 0, batch: 0 };
      lastBatch = Number.NaN;
      for (const mark of marks) Object.assign(mark, fresh());
    },
    view: () => seriesOf(columns, 'view'),
    cursor() {
      const mark = fresh();
      marks.add(mark);
      const isReplaced = (): boolean => !mark.whole && Number.isFinite(mark.changed);
      const seen = (): void => {
        Object.assign(mark, {
          whole: false,
          step: columns.steps.length,
          eval: columns.eval.steps.length,
          gpu: columns.gpu.time.length,
          changed: Number.POSITIVE_INFINITY,
          dirty: false,
        });
      };
      return {
        skip() {
          const from = isReplaced() ? mark.changed : null;
          if (mark.dirty) seen();
          return from;
        },
        take() {
          if (!mark.dirty) return null;
          const replaced = isReplaced();
          const from = {
            step: replaced ? Math.min(mark.step, firstNotBelow(columns.steps, mark.changed)) : mark.step,
            eval: replaced ? Math.min(mark.eval, firstNotBelow(columns.eval.steps, mark.changed)) : mark.eval,
            gpu: mark.gpu,
          };
          const taken = {
            whole: mark.whole,
            from: replaced ? mark.changed : null,
            series: seriesOf(columns, 'copy', from),
          };
          seen();
          return taken;
        },
        dispose: () => void marks.delete(mark),
      };
    },
    get facts() {
      return facts;
    },
    get batches() {
      return batches;
    },
  };
}
