import { describe, expect, it } from 'vitest';
import type { TokenLoss } from '../../../core/protocol.ts';
import { lossBar, lossClass, lossSteps, lossText, sameLoss, shownLayer } from './loss.ts';

const loss = (layers: Readonly<Record<string, readonly number[]>>): TokenLoss => ({
  run: 'a',
  name: 'run',
  from: 'checkpoint-40',
  layers: Object.entries(layers).map(([name, values]) => ({
    name: name as 'base' | 'tuned' | 'difference',
    values: Float64Array.from(values),
  })),
});

const both = loss({ tuned: [Number.NaN, 2.314, 0.1], base: [Number.NaN, 4.1, 9] });
const layer = (name: 'base' | 'tuned' | 'difference', ...values: number[]) => ({
  name,
  values: Float64Array.from(values),
});

describe('the bars', () => {
  it('are higher the larger the loss is, and not there where it is small or not known', () => {
    const values = layer('tuned', 0.1, 0.5, 1.5, 2, 9, Number.NaN, Number.POSITIVE_INFINITY);
    expect([...values.values].map((_, i) => lossBar(values, i)?.height ?? 0)).toEqual([0, 1, 2, 3, 4, 0, 4]);
    expect(lossBar(values, 99)).toBeNull();
  });

  it('of a difference tell what got worse', () => {
    const values = layer('difference', -1.2, 1.2, 0);
    expect(lossClass(values, 0)).toBe('loss-3');
    expect(lossClass(values, 1)).toBe('loss-3 loss-worse');
    expect(lossClass(values, 2)).toBe('');
    expect(lossClass(null, 0)).toBe('');
  });

  it('are explained', () => {
    expect(lossSteps('tuned').map(({ label }) => label)).toEqual(['0.5 to 1', '1 to 2', '2 to 4', 'over 4 nats']);
  });
});

describe('the figures', () => {
  it('are those of both models, or of the one there is', () => {
    expect(lossText(both, 1)).toBe('loss 2.31, base 4.10');
    expect(lossText(both, 0)).toBe('');
    expect(lossText(loss({ base: [4.1] }), 0)).toBe('base loss 4.10');
    expect(lossText(loss({ difference: [-1.5] }), 0)).toBe('better by 1.50');
    expect(lossText(null, 0)).toBe('');
  });
});

describe('the layer that is shown', () => {
  it('is the chosen one, else the first', () => {
    expect(shownLayer(both, null)?.name).toBe('tuned');
    expect(shownLayer(both, 'base')?.name).toBe('base');
    expect(shownLayer(both, 'difference')?.name).toBe('tuned');
    expect(shownLayer(both, 'off')).toBeNull();
    expect(shownLayer(null, null)).toBeNull();
  });

  it('is drawn again only where figures are others', () => {
    const again = loss({ tuned: [Number.NaN, 2.314, 0.1], base: [Number.NaN, 4.1, 9] });
    expect(sameLoss(both, again)).toBe(true);
    expect(sameLoss(both, loss({ tuned: [Number.NaN, 2.314, 0.2], base: [Number.NaN, 4.1, 9] }))).toBe(false);
    expect(sameLoss(both, null)).toBe(false);
  });
});
