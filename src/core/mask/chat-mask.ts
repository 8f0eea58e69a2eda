import type { ChatConversation } from '../formats/conversation.ts';
import type { Range } from '../jsonl/value.ts';
import type { ChatTemplate, RenderContext } from '../template/chat-template.ts';
import type { Encoding } from '../tokenizer/encoding.ts';
import { type BoundaryInput, boundariesOf, messageOfTokens } from './boundaries.ts';
import { contextTurns } from './context-turns.ts';
import { generationPlaces } from './generation-places.ts';
import { framed, generationTurns } from './generation-turns.ts';
import { type Markers, markersFor } from './markers.ts';
import type { MaskInput, MaskResult, Turn } from './mask-result.ts';
import { ASSISTANT_TURNS, type MaskPolicy, REASONS, type Reason } from './policy.ts';
import { prefixText } from './prefixes.ts';
import { type Printed, printedOf } from './printed.ts';
import { projectExact, projectIntended, raisesInPython } from './project.ts';
import { reasonsOf } from './reason-tokens.ts';
import { REASON_INDEX } from './reasons.ts';
import { type ResolvedMask, resolveMask } from './resolve.ts';
import { promptTokens, spansOfTokens } from './shape-mask.ts';
import { policySpans } from './spans.ts';
import { LABELS } from './tools/labels.ts';
import type { PromptEnd } from './tools/tool.ts';
import { isTrlAssistant, knobSpans, knobsFor } from './trl-knobs.ts';
import { turnsOf } from './turns.ts';
import { usualOf } from './usual.ts';
import { type Zone, zonesOf } from './zones.ts';

export interface ChatInput extends MaskInput {
  readonly conversation: ChatConversation;
  readonly template: ChatTemplate;
  readonly context: RenderContext;
}

/** What is known before any mask is made. */
interface Facts {
  readonly input: ChatInput;
  readonly resolved: ResolvedMask;
  readonly roles: readonly string[];
  readonly pieces: readonly Printed[];
  readonly markers: Markers;
}

/** A mask before its reasons. */
interface Draft {
  readonly from: MaskResult['from'];
  readonly trained: Uint8Array;
  readonly intended: Uint8Array | null;
  readonly spans: readonly Range[];
  /** Where the spans really lie, if elsewhere. */
  readonly meant?: readonly Range[];
  readonly turns: readonly Turn[];
  /** Why every trained token is trained, where one reason holds for all. */
  readonly reason?: Reason;
  /** Tokens of the prompt, where it is masked: 1 where one would be trained without that. */
  readonly prompt?: Uint8Array;
  /** Why the tool leaves the row out. */
  readonly refused?: string;
}

function rolesOf({ messages }: ChatConversation): string[] {
  const roles: string[] = [];
  for (const message of messages) {
    const role = message.get('role');
    roles.push(typeof role === 'string' ? role : '');
  }
  return roles;
}

export function chatMask(input: ChatInput): MaskResult {
  const { conversation, rendering, template, specialTokens, encoding } = input;
  const facts: Facts = {
    input,
    resolved: resolveMask(input.spec),
    roles: rolesOf(conversation),
    pieces: printedOf(rendering),
    markers: markersFor(template, specialTokens),
  };
  const draft = draftOf(facts);
  const shownTurns =
    draft.from === 'shape' && rendering.generation !== null ? markedTurns(facts, placesOf(facts)) : draft.turns;
  const boundaries = boundariesOf(boundaryInput(facts, draft.from === 'derived' ? draft.turns : [], shownTurns));
  const turns = messageOfTokens(encoding, boundaries);
  const zoneTurns =
    draft.from === 'markers' ? framed(shownTurns, boundaries, rendering.text, facts.markers) : shownTurns;
  return finish(facts, draft, zoneTurns, turns);
}

