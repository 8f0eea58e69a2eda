import { isArray } from '../../jsonl/value.ts';
import type { CheckContext, Stage } from '../check.ts';
import { chatsOf, isToolResult } from './turns.ts';

/** What most rows have not. */
export type Trait = 'not-object' | 'json-issue' | 'tools' | 'pair' | 'text' | 'tokens' | 'error' | 'cut';

const TRAITS: Readonly<Record<Trait, (context: CheckContext) => boolean>> = {
  /** It is no JSON, or none with fields. */
  'not-object': ({ object }) => object === null,
  'json-issue': ({ row }) => row.issues.length > 0,
  /** Tools, calls of them, or results. */
  tools: (context) =>
    chatsOf(context).some(
      ({ conversation: { tools }, turns }) =>
        (isArray(tools) && tools.length > 0) ||
        turns.some((turn) => isToolResult(turn) || turn.message.get('tool_calls') !== undefined),
    ),
  /** Two answers to compare. */
  pair: ({ parts }) => parts.length > 1,
  /** Text that no template renders. */
  text: ({ parts }) => parts.some(({ conversation }) => conversation.kind === 'text'),
  /** Tokens that the row holds itself. */
  tokens: ({ parts }) => parts.some(({ conversation }) => conversation.kind === 'tokens'),
  /** The template fails on it. */
  error: ({ parts }) => parts.some(({ error }) => error !== null),
  /** Longer than max length. */
  cut: ({ parts, settings }) =>
    parts.some(({ encoding }) => encoding !== null && encoding.ids.length > settings.maxLength),
};

const REACHED: Readonly<Record<Stage, (context: CheckContext) => boolean>> = {
  json: () => true,
  schema: ({ object }) => object !== null,
  conversation: ({ parts }) => parts.length > 0,
  render: ({ parts }) => parts.some((part) => part.rendering !== null || part.error !== null),
  mask: ({ parts }) => parts.some((part) => part.mask !== null),
  file: () => false,
};

const NAMED = Object.entries({ ...REACHED, ...TRAITS });
const BIT = Object.fromEntries(NAMED.map(([name], i) => [name, 1 << i])) as Readonly<Record<Stage | Trait, number>>;
const ALL = NAMED.map(([, has]) => has);

/** What a check needs of a row, as bits of `bitsOf`. */
export const needsOf = ({ stage, only }: { readonly stage: Stage; readonly only?: Trait }): number =>
  BIT[stage] | (only === undefined ? 0 : BIT[only]);

/** The stages that a row has reached and the traits that it has, a bit each. */
export function bitsOf(context: CheckContext): number {
  let bits = 0;
  for (let i = 0; i < ALL.length; i++) if (ALL[i]!(context)) bits |= 1 << i;
  return bits;
}
