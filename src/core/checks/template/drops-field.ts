import { isArray, isObject, type Pointer, pointerOf, type Range } from '../../jsonl/value.ts';
import type { Rendering, Segment } from '../../origin/segment.ts';
import type { Check, Finding } from '../check.ts';
import { placeOf } from '../lib/place.ts';
import { type ChatTurn, chatsOf, isAssistant, textsOf, turnName } from '../lib/turns.ts';
import { quoted } from '../lib/words.ts';
import type { Severity } from '../problem.ts';
import { KNOWN_ROLES, meantRole } from '../roles/names.ts';

export const templateDropsField: Check = {
  code: 'template/drops-field',
  severity: 'warning',
  title: 'The template drops a field',
  stage: 'render',
  fixable: false,
  perFile: true,
  run: (context) =>
    chatsOf(context).flatMap(({ part, conversation, turns }) => {
      const { rendering } = part;
      if (rendering === null) return [];
      const printed = new Printed(rendering);
      // A turn that is dropped for a slip in its role's name is said by `roles/unknown`.
      const read = turns.filter(({ role }) => KNOWN_ROLES.has(role) || meantRole(role) === null);
      const findings = read.flatMap((turn) => [...dropped(turn, turns, printed), ...cutShort(turn, printed)]);
      if (isArray(conversation.tools) && conversation.tools.length > 0 && !printed.has('/tools'))
        findings.push({
          message:
            "The template never prints the row's `tools`: the model cannot know what it may call. Choose a template that does.",
          ...placeOf(conversation, '/tools'),
        });
      return findings;
    }),
};

/** What the template printed of the row. */
class Printed {
  private readonly rendering: Rendering;
  private pointers: ReadonlySet<Pointer> | null = null;

  constructor(rendering: Rendering) {
    this.rendering = rendering;
  }

  /** Whether a text was printed in one piece, as nearly every text is. */
  whole(pointer: Pointer, { length }: string): boolean {
    return this.rendering.segments.some(
      (segment) => segment.length === length && segment.offset === 0 && segment.pointer === pointer && !segment.key,
    );
  }

  /** Whether anything at the pointer or below was printed. */
  has(pointer: Pointer): boolean {
    return (this.pointers ??= printedPointers(this.rendering)).has(pointer);
  }

  of(pointer: Pointer): Segment[] {
    return this.rendering.segments.filter((segment) => segment.pointer === pointer);
  }
}

/** Every pointer of which something was printed, and all that are above them. */
function printedPointers({ segments, anchors }: Rendering): ReadonlySet<Pointer> {
  const printed = new Set<Pointer>();
  let last: Pointer | null = null;
  const add = (pointer: Pointer): void => {
    if (pointer === last) return;
    last = pointer;
    for (let p = pointer; p !== '' && !printed.has(p); p = p.slice(0, p.lastIndexOf('/'))) printed.add(p);
  };
  for (const { pointer, key } of segments) if (pointer !== null && !key) add(pointer);
  for (const { pointer } of anchors) add(pointer);
  return printed;
}

const REASONING = ['reasoning_content', 'reasoning', 'thinking'] as const;
const hasText = (value: unknown): boolean => typeof value === 'string' && value.trim() !== '';

/** Fields of a message that a template should print and did not. Ids, weights and the like are never printed by design. */
function dropped(turn: ChatTurn, turns: readonly ChatTurn[], printed: Printed): Finding[] {
  const { message, pointer, conversation } = turn;
  const findings: Finding[] = [];
  const report = (field: string, severity: Severity, at: Pointer, why = ''): void => {
    findings.push({
      message: `The template drops \`${field}\` of ${turnName(turn.index)}${why}.`,
      severity,
      ...placeOf(conversation, at),
      data: { field },
    });
  };
  for (const text of textsOf(turn))
    if (hasText(text.text) && !printed.whole(text.pointer, text.text) && !printed.has(text.pointer))
      report('content', 'warning', text.pointer, ': the model never sees it. Choose a template that prints it');
  if (isAssistant(turn)) {
    const calls = message.get('tool_calls');
    if (isArray(calls) && calls.length > 0 && !printed.has(pointerOf(pointer, 'tool_calls')))
      report(
        'tool_calls',
        'warning',
        pointerOf(pointer, 'tool_calls'),
        ': the model never learns the call. Choose a template that prints it',
      );
    const call = message.get('function_call');
    if (isObject(call) && call.size > 0 && !printed.has(pointerOf(pointer, 'function_call')))
      report(
        'function_call',
        'warning',
        pointerOf(pointer, 'function_call'),
        ', the old form of a call. Write it as `tool_calls`',
      );
    const thought = REASONING.find((key) => hasText(message.get(key)));
    if (thought !== undefined && !REASONING.some((key) => printed.has(pointerOf(pointer, key)))) {
      const later = turns.slice(turn.index + 1).some(({ role }) => role === 'user');
      report(
        thought,
        'information',
        pointerOf(pointer, thought),
        later ? ': it keeps the thoughts after the last user turn only' : '',
      );
    }
  }
  if (hasText(message.get('name')) && !printed.has(pointerOf(pointer, 'name')))
    report('name', 'hint', pointerOf(pointer, 'name'));
  return findings;
}

/** The longest stretch of a text that was left out although the rest was printed: an inline thought of an earlier turn. */
function cutShort(turn: ChatTurn, printed: Printed): Finding[] {
  return textsOf(turn).flatMap(({ pointer, text }) => {
    if (printed.whole(pointer, text) || !printed.has(pointer)) return [];
    const gap = longestGap(text, printed.of(pointer));
    if (gap === null) return [];
    return [
      {
        message: `The template prints only part of the text of ${turnName(turn.index)}: ${quoted(text.slice(...gap).trim())} is left out.`,
        severity: 'information' as const,
        ...placeOf(turn.conversation, pointer, gap),
      },
    ];
  });
}

function longestGap(text: string, segments: readonly Segment[]): Range | null {
  // A value that was printed as a whole (repr, JSON) has no gaps that could be seen.
  if (
    segments.length === 0 ||
    segments.some(({ how, length }) => how === 'whole' && length === 0 && segments.length === 1)
  )
    return null;
  const ranges = segments.map(({ offset, length }): Range => [offset, offset + length]).sort((a, b) => a[0] - b[0]);
  let at = 0;
  let longest: Range | null = null;
  for (const [start, end] of [...ranges, [text.length, text.length] as const]) {
    // Templates print the tags of a thought themselves.
    const missing = text.slice(at, start).replace(/<\/?think>/g, '');
    if (missing.trim() !== '' && (longest === null || start - at > longest[1] - longest[0])) longest = [at, start];
    at = Math.max(at, end);
  }
  return longest;
}
