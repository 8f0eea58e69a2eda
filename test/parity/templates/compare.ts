import type { TransformersRules } from '../../../src/core/config.ts';
import { parseRow } from '../../../src/core/jsonl/parse.ts';
import { isArray, isObject, type Pointer, type Range, type Value } from '../../../src/core/jsonl/value.ts';
import type { Rendering } from '../../../src/core/origin/segment.ts';
import { type ChatTemplate, type RenderContext, TemplateError } from '../../../src/core/template/chat-template.ts';
import { prepare } from '../../../src/core/template/prepare.ts';

/** Where the clock stands in these renders. */
export const DATE = '2026-07-04T13:05:09';
export const SPECIAL = { bos_token: '<BOS>', eos_token: '<EOS>', pad_token: '<PAD>', unk_token: '<UNK>' };

/** What Python says: text and spans in code points, or its error. */
export interface Reference {
  readonly text?: string;
  readonly spans?: readonly Range[] | null;
  readonly error?: string;
  readonly type?: string;
}

export interface Case {
  readonly context: RenderContext;
  /** The row's own messages. */
  readonly original: readonly ReadonlyMap<string, Value>[];
  /** The aliases of transformers point at the field they were copied from. */
  readonly sources: ReadonlyMap<Pointer, unknown>;
}

/** Each conversation without and with (`+prompt`) the generation prompt, as this version of transformers prepares it. */
export function readConversations(text: string, rules: TransformersRules = '5.23'): ReadonlyMap<string, Case> {
  const cases = new Map<string, Case>();
  const { value } = parseRow(text);
  if (!isObject(value)) throw new Error('conversations.json is not an object');
  for (const [name, row] of value) {
    const get = (key: string): Value => (isObject(row) ? (row.get(key) ?? null) : null);
    const given = get('kwargs');
    const original = get('messages') as readonly ReadonlyMap<string, Value>[];
    const prepared = prepare(
      {
        kind: 'chat',
        part: 'row',
        messages: original,
        tools: get('tools'),
        templateArgs: new Map(),
        sources: new Map([['', '']]),
        trainFlags: [],
        completionFrom: null,
      },
      rules,
    );
    const args = new Map<string, Value>([
      ...Object.entries(SPECIAL),
      ['date', DATE],
      ...(isObject(given) ? given : []),
    ]);
    for (const addGenerationPrompt of [false, true]) {
      const context = { messages: prepared.messages, tools: prepared.tools, args, addGenerationPrompt, rules };
      cases.set(addGenerationPrompt ? `${name}+prompt` : name, { context, original, sources: prepared.sources });
    }
  }
  return cases;
}

/** What differs from Python, or is wrong with the origins; null where nothing is. */
export function compareCase(
  template: ChatTemplate | Error,
  { context }: Case,
  reference: Reference,
  withSpans = true,
): string | null {
  if (template instanceof Error) {
    return reference.error === undefined ? `does not compile: ${template.message}` : null;
  }
  let plain: ReturnType<ChatTemplate['plain']>;
  try {
    plain = template.plain(context);
  } catch (error) {
    if (!(error instanceof TemplateError)) return `internal error: ${(error as Error).stack}`;
    if (reference.error === undefined) return `raises: ${error.message} (line ${error.line})`;
    const raised = reference.type === 'TemplateError';
    if (raised !== (error.kind === 'raised') || (raised && error.message.slice(0, 300) !== reference.error)) {
      return `raises ${error.kind} ${error.message}, Python ${reference.type}: ${reference.error}`;
    }
    return tracedRaises(template, context) ? null : 'the traced render does not raise';
  }
  if (reference.error !== undefined) return `Python raises ${reference.type}: ${reference.error}`;
  if (plain.text !== reference.text) return firstDifference(plain.text, reference.text ?? '');
  const spans = JSON.stringify(plain.generation);
  const wanted = JSON.stringify(reference.spans == null ? null : toUnits(plain.text, reference.spans));
  if (withSpans && spans !== wanted) return `spans ${spans}, Python ${wanted}`;
  const traced = template.traced(context);
  if (traced.text !== plain.text) return `traced: ${firstDifference(traced.text, plain.text)}`;
  if (JSON.stringify(traced.generation) !== spans) return 'traced spans differ';
  return wrongOrigin(traced, context);
}

function tracedRaises(template: ChatTemplate, context: RenderContext): boolean {
  try {
    template.traced(context);
    return false;
  } catch (error) {
    return error instanceof TemplateError;
  }
}

function firstDifference(ours: string, theirs: string): string {
  let i = 0;
  while (i < ours.length && ours[i] === theirs[i]) i++;
  const around = (text: string): string => JSON.stringify(text.slice(Math.max(0, i - 30), i + 30));
  return `at ${i}: ours ${around(ours)}, Python's ${around(theirs)}`;
}

export function toUnits(text: string, spans: readonly Range[]): Range[] {
  const units: number[] = [];
  let at = 0;
  for (const c of text) {
    units.push(at);
    at += c.length;
  }
  const unit = (point: number): number => units[point] ?? at + (point - units.length);
  return spans.map(([start, end]) => [unit(start), unit(end)]);
}

/** Whether segments leave a gap, overlap, or claim a copy that is none. */
export function wrongOrigin({ text, segments, anchors }: Rendering, context: RenderContext): string | null {
  let end = 0;
  for (const segment of segments) {
    if (segment.start !== end || segment.end <= segment.start) return `segment at ${segment.start}, expected ${end}`;
    end = segment.end;
    if ((segment.pointer === null) !== (segment.how === 'template'))
      return `pointer and how disagree at ${segment.start}`;
    if (segment.pointer === null) continue;
    const source = sourceText(context, segment.pointer, segment.key);
    if (segment.how === 'whole') {
      if (source === undefined) return `no value at ${segment.pointer}`;
      continue;
    }
    if (typeof source !== 'string') return `no string at ${segment.pointer}`;
    const copied = source.slice(segment.offset, segment.offset + segment.length);
    if (segment.how === 'copy' && copied !== text.slice(segment.start, segment.end)) {
      return `copy of ${segment.pointer} at ${segment.start}: ${JSON.stringify(copied)}`;
    }
    if (copied.length !== segment.length) return `range outside ${segment.pointer}`;
  }
  if (end !== text.length) return `segments end at ${end} of ${text.length}`;
  for (const anchor of anchors) if (anchor.at < 0 || anchor.at > text.length) return `anchor at ${anchor.at}`;
  return null;
}

function sourceText(context: RenderContext, pointer: Pointer, key: boolean): Value | undefined {
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (key) return steps.at(-1);
  let value: Value | undefined = new Map<string, Value>([
    ['messages', context.messages],
    ['tools', context.tools],
    ['templateArgs', context.args],
  ]);
  for (const step of steps) {
    if (isArray(value)) value = value[Number(step)];
    else value = isObject(value) ? value.get(step) : undefined;
  }
  return value;
}
