import { unlessRefused } from '../prefixes.ts';
import type { ToolInput } from './tool.ts';

/**
 * What the chat template prints of an answer behind its generation prompt, with no other arguments than special tokens: how
 * trainers tell whether it puts thoughts into answers. '' where it refuses the smallest conversation.
 */
export function plainAnswer({ template, specialTokens }: ToolInput): string {
  const messages = ['user', 'assistant'].map(
    (role) =>
      new Map([
        ['role', role],
        ['content', '{{content}}'],
      ]),
  );
  const args = new Map(Object.entries(specialTokens));
  const render = (count: number): string | null =>
    unlessRefused(
      () =>
        template.plain({ messages: messages.slice(0, count), tools: null, args, addGenerationPrompt: count === 1 })
          .text,
    );
  const asked = render(1);
  return asked === null ? '' : (render(2) ?? '').slice(asked.length);
}
