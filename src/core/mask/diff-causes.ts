import type { PartDetail } from '../analysis-types.ts';
import { quoted } from '../checks/lib/words.ts';
import type { Reason } from './policy.ts';

/** Why two masks differ at a token. */
export interface DiffCause {
  /** What the token is: "the empty think block", "the line break after `<|im_end|>`". */
  readonly words: string;
  /** How its turns are told: "of turn 3", "in turn 3", not at all. */
  readonly place: 'of' | 'in' | 'none';
}

type Row = Pick<PartDetail, 'text' | 'starts' | 'ends' | 'turns' | 'roles'>;

/** What token `i` is, from the reasons of the mask that trains it and of the one that does not. */
export function diffCause(row: Row, i: number, on: Reason, off: Reason): DiffCause {
  const ofTurn = (words: string): DiffCause => ({ words, place: 'of' });
  if (on === 'trained-by-defect') return { words: 'what a defect of the token mask reaches', place: 'in' };
  if (off === 'mask-defect') return { words: 'what a defect of the token mask loses', place: 'in' };
  switch (on) {
    case 'empty-think':
      return ofTurn('the empty think block');
    case 'assistant-reasoning':
      return ofTurn('the reasoning');
    case 'tool-call':
      return ofTurn('the tool call');
    case 'end-of-turn':
      return ofTurn(`the end of turn ${tokenOf(row, i)}`);
    case 'after-end-of-turn':
      return ofTurn(afterStop(row, i));
    case 'role-header':
      return ofTurn('the role header');
    case 'template-text':
      return ofTurn('template text');
    case 'assistant-content':
      return ofTurn(answerWords(row, i, off));
    default:
      return byMasked(row, i, off);
  }
}

/** The mask that trains the token has no reason of its own (it trains everything): what it is, the other one knows. */
function byMasked(row: Row, i: number, off: Reason): DiffCause {
  const ofTurn = (words: string): DiffCause => ({ words, place: 'of' });
  switch (off) {
    case 'masked-header':
      return ofTurn('the role header');
    case 'masked-end-of-turn':
      return ofTurn(`the end of turn ${tokenOf(row, i)}`);
    case 'masked-after-end-of-turn':
      return ofTurn(afterStop(row, i));
    case 'masked-thinking':
      return ofTurn('the reasoning');
    case 'masked-tool-call':
      return ofTurn('the tool call');
    case 'masked-template':
    case 'outside-generation':
      return ofTurn('template text');
    case 'masked-label':
      return { words: 'tokens with the label -100', place: 'none' };
    case 'prompt':
      return { words: 'the prompt', place: 'none' };
    default:
      return ofTurn(answerWords(row, i, off));
  }
}

/** "the answer", "the text of the user". */
function answerWords(row: Row, i: number, off: Reason): string {
  const role = row.roles[row.turns[i] ?? -1];
  if (off === 'weight-0') return 'the text with weight 0';
  if (role === undefined) return 'template text';
  if (off === 'earlier-turn') return 'the earlier answer';
  return role === 'assistant' ? 'the answer' : role === 'completion' ? 'the completion' : `the text of the ${role}`;
}

const textOf = ({ text, starts, ends }: Row, i: number): string => text.slice(starts[i], ends[i]);

const tokenOf = (row: Row, i: number): string => quoted(textOf(row, i));

const BLANKS: Readonly<Record<string, string>> = { '\n': 'the line break', ' ': 'the space' };

/** "the line break after `<|im_end|>`": the stop is the nearest token before it that is more than white space. */
function afterStop(row: Row, i: number): string {
  const text = textOf(row, i);
  const what = BLANKS[text] ?? (text.trim() === '' ? 'the white space' : 'the text');
  let stop = i - 1;
  while (stop >= 0 && textOf(row, stop).trim() === '') stop--;
  return stop < 0 ? what : `${what} after ${tokenOf(row, stop)}`;
}
