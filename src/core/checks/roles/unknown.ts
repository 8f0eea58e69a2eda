import type { Check, CheckContext, Finding } from '../check.ts';
import { replaceString } from '../lib/edits.ts';
import { placeOf, pointerOf } from '../lib/place.ts';
import { type ChatTurn, turnsOf } from '../lib/turns.ts';
import { quoted } from '../lib/words.ts';
import { KNOWN_ROLES, meantRole } from './names.ts';

export const rolesUnknown: Check = {
  code: 'roles/unknown',
  severity: 'warning',
  title: 'Unknown role',
  stage: 'conversation',
  fixable: true,
  run: (context) =>
    turnsOf(context)
      .filter(({ role }) => role !== '' && !KNOWN_ROLES.has(role))
      .map((turn) => finding(turn, context)),
};

function finding(turn: ChatTurn, { row }: CheckContext): Finding {
  const { role } = turn;
  const meant = meantRole(role);
  const { pointer } = placeOf(turn.conversation, pointerOf(turn.pointer, 'role'));
  if (meant === null)
    return {
      message: `Unknown role ${quoted(role)}. Templates drop such a turn or print the name as it stands; use system, user, assistant or tool.`,
      pointer,
    };
  const edit = replaceString(row, pointer, role, meant);
  return {
    message: `Unknown role ${quoted(role)}. Did you mean ${quoted(meant)}?`,
    pointer,
    severity: 'error',
    data: { meant },
    fixes: edit ? [{ scope: 'all', title: `Change to ${quoted(meant)}`, edits: [edit] }] : [],
  };
}