function boundaryInput(facts: Facts, turns: readonly Turn[], ends: readonly Turn[]): BoundaryInput {
  const { input, pieces, roles, markers } = facts;
  const { template, context, rendering } = input;
  const { stop } = usualOf(template, context, markers);
  const exact = input.exactTurns ?? false;
  return { template, context, text: rendering.text, pieces, roles, markers, stop, turns, ends, exact };
}

function draftOf(facts: Facts): Draft {
  const { input, resolved } = facts;
  const { completionFrom, part } = input.conversation;
  const labeled = labeledDraft(facts);
  if (labeled !== null) return labeled;
  const draft = wholeDraft(facts);
  const { nothing, policy, prompt } = resolved;
  if (nothing !== null && !draft.trained.includes(1)) return { refused: nothing, ...draft };
  const hasPrompt = completionFrom !== null && (part === 'row' || policy.scope === 'completion');
  return hasPrompt && prompt !== null ? withoutPrompt(facts, draft, completionFrom, prompt) : draft;
}

/** By the policy, on all of the row. */
function wholeDraft(facts: Facts): Draft {
  const { input, resolved } = facts;
  const { rendering } = input;
  const { policy } = resolved;
  // TRL has no completion mask on rows without a completion: every token is trained
  if (policy.scope !== 'turns') return everythingDraft(facts);
  if (usesMarkers(policy, rendering.generation)) return markedDraft(facts, rendering.generation);
  if (policy.markers === 'require')
    return {
      ...everythingDraft(facts),
      from: 'markers',
      trained: new Uint8Array(input.encoding.ids.length),
      spans: [],
    };
  return derivedDraft(facts);
}

/** Generation blocks say all that is trained; they answer only a policy that asks for no more and no less than assistant turns. */
function usesMarkers(policy: MaskPolicy, generation: readonly Range[] | null): generation is readonly Range[] {
  const usual = ASSISTANT_TURNS;
  return (
    generation !== null &&
    policy.markers !== 'ignore' &&
    policy.roles.length === 1 &&
    policy.roles[0] === 'assistant' &&
    policy.turns === usual.turns &&
    policy.header === usual.header &&
    policy.endOfTurn === usual.endOfTurn &&
    policy.afterEndOfTurn === usual.afterEndOfTurn &&
    policy.thinking === usual.thinking &&
    policy.toolCalls === usual.toolCalls
  );
}

/**
 * The trained tokens of a chat whose template says all that is trained, from a plain render: what `chatMask` gives, without
 * turns, reasons and origins. Null where those are needed to tell.
 */
export function generationMask(
  conversation: ChatConversation,
  spec: MaskInput['spec'],
  generation: readonly Range[] | null,
  encoding: Encoding,
): Uint8Array | null {
  const { preset, policy, prompt } = resolveMask(spec);
  if (policy.scope !== 'turns' || (preset !== null && LABELS[preset]) || conversation.part === 'rejected') return null;
  if (prompt !== null && conversation.completionFrom !== null) return null;
  if (policy.messageFlags && conversation.trainFlags.includes(false)) return null;
  return usesMarkers(policy, generation) ? projectExact(encoding, generation) : null;
}

const everythingDraft = ({ input }: Facts): Draft => ({
  from: 'shape',
  trained: new Uint8Array(input.encoding.ids.length).fill(1),
  intended: null,
  spans: [[0, input.rendering.text.length]],
  turns: [],
});

/** The prompt of prompt and completion is rendered with generation prompt (TRL). Where the template refuses it, TRL stops. */
function withoutPrompt({ input }: Facts, draft: Draft, completionFrom: number, end: PromptEnd): Draft {
  const { template, context, tokenizer, encoding, rendering } = input;
  const text = prefixText(template, context, completionFrom, true);
  if (text === null) return { ...draft, trained: new Uint8Array(draft.trained.length), refused: PROMPT_REFUSED };
  const count = promptTokens(tokenizer, text, encoding, false, end);
  const prompt = draft.trained.slice(0, count);
  const trained = draft.trained.slice().fill(0, 0, count);
  if (draft.from === 'shape') {
    const spans = spansOfTokens(encoding, trained);
    return { ...draft, trained, spans, reason: 'completion' };
  }
  const from = encoding.starts[count] ?? rendering.text.length;
  const behind = (spans: readonly Range[]): Range[] =>
    spans.flatMap(([start, stop]) => (stop > from ? [[Math.max(start, from), stop] as const] : []));
  return {
    ...draft,
    trained,
    prompt,
    intended: draft.intended?.slice().fill(0, 0, count) ?? null,
    spans: behind(draft.spans),
    ...(draft.meant && { meant: behind(draft.meant) }),
  };
}

