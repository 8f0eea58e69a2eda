import type { Range, Value } from '../jsonl/value.ts';
import type { ChatTemplate, RenderContext } from '../template/chat-template.ts';
import { agreement, type Markers, markersIn, spelledAt } from './markers.ts';
import { unlessRefused } from './prefixes.ts';

/** How a template opens and closes a turn, learned once on the smallest conversation that it accepts. */
export interface Usual {
  /** What `add_generation_prompt` adds after a user turn; null where the template refuses the smallest conversation. */
  readonly header: string | null;
  /** The part of it that a printed answer has too, without an opened thought: the role marker. */
  readonly role: string;
  /** What follows a last answer. */
  readonly tail: string | null;
  /** UTF-16 units of `tail` that stay when a user goes on (phi3's final EOS does not). */
  readonly kept: number;
  /** The last marker of the tail that stays when a user goes on; null: none (GLM). */
  readonly stop: string | null;
  /** Markers of the next header, where a template appends it unasked (Cohere, ToolACE). */
  readonly openers: ReadonlySet<string>;
}

const UNKNOWN: Usual = { header: null, role: '', tail: null, kept: 0, stop: null, openers: new Set() };

/** Private-use characters that stand for the user's and the assistant's text. */
const ASKED = '\uE000';
const ANSWERED = '\uE001';

export const NAMES_ASSISTANT = /assistant|model|bot|gpt/i;

/** A thought that the generation prompt opens is not part of the role marker. */
export const withoutThought = (header: string): string =>
  header.replace(/(<think>|<\|think\|>)\s*(<\/think>\s*)?$/, '');

const BY_ARGS = new WeakMap<ChatTemplate, WeakMap<RenderContext['args'], Usual>>();
const BY_SPELLING = new WeakMap<ChatTemplate, Map<string, Usual>>();
const MOST_SPELLINGS = 500;

/** Cached per template and template arguments. */
export function usualOf(template: ChatTemplate, context: RenderContext, markers: Markers): Usual {
  let byArgs = BY_ARGS.get(template);
  if (byArgs === undefined) BY_ARGS.set(template, (byArgs = new WeakMap()));
  let usual = byArgs.get(context.args);
  if (usual !== undefined) return usual;

  let bySpelling = BY_SPELLING.get(template);
  if (bySpelling === undefined) BY_SPELLING.set(template, (bySpelling = new Map()));
  const key = JSON.stringify([...context.args].filter(([, value]) => isScalar(value)).map(([k, v]) => [k, String(v)]));
  usual = bySpelling.get(key);
  if (usual === undefined) {
    usual = learn(template, context, markers);
    if (bySpelling.size >= MOST_SPELLINGS) bySpelling.clear();
    bySpelling.set(key, usual);
  }
  byArgs.set(context.args, usual);
  return usual;
}

const isScalar = (value: Value): boolean => value === null || typeof value !== 'object';

function learn(template: ChatTemplate, context: RenderContext, markers: Markers): Usual {
  const asString = (text: string): Value => text;
  const asParts = (text: string): Value => [
    new Map<string, Value>([
      ['type', 'text'],
      ['text', text],
    ]),
  ];
  for (const shape of [asString, asParts]) {
    const usual = unlessRefused(() => learnFrom(template, context, markers, shape));
    if (usual !== null) return usual;
  }
  return UNKNOWN;
}

function learnFrom(
  template: ChatTemplate,
  context: RenderContext,
  markers: Markers,
  shape: (text: string) => Value,
): Usual | null {
  const message = (role: string, text: string): Map<string, Value> =>
    new Map<string, Value>([
      ['role', role],
      ['content', shape(text)],
    ]);
  const user = message('user', ASKED);
  const assistant = message('assistant', ANSWERED);
  const render = (messages: RenderContext['messages'], addGenerationPrompt: boolean): string =>
    template.plain({ messages, tools: null, args: context.args, addGenerationPrompt }).text;

  const closed = render([user], false);
  const prompt = render([user], true);
  const full = render([user, assistant], false);
  const at = full.lastIndexOf(ANSWERED);
  if (at < 0) return null;

  const openers = openersIn(closed, markers);
  const tail = full.slice(at + 1);
  let stops: Range[] = markersIn(markers, tail, 0, tail.length);
  let kept = tail.length;
  const on = unlessRefused(() => render([user, assistant, user], false));
  // history may print the answer elsewhere (Qwen3 drops its empty thought)
  const again = on?.indexOf(ANSWERED) ?? -1;
  if (on !== null && again >= 0) {
    kept = agreement(markers, tail, on.slice(again + 1));
    stops = stops.filter(([, end]) => end <= kept);
  }
  const spelled = spelledAt(tail, stops);
  while (spelled.length > 1 && openers.has(spelled[spelled.length - 1]!)) spelled.pop();

  const common = agreement(markers, prompt, closed);
  const header = prompt.slice(common);
  const printed = full.slice(Math.min(common, at), at);
  const shared = header.slice(0, agreement(markers, header, printed));
  return { header, role: roleMarker(header, shared, printed), tail, kept, stop: spelled.pop() ?? null, openers };
}

/** A template that ignores the generation prompt: what it prints before an answer, if that names the role. */
function roleMarker(header: string, shared: string, printed: string): string {
  if (header === '') return NAMES_ASSISTANT.test(printed) ? withoutThought(printed) : '';
  return shared.trim() === '' ? '' : withoutThought(shared);
}

function openersIn(closed: string, markers: Markers): Set<string> {
  const asked = closed.lastIndexOf(ASKED);
  if (!NAMES_ASSISTANT.test(closed.slice(asked + 1))) return new Set();
  const before = spelledAt(closed, markersIn(markers, closed, Math.max(0, asked - 80), asked));
  const behind = spelledAt(closed, markersIn(markers, closed, asked + 1, closed.length));
  return new Set(behind.slice(1).filter((marker) => before.includes(marker)));
}
