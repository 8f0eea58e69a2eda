import type { RowFormat } from './format.ts';

/** A row of a shape that no trainer's defaults read. `"format": "columns"` maps it. */
export const unknown: RowFormat = {
  name: 'unknown',
  title: 'Unknown',
  detect: () => 0,
  schema: { type: 'object' },
  toConversations: () => [],
};
