/** Keys that rows of the known formats have: one of them must stand in a JSON array before it is looked at closer. */
export const FORMAT_KEYS: ReadonlySet<string> = new Set([
  'messages',
  'conversations',
  'instruction',
  'prompt',
  'completion',
  'response',
  'inputs',
  'targets',
  'text',
  'chosen',
  'rejected',
  'label',
  'message_id',
  'input_ids',
]);
