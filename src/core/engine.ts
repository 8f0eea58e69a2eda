import type { Settings } from './config.ts';
import { parsePlain } from './jsonl/plain.ts';
import type { Value } from './jsonl/value.ts';
import { type ChatTemplate, TemplateError } from './template/chat-template.ts';
import { compileTemplate } from './template/compile-template.ts';
import { pickTemplate } from './template/pick-template.ts';
import type { TokenizerBundle } from './tokenizer/encoding.ts';

/** A template source under its name, as the loader found it. Empty: rows cannot be rendered as chats. */
export interface TemplateSources {
  readonly name: string;
  readonly byKind: Readonly<Record<string, string>>;
}

/** What settings resolve to: everything that analysing a row needs besides the row. */
export interface Engine {
  readonly settings: Settings;
  readonly bundle: TokenizerBundle;
  /** Special tokens and the project's template arguments, as the template sees them. */
  readonly args: ReadonlyMap<string, Value>;
  /** The template for a row with or without tools. Throws `TemplateError` (kind `syntax`) where it does not compile. */
  templateFor(hasTools: boolean): ChatTemplate;
}

export function makeEngine(bundle: TokenizerBundle, sources: TemplateSources, settings: Settings): Engine {
  const compiled = new Map<string, ChatTemplate | TemplateError>();
  const args = new Map<string, Value>(Object.entries(bundle.specialTokens));
  for (const [key, value] of Object.entries(settings.templateArgs)) args.set(key, parsePlain(value));

  const compile = (source: string): ChatTemplate | TemplateError => {
    try {
      return compileTemplate(sources.name, source);
    } catch (error) {
      if (error instanceof TemplateError) return error;
      throw error;
    }
  };
  return {
    settings,
    bundle,
    args,
    templateFor(hasTools) {
      const source = pickTemplate(sources.byKind, hasTools);
      if (source === null)
        throw new TemplateError(
          'The tokenizer has no chat template, and this row is a chat. Choose one: `chatTemplate` in sft-lens.json.',
          'syntax',
        );
      let template = compiled.get(source);
      if (template === undefined) compiled.set(source, (template = compile(source)));
      if (template instanceof TemplateError) throw template;
      return template;
    },
  };
}
