import type { Value } from '../../jsonl/value.ts';
import { type ChatTemplate, TemplateError } from '../../template/chat-template.ts';
import type { AddedToken, Tokenizer } from '../../tokenizer/encoding.ts';
import { commonPrefix } from '../markers.ts';
import { coreOf, countOf, idsOf } from './unsloth-cores.ts';

/** The texts that open a user's and an assistant's turn. */
export interface Parts {
  readonly instruction: string;
  readonly response: string;
}

export interface FinderInput {
  readonly template: ChatTemplate;
  readonly tokenizer: Tokenizer;
  readonly specialTokens: Readonly<Record<string, string>>;
  /** The rules since 2026.9.9. */
  readonly recent: boolean;
}

/**
 * Contents that stand for what a user and an assistant say. The word joiners at their ends are no white space, so that no
 * template trims them, and no letters.
 */
const USER = '\u2060QUESTIONX5k\u2060';
const ASSISTANT = '\u2060ANSWERX8w\u2060';
const ROUNDS = 3;

type Wrap = (text: string) => Value;
const asText: Wrap = (text) => text;
const asParts: Wrap = (text) => [
  new Map([
    ['type', 'text'],
    ['text', text],
  ]),
];
const IMAGE: Value = new Map([['type', 'image']]);

/** How contents are written: templates of vision models read a list of parts, some only from the user. */
const SHAPES: readonly (readonly [user: Wrap, assistant: Wrap])[] = [
  [asText, asText],
  [asParts, asParts],
  [asParts, asText],
];

type Message = ReadonlyMap<string, Value>;
const message = (role: string, content: Value): Message =>
  new Map([
    ['role', role],
    ['content', content],
  ]);

/**
 * The markers as Unsloth finds them where none are given (`get_chat_template_parts` of unsloth_zoo): read off a conversation
 * of stand-ins as the texts between one's end and the other's start, with the generation prompt as the assistant's header.
 * Null where Unsloth stops and asks for them.
 */
export function findParts(input: FinderInput): Parts | null {
  try {
    return found(input);
  } catch (error) {
    if (error instanceof TemplateError && error.kind !== 'limit') return null;
    throw error;
  }
}

function found(input: FinderInput): Parts | null {
  const { template, tokenizer, specialTokens, recent } = input;
  const args = new Map<string, Value>(Object.entries(specialTokens));
  const render = (messages: readonly Message[], addGenerationPrompt: boolean): string =>
    template.plain({ messages, tools: null, args, addGenerationPrompt }).text;
  const probe = probeOf(render);
  if (probe === null) return null;

  const specials = spelledTokens(tokenizer.addedTokens, specialTokens);
  const ends = [' ', '\t', specialTokens['eos_token'] ?? '', specialTokens['bos_token'] ?? ''];
  const [userWrap, assistantWrap] = probe.shape;
  const beforeUser = mostCommon(gaps(probe.text, ASSISTANT, USER));
  const answerGaps = gaps(probe.text, USER, ASSISTANT);
  const beforeAssistant = mostCommon(answerGaps);
  const open = probe.messages.slice(0, -1);
  const prompted = render(open, true);
  const unprompted = render(open, false);
  const header =
    prompted === unprompted ? '' : withoutShared(behindLast(prompted, USER), behindLast(unprompted, USER), specials)[0];

  let instruction: string;
  let response: string;
  if (header !== '' && beforeAssistant.endsWith(header) && header.length < beforeAssistant.length) {
    response = header;
    instruction = withoutLead(beforeUser, [beforeAssistant.slice(0, -header.length)]);
  } else if (header !== '' && header === beforeAssistant) {
    [response, instruction] = withoutShared(header, beforeUser, specials);
    instruction = withoutLead(instruction, ends);
  } else {
    response = withoutLead(beforeAssistant, ends);
    instruction = withoutLead(beforeUser, ends);
  }

  const terminator = recent ? onlyMarkers(behindLast(unprompted, USER), specials) : '';
  if (terminator !== '' && response.startsWith(terminator) && response !== terminator) {
    const shorter = response.slice(terminator.length);
    const image = attempt(() =>
      render(
        [
          message('user', [...(asParts(USER) as readonly Value[]), IMAGE]),
          message('assistant', assistantWrap(ASSISTANT)),
        ],
        false,
      ),
    );
    if (image !== null && !image.includes(response) && image.includes(shorter)) {
      response = shorter;
      instruction = withoutLead(instruction, [terminator]);
    }
  }

  const scaffold = scaffoldOf(response);
  if (scaffold !== null) {
    const bare = response.slice(0, -scaffold.text.length);
    const filled = attempt(() =>
      render(
        [
          message('user', userWrap(USER)),
          message('assistant', assistantWrap(`<${scaffold.tag}>because</${scaffold.tag}>${ASSISTANT}`)),
        ],
        false,
      ),
    );
    const at = filled?.lastIndexOf(bare) ?? -1;
    if (filled !== null && at >= 0 && !filled.slice(at + bare.length).startsWith(scaffold.text)) response = bare;
  }
  if (recent) response = sharedByLast(response, beforeAssistant, answerGaps, beforeUser, specials);

  return reliable(input, probe.text, withoutBlanks(instruction), withoutBlanks(response));
}

