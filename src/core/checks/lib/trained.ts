import type { PartAnalysis } from '../../analysis-types.ts';
import type { MaskSpec } from '../../config.ts';
import type { MaskResult } from '../../mask/mask-result.ts';
import type { MaskPolicy } from '../../mask/policy.ts';
import type { Encoding, Tokenizer } from '../../tokenizer/encoding.ts';
import type { CheckContext } from '../check.ts';

/** A part that came through the whole pipeline. */
export interface MaskedPart extends PartAnalysis {
  readonly encoding: Encoding;
  readonly mask: MaskResult;
}

/** What an SFT trainer trains on: the row, or the chosen side. */
export const trainedParts = ({ memo, parts }: CheckContext): readonly MaskedPart[] =>
  (memo.trainedParts ??= parts.filter(
    (part): part is MaskedPart => part.part !== 'rejected' && part.mask !== null && part.encoding !== null,
  ));

interface SpecialIds {
  readonly ids: ReadonlySet<number>;
  readonly lowest: number;
  readonly highest: number;
}

const SPECIALS = new WeakMap<Tokenizer, SpecialIds>();

/** Which ids a tokenizer calls special: control tokens that no text should spell. */
export function specialIds(tokenizer: Tokenizer): { has(id: number): boolean } {
  let specials = SPECIALS.get(tokenizer);
  if (specials === undefined) {
    const ids = tokenizer.addedTokens.filter((token) => token.special).map((token) => token.id);
    specials = { ids: new Set(ids), lowest: Math.min(...ids), highest: Math.max(...ids) };
    SPECIALS.set(tokenizer, specials);
  }
  const { ids, lowest, highest } = specials;
  // They mostly stand together at one end of the vocabulary: few ids have to be looked up.
  return { has: (id) => id >= lowest && id <= highest && ids.has(id) };
}

/** The mask setting with some fields changed, as it is written to `sft-lens.json`. */
export const maskWith = (spec: MaskSpec, fields: Partial<MaskPolicy>): MaskSpec =>
  typeof spec === 'string' ? { preset: spec, ...fields } : { ...spec, ...fields };

/** What a person calls the mask. */
export const maskName = (spec: MaskSpec): string => (typeof spec === 'string' ? spec : (spec.preset ?? 'the mask'));

/** The half-open range of token indices around those that `test` holds for; null where none. */
export function tokenRange(count: number, test: (token: number) => boolean): readonly [number, number] | null {
  let first = -1;
  let last = -1;
  for (let i = 0; i < count; i++)
    if (test(i)) {
      if (first < 0) first = i;
      last = i;
    }
  return first < 0 ? null : [first, last + 1];
}
