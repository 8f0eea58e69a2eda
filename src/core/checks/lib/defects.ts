import type { Range } from '../../jsonl/value.ts';
import { type Defect, type DefectName, defectsOf } from '../../mask/defects.ts';
import { messageIndex } from './origin.ts';
import type { MaskedPart } from './trained.ts';
import { turnsNamed } from './words.ts';

/** Why a defect of transformers' token mask reaches a row (4.57 to 5.23), about the generation blocks that have it. */
export const DEFECT_WHY: Readonly<Record<DefectName, string>> = {
  B1: 'it ends in the first token of the row and is taken to reach to the end',
  B2: 'it ends in a character without a token, white space that the tokenizer trims off its offsets, and is taken to reach to the end of the row',
  B3: 'it begins with a character without a token, white space that the tokenizer trims off its offsets, and is lost with all that follow',
  B4: 'of its last character, which is several tokens, only the first is in',
  B5: 'it is empty and stands at the very beginning, where transformers raises an OverflowError',
  B6: 'it stands in a macro, a set block or another block that is printed later, and is counted from the wrong place',
  B7: 'it is empty and stands inside a token, which is trained',
};

export const DEFECT_REMEDY: Readonly<Record<DefectName, string>> = {
  B1: 'Let the template print something before the answer.',
  B2: 'End the block before the white space in the template, or choose a mask that does not use generation blocks.',
  B3: 'Begin the block behind the white space in the template, or choose a mask that does not use generation blocks.',
  B4: 'Put the end of turn into the block, or choose a mask that does not use generation blocks.',
  B5: 'Fill that answer, or remove the row.',
  B6: 'Move the generation block out of it in the template.',
  B7: 'Fill that answer, or remove the turn.',
};

/** What is wrong with the mask of this part; empty where all is as meant or the mask is not transformers' projection. */
export const defectsOfPart = ({ mask, encoding }: MaskedPart): readonly Defect[] =>
  mask.intended === null && mask.refused === null ? [] : defectsOf(encoding, mask.spans, mask.meant);

/** Messages whose blocks have the defect: indices, in order. */
export function turnsOfDefect(part: MaskedPart, defect: Defect): number[] {
  const spans = part.mask.meant ?? part.mask.spans;
  const turns = defect.spans.map((span) => turnOf(part, spans[span] ?? [0, 0]));
  return [...new Set(turns)].filter((turn) => turn >= 0).sort((a, b) => a - b);
}

/** The message of a span: of its first token; where it has none, of the empty text printed there, else of the token before. */
function turnOf({ mask, encoding: { starts, ends }, rendering }: MaskedPart, [start, end]: Range): number {
  const own = start === end ? -1 : ends.findIndex((tokenEnd, i) => tokenEnd > start && (starts[i] ?? 0) < end);
  const empty = own >= 0 ? undefined : rendering?.anchors.find(({ at }) => at === start);
  const message = empty === undefined ? null : messageIndex(empty.pointer);
  return message ?? mask.turns[own >= 0 ? own : starts.findLastIndex((tokenStart) => tokenStart <= start)] ?? -1;
}

/** "the generation block of turns 2 and 4". */
export function blocksOf(part: MaskedPart, defect: Defect): string {
  const turns = turnsOfDefect(part, defect);
  return turns.length === 0 ? 'a generation block' : `the generation block of ${turnsNamed(turns)}`;
}