interface Probe {
  readonly text: string;
  readonly messages: readonly Message[];
  readonly shape: (typeof SHAPES)[number];
}

/** The first shape of contents of which both stand-ins are printed. */
function probeOf(render: (messages: readonly Message[], addGenerationPrompt: boolean) => string): Probe | null {
  for (const shape of SHAPES) {
    const round = [message('user', shape[0](USER)), message('assistant', shape[1](ASSISTANT))];
    const messages = Array.from({ length: ROUNDS }, () => round).flat();
    const text = attempt(() => render(messages, false));
    if (text?.includes(USER) && text.includes(ASSISTANT)) return { text, messages, shape };
  }
  return null;
}

function attempt<T>(make: () => T): T | null {
  try {
    return make();
  } catch (error) {
    if (error instanceof TemplateError && error.kind !== 'limit') return null;
    throw error;
  }
}

/** Texts of special and added tokens, the longest first. */
const spelledTokens = (added: readonly AddedToken[], named: Readonly<Record<string, string>>): string[] =>
  [...new Set([...Object.values(named), ...added.map(({ content }) => content)])]
    .filter((text) => text !== '')
    .sort((a, b) => b.length - a.length);

/** What stands between each end of `left` and the next `right`. */
function gaps(text: string, left: string, right: string): string[] {
  const between: string[] = [];
  for (let at = text.indexOf(left); at >= 0; at = text.indexOf(left, at + left.length)) {
    const next = text.indexOf(right, at + left.length);
    if (next >= 0) between.push(text.slice(at + left.length, next));
  }
  return between;
}

/** The text that occurs most often, of several the first; '' of none. */
function mostCommon(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return [...counts].find(([, count]) => count === most)?.[0] ?? '';
}

const behindLast = (text: string, word: string): string => {
  const at = text.lastIndexOf(word);
  return at < 0 ? '' : text.slice(at + word.length);
};

function withoutLead(text: string, leads: readonly string[]): string {
  const lead = leads.find((one) => one !== '' && text.startsWith(one));
  return lead === undefined ? text : withoutLead(text.slice(lead.length), leads);
}

const leadingSpace = (text: string): string => /^\s+/.exec(text)?.[0] ?? '';

/** Both texts without the tokens and the white space that they begin with alike. */
function withoutShared(a: string, b: string, specials: readonly string[]): [string, string] {
  const space = leadingSpace(a);
  const lead =
    space !== '' && space === leadingSpace(b) ? space : (specials.find((token) => a.startsWith(token)) ?? '');
  return lead !== '' && b.startsWith(lead)
    ? withoutShared(a.slice(lead.length), b.slice(lead.length), specials)
    : [a, b];
}

/** The text if it is made of tokens and white space alone, else ''. */
function onlyMarkers(text: string, specials: readonly string[]): string {
  for (let rest = text; rest !== ''; ) {
    const lead = specials.find((token) => rest.startsWith(token)) ?? leadingSpace(rest);
    if (lead === '') return '';
    rest = rest.slice(lead.length);
  }
  return text;
}

/** What a generation prompt has at its end of a thinking block: an empty one, or its closing tag. */
function scaffoldOf(response: string): { readonly tag: string; readonly text: string } | null {
  const match = /<([^\s/>]+)>\s*<\/\1>\s*$/.exec(response) ?? /<\/([^\s/>]+)>\s*$/.exec(response);
  return match !== null && match.index > 0 ? { tag: match[1]!, text: match[0] } : null;
}

/** Where the last turn's header differs: what the headers share, through a token or white space. */
function sharedByLast(
  response: string,
  usual: string,
  answerGaps: readonly string[],
  beforeUser: string,
  specials: readonly string[],
): string {
  const last = answerGaps.at(-1);
  const at = response === '' ? -1 : usual.indexOf(response);
  if (last === undefined || at < 0 || last.includes(response) || !last.startsWith(usual.slice(0, at))) return response;
  const header = usual.slice(at);
  let length = commonPrefix(header, last.slice(at));
  const isEdge = (text: string): boolean => /\s$/.test(text) || specials.some((token) => text.endsWith(token));
  while (length > 0 && !isEdge(header.slice(0, length))) length--;
  const shared = header.slice(0, length);
  const holds = shared.trim() !== '' && !beforeUser.includes(shared) && answerGaps.every((gap) => gap.includes(shared));
  return holds ? shared : response;
}

const withoutBlanks = (text: string): string => text.replace(/^[ \t]+|[ \t]+$/g, '');

/** The markers spelled so that the probe's tokens hold them, at best twice: some tokenizers need the space or line break before. */
function reliable(
  { tokenizer, recent }: FinderInput,
  text: string,
  instruction: string,
  response: string,
): Parts | null {
  if (instruction === '' || response === '') return null;
  const ids = idsOf(tokenizer, text);
  const spelled = (part: string): string | null => {
    const counts = [part, ` ${part}`, `\n${part}`].map((candidate) => ({
      candidate,
      count: countOf(ids, coreOf(tokenizer, candidate, recent)?.core ?? []),
    }));
    const best = counts.find(({ count }) => count >= 2) ?? counts.slice(0, 2).find(({ count }) => count === 1);
    return best?.candidate ?? null;
  };
  const parts = { instruction: spelled(instruction), response: spelled(response) };
  return parts.instruction === null || parts.response === null ? null : (parts as Parts);
}
