import type { Check } from '../check.ts';
import { placeOfCharacter } from '../lib/origin.ts';
import { quoted } from '../lib/words.ts';

export const tokensBoundaryMerge: Check = {
  code: 'tokens/boundary-merge',
  severity: 'information',
  title: 'A token joins prompt and completion',
  stage: 'render',
  fixable: false,
  perFile: true,
  only: 'text',
  run: ({ parts }) =>
    parts.flatMap((part) => {
      const { conversation, encoding, rendering } = part;
      if (conversation.kind !== 'text' || encoding === null || rendering === null) return [];
      const [prompt, answer] = [true, false].map((isPrompt) =>
        conversation.segments.filter(({ role }) => (role === 'prompt') === isPrompt).flatMap(({ pieces }) => pieces),
      );
      // A prompt that is only what two answers begin with ends where they happen to part.
      if (!prompt || prompt[0]?.pointer === answer?.[0]?.pointer) return [];
      const boundary = prompt.reduce((length, { text }) => length + text.length, 0);
      if (boundary === 0 || boundary >= rendering.text.length) return [];
      const token = encoding.starts.findIndex((start, i) => start < boundary && (encoding.ends[i] ?? 0) > boundary);
      if (token < 0) return [];
      const text = rendering.text.slice(encoding.starts[token], encoding.ends[token]);
      return [
        {
          message: `The end of the prompt and the start of the completion become one token, ${quoted(text)}: a prompt alone never ends so. Put white space or a line break at the boundary, on the side where your data has it.`,
          ...placeOfCharacter(part, boundary),
          tokens: [token, token + 1],
        },
      ];
    }),
};
