import type { PartAnalysis } from '../../analysis-types.ts';
import { TRANSFORMERS_RULES, type TransformersRules } from '../../config.ts';
import type { ChatConversation } from '../../formats/conversation.ts';
import { type Pointer, pointerOf } from '../../jsonl/value.ts';
import { type ChatTemplate, type RenderContext, TemplateError } from '../../template/chat-template.ts';
import { canDiffer, prepare, preparesAlike } from '../../template/prepare.ts';
import type { Check, Finding } from '../check.ts';
import { placeOf } from '../lib/place.ts';
import { listed, quoted } from '../lib/words.ts';

export const templateVersionDiffers: Check = {
  code: 'template/version-differs',
  severity: 'information',
  title: 'Another version of transformers prints the row differently',
  stage: 'render',
  fixable: false,
  perFile: true,
  run: ({ parts, settings }) => parts.flatMap((part) => differing(part, settings.transformers)),
};

/** What a template makes of a row: its text, or the words of the error. */
interface Outcome {
  readonly text: string | null;
  readonly error: string | null;
}

function differing(part: PartAnalysis, own: TransformersRules): Finding[] {
  const { conversation, template, context, error } = part;
  if (conversation.kind !== 'chat' || template === null || context === null) return [];
  if (error !== null && error.kind !== 'raised' && error.kind !== 'python') return [];
  const raw = { ...conversation, messages: conversation.original ?? conversation.messages };
  if (!canDiffer(raw.messages) && !asksForGlobals(template)) return [];
  const here: Outcome = { text: part.rendering?.text ?? null, error: error?.message ?? null };
  const findings: Finding[] = [];
  const others = TRANSFORMERS_RULES.filter((rules) => rules !== own);
  for (const group of grouped(others, raw, template, context)) {
    const { rules, outcome } = group;
    // Two refusals are one, whatever their words.
    if (outcome.text === here.text) continue;
    const [mine, theirs] = excerpts(here, outcome, rules.length > 1);
    findings.push({
      message: `transformers ${own} ${mine}, ${listed(rules)} ${theirs}. Train with the version that the project names, or name the one that trains in \`transformers\`.`,
      ...placeOf(conversation, changedField(raw)),
      data: { version: own, shown: mine, others: rules, shownThere: theirs },
    });
  }
  return findings;
}

/** The other versions by what they print; those that prepare alike are rendered once. */
function grouped(
  versions: readonly TransformersRules[],
  raw: ChatConversation,
  template: ChatTemplate,
  context: RenderContext,
): { readonly rules: TransformersRules[]; readonly outcome: Outcome }[] {
  const groups: { readonly rules: TransformersRules[]; readonly outcome: Outcome }[] = [];
  for (const rules of versions) {
    const alike = groups.find(({ rules: [first] }) => preparesAlike(first!, rules));
    const outcome = alike?.outcome ?? render(template, { ...context, messages: prepare(raw, rules).messages, rules });
    const same = groups.find((group) => group.outcome.text === outcome.text);
    if (same === undefined) groups.push({ rules: [rules], outcome });
    else same.rules.push(rules);
  }
  return groups;
}

function render(template: ChatTemplate, context: RenderContext): Outcome {
  try {
    return { text: template.plain(context).text, error: null };
  } catch (error) {
    if (error instanceof TemplateError) return { text: null, error: error.message };
    throw error;
  }
}

const asked = new WeakMap<ChatTemplate, boolean>();

/** Whether a template uses what only some versions allow: a method of `dict`, a name with an underscore on a namespace. */
function asksForGlobals(template: ChatTemplate): boolean {
  let answer = asked.get(template);
  if (answer === undefined) {
    const { source } = template;
    answer =
      /\bdict\s*\.(?!\s*fromkeys)/.test(source) || (/\bnamespace\b/.test(source) && /(?:\.|\(|,)\s*_\w/.test(source));
    asked.set(template, answer);
  }
  return answer;
}

/** What surrounds the first difference, in each. */
function excerpts(a: Outcome, b: Outcome, plural: boolean): readonly [string, string] {
  const [prints, raises] = plural ? ['print', 'raise'] : ['prints', 'raises'];
  if (a.text === null) return [`raises ${quoted(a.error ?? '')}`, `${prints} it`];
  if (b.text === null) return ['prints it', `${raises} ${quoted(b.error ?? '')}`];
  let from = 0;
  while (from < a.text.length && a.text[from] === b.text[from]) from++;
  let [endA, endB] = [a.text.length, b.text.length];
  while (endA > from && endB > from && a.text[endA - 1] === b.text[endB - 1]) {
    endA--;
    endB--;
  }
  const around = (text: string, end: number): string =>
    quoted(text.slice(Math.max(0, from - 12), Math.max(end + 8, from + 12)));
  return [`prints ${around(a.text, endA)}`, `${prints} ${around(b.text, endB)}`];
}

/** The field that the versions treat differently: a None first, else the reasoning, else the messages. */
function changedField({ messages }: ChatConversation): Pointer {
  for (const [index, message] of messages.entries()) {
    for (const [key, value] of message) {
      const isReasoning = key === 'reasoning_content' || key === 'reasoning' || key === 'thinking';
      if (value === null || isReasoning) return pointerOf(pointerOf('/messages', index), key);
    }
  }
  return '/messages';
}
