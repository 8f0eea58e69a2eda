import { nearest } from '../lib/words.ts';

/** Roles that chat templates know, and those of tools' results under the names in use. */
export const KNOWN_ROLES: ReadonlySet<string> = new Set([
  'system',
  'developer',
  'user',
  'assistant',
  'tool',
  'function',
  'ipython',
  'observation',
  'tool_call',
  'tool_response',
  'environment',
]);

/** Other tools' names for the same roles (ShareGPT, Gemini, Cohere, OASST). Templates print them as they stand. */
const ALIASES: Readonly<Record<string, string>> = {
  human: 'user',
  prompter: 'user',
  gpt: 'assistant',
  chatgpt: 'assistant',
  bot: 'assistant',
  model: 'assistant',
  ai: 'assistant',
  chatbot: 'assistant',
  function_call: 'assistant',
  function_response: 'tool',
};

/** What an unknown role was most likely meant to be, or null. */
export const meantRole = (role: string): string | null =>
  ALIASES[role.trim().toLowerCase()] ?? nearest(role.trim(), KNOWN_ROLES);

/** Whether a role is unknown and was most likely meant to be `role`. */
export const isSlip = (written: string, role: string): boolean =>
  written !== '' && !KNOWN_ROLES.has(written) && meantRole(written) === role;
