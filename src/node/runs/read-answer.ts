import type { EndingFacts } from '../../core/runs/endings.ts';
import type { ErrorEvent, RunEvent } from '../../core/runs/events.ts';
import type { Observation } from './observation.ts';

/** The lines of a script's answer by their first word. */
export function readAnswer(out: Buffer): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const line of out.toString('utf8').split('\n')) {
    const at = line.indexOf(' ');
    const key = at < 0 ? line : line.slice(0, at);
    const lines = found.get(key) ?? [];
    lines.push(at < 0 ? '' : line.slice(at + 1));
    found.set(key, lines);
  }
  return found;
}

type Fields = Readonly<Record<string, unknown>>;

export interface Part {
  /** Offsets in bytes. */
  readonly from: number;
  readonly size: number;
  readonly bytes: Buffer;
}

export function readPart(lines: ReadonlyMap<string, readonly string[]>, key: 'metrics' | 'log'): Part {
  const [from = '0', size = '0', base64 = ''] = (lines.get(key)?.[0] ?? '').split(' ');
  return { from: Number(from) || 0, size: Number(size) || 0, bytes: Buffer.from(base64, 'base64') };
}

const PLACES = ['gone', 'away', 'staged', 'running', 'exited', 'lost', 'rebooted', 'job'] as const;

export function readObservation(
  lines: ReadonlyMap<string, readonly string[]>,
  slurm: Observation['slurm'],
): Observation {
  const one = (key: string): string | undefined => lines.get(key)?.[0];
  const pid = objectOf(one('pid'));
  const exit = objectOf(one('exit'));
  const began = typeof pid?.['t'] === 'number' ? pid['t'] : null;
  const events = (lines.get('event') ?? []).flatMap((line) => objectOf(line) ?? []) as unknown as RunEvent[];
  // What an earlier attempt said says nothing of this one.
  const last =
    events.findLast((event) => began === null || (typeof event.t === 'number' && event.t >= began - 1)) ?? null;
  const stop = one('stop');
  return {
    place: PLACES.find((place) => place === one('state')) ?? 'away',
    now: Number(one('now') ?? 0),
    exit: exit ? { code: Number(exit['code'] ?? 0), term: exit['term'] === 1, killed: exit['killed'] === 1 } : null,
    stop: stop === undefined ? null : stop === 'kill' || stop === 'time' ? stop : 'checkpoint',
    last,
    error: errorOf(lines.get('rank') ?? [], began, last),
    began,
    slurm,
  };
}

/** What there is to tell the reason of an end by. */
export function endingFacts(
  lines: ReadonlyMap<string, readonly string[]>,
): Omit<EndingFacts, 'code' | 'error' | 'spec'> {
  const size = (lines.get('event') ?? [])
    .map((line) => objectOf(line)?.['world_size'])
    .findLast((value) => typeof value === 'number');
  return {
    log: Buffer.from(lines.get('words')?.[0] ?? '', 'base64').toString('utf8'),
    worldSize: typeof size === 'number' ? size : null,
    longest: null,
    checkpoints: Number(lines.get('checkpoints')?.[0] ?? 0),
  };
}

/** The earliest of the ranks' last words; the others only saw that it was gone. */
function errorOf(ranks: readonly string[], began: number | null, last: RunEvent | null): Observation['error'] {
  const words = ranks
    .map(objectOf)
    .filter((word) => word !== null)
    .filter((word) => began === null || typeof word['at'] !== 'number' || word['at'] >= began - 1)
    .sort((a, b) => Number(a['at'] ?? 0) - Number(b['at'] ?? 0));
  const first = words[0] ?? (last?.event === 'error' ? (last as unknown as Fields) : undefined);
  if (!first) return null;
  const error: Pick<ErrorEvent, 'type' | 'message' | 'rank'> = {
    type: String(first['type'] ?? 'Error'),
    message: String(first['message'] ?? ''),
    rank: Number(first['rank'] ?? 0),
  };
  return error;
}

function objectOf(text: string | undefined): Fields | null {
  if (text === undefined) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
  } catch {
    return null;
  }
}
