import { compile, type Program, type Rendered } from '../jinja/compile.ts';
import { toTemplateError } from '../jinja/errors.ts';
import { globalsOf } from '../jinja/globals.ts';
import { parseClock } from '../jinja/strftime.ts';
import { type PyValue, traceValue } from '../jinja/values.ts';
import type { Value } from '../jsonl/value.ts';
import { segmentsOf } from '../origin/segments.ts';
import type { ChatTemplate, RenderContext } from './chat-template.ts';

/**
 * Compiles a chat template with the rules of transformers 5.23 (`ImmutableSandboxedEnvironment`, trim_blocks,
 * lstrip_blocks, loop controls, `generation`). Throws `TemplateError` of kind `syntax`.
 */
export function compileTemplate(name: string, source: string): ChatTemplate {
  const program = guarded(() => compile(source));
  return {
    name,
    source,
    hasGeneration: program.hasGeneration,
    plain(context) {
      const { text, generation } = run(program, context, false);
      return { text, generation: program.hasGeneration ? generation : null };
    },
    traced(context) {
      const { text, out, generation } = run(program, context, true);
      const { segments, anchors } = guarded(() => segmentsOf(text, out.marks));
      return { text, segments, anchors, generation: program.hasGeneration ? generation : null };
    },
  };
}

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw toTemplateError(error);
  }
}

function run(program: Program, context: RenderContext, traced: boolean): Rendered {
  const leaf = (value: Value, pointer: string): PyValue =>
    traced && value !== null ? traceValue(value, pointer) : value;
  const { args } = context;
  const restricted = (context.rules ?? '5.23') === '5.23';
  const messages = leaf(context.messages, '/messages');
  const tools = leaf(context.tools, '/tools');
  const date = args.get('date');
  const globals = globalsOf(typeof date === 'string' ? parseClock(date) : null, restricted);
  const lookup = (name: string): PyValue | undefined => {
    switch (name) {
      case 'messages':
        return messages;
      case 'tools':
        return tools;
      case 'add_generation_prompt':
        return context.addGenerationPrompt;
    }
    const value = args.get(name);
    if (value !== undefined) return context.rowArgs?.has(name) === true ? leaf(value, `/templateArgs/${name}`) : value;
    return globals.get(name) ?? (name === 'documents' ? null : undefined);
  };
  return guarded(() => program.run(lookup, restricted));
}
