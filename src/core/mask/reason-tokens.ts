import { uint8Tokens } from '../token-arrays.ts';
import type { Encoding } from '../tokenizer/encoding.ts';
import type { Reason } from './policy.ts';
import { REASON_INDEX } from './reasons.ts';
import type { Zone, ZoneKind } from './zones.ts';

const TRAINED: Readonly<Record<ZoneKind, Reason>> = {
  header: 'role-header',
  content: 'assistant-content',
  reasoning: 'assistant-reasoning',
  'tool-call': 'tool-call',
  template: 'template-text',
  'empty-think': 'empty-think',
  stop: 'end-of-turn',
  after: 'after-end-of-turn',
};

const MASKED: Readonly<Record<ZoneKind, Reason>> = {
  header: 'masked-header',
  content: 'masked-content',
  reasoning: 'masked-thinking',
  'tool-call': 'masked-tool-call',
  template: 'masked-template',
  'empty-think': 'masked-thinking',
  stop: 'masked-end-of-turn',
  after: 'masked-after-end-of-turn',
};

const leadsIn = ({ kind }: Zone): boolean => kind === 'header' || kind === 'template';

export interface ReasonInput {
  readonly encoding: Encoding;
  readonly trained: Uint8Array;
  readonly intended: Uint8Array | null;
  /** Message index of each token. */
  readonly turns: Int16Array;
  readonly roles: readonly string[];
  readonly zones: readonly Zone[];
  /** Why a whole message is not trained, where one thing decides for all of it. */
  readonly maskedMessages: ReadonlyMap<number, Reason>;
  /** Roles whose turns are trained. */
  readonly trainedRoles: readonly string[];
  /** Whether the template's generation blocks decide. */
  readonly marked: boolean;
}

/** Why each token is trained or not, as indices into `REASONS`. Max length is not looked at. */
export function reasonsOf(input: ReasonInput): Uint8Array {
  const { encoding, trained, intended, turns, zones } = input;
  const { starts, ends } = encoding;
  const count = trained.length;
  const reasons = uint8Tokens(count);
  let next = 0;
  // Neighboring tokens mostly have the same reason: it is looked up where one of the things that decide it changes.
  let lastZone: Zone | null | undefined;
  let lastMessage = 0;
  let lastBits = 0;
  let index = 0;
  for (let token = 0; token < count; token++) {
    const start = starts[token]!;
    const end = ends[token]!;
    while (next < zones.length && zones[next]!.end <= start) next++;
    const isTrained = trained[token] === 1;
    const meant = intended === null ? isTrained : intended[token] === 1;
    let zone = next < zones.length && zones[next]!.start < end ? zones[next]! : null;
    // a token that straddles header and answer is trained for the answer's sake
    if (isTrained)
      for (let i = next + 1; zone !== null && leadsIn(zone) && i < zones.length && zones[i]!.start < end; i++)
        zone = zones[i]!;
    const message = zone?.message ?? turns[token]!;
    const bits = (isTrained ? 1 : 0) | (meant ? 2 : 0);
    if (zone !== lastZone || message !== lastMessage || bits !== lastBits) {
      index = REASON_INDEX[reasonOf(input, isTrained, meant, zone, message)];
      lastZone = zone;
      lastMessage = message;
      lastBits = bits;
    }
    reasons[token] = index;
  }
  return reasons;
}

function reasonOf(input: ReasonInput, isTrained: boolean, meant: boolean, zone: Zone | null, message: number): Reason {
  if (isTrained && !meant) return 'trained-by-defect';
  if (isTrained && zone === null && !input.trainedRoles.includes(input.roles[message] ?? '')) return 'trained-context';
  if (isTrained) return TRAINED[zone?.kind ?? 'template'];
  return meant ? 'mask-defect' : maskedReason(input, zone, message);
}

function maskedReason(input: ReasonInput, zone: Zone | null, message: number): Reason {
  if (message < 0) return 'masked-template';
  if (zone?.kind === 'header') return 'masked-header';
  const whole = input.maskedMessages.get(message);
  if (whole !== undefined) return whole;
  if (zone !== null) return MASKED[zone.kind];
  if (!input.trainedRoles.includes(input.roles[message] ?? '')) return 'masked-role';
  return input.marked ? 'outside-generation' : 'masked-template';
}
