import { agreement } from '../markers.ts';
import type { Turn } from '../mask-result.ts';
import { prefixText } from '../prefixes.ts';
import type { ToolInput } from './tool.ts';

/**
 * Whether the token that stops a turn is the turn's own, and not the opening of the next one's header (GLM, Phi 4 in
 * torchtune): then the conversation through this turn has it, too.
 */
export function isOwnStop(
  { template, context, rendering, markers }: ToolInput,
  { message, contentEnd, stop }: Turn,
): boolean {
  if (stop === null) return false;
  const through = prefixText(template, context, message + 1, false);
  const agreed = through === null ? 0 : agreement(markers, rendering.text, through);
  // a history that is rewritten before the answer's end tells nothing
  return agreed < contentEnd || agreed >= stop[1];
}
