import type { Rendering } from '../origin/segment.ts';
import { type ChatTemplate, type RenderContext, TemplateError } from '../template/chat-template.ts';

/** Renders of one row's prefixes, shared by all that ask. Null where the template refuses the prefix. */
interface Prefixes {
  readonly plain: Map<number, string | null>;
  readonly traced: Map<number, Rendering | null>;
}

const PREFIXES = new WeakMap<RenderContext, Prefixes>();

function prefixesOf(context: RenderContext): Prefixes {
  let prefixes = PREFIXES.get(context);
  if (prefixes === undefined) PREFIXES.set(context, (prefixes = { plain: new Map(), traced: new Map() }));
  return prefixes;
}

/** `make()`, or null where the template refuses. A limit is no answer of the template and is passed on. */
export function unlessRefused<T>(make: () => T): T | null {
  try {
    return make();
  } catch (error) {
    if (error instanceof TemplateError && error.kind !== 'limit') return null;
    throw error;
  }
}

const prefixContext = (context: RenderContext, length: number, addGenerationPrompt: boolean): RenderContext => ({
  ...context,
  messages: context.messages.slice(0, length),
  addGenerationPrompt,
});

/** The text of the first `length` messages. */
export function prefixText(
  template: ChatTemplate,
  context: RenderContext,
  length: number,
  addGenerationPrompt: boolean,
): string | null {
  const { plain } = prefixesOf(context);
  const key = addGenerationPrompt ? length : ~length;
  let text = plain.get(key);
  if (text === undefined) {
    text = unlessRefused(() => template.plain(prefixContext(context, length, addGenerationPrompt)).text);
    plain.set(key, text);
  }
  return text;
}

/** The first `length` messages without generation prompt, with origins. */
export function prefixRendering(template: ChatTemplate, context: RenderContext, length: number): Rendering | null {
  const { traced } = prefixesOf(context);
  let rendering = traced.get(length);
  if (rendering === undefined) {
    rendering = unlessRefused(() => template.traced(prefixContext(context, length, false)));
    traced.set(length, rendering);
  }
  return rendering;
}