const PROMPT_REFUSED =
  'TRL also renders the prompt alone, and the template refuses that. Change the prompt, or choose another template.';

const markedTurns = ({ input, pieces, roles, markers }: Facts, places: readonly Range[] | null): Turn[] =>
  generationTurns(input.rendering.text, places ?? input.rendering.generation ?? [], pieces, roles, markers);

const placesOf = ({ input }: Facts): readonly Range[] | null =>
  generationPlaces(input.template, input.context, input.rendering);

function markedDraft(facts: Facts, generation: readonly Range[]): Draft {
  const places = placesOf(facts);
  const meant = places !== null && !sameRanges(places, generation) ? places : undefined;
  return {
    from: 'markers',
    ...projected(facts, generation, meant),
    spans: generation,
    ...(meant && { meant }),
    turns: markedTurns(facts, places),
  };
}

const sameRanges = (a: readonly Range[], b: readonly Range[]): boolean =>
  a.every(([start, end], i) => b[i]?.[0] === start && b[i][1] === end);

const RAISES =
  'transformers raises an OverflowError, since a generation block at the very beginning of the text is empty (B5), and the trainer stops there. Fill that answer, or remove the row.';

/** What transformers' projection gives, and what was meant where that differs. */
function projected(
  { input: { encoding } }: Facts,
  spans: readonly Range[],
  meant: readonly Range[] = spans,
): Pick<Draft, 'trained' | 'intended' | 'refused'> {
  const trained = projectExact(encoding, spans);
  const intended = projectIntended(encoding, meant);
  const refused = raisesInPython(encoding, spans);
  return { trained, intended: sameBits(trained, intended) ? null : intended, ...(refused && { refused: RAISES }) };
}

