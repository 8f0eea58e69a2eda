import type { MaskSpec } from '../core/config.ts';
import type { MaskChoice } from '../core/mask/row-diff.ts';
import { MASK_TOOLS } from '../core/mask/tools/registry.ts';
import { maskName } from './options.ts';

/** A mask that can be compared with another one. */
export interface MaskOption {
  readonly value: string;
  readonly label: string;
  readonly description: string;
  /** Null: what the other one means. */
  readonly mask: MaskSpec | null;
}

/** What the other mask means, where defects of its tool make something else of it. */
export const INTENDED = 'intended';
/** A mask of the configuration that is no preset. */
const OWN = 'custom';

/** Every preset, with the older versions of its tool whose masks differ; the file's own mask; and what is meant. */
export function maskOptions(configured: MaskSpec): readonly MaskOption[] {
  const presets = Object.values(MASK_TOOLS).flatMap(({ preset, summary, versions }): MaskOption[] => [
    { value: preset, label: preset, description: summary, mask: preset },
    ...versions
      .slice(0, -1)
      .toReversed()
      .map((version) => ({
        value: `${preset}@${version}`,
        label: `${preset} ${version}`,
        description: `${summary}, as of version ${version}`,
        mask: { preset, version },
      })),
  ]);
  const own = { value: OWN, label: maskName(configured), description: 'The mask of this file', mask: configured };
  return [
    ...(typeof configured === 'string' ? [] : [own]),
    ...presets,
    { value: INTENDED, label: 'as intended', description: 'What the other mask means, without defects', mask: null },
  ];
}

/** Two masks, as they were picked. */
export interface MaskPair {
  readonly options: readonly MaskOption[];
  readonly first: MaskOption;
  readonly second: MaskOption;
  readonly sides: readonly [MaskChoice, MaskChoice];
}

/** The wanted pair; what is not wanted, or not known any more, is the file's own mask beside another one. */
export function maskPair(configured: MaskSpec, first: string | null, second: string | null): MaskPair {
  const options = maskOptions(configured);
  const find = (value: string | null): MaskOption | undefined => options.find((option) => option.value === value);
  const own = find(typeof configured === 'string' ? configured : OWN) ?? options[0]!;
  const a = find(first) ?? own;
  // Another tool's: two of one tool are mostly the same.
  const b = find(second) ?? find(a.value.startsWith('trl-') ? 'axolotl' : 'trl-assistant') ?? options[0]!;
  const maskOf = (option: MaskOption, other: MaskOption): MaskSpec => option.mask ?? other.mask ?? configured;
  return {
    options,
    first: a,
    second: b,
    sides: [
      { mask: maskOf(a, b), intended: a.mask === null },
      { mask: maskOf(b, a), intended: b.mask === null },
    ],
  };
}
