import { Float, type Value } from '../../jsonl/value.ts';
import type { Check } from '../check.ts';
import { replaceValue } from '../lib/edits.ts';
import { quoted } from '../lib/words.ts';

/** `label` (TRL, ms-swift) and `kto_tag` (LLaMA-Factory). */
const KEYS = ['label', 'kto_tag'] as const;

export const ktoLabelType: Check = {
  code: 'kto/label-type',
  severity: 'error',
  title: 'Label is not true or false',
  stage: 'schema',
  fixable: true,
  run({ object, format, row }) {
    if (object === null || !(format === 'kto' || (format === 'prompt-completion' && object.has('completion'))))
      return [];
    const key = KEYS.find((name) => object.has(name));
    if (key === undefined) return [];
    const value = object.get(key) as Value;
    if (typeof value === 'boolean') return [];
    const pointer = `/${key}`;
    const meant = meantBy(value);
    // Beside a prompt and a completion, a label of another kind may be a column that nobody trains on.
    if (format !== 'kto' && meant === null) return [];
    const edit = meant === null ? null : replaceValue(row, pointer, value, String(meant));
    const range = row.locate(pointer);
    return [
      {
        message: `${quoted(key)} must be true or false. It is ${quoted(range ? row.text.slice(...range) : typeof value)}.`,
        pointer,
        ...(format !== 'kto' && { severity: 'warning' as const }),
        fixes: edit ? [{ scope: 'all', title: `Change to ${meant}`, edits: [edit] }] : [],
      },
    ];
  },
};

function meantBy(value: Value): boolean | null {
  const plain = value instanceof Float ? value.value : value;
  if (plain === 1) return true;
  if (plain === 0) return false;
  if (typeof plain !== 'string') return null;
  if (/^(?:true|yes|1|good|desirable)$/i.test(plain)) return true;
  return /^(?:false|no|0|bad|undesirable)$/i.test(plain) ? false : null;
}
