import { describe, expect, it } from 'vitest';
import type { HealthNotice, RunHead } from '../../core/run-protocol.ts';
import { EMPTY_SERIES } from '../../core/runs/appended.ts';
import { firstState, noticeKey, openNotices, savedState, toSave, withEvent } from './view-state.ts';

const notice = (code: string, step: number | null): HealthNotice => ({
  code,
  severity: 'warning',
  message: '',
  step,
  rows: false,
});
const head = (id: string, notices: readonly HealthNotice[] = []): RunHead =>
  ({ record: { id }, notices, status: { state: 'running' } }) as unknown as RunHead;
const points = (...steps: number[]) => ({ ...EMPTY_SERIES, steps: Float64Array.of(...steps) });

describe('what comes from the host', () => {
  it('points of another run are late', () => {
    let view = withEvent(firstState({}), { type: 'head', head: head('a') });
    view = withEvent(view, { type: 'series', id: 'a', series: points(1, 2) });
    expect(withEvent(view, { type: 'append', id: 'b', from: null, series: points(9) })).toBe(view);
    expect([...withEvent(view, { type: 'append', id: 'a', from: null, series: points(3) }).series.steps]).toEqual([
      1, 2, 3,
    ]);
  });

  it('another run takes nothing of the one before but the choices', () => {
    let view = withEvent(firstState({ axis: 'tokens', smoothing: 0.3 }), { type: 'head', head: head('a') });
    view = withEvent(view, { type: 'series', id: 'a', series: points(1, 2) });
    view = withEvent({ ...view, zoom: { from: 1, to: 2 } }, { type: 'head', head: head('b') });
    expect([view.series.steps.length, view.axis, view.smoothing, view.zoom]).toEqual([0, 'tokens', 0.3, null]);
  });

  it('notices that were sent away stay away, whatever the host sends', () => {
    const [jump, other] = [notice('run/spike', 388), notice('run/spike', 400)];
    const view = { ...firstState({}), dismissed: new Set([noticeKey(jump)]) };
    expect(openNotices(withEvent(view, { type: 'head', head: head('a', [jump, other]) }))).toEqual([other]);
  });
});

describe('what outlives the page', () => {
  it('comes back as it was', () => {
    const view = {
      ...firstState({}),
      axis: 'time' as const,
      zoom: { from: 1, to: 2 },
      tables: new Set(['gpu' as const]),
    };
    expect(savedState(JSON.parse(JSON.stringify(toSave(view))))).toMatchObject({
      axis: 'time',
      zoom: { from: 1, to: 2 },
      tables: ['gpu'],
    });
  });

  it('is nothing where another wrote it', () => {
    const strange = {
      id: 1,
      axis: 'moon',
      smoothing: 7,
      zoom: { from: 2, to: 1 },
      tables: ['x'],
      section: 3,
      step: '4',
      overlays: [5],
    };
    expect(savedState(strange)).toEqual({ tables: [], overlays: [] });
    expect(savedState('x')).toEqual({});
  });
});
