import type { BatchEvent, CompareResult, Figure, GpuFigures, RunEvent } from './events.ts';

/** A line longer than this (UTF-16 units) is no event of a trainer; it is skipped, and not kept while it comes. */
const MAX_LINE = 16_000_000;
/** Figures of one log event. */
const MAX_FIGURES = 256;
const MAX_TEXT = 20_000;

/** Reads `metrics.jsonl` as it grows. The file is untrusted: what is no event is skipped and counted. */
export interface EventReader {
  /** Events of the whole lines so far. A last line without its end waits for the next text. */
  push(text: string): RunEvent[];
  /** Reads the line that still waits: the file is whole. */
  end(): RunEvent[];
  /** The file begins again. */
  reset(): void;
  /** Lines that were no events. */
  readonly skipped: number;
  /** `seq` of the last event; -1 before the first. */
  readonly seq: number;
}

export function createEventReader(): EventReader {
  let pending: string[] = [];
  let waiting = 0;
  let tooLong = false;
  let skipped = 0;
  let seq = -1;

  const read = (line: string, into: RunEvent[]): void => {
    if (line.trim() === '') return;
    const event = readEvent(line);
    if (event === null) skipped++;
    // A line that was read before: its `seq` is not new.
    else if (event.seq > seq) {
      seq = event.seq;
      into.push(event);
    }
  };
  const wait = (rest: string): void => {
    waiting += rest.length;
    if (waiting > MAX_LINE) {
      tooLong = true;
      pending = [];
    } else if (rest !== '') pending.push(rest);
  };
  const finish = (rest: string, into: RunEvent[]): void => {
    wait(rest);
    if (tooLong) skipped++;
    else read(pending.join(''), into);
    pending = [];
    waiting = 0;
    tooLong = false;
  };

  return {
    push(text) {
      const events: RunEvent[] = [];
      let from = 0;
      for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', from)) {
        if (waiting > 0) finish(text.slice(from, end), events);
        else if (end - from > MAX_LINE) skipped++;
        else read(text.slice(from, end), events);
        from = end + 1;
      }
      if (from < text.length) wait(text.slice(from));
      return events;
    },
    end() {
      const events: RunEvent[] = [];
      if (waiting > 0) finish('', events);
      return events;
    },
    reset() {
      pending = [];
      waiting = 0;
      tooLong = false;
      skipped = 0;
      seq = -1;
    },
    get skipped() {
      return skipped;
    },
    get seq() {
      return seq;
    },
  };
}

/** A figure as a number, for plots; NaN where there is none. */
export function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  if (value === 'Infinity') return Number.POSITIVE_INFINITY;
  return value === '-Infinity' ? Number.NEGATIVE_INFINITY : Number.NaN;
}

/** A number as a figure, which JSON can say. */
export function figureOf(value: number): Figure {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}

type Plain = Readonly<Record<string, unknown>>;
const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isFigure = (value: unknown): value is Figure =>
  isNumber(value) || value === 'NaN' || value === 'Infinity' || value === '-Infinity';
const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= MAX_TEXT;
const isList = <T>(value: unknown, is: (item: unknown) => item is T): value is T[] =>
  Array.isArray(value) && value.every(is);
const isLoss = (value: unknown): value is Figure | null => value === null || isFigure(value);

/** A file in the run's folder: relative, and not out of it. */
export const isInside = (path: unknown): path is string =>
  typeof path === 'string' &&
  path !== '' &&
  path.length < 1000 &&
  !/^[/\\]|^[A-Za-z]:|[\0\r\n\\]/.test(path) &&
  !path.split('/').includes('..');

/** One line; null where it is no event. Fields that are not known are left out, wrong optional ones too. */
export function readEvent(line: string): RunEvent | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (!isPlain(value) || value['v'] !== 1) return null;
  const { seq, t, attempt, step } = value;
  if (!isCount(seq) || !isNumber(t) || !isCount(step)) return null;
  if (attempt !== undefined && !isCount(attempt)) return null;
  const name = value['event'];
  const read = typeof name === 'string' && Object.hasOwn(READERS, name) ? READERS[name] : undefined;
  const own = read?.(value);
  if (own === undefined || own === null) return null;
  if (own === value && attempt !== undefined) return value as unknown as RunEvent;
  return Object.assign(own, { v: 1, seq, t, attempt: attempt ?? 1, step, event: name }) as unknown as RunEvent;
}

