// The dashboard of a run in a real VS Code, and what the run itself wrote.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { until, type Workbench } from './workbench.ts';

/** The page of the dashboard, whichever webviews there are besides. */
export async function dashboard({ page }: Workbench): Promise<Frame | null> {
  for (const frame of page.frames()) {
    const found = await frame
      .locator('header.top h1')
      .count()
      .catch(() => 0);
    if (found > 0) return frame;
  }
  return null;
}

/** The sentence of the run's state; '' while there is no page. */
export async function headline(workbench: Workbench): Promise<string> {
  const title = (await dashboard(workbench))?.locator('header.top h1');
  return (await title?.innerText().catch(() => '')) ?? '';
}

export async function untilHeadline(workbench: Workbench, what: RegExp, timeout: number): Promise<string> {
  let last = '';
  const found = until(
    `the headline ${what}`,
    async () => {
      last = await headline(workbench);
      return what.test(last) ? last : null;
    },
    timeout,
  );
  return found.catch((error: unknown) => {
    throw new Error(`${error instanceof Error ? error.message : String(error)}; it was: ${last}`);
  });
}

export interface WrittenEvent {
  readonly event: string;
  /** Seconds since 1970. */
  readonly t: number;
  readonly step: number;
  readonly loss?: number;
  readonly world_size?: number;
}

/** The whole events of the only run of a work folder. */
export function eventsIn(workdir: string): WrittenEvent[] {
  const [run] = readdirSync(join(workdir, 'runs'));
  const text = readFileSync(join(workdir, 'runs', run ?? '', 'metrics.jsonl'), 'utf8');
  return text
    .slice(0, text.lastIndexOf('\n'))
    .split('\n')
    .map((line) => JSON.parse(line) as WrittenEvent);
}

/**
 * Milliseconds from the moment when the trainer wrote a step to the moment when the dashboard showed it (the look itself,
 * some tens of milliseconds, counts as well): the median of the next steps.
 */
export async function shownAfter(workbench: Workbench, workdir: string, steps = 5): Promise<number> {
  const seen = new Map<number, number>();
  await until(
    `${steps} steps`,
    async () => {
      const step = Number(/step ([\d,]+)/.exec(await headline(workbench))?.[1]?.replaceAll(',', ''));
      if (step > 0 && !seen.has(step)) seen.set(step, Date.now());
      return seen.size > steps;
    },
    120_000,
  );
  const written = new Map(eventsIn(workdir).map(({ event, step, t }) => [event === 'log' ? step : -1, t * 1000]));
  // The first was there before anybody looked.
  const delays = [...seen].slice(1).map(([step, at]) => at - (written.get(step) ?? at));
  return delays.sort((a, b) => a - b)[Math.floor(delays.length / 2)] ?? Number.NaN;
}
