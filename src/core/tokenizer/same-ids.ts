import { type NumberedToken, numberTokens } from './added-tokens.ts';
import { BYTE_CHARS } from './byte-alphabet.ts';
import type { TokenizerDefinition } from './definition.ts';
import { isObject, type JsonObject } from './json.ts';

/**
 * Whether two tokenizers over the same vocabulary and merges surely give the same ids. Compares what they are made of, so
 * that it may find a difference which no text shows; spans and decoders are left aside.
 */
export function giveSameIds(a: TokenizerDefinition, b: TokenizerDefinition): boolean {
  return summaryOf(a) === summaryOf(b);
}

function summaryOf({ root, calls, splitSpecial, around }: TokenizerDefinition): string {
  const model = isObject(root['model']) ? root['model'] : {};
  const vocab = isObject(model['vocab']) ? model['vocab'] : {};
  const normalizer = stepsOf(root['normalizer'], 'normalizers');
  const tokens = [
    ...numberTokens(calls, {
      size: Object.keys(vocab).length,
      idOf: (token) => (Object.hasOwn(vocab, token) ? Number(vocab[token]) : undefined),
    }).values(),
  ];
  return JSON.stringify([
    normalizer,
    stepsOf(root['pre_tokenizer'], 'pretokenizers'),
    // Of the post-processor, what it puts around the text.
    [stepsOf(root['post_processor'], 'processors').filter((step) => !step.startsWith('{"type":"ByteLevel"')), around],
    optionsOf(model, vocab, root),
    splitSpecial,
    tokens.map((token) => tokenLine(token, normalizer.length > 0)).sort(),
  ]);
}

const tokenLine = (token: NumberedToken, isNormalizing: boolean): string =>
  JSON.stringify([
    token.content,
    token.id,
    token.singleWord,
    token.lstrip,
    token.rstrip,
    isNormalizing && token.normalized,
  ]);

/** A component as the list of its steps, each in one spelling. */
function stepsOf(component: unknown, key: string): string[] {
  if (!isObject(component)) return [];
  const inner = component['type'] === 'Sequence' ? component[key] : null;
  if (Array.isArray(inner)) return (inner as readonly unknown[]).flatMap((step) => stepsOf(step, key));
  const { type, ...rest } = component;
  const fields: Record<string, unknown> = { ...rest };
  if (type === 'ByteLevel') {
    delete fields['trim_offsets'];
    fields['use_regex'] ??= true;
  }
  if (type === 'TemplateProcessing') delete fields['pair'];
  const named = Object.keys(fields)
    .sort()
    .map((name) => [name, fields[name]]);
  return [JSON.stringify({ type, ...Object.fromEntries(named) })];
}

/** The model's options, without those that cannot come to bear. */
function optionsOf(model: JsonObject, vocab: JsonObject, root: JsonObject): unknown {
  const hasByteLevel = JSON.stringify([root['pre_tokenizer'], root['normalizer']]).includes('"ByteLevel"');
  const spellsAll = hasByteLevel && BYTE_CHARS.every((char) => Object.hasOwn(vocab, char));
  const fallsBack = model['byte_fallback'] === true;
  const hasBytes = BYTE_CHARS.every((_, byte) =>
    Object.hasOwn(vocab, `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`),
  );
  const knowsAll = spellsAll || (fallsBack && hasBytes);
  const unknown = knowsAll ? null : (model['unk_token'] ?? null);
  return [
    model['type'] ?? 'BPE',
    model['ignore_merges'] === true,
    model['continuing_subword_prefix'] || null,
    model['end_of_word_suffix'] || null,
    !spellsAll && fallsBack,
    unknown,
    unknown !== null && model['fuse_unk'] === true,
    model['unk_id'] ?? null,
    model['max_input_chars_per_word'] ?? null,
  ];
}