type Own = Record<string, unknown>;

/** By the event's name: its own fields, or null where one that it needs is missing or wrong. */
const READERS: Readonly<Record<string, (value: Plain) => Own | null>> = {
  train_begin: (value) => {
    const counts = ['max_steps', 'world_size', 'per_device_batch', 'accumulation', 'rows', 'trainable', 'parameters'];
    if (!isCount(value['max_steps']) || !isCount(value['world_size'])) return null;
    const own: Own = { epochs: isNumber(value['epochs']) ? value['epochs'] : 0 };
    for (const key of counts) own[key] = isCount(value[key]) ? value[key] : 0;
    for (const key of ['device', 'device_name', 'parallel', 'method']) own[key] = isText(value[key]) ? value[key] : '';
    own['world_size_asked'] = isCount(value['world_size_asked']) ? value['world_size_asked'] : null;
    own['packing'] = isText(value['packing']) ? value['packing'] : null;
    own['versions'] = isPlain(value['versions'])
      ? Object.fromEntries(Object.entries(value['versions']).filter(([, version]) => isText(version)))
      : {};
    return own;
  },
  log: readLog,
  batch: readBatch,
  eval: (value) => {
    if (!isInside(value['file']) || !isFigure(value['token_loss'])) return null;
    const worst = isList(value['worst'], isPair) ? value['worst'] : [];
    return {
      file: value['file'],
      rows: isCount(value['rows']) ? value['rows'] : 0,
      tokens: isCount(value['tokens']) ? value['tokens'] : 0,
      token_loss: value['token_loss'],
      worst: worst.slice(0, 1000),
    };
  },
  heartbeat: (value) => {
    const gpus = Array.isArray(value['gpus']) ? value['gpus'].slice(0, 1024).flatMap(readGpu) : [];
    return gpus.length > 0 ? { gpus } : {};
  },
  save: (value) => (isInside(value['path']) ? { path: value['path'] } : null),
  train_end: (value) =>
    value['status'] === 'done' || value['status'] === 'stopped' ? { status: value['status'] } : null,
  compare: (value) => (isInside(value['file']) ? { file: value['file'] } : null),
  error: (value) => ({
    type: typeof value['type'] === 'string' ? value['type'].slice(0, 200) : 'Error',
    message: typeof value['message'] === 'string' ? value['message'].slice(0, MAX_TEXT) : '',
    rank: isCount(value['rank']) ? value['rank'] : 0,
  }),
};

const isPair = (value: unknown): value is [number, number] =>
  Array.isArray(value) && value.length === 2 && isCount(value[0]) && isNumber(value[1]);
const isPiece = (value: unknown): value is readonly [number, number] | null =>
  value === null || (Array.isArray(value) && value.length === 2 && isCount(value[0]) && isCount(value[1]));
const isMicro = (value: unknown): value is readonly [number, number, number] =>
  Array.isArray(value) && value.length === 3 && isList(value, isCount);

const LOG_HEAD = new Set(['v', 'seq', 't', 'attempt', 'step', 'event']);

/** The usual line has figures only and is taken as it is: of these come a million. */
function readLog(value: Plain): Own {
  const keys = Object.keys(value);
  const own = (key: string): boolean => !LOG_HEAD.has(key) && key !== '__proto__';
  if (keys.length <= MAX_FIGURES && keys.every((key) => LOG_HEAD.has(key) || (own(key) && isFigure(value[key]))))
    return value;
  return Object.fromEntries(
    keys
      .filter((key) => own(key) && isFigure(value[key]))
      .slice(0, MAX_FIGURES)
      .map((key) => [key, value[key]]),
  );
}

