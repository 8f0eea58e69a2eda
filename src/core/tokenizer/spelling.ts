import { fromByteChars, textOfBytes, utf8 } from './byte-alphabet.ts';
import type { AddedToken } from './encoding.ts';
import { isObject, type JsonObject } from './json.ts';

/** How a vocabulary spells text. */
export type Spelling = 'bytes' | 'metaspace' | 'wordpiece' | 'plain';

/** What the decoder undoes tells how the tokens are spelled; without one the pre-tokenizer does. */
export function spellingOf(root: JsonObject): Spelling {
  for (const key of ['decoder', 'pre_tokenizer', 'normalizer']) {
    const types = componentTypes(root[key]);
    if (types.has('ByteLevel')) return 'bytes';
    if (types.has('WordPiece')) return 'wordpiece';
    if (types.has('Metaspace') || types.has('ByteFallback')) return 'metaspace';
  }
  const model = root['model'];
  return isObject(model) && model['byte_fallback'] === true ? 'metaspace' : 'plain';
}

function componentTypes(component: unknown, types = new Set<unknown>()): Set<unknown> {
  if (!isObject(component)) return types;
  types.add(component['type']);
  for (const key of ['normalizers', 'pretokenizers', 'decoders']) {
    const steps = component[key];
    if (Array.isArray(steps)) for (const step of steps) componentTypes(step, types);
  }
  return types;
}

/** The bytes that a token of the vocabulary stands for. */
export function bytesOfToken(token: string, spelling: Spelling): Uint8Array {
  if (spelling === 'bytes') return fromByteChars(token) ?? utf8(token);
  if (spelling === 'metaspace') {
    const byte = /^<0x([0-9A-Fa-f]{2})>$/.exec(token);
    if (byte !== null) return Uint8Array.of(Number.parseInt(byte[1]!, 16));
    return utf8(token.replaceAll('\u2581', ' '));
  }
  if (spelling === 'wordpiece' && token.startsWith('##')) return utf8(token.slice(2));
  return utf8(token);
}

/** `tokenText` and `tokenBytes` over a vocabulary; added tokens are their content. Ids without a token are empty. */
export function createSpeller(
  added: readonly AddedToken[],
  vocabularyBytes: (id: number) => Uint8Array | undefined,
): { readonly tokenText: (id: number) => string; readonly tokenBytes: (id: number) => Uint8Array } {
  const contents = new Map(added.map((token) => [token.id, token.content]));
  const tokenBytes = (id: number) => {
    const content = contents.get(id);
    return content === undefined ? (vocabularyBytes(id) ?? new Uint8Array(0)) : utf8(content);
  };
  return { tokenBytes, tokenText: (id) => contents.get(id) ?? textOfBytes(tokenBytes(id)) };
}
