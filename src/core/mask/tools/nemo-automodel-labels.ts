import type { Range } from '../../jsonl/value.ts';
import type { RenderContext } from '../../template/chat-template.ts';
import type { Encoding } from '../../tokenizer/encoding.ts';
import { unlessRefused } from '../prefixes.ts';
import { projectExact, projectIntended } from '../project.ts';
import { tokenId } from '../token-id.ts';
import { type Ids, promptIds, reasoningRange, startsWith } from './nemo-ids.ts';
import { normalMessages } from './nemo-messages.ts';
import type { ToolInput, ToolLabels, ToolOptions } from './tool.ts';

/** The template has generation blocks as NeMo Automodel looks for them: with white space around the word. */
const MARKED = /\{%-?\s+generation\s+-?%\}/;

/** The tool stops at the row. */
class Refused extends Error {}

export function nemoAutomodelLabels(input: ToolInput, options: ToolOptions): ToolLabels {
  try {
    return { trained: trainedOf(input, options) };
  } catch (error) {
    if (error instanceof Refused) return { trained: new Uint8Array(input.encoding.ids.length), refused: error.message };
    throw error;
  }
}

function trainedOf(input: ToolInput, options: ToolOptions): Uint8Array {
  const own = ownText(input);
  const renders = rendersOf(input, own);
  const trained =
    own.generation === null ? betweenPrefixes(input, own, renders) : projectExact(own.encoding, own.generation);
  if (options['mask_generation_prompt'] === true) maskPrompts(trained, input, own, renders);
  if (options['mask_reasoning_content'] === true) maskReasoning(trained, input, own);
  if (options['mask_history'] === true) keepLastRun(trained);
  return own.same ? trained : nearest(input);
}

/** What the tool renders of the row: with messages that it rewrites. */
interface OwnText {
  readonly context: RenderContext;
  readonly encoding: Encoding;
  /** Null where the tool looks for none. */
  readonly generation: readonly Range[] | null;
  /** It is the row's own text. Another one has no labels here; the tool may stop at it all the same. */
  readonly same: boolean;
}

function ownText({ conversation, context, template, rendering, encoding, tokenizer }: ToolInput): OwnText {
  const messages = normalMessages(conversation.messages, context.messages);
  if (typeof messages === 'string') throw new Refused(messages);
  const own = { ...context, messages };
  const printed = unlessRefused(() => template.plain(own));
  if (printed === null)
    throw new Refused(
      'NeMo Automodel stops at this row: it writes contents and arguments of tool calls as text, and the chat template refuses that. Choose a template that takes text, or remove the row.',
    );
  const same = printed.text === rendering.text;
  return {
    context: own,
    encoding: same ? encoding : tokenizer.encode(printed.text),
    generation: MARKED.test(template.source) ? printed.generation : null,
    same,
  };
}

/** Whole turns of another text than the tool's: the nearest that there is. */
function nearest({ encoding, turns }: ToolInput): Uint8Array {
  return projectIntended(
    encoding,
    turns().map(({ headerStart, after }) => [headerStart, after]),
  );
}

/** Ids of the first `length` messages; null where the template refuses them. */
interface Renders {
  readonly prefix: (length: number) => Ids | null;
  /** With generation prompt, one for each value of `enable_thinking` that the template may read. */
  readonly prompts: (length: number) => readonly (Ids | null)[];
}

function rendersOf({ template, tokenizer }: ToolInput, { context, encoding }: OwnText): Renders {
  const known = new Map<number, Ids | null>([[context.messages.length, encoding.ids]]);
  const render = (length: number, more: Partial<RenderContext>): Ids | null => {
    // transformers renders no conversation without a message
    if (length === 0) return null;
    const part = { ...context, messages: context.messages.slice(0, length), ...more };
    const text = unlessRefused(() => template.plain(part).text);
    return text === null ? null : tokenizer.encode(text).ids;
  };
  const modes = template.source.includes('enable_thinking') ? [true, false] : [null];
  return {
    prefix(length) {
      let ids = known.get(length);
      if (ids === undefined) known.set(length, (ids = render(length, {})));
      return ids;
    },
    prompts: (length) =>
      modes.map((mode) =>
        render(length, {
          addGenerationPrompt: true,
          ...(mode !== null && { args: new Map([...context.args, ['enable_thinking', mode]]) }),
        }),
      ),
  };
}