/** Lists that are not as long as `rows` are left out. */
function readBatch(value: Plain): Own | null {
  const { lines, rows, micro, pieces, loss, n, tokens } = value;
  if (!isList(lines, isCount) || !isList(rows, isCount) || lines.length !== rows.length) return null;
  const parallel = <T>(list: unknown, is: (item: unknown) => item is T): list is T[] =>
    isList(list, is) && list.length === rows.length;
  const own: Own = { lines, rows, micro: parallel(micro, isMicro) ? micro : [], tokens: isCount(tokens) ? tokens : 0 };
  if (parallel(pieces, isPiece)) own['pieces'] = pieces;
  if (parallel(loss, isLoss) && parallel(n, isCount)) {
    own['loss'] = loss;
    own['n'] = n;
  }
  if (isFigure(value['step_loss'])) own['step_loss'] = value['step_loss'];
  const watched = Array.isArray(value['watched']) ? value['watched'].filter(isWatched) : [];
  if (watched.length > 0) own['watched'] = watched;
  return own;
}

const isWatched = (value: unknown): value is NonNullable<BatchEvent['watched']>[number] =>
  isPlain(value) && isCount(value['row']) && isCount(value['from']) && isList(value['loss'], isLoss);

function readGpu(value: unknown): GpuFigures[] {
  if (!isPlain(value) || !isCount(value['index'])) return [];
  const bytes = (key: string): number => (isNumber(value[key]) ? value[key] : 0);
  const gpu: Record<string, number> = {
    index: value['index'],
    memory_used: bytes('memory_used'),
    memory_total: bytes('memory_total'),
  };
  for (const key of ['allocated', 'peak', 'utilization']) if (isNumber(value[key])) gpu[key] = value[key];
  return [gpu as unknown as GpuFigures];
}

/** `compare.json`, untrusted as well; null where it is none. Wrong entries are left out. */
export function readCompare(text: string): CompareResult | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isPlain(value)) return null;
  const list = (key: string): Plain[] => (Array.isArray(value[key]) ? (value[key] as unknown[]).filter(isPlain) : []);
  const isSplit = (split: unknown): split is 'train' | 'eval' => split === 'train' || split === 'eval';
  const isIds = (ids: unknown): ids is number[] => isList(ids, isCount);
  const isLosses = (losses: unknown): losses is (Figure | null)[] => isList(losses, isLoss);
  return {
    checkpoint: isText(value['checkpoint']) ? value['checkpoint'] : '',
    prompts: list('prompts').flatMap(({ split, row, line, ids, ...texts }) => {
      const { prompt, expected, base, tuned } = isPlain(ids) ? ids : {};
      if (!isSplit(split) || !isCount(row) || !isCount(line)) return [];
      if (!isIds(prompt) || !isIds(expected) || !isIds(base) || !isIds(tuned)) return [];
      const text = (key: string): string | null => (typeof texts[key] === 'string' ? texts[key] : null);
      return [
        {
          split,
          row,
          line,
          ids: { prompt, expected, base, tuned },
          prompt: text('prompt'),
          expected: text('expected'),
          base: text('base'),
          tuned: text('tuned'),
        },
      ];
    }),
    rows: list('rows').flatMap(({ split, row, line, base, tuned }) =>
      isSplit(split) && isCount(row) && isCount(line) && isLosses(base) && isLosses(tuned)
        ? [{ split, row, line, base, tuned }]
        : [],
    ),
  };
}

/** A row of `eval/step-N.jsonl`. */
export interface EvalRow {
  readonly line: number;
  readonly row: number;
  readonly loss: Figure | null;
  readonly n: number;
}

/** `eval/step-N.jsonl`: the rows in the order of the file, worst first. Wrong lines are left out. */
export function readEvalRows(text: string): EvalRow[] {
  return text.split('\n').flatMap((text) => {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return [];
    }
    if (!isPlain(value)) return [];
    const { line, row, loss, n } = value;
    return isCount(line) && isCount(row) && isLoss(loss) ? [{ line, row, loss, n: isCount(n) ? n : 0 }] : [];
  });
}
