import { FLAG_KEYS } from '../../formats/lib/chat.ts';
import { Float } from '../../jsonl/value.ts';
import { resolveMask } from '../../mask/resolve.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { blocksOf, DEFECT_REMEDY, DEFECT_WHY, defectsOfPart } from '../lib/defects.ts';
import { type Place, placeOf, pointerOf, valueAt } from '../lib/place.ts';
import { type MaskedPart, maskName, trainedParts } from '../lib/trained.ts';
import { type ChatTurn, chatOf, isAssistant } from '../lib/turns.ts';
import { listed } from '../lib/words.ts';
import type { Edit } from '../problem.ts';

export const maskNoTrainedTokens: Check = {
  code: 'mask/no-trained-tokens',
  severity: 'error',
  title: 'No token is trained',
  stage: 'mask',
  fixable: true,
  run: (context) =>
    trainedParts(context)
      .filter(({ mask }) => !mask.trained.includes(1))
      .flatMap((part) => because(part, context) ?? []),
};

type Cause = Omit<Finding, 'message'> & { readonly cause: string };

function because(part: MaskedPart, context: CheckContext): Finding | null {
  const found = causeOf(part, context);
  if (found === null) return null;
  const { cause, ...rest } = found;
  return { message: `No token is trained: ${cause}`, ...rest };
}

/** Null where `roles/no-assistant` says it already. */
function causeOf(part: MaskedPart, context: CheckContext): Cause | null {
  const { conversation, mask, encoding, rendering } = part;
  const chat = chatOf(context, part);
  if (chat && chat.turns.length > 0 && !chat.turns.some(isAssistant)) return null;
  if (encoding.ids.length === 0) return { cause: 'the row renders to no text. Fill it or remove it.', pointer: '' };
  if (conversation.kind === 'tokens')
    return { cause: 'every label is -100. Set labels, or remove the row.', pointer: '/labels' };
  if (conversation.kind !== 'chat' || !chat)
    return { cause: 'the row has no completion. Write it, or choose a mask that trains all of the text.', pointer: '' };

  const { policy, nothing } = resolveMask(context.settings.mask);
  const targets = chat.turns.filter(({ role }) => policy.roles.includes(role));
  const everywhere: Place = placeOf(conversation, (targets[0] ?? chat.turns.find(isAssistant))?.pointer ?? '/messages');
  if (targets.length === 0)
    return {
      cause: `no turn has the role ${listed(policy.roles)} that ${maskName(context.settings.mask)} trains.`,
      ...everywhere,
    };
  if (policy.messageFlags && targets.every(({ index }) => conversation.trainFlags[index] === false))
    return switchedOff(targets, context);
  if (policy.markers === 'require' && rendering?.generation == null)
    return {
      cause:
        'the mask asks for generation blocks and the template has none. Choose a template with them, or let the mask do without.',
      ...everywhere,
      data: { template: part.template?.name ?? null },
    };
  // that the tool stops where nothing is trained is no cause of it
  if (mask.refused !== null && mask.refused !== nothing) return { cause: mask.refused, ...everywhere };
  const [defect] = mask.intended?.includes(1) ? defectsOfPart(part) : [];
  if (defect)
    return {
      cause: `transformers' token mask loses every answer, by ${blocksOf(part, defect)}: ${DEFECT_WHY[defect.name]} (${defect.name}). ${DEFECT_REMEDY[defect.name]}`,
      ...everywhere,
      data: { cause: defect.name },
    };
  if (mask.from === 'markers')
    return {
      cause: 'no generation block of the template holds an answer of this row. Choose another template.',
      ...everywhere,
    };
  return {
    cause: 'nothing of the assistant turns is printed. Fill them, or choose another template.',
    ...everywhere,
  };
}

/** "every assistant turn has `weight` 0", with the edits that switch them on again. */
function switchedOff(turns: readonly ChatTurn[], { row }: CheckContext): Cause {
  const edits: Edit[] = [];
  let name = 'weight';
  let spelled = '0';
  let place: Place | null = null;
  for (const turn of turns) {
    const key = FLAG_KEYS.find((candidate) => isOff(turn.message.get(candidate)));
    if (key === undefined) continue;
    const { pointer } = placeOf(turn.conversation, pointerOf(turn.pointer, key));
    const value = valueAt(row.value, pointer);
    const range = isOff(value) ? row.locate(pointer) : null;
    if (!range) continue;
    place ??= { pointer };
    name = key;
    spelled = row.text.slice(...range);
    edits.push({ range, text: typeof value === 'boolean' ? 'true' : value instanceof Float ? '1.0' : '1' });
  }
  const on = edits[0]?.text ?? '1';
  return {
    cause: `every assistant turn has \`${name}\` ${spelled}.`,
    ...(place ?? { pointer: '' }),
    fixes: edits.length > 0 ? [{ scope: 'row', title: `Set to ${on}`, edits }] : [],
  };
}

const isOff = (value: unknown): boolean =>
  value === false || value === 0 || (value instanceof Float && value.value === 0);
