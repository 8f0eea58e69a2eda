import { describe, expect, it } from 'vitest';
import { maskOptions, maskPair } from './mask-choices.ts';

describe('two masks to compare', () => {
  it('offers every preset once, older versions apart, and what is meant', () => {
    const values = maskOptions('trl-assistant').map(({ value }) => value);
    expect(new Set(values).size).toBe(values.length);
    expect(values).toContain('axolotl');
    expect(values).toContain('axolotl@0.18');
    expect(values.at(-1)).toBe('intended');
    expect(values).not.toContain('custom');
  });

  it('begins with the file’s own mask beside another tool’s', () => {
    const names = (configured: Parameters<typeof maskPair>[0]): string[] => {
      const { first, second } = maskPair(configured, null, null);
      return [first.value, second.value];
    };
    expect(names('trl-assistant')).toEqual(['trl-assistant', 'axolotl']);
    expect(names('axolotl')).toEqual(['axolotl', 'trl-assistant']);
    expect(names({ preset: 'trl-assistant', endOfTurn: 'none' })).toEqual(['custom', 'trl-assistant']);
  });

  it('takes a version for the preset with it', () => {
    const { sides } = maskPair('trl-assistant', null, 'axolotl@0.18');
    expect(sides[1]).toEqual({ mask: { preset: 'axolotl', version: '0.18' }, intended: false });
  });

  it('means by "as intended" the other mask', () => {
    expect(maskPair('full', 'axolotl', 'intended').sides).toEqual([
      { mask: 'axolotl', intended: false },
      { mask: 'axolotl', intended: true },
    ]);
    expect(maskPair('full', 'intended', 'intended').sides[0]).toEqual({ mask: 'full', intended: true });
  });
});
