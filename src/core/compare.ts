import { type EncodedPart, encodePart, maskPart } from './analysis.ts';
import type { Engine } from './engine.ts';
import type { FormatName } from './formats/format.ts';
import { formatFor } from './formats/registry.ts';
import { parseRow } from './jsonl/parse.ts';
import { isObject } from './jsonl/value.ts';
import type { RowDiff } from './mask/row-diff.ts';
import { TemplateError } from './template/chat-template.ts';

interface Side {
  readonly ids: Int32Array;
  readonly bits: Uint8Array;
}

/**
 * Two masks of what an SFT trainer trains on of the row. `engines`: of the settings with the one mask and the other; rendered
 * and encoded once where both print by the same template. Null where the row cannot be tokenized.
 */
export function compareMasks(
  text: string,
  engines: readonly [Engine, Engine],
  intended: readonly [boolean, boolean],
  fileFormat: FormatName,
): RowDiff | null {
  const { value } = parseRow(text);
  if (!isObject(value)) return null;
  const [first, second] = engines;
  const raw = formatFor(value, fileFormat, first.settings)?.toConversations(value)[0];
  if (raw === undefined) return null;
  try {
    const one = encodePart(raw, first);
    const same = one.error === null && (one.template === null || sourceIn(second, one) === one.template.source);
    const other = same ? one : encodePart(raw, second);
    if (one.error !== null || other.error !== null) return null;
    const bitsOf = (part: typeof one, engine: Engine, meant: boolean): Side => {
      const { trained, intended: intention } = maskPart(part, engine);
      return { ids: part.encoding.ids, bits: meant && intention !== null ? intention : trained };
    };
    const { maxLength } = first.settings;
    return countDiff(bitsOf(one, first, intended[0]), bitsOf(other, second, intended[1]), maxLength);
  } catch (error) {
    if (error instanceof TemplateError) return null;
    throw error;
  }
}

/** The template that an engine prints the row with: a preset may swap it. */
function sourceIn(engine: Engine, { conversation }: EncodedPart): string | null {
  if (conversation.kind !== 'chat') return null;
  const { tools } = conversation;
  return engine.templateFor(Array.isArray(tools) && tools.length > 0).source;
}

function countDiff(a: Side, b: Side, maxLength: number): RowDiff {
  const counts = { a: 0, b: 0, onlyA: 0, onlyB: 0 };
  for (let i = 0; i < Math.min(maxLength, Math.max(a.bits.length, b.bits.length)); i++) {
    const [inA, inB] = [a.bits[i] === 1, b.bits[i] === 1];
    if (inA) counts.a++;
    if (inB) counts.b++;
    if (inA && !inB) counts.onlyA++;
    if (inB && !inA) counts.onlyB++;
  }
  const isSame = a.ids === b.ids || (a.ids.length === b.ids.length && a.ids.every((id, i) => id === b.ids[i]));
  return isSame ? counts : { ...counts, onlyA: counts.a, onlyB: counts.b, otherTokens: true };
}
