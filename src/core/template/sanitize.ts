import type { TransformersRules } from '../config.ts';
import { literalText } from '../jinja/literals.ts';
import { isArray, isObject, type Range, type Value } from '../jsonl/value.ts';
import type { Rendering, Segment } from '../origin/segment.ts';
import type { EncodedPiece } from '../tokenizer/encode-pieces.ts';
import type { TokenizerBundle } from '../tokenizer/encoding.ts';
import type { ChatTemplate, RenderContext } from './chat-template.ts';

/*
 * `apply_chat_template(sanitize_control_tokens=True)` of transformers 5.20 to 5.23: control tokens in the strings that the
 * template is given are wrapped in two private characters, the template is rendered with them, and what stands between them
 * in the result is encoded as ordinary text. A character that the template has torn from its partner only cuts the text.
 */
const START = '\u{f0000}';
const END = '\u{f0001}';
const MARK = /[\u{f0000}\u{f0001}]/gu;
/** UTF-16 units of each. */
const MARK_LENGTH = 2;

/** The rules that know the option. */
export const sanitizes = (rules: TransformersRules): boolean => rules !== '4.57' && rules !== '5.18';

/** What of a tokenizer's tokens is looked for in the strings of a row, under one template. */
export interface ControlTokens {
  /** Any control token; never matches where there is none. */
  readonly inText: RegExp;
  /** A marked token, whichever added token it is, or a mark alone. */
  readonly marked: RegExp;
}

const KNOWN = new WeakMap<TokenizerBundle, Map<string, ControlTokens>>();

export function controlTokensOf(bundle: TokenizerBundle, template: ChatTemplate): ControlTokens {
  let known = KNOWN.get(bundle);
  if (known === undefined) KNOWN.set(bundle, (known = new Map()));
  let tokens = known.get(template.source);
  if (tokens === undefined) known.set(template.source, (tokens = findControlTokens(bundle, template.source)));
  return tokens;
}

function findControlTokens({ tokenizer, chatControlTokens }: TokenizerBundle, source: string): ControlTokens {
  const added = tokenizer.addedTokens;
  const literals = chatControlTokens === undefined ? literalText(source) : '';
  const isControl = (content: string): boolean =>
    chatControlTokens === undefined
      ? literals.includes(content) && content.trim() !== ''
      : chatControlTokens.includes(content);
  const control = added.filter(({ special, content }) => special || isControl(content));
  const all = anyOf(added.map(({ content }) => content));
  return {
    inText: new RegExp(anyOf(control.map(({ content }) => content)), 'gu'),
    marked: new RegExp(`${START}(${all})${END}|[${START}${END}]`, 'gu'),
  };
}

