import type { Check } from '../check.ts';
import { listed, quoted } from '../lib/words.ts';

export const formatUnknown: Check = {
  code: 'format/unknown',
  severity: 'warning',
  title: 'Format not known',
  stage: 'schema',
  fixable: false,
  perFile: true,
  run({ object, format }) {
    if (object === null || format !== 'unknown') return [];
    const keys = [...object.keys()];
    const shown =
      keys.length > 5
        ? [...keys.slice(0, 4).map((key) => quoted(key)), `${keys.length - 4} more`]
        : keys.map((key) => quoted(key));
    const what =
      keys.length === 0
        ? 'This row has no keys.'
        : `The key${keys.length === 1 ? '' : 's'} ${listed(shown)} fit${keys.length === 1 ? 's' : ''} no known row format.`;
    return [
      {
        message: `${what} Use \`messages\`, or name the columns in sft-lens.json: "format": "columns".`,
        pointer: '',
        data: { keys },
      },
    ];
  },
};
