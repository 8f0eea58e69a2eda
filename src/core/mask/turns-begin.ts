import { agreement, looselySpelled } from './markers.ts';
import { prefixText } from './prefixes.ts';
import { isTemplateText } from './printed.ts';
import type { TurnBegin, TurnRow } from './turn-row.ts';
import { withoutThought } from './usual.ts';

/**
 * Where the turn of message `i` begins: behind what the generation prompt adds to the messages before it, if the row's
 * text begins with those; else behind that header where it stands last before the message's own text. Null where nothing
 * of the message was printed.
 */
export function turnBegin(row: TurnRow, i: number, previousEnd: number): TurnBegin | null {
  const { text, markers, usual, template, context } = row;
  const prompt = prefixText(template, context, i, true);
  const closed = prefixText(template, context, i, false);
  const rendered = prompt !== null && closed !== null;
  const base = rendered ? agreement(markers, prompt, closed) : 0;
  const header = rendered ? prompt.slice(base) : '';
  const role = usual.role !== '' && header.startsWith(usual.role) ? usual.role : withoutThought(header);
  // the printed turn may leave the prompt early: "<think>\n" is in the prompt, "<think></think>" or nothing of it in the text
  const same = agreement(markers, header, text.slice(base));
  const matched = role !== '' && same >= role.length;
  // an empty prefix proves nothing (it has no BOS, no default system turn): it counts only when the header stands there
  const proven = rendered && base >= previousEnd && agreement(markers, text, prompt) >= base && (i > 0 || matched);
  const from = proven ? base : previousEnd;
  const first = row.own[i]!.find((piece) => piece.start >= from);
  const limit = first?.start ?? text.length;

  if (proven && matched) {
    const roleEnd = base + role.length;
    return { headerStart: base, roleEnd, start: Math.max(roleEnd, Math.min(base + same, limit)), how: 'prefix' };
  }
  if (proven) return withoutAgreement(row, base, limit, role);
  return byOrigins(row, previousEnd, first === undefined ? null : limit, role, header);
}

/**
 * The text goes on otherwise than the prompt: an answer right after tool results has no header; or the usual one is
 * printed although the prompt does not add it here (Gemma 4), or adds it with other white space.
 */
function withoutAgreement({ text, pieces, usual }: TurnRow, base: number, limit: number, role: string): TurnBegin {
  for (const header of [usual.role, role]) {
    const length = header === '' ? 0 : (looselySpelled(header).exec(text.slice(base, limit))?.[0].length ?? 0);
    if (length > 0 && isTemplateText(pieces, base, base + length))
      return { headerStart: base, roleEnd: base + length, start: base + length, how: 'prefix' };
  }
  // the prompt ended before the last turn was closed (a template that leaves the last answer open)
  const at = usual.role === '' ? -1 : text.slice(0, limit).lastIndexOf(usual.role);
  const roleEnd = at + usual.role.length;
  if (at >= base && isTemplateText(pieces, at, roleEnd))
    return { headerStart: at, roleEnd, start: roleEnd, how: 'prefix' };
  return { headerStart: base, roleEnd: base, start: base, how: 'prefix' };
}

/** History was rewritten, or the prefix refused: the header that stands last before the message's first character, in the template's own text. */
function byOrigins(
  { text, pieces, markers, usual }: TurnRow,
  previousEnd: number,
  first: number | null,
  role: string,
  header: string,
): TurnBegin | null {
  const known = role || usual.role || withoutThought(usual.header ?? '');
  const whole = header || usual.header || '';
  const limit = first ?? text.length;
  let at = -1;
  if (known !== '')
    at = first !== null ? text.lastIndexOf(known, limit - known.length) : text.indexOf(known, previousEnd);
  const roleEnd = at + known.length;
  if (at >= previousEnd && isTemplateText(pieces, at, roleEnd)) {
    const same = agreement(markers, whole, text.slice(at));
    return { headerStart: at, roleEnd, start: Math.max(roleEnd, Math.min(limit, at + same)), how: 'origins' };
  }
  if (first === null) return null;
  return { headerStart: first, roleEnd: first, start: first, how: usual.header === '' ? 'origins' : 'guess' };
}
