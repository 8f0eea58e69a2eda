import { readFileSync } from 'node:fs';

/** How long this thread was kept from its timers, in milliseconds. */
export interface Lateness {
  readonly p99: number;
  readonly max: number;
}
export interface LoopReport {
  /** By the clock: other programs on the machine count too. */
  readonly wall: Lateness;
  /** Processor time of this thread between two timers: its own work. Null where the system does not tell (Linux does). */
  readonly work: Lateness | null;
}

/** Milliseconds. */
const INTERVAL = 5;

/** Measures, until it is called again, how long this thread is busy at a time. */
export function watchEventLoop(): () => LoopReport {
  const wall: number[] = [];
  const work: number[] = [];
  let last = performance.now();
  let lastWork = processorTime();
  const look = (): void => {
    const now = performance.now();
    wall.push(Math.max(0, now - last - INTERVAL));
    last = now;
    const nowWork = processorTime();
    if (nowWork !== null && lastWork !== null) work.push(nowWork - lastWork);
    lastWork = nowWork;
  };
  const timer = setInterval(look, INTERVAL);
  return () => {
    clearInterval(timer);
    look();
    return { wall: lateness(wall), work: work.length > 0 ? lateness(work) : null };
  };
}

function lateness(values: number[]): Lateness {
  values.sort((a, b) => a - b);
  return { p99: values[Math.floor((values.length - 1) * 0.99)] ?? 0, max: values.at(-1) ?? 0 };
}

/** Milliseconds of processor time that the main thread of this process had so far. */
function processorTime(): number | null {
  try {
    const [nanoseconds] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'latin1').split(' ');
    return Number(nanoseconds) / 1e6;
  } catch {
    return null;
  }
}
