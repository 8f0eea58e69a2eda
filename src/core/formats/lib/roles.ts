/**
 * Role names of other formats in a chat template's own words. Sources: axolotl 0.18 (human, gpt), LLaMA-Factory 0.9.6
 * (`dataset_info.json` tags: observation, function_call), ms-swift 4.6 (bot, model, chatgpt, tool_response).
 */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['human', 'user'],
  ['prompter', 'user'],
  ['gpt', 'assistant'],
  ['chatgpt', 'assistant'],
  ['bot', 'assistant'],
  ['model', 'assistant'],
  ['function_call', 'assistant'],
  ['tool_call', 'assistant'],
  ['observation', 'tool'],
  ['function_response', 'tool'],
  ['tool_response', 'tool'],
]);

/** Roles that chat templates know. */
export const TEMPLATE_ROLES = ['system', 'developer', 'user', 'assistant', 'tool', 'function'] as const;

/** Every name that a ShareGPT turn may carry. */
export const SHAREGPT_ROLES: readonly string[] = [...ALIASES.keys(), ...TEMPLATE_ROLES].sort();

/** The template's word for a role; a role that is not known stays as it is. */
export const templateRole = (role: string): string => ALIASES.get(role) ?? role;

/** Turns whose text is a tool call in JSON: `{"name": ..., "arguments": ...}` or a list of them. */
export const isCallRole = (role: string): boolean => role === 'function_call' || role === 'tool_call';
