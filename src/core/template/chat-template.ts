import type { TransformersRules } from '../config.ts';
import type { Range, Value } from '../jsonl/value.ts';
import type { Rendering } from '../origin/segment.ts';

/** Everything a chat template sees. */
export interface RenderContext {
  /** Prepared by `prepare` (None keys dropped, reasoning aliases: the rules of a transformers version). */
  readonly messages: readonly ReadonlyMap<string, Value>[];
  /** `null` when the row has none: the variable is defined and None. */
  readonly tools: Value;
  /** Special tokens, then `templateArgs` of the project, then the row's own `chat_template_kwargs`. */
  readonly args: ReadonlyMap<string, Value>;
  readonly addGenerationPrompt: boolean;
  /** The version of transformers whose environment renders; 5.23 where none is given. */
  readonly rules?: TransformersRules;
  /** Names in `args` that are the row's own: a traced render gives them origins (`/templateArgs/<name>`). */
  readonly rowArgs?: ReadonlySet<string>;
}

/** A compiled chat template. Both renders throw `TemplateError` where Python would raise. */
export interface ChatTemplate {
  /** What the user called it: `bundled:chatml`, a path, or the tokenizer's id. */
  readonly name: string;
  readonly source: string;
  /** Whether the source has a `{% generation %}` block. */
  readonly hasGeneration: boolean;
  plain(context: RenderContext): { readonly text: string; readonly generation: readonly Range[] | null };
  /** The same text with the origin of every character; pointers are into the conversation (`/messages/0/content`, `/tools/0/...`). */
  traced(context: RenderContext): Rendering;
}

/** The template refused the row, is not a valid template, or ran past a limit. */
export class TemplateError extends Error {
  /** Line of the template, from 1, or null where it is not known. */
  readonly line: number | null;
  /** `raised`: raise_exception in the template; `syntax`: does not parse; `limit`: stopped by us; `python`: any other Python error. */
  readonly kind: 'raised' | 'syntax' | 'limit' | 'python';
  constructor(message: string, kind: TemplateError['kind'], line: number | null = null) {
    super(message);
    this.name = 'TemplateError';
    this.kind = kind;
    this.line = line;
  }
}
