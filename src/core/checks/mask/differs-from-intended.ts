import { isArray, isObject, type Value } from '../../jsonl/value.ts';
import type { Defect } from '../../mask/defects.ts';
import { resolveMask } from '../../mask/resolve.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { blocksOf, DEFECT_REMEDY, DEFECT_WHY, defectsOfPart, turnsOfDefect } from '../lib/defects.ts';
import { placeOfCharacter } from '../lib/origin.ts';
import { placeOf, pointerOf } from '../lib/place.ts';
import { type MaskedPart, trainedParts } from '../lib/trained.ts';
import { counted } from '../lib/words.ts';

export const maskDiffersFromIntended: Check = {
  code: 'mask/differs-from-intended',
  severity: 'warning',
  title: 'Mask differs from what was meant',
  stage: 'mask',
  fixable: false,
  perFile: true,
  run: (context) =>
    trainedParts(context).flatMap((part) => [
      // Where nothing at all is trained, `mask/no-trained-tokens` says so.
      ...(part.mask.trained.includes(1) ? defectsOfPart(part).map((defect) => findingOf(part, defect)) : []),
      ...mediaFindings(part, context),
    ]),
};

function findingOf(part: MaskedPart, defect: Defect): Finding {
  const { name, extra, lost } = defect;
  const tokens = [...extra, ...lost].sort((a, b) => a - b);
  const [first, last] = [tokens[0] ?? 0, tokens.at(-1) ?? 0];
  const sums = [
    extra.length > 0 ? `trains ${counted(extra.length, 'token')} too many` : '',
    lost.length > 0 ? `leaves out ${counted(lost.length, 'token')}` : '',
  ].filter((text) => text !== '');
  return {
    message: `The token mask of transformers ${sums.join(' and ')}, about ${blocksOf(part, defect)}: ${DEFECT_WHY[name]} (${name}). ${DEFECT_REMEDY[name]}`,
    ...placeOfCharacter(part, part.encoding.starts[first] ?? 0),
    tokens: [first, last + 1],
    data: { cause: name, extra: extra.length, lost: lost.length, turns: turnsOfDefect(part, defect) },
  };
}

const MEDIA = new Set(['image', 'image_url', 'video', 'video_url', 'audio', 'input_audio']);
const COLUMNS = ['image', 'images', 'video', 'videos', 'audio', 'audios'];

/** Rows with images are encoded by a processor, which no tokenizer shows: ids and mask hold for the text alone (B10). */
function mediaFindings({ conversation, mask }: MaskedPart, { object, settings }: CheckContext): Finding[] {
  if (conversation.kind !== 'chat') return [];
  if (mask.from !== 'markers' && resolveMask(settings.mask).preset !== 'trl-assistant') return [];
  const message = conversation.messages.findIndex((candidate) => hasMedia(candidate.get('content')));
  const column = COLUMNS.find((name) => isFilled(object?.get(name)));
  if (message < 0 && column === undefined) return [];
  return [
    {
      severity: 'information',
      message:
        'This row has images, video or audio. A processor writes many tokens for each and counts the mask by a rule of its own, with zeros or a shift in some versions (B10): ids and mask here are those of the text alone. Look at a batch of the trainer before a long run.',
      ...(message >= 0 ? placeOf(conversation, pointerOf('/messages', message)) : { pointer: `/${column}` }),
      data: { cause: 'B10' },
    },
  ];
}

const hasMedia = (content: Value | undefined): boolean =>
  isArray(content) && content.some((item) => isObject(item) && MEDIA.has(String(item.get('type'))));

const isFilled = (value: Value | undefined): boolean =>
  value !== undefined && value !== null && !(isArray(value) && value.length === 0);