/** The longest first: a token before those that it contains. */
const anyOf = (texts: readonly string[]): string =>
  texts
    .map((text) => [...text])
    .sort((a, b) => b.length - a.length)
    .map((characters) => characters.join('').replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'))
    .join('|') || '(?!)';

/** Whether marking would change any string of the values. */
const needsMarks = (value: Value, tokens: ControlTokens): boolean => {
  if (typeof value === 'string') {
    tokens.inText.lastIndex = 0;
    return tokens.inText.test(value) || value.includes(START) || value.includes(END);
  }
  if (isArray(value)) return value.some((item) => needsMarks(item, tokens));
  return isObject(value) && [...value.values()].some((item) => needsMarks(item, tokens));
};

/** The value with every control token in its strings marked; keys stay. */
function mark(value: Value, tokens: ControlTokens): Value {
  if (typeof value === 'string') return value.replace(MARK, '').replace(tokens.inText, `${START}$&${END}`);
  if (isArray(value)) return value.map((item) => mark(item, tokens));
  return isObject(value) ? new Map([...value].map(([key, item]) => [key, mark(item, tokens)])) : value;
}

/** A context whose strings are marked; null where there is nothing to mark. `own`: names in `args` that are not special tokens. */
export function markContext(
  context: RenderContext,
  tokens: ControlTokens,
  own: (name: string) => boolean,
): RenderContext | null {
  const { messages, tools, args } = context;
  const given = [...args].filter(([name]) => own(name));
  if (![messages, tools, given.map(([, value]) => value)].some((value) => needsMarks(value, tokens))) return null;
  return {
    ...context,
    messages: messages.map((message) => mark(message, tokens) as ReadonlyMap<string, Value>),
    tools: mark(tools, tokens),
    args: new Map([...args].map(([name, value]) => [name, own(name) ? mark(value, tokens) : value])),
  };
}

/** The pieces of a marked text, in units of the text without marks. Text and marked tokens take turns, as Python splits it. */
export function piecesOf(marked: string, tokens: ControlTokens): EncodedPiece[] {
  const pieces: EncodedPiece[] = [];
  let start = 0;
  let from = 0;
  const push = (length: number, asText: boolean): void => {
    pieces.push({ start, end: start + length, asText });
    start += length;
  };
  for (const match of marked.matchAll(tokens.marked)) {
    push(match.index - from, false);
    push(match[1]?.length ?? 0, true);
    from = match.index + match[0].length;
  }
  push(marked.length - from, false);
  return pieces;
}

const CLEAN = new WeakMap<ChatTemplate, ChatTemplate>();

/** The template for marked contexts: what it prints has no marks, and origins are those of the strings without them. */
export function withoutMarks(template: ChatTemplate): ChatTemplate {
  let clean = CLEAN.get(template);
  if (clean === undefined) {
    clean = {
      ...template,
      plain(context) {
        const { text, generation } = template.plain(context);
        return { text: text.replace(MARK, ''), generation: generation && shifted(text, generation) };
      },
      traced: (context) => cleaned(template.traced(context), context),
    };
    CLEAN.set(template, clean);
  }
  return clean;
}

/** Maps offsets of a text to those without its marks; for offsets in ascending or any order. */
function shifter(text: string): (at: number) => number {
  const marks = [...text.matchAll(MARK)].map(({ index }) => index);
  return (at) => {
    let low = 0;
    let high = marks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (marks[middle]! < at) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, at - MARK_LENGTH * low);
  };
}

function shifted(text: string, ranges: readonly Range[]): Range[] {
  const shift = shifter(text);
  return ranges.map(([start, end]) => [shift(start), shift(end)]);
}

function cleaned(rendering: Rendering, context: RenderContext): Rendering {
  const { text, segments, anchors, generation } = rendering;
  const shift = shifter(text);
  const inSource = new Map<string, (at: number) => number>();
  const sourceShift = (pointer: string): ((at: number) => number) => {
    let known = inSource.get(pointer);
    if (known === undefined) {
      const value = stringAt(context, pointer);
      inSource.set(pointer, (known = typeof value === 'string' ? shifter(value) : (at) => at));
    }
    return known;
  };
  return {
    text: text.replace(MARK, ''),
    segments: segments.flatMap((segment): Segment[] => {
      const [start, end] = [shift(segment.start), shift(segment.end)];
      if (start === end) return [];
      if (segment.pointer === null || segment.key) return [{ ...segment, start, end }];
      const source = sourceShift(segment.pointer);
      const offset = source(segment.offset);
      return [{ ...segment, start, end, offset, length: source(segment.offset + segment.length) - offset }];
    }),
    anchors: anchors.map((anchor) => ({
      ...anchor,
      at: shift(anchor.at),
      offset: anchor.key ? anchor.offset : sourceShift(anchor.pointer)(anchor.offset),
    })),
    generation: generation && shifted(text, generation),
  };
}

/** The value at a pointer into the conversation. */
function stringAt({ messages, tools, args }: RenderContext, pointer: string): Value | undefined {
  const [, root, ...steps] = pointer.split('/').map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  let value: Value | undefined = root === 'messages' ? messages : root === 'tools' ? tools : args;
  for (const step of steps)
    value = isObject(value) ? value.get(step) : isArray(value) ? value[Number(step)] : undefined;
  return value;
}
