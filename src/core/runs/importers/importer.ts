import type { RunSeries } from '../../run-protocol.ts';
import type { Figure, LogEvent, RunEvent } from '../events.ts';
import { figureOf } from '../read-events.ts';
import { runReducer } from '../series.ts';

/** A run that another program trained. */
export interface ImportedRun {
  readonly series: RunSeries;
  readonly facts: ImportedFacts;
  /** Lines or records that could not be read. */
  readonly skipped: number;
}

export interface ImportedFacts {
  /** What the file is, as people call it. */
  readonly source: string;
  readonly step: number;
  readonly maxSteps: number | null;
  readonly epoch: number | null;
  readonly epochs: number | null;
  /** Milliseconds since 1970. */
  readonly started: number | null;
  readonly ended: number | null;
  readonly bestStep: number | null;
  /** train_loss, train_runtime, total_flos. */
  readonly summary: Readonly<Record<string, number>>;
}

/** A kind of file: one file here and one line in the registry. */
export interface Importer {
  readonly name: string;
  readonly title: string;
  /** As a file picker asks: endings of names. */
  readonly files: readonly string[];
  /** By the file's name and its first bytes, a few thousand at least. */
  detect(name: string, head: Uint8Array): boolean;
  /** Null where it is no such file after all. The file is untrusted. */
  read(bytes: Uint8Array): ImportedRun | null;
}

/** Points in the order of a foreign file. */
export interface PointSink {
  /** Figures by TRL's names; `time` in seconds since 1970, NaN where it is not known. */
  add(step: number, time: number, figures: Readonly<Record<string, unknown>>): void;
  /** Steps after that one are done again. */
  again(step: number): void;
  skip(): void;
  end(facts: Partial<ImportedFacts> & Pick<ImportedFacts, 'source'>): ImportedRun;
}

const isStep = (step: number): boolean => Number.isSafeInteger(step) && step >= 0;

export function pointSink(): PointSink {
  const reducer = runReducer();
  let waiting: RunEvent[] = [];
  let attempt = 1;
  let seq = 0;
  let skipped = 0;
  let first = Number.NaN;
  let last = Number.NaN;
  let begun = false;
  const head = (step: number, t: number): object => ({ v: 1, seq: ++seq, t, attempt, step });
  const add = (event: object): void => {
    waiting.push(event as RunEvent);
    if (waiting.length < 10_000) return;
    reducer.add(waiting);
    waiting = [];
  };
  const begin = (step: number): void => {
    begun = true;
    add({ ...head(step, Number.NaN), event: 'train_begin', max_steps: 0, world_size: 0, epochs: 0 });
  };
  return {
    add(step, time, given) {
      const figures: Record<string, Figure> = {};
      let any = false;
      for (const [name, value] of Object.entries(given)) {
        const figure = typeof value === 'number' ? figureOf(value) : value;
        if (
          name === '__proto__' ||
          !(typeof figure === 'number' || figure === 'NaN' || figure === 'Infinity' || figure === '-Infinity')
        )
          continue;
        figures[name] = figure;
        any = true;
      }
      if (!isStep(step) || !any) {
        skipped++;
        return;
      }
      if (!begun) begin(0);
      if (Number.isFinite(time)) {
        if (Number.isNaN(first)) first = time;
        last = time;
      }
      add({ ...figures, ...head(step, time), event: 'log' } satisfies Partial<LogEvent>);
    },
    again(step) {
      attempt++;
      begin(step);
    },
    skip: () => void skipped++,
    end(facts) {
      reducer.add(waiting);
      const series = reducer.view();
      const { time, ...others } = series.columns;
      const known = reducer.facts;
      // Seconds below a year are counted from the begin of the run, not from 1970.
      const date = (seconds: number): number | null => (seconds > 31_536_000 ? seconds * 1000 : null);
      return {
        series: time?.some(Number.isFinite) ? series : { ...series, columns: others },
        facts: {
          step: known.step,
          maxSteps: null,
          epoch: known.epoch,
          epochs: null,
          started: date(first),
          ended: date(last),
          bestStep: null,
          summary: known.summary,
          ...facts,
        },
        skipped,
      };
    },
  };
}

/** UTF-8; wrong bytes become replacement characters. */
export function textOf(bytes: Uint8Array): string {
  const text = new TextDecoder('utf-8', { fatal: false }).decode(bytes);
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** JSON as Python writes it: bare NaN and Infinity become their names as text. Undefined where it is no JSON. */
export function parsePythonJson(text: string): unknown {
  const quoted = /\b(?:NaN|Infinity)\b/.test(text)
    ? text.replace(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (word) => (word[0] === '"' ? word : `"${word}"`))
    : text;
  try {
    return JSON.parse(quoted);
  } catch {
    return undefined;
  }
}

export type Plain = Readonly<Record<string, unknown>>;
export const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