function sameBits(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function turnsFor(facts: Facts): Turn[] {
  const { input, resolved, markers, pieces, roles } = facts;
  const { template, context, rendering } = input;
  const { roles: trainedRoles } = resolved.policy;
  const written = trainedRoles.includes('assistant')
    ? turnsOf({ template, context, rendering, markers, pieces, roles, trainedRoles: ['assistant'] })
    : [];
  if (trainedRoles.every((role) => role === 'assistant')) return written;
  const given = contextTurns(boundaryInput(facts, written, written), trainedRoles);
  return [...written, ...given].sort((a, b) => a.message - b.message);
}

/** By the tool's own labels; null where its policy says all. */
function labeledDraft(facts: Facts): Draft | null {
  const { input, resolved, roles, markers } = facts;
  const { preset, options, version } = resolved;
  const label = preset === null ? undefined : LABELS[preset];
  if (label === undefined) return null;
  const turns = turnsFor(facts);
  const { trained, spans, refused } = label({ ...input, roles, markers, turns: () => turns }, options, version);
  return {
    from: 'derived',
    trained,
    intended: null,
    spans: spans ?? spansOfTokens(input.encoding, trained),
    turns,
    ...(refused !== undefined && { refused }),
  };
}

function derivedDraft(facts: Facts): Draft {
  const { input, resolved, markers, pieces } = facts;
  const { template, rendering, encoding, conversation } = input;
  const { policy, version } = resolved;
  const turns = turnsFor(facts);
  const knobs = isTrlAssistant(resolved) ? knobsFor(template, version) : null;
  if (knobs !== null) {
    const spans = knobSpans(rendering.text, turns, markers, knobs);
    return { from: 'derived', ...projected(facts, spans), spans, turns };
  }
  const spans = policySpans(policy, turns, zonesOf(rendering.text, pieces, turns), conversation.trainFlags);
  return { from: 'derived', trained: projectIntended(encoding, spans), intended: null, spans, turns };
}

/** Messages of which nothing is trained, each with the one thing that decides so. */
function maskedMessages({ input, resolved, roles }: Facts): Map<number, Reason> {
  const { conversation } = input;
  const { policy } = resolved;
  const masked = new Map<number, Reason>();
  if (policy.turns === 'last' && policy.scope === 'turns') {
    const last = roles.findLastIndex((role) => policy.roles.includes(role));
    roles.forEach((role, i) => {
      if (i < last && policy.roles.includes(role)) masked.set(i, 'earlier-turn');
    });
  }
  if (policy.messageFlags && policy.scope === 'turns')
    conversation.trainFlags.forEach((flag, i) => {
      if (flag === false) masked.set(i, 'weight-0');
    });
  return masked;
}

function finish(facts: Facts, draft: Draft, zoneTurns: readonly Turn[], turns: Int16Array): MaskResult {
  const { input, resolved, roles, pieces } = facts;
  const { encoding, rendering, conversation } = input;
  const masked = maskedMessages(facts);
  const trained = draft.trained;
  if (draft.from === 'markers') dropMessages(trained, draft.intended, turns, masked);
  if (conversation.part === 'rejected') trained.fill(0);

  let reasons: Uint8Array;
  if (draft.from === 'shape') reasons = shapeReasons(trained, draft.reason ?? 'everything');
  else {
    const zones: readonly Zone[] = zonesOf(rendering.text, pieces, zoneTurns);
    reasons = reasonsOf({
      encoding,
      trained,
      intended: conversation.part === 'rejected' ? null : draft.intended,
      turns,
      roles,
      zones,
      maskedMessages: masked,
      trainedRoles: resolved.policy.roles,
      marked: draft.from === 'markers',
    });
  }
  draft.prompt?.forEach((bit, token) => {
    if (bit === 1) reasons[token] = REASON_INDEX.prompt;
  });
  if (conversation.part !== 'row') answerReasons(facts, trained, turns, reasons);
  return {
    trained,
    intended: conversation.part === 'rejected' ? null : draft.intended,
    reasons,
    turns,
    from: draft.from,
    spans: conversation.part === 'rejected' ? [] : draft.spans,
    ...(draft.meant && { meant: draft.meant }),
    turnSpans: draft.from === 'derived' ? draft.turns : [],
    refused: draft.refused ?? null,
  };
}

function dropMessages(
  trained: Uint8Array,
  intended: Uint8Array | null,
  turns: Int16Array,
  masked: ReadonlyMap<number, Reason>,
): void {
  if (masked.size === 0) return;
  turns.forEach((message, token) => {
    if (!masked.has(message)) return;
    trained[token] = 0;
    if (intended !== null) intended[token] = 0;
  });
}

const shapeReasons = (trained: Uint8Array, reason: Reason): Uint8Array =>
  trained.map((bit) => REASON_INDEX[bit === 1 ? reason : 'prompt']);

const HEADER_REASONS: readonly Reason[] = ['masked-header', 'masked-template'];

/** Tokens of a preference row's answers say which one they are of. */
function answerReasons({ input, roles }: Facts, trained: Uint8Array, turns: Int16Array, reasons: Uint8Array): void {
  const { part, completionFrom } = input.conversation;
  const from = completionFrom ?? roles.indexOf('assistant');
  if (from < 0) return;
  turns.forEach((message, token) => {
    if (message < from) return;
    if (part === 'chosen' && trained[token] === 1) reasons[token] = REASON_INDEX['chosen-answer'];
    const isHeader = HEADER_REASONS.includes(REASONS[reasons[token]!]!);
    if (part === 'rejected' && !isHeader) reasons[token] = REASON_INDEX['rejected-answer'];
  });
}