/** Every assistant turn from the end of the render before it to the end of the render through it. */
function betweenPrefixes(
  { roles, tokenizer, specialTokens }: ToolInput,
  { encoding }: OwnText,
  { prefix }: Renders,
): Uint8Array {
  const trained = new Uint8Array(encoding.ids.length);
  const eos = tokenId(tokenizer, specialTokens['eos_token']);
  const end = (length: number): number => {
    const ids = prefix(length);
    if (ids === null) throw new Refused(refusedPrefix(length));
    if (!startsWith(encoding.ids, ids, eos)) throw new Refused(rewrittenPrefix(length));
    return ids.length;
  };
  roles.forEach((role, i) => {
    if (role === 'assistant') trained.fill(1, end(i), end(i + 1));
  });
  if (!roles.includes('assistant'))
    throw new Refused(
      "NeMo Automodel stops at this row: no message is the assistant's. Add an answer or remove the row.",
    );
  return trained;
}

const count = (length: number): string => (length === 1 ? 'the first message' : `the first ${length} messages`);
const MARKERS_HELP = 'Give the template generation blocks or remove the row.';
const refusedPrefix = (length: number): string =>
  length === 0
    ? `NeMo Automodel stops at this row: it begins with the assistant, and nothing can be rendered before it. ${MARKERS_HELP}`
    : `NeMo Automodel stops at this row: the chat template refuses ${count(length)} alone. ${MARKERS_HELP}`;
const rewrittenPrefix = (length: number): string =>
  `NeMo Automodel stops at this row: ${count(length)} alone print other tokens than the whole row begins with. ${MARKERS_HELP}`;

function maskPrompts(
  trained: Uint8Array,
  { roles }: ToolInput,
  { encoding }: OwnText,
  { prefix, prompts }: Renders,
): void {
  roles.forEach((role, i) => {
    if (role !== 'assistant') return;
    const before = prefix(i);
    // Only a turn at the row's begin is passed over where nothing can be rendered before it.
    if (before === null && i === 0) return;
    if (before === null) throw new Refused(refusedPrefix(i));
    if (!startsWith(encoding.ids, before, null)) return;
    const turn = encoding.ids.subarray(before.length);
    const lengths = prompts(i).map((prompt) => {
      if (prompt === null) throw new Refused(refusedPrefix(i));
      return promptIds(before, prompt, turn);
    });
    trained.fill(0, before.length, before.length + Math.max(...lengths));
  });
}

/** Masks what of the row's tokens changes when a turn's reasoning is emptied. */
function maskReasoning(
  trained: Uint8Array,
  { roles, template, tokenizer }: ToolInput,
  { context, encoding }: OwnText,
): void {
  context.messages.forEach((message, i) => {
    if (roles[i] !== 'assistant' || !message.get('reasoning_content')) return;
    const messages = context.messages.with(i, new Map([...message, ['reasoning_content', '']]));
    const text = unlessRefused(() => template.plain({ ...context, messages }).text);
    if (text === null)
      throw new Refused(
        'NeMo Automodel stops at this row: the chat template refuses it without its reasoning. Switch mask_reasoning_content off.',
      );
    const range = reasoningRange(encoding.ids, tokenizer.encode(text).ids);
    if (range !== null) trained.fill(0, ...range);
  });
}

/** Whatever parts two turns ends a run, so a masked thought in the last turn does too. */
function keepLastRun(trained: Uint8Array): void {
  const last = trained.lastIndexOf(1);
  const before = last < 0 ? -1 : trained.lastIndexOf(0, last);
  trained.fill(0, 0, before + 1);
}
