// GPT-2's printable alphabet: every byte has one character, so that vocabularies of bytes can be written as JSON strings.
// Source: openai/gpt-2 src/encoder.py `bytes_to_unicode`; tokenizers 0.23 pre_tokenizers/byte_level.rs `bytes_char`.

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The character of each byte. */
export const BYTE_CHARS: readonly string[] = makeAlphabet();

const BYTE_OF_CHAR: ReadonlyMap<string, number> = new Map(BYTE_CHARS.map((char, byte) => [char, byte]));

function makeAlphabet(): string[] {
  const isPrintable = (byte: number) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || (byte >= 0xae && byte <= 0xff);
  let spare = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isPrintable(byte) ? byte : spare++));
}

export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Bytes that are no character become U+FFFD; a byte order mark stays. */
export function textOfBytes(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** Text in the byte alphabet, one character a UTF-8 byte. */
export function toByteChars(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i++) text += BYTE_CHARS[bytes[i]!];
  return text;
}

/** The bytes that a token of a byte-level vocabulary stands for; null where a character is outside the alphabet. */
export function fromByteChars(token: string): Uint8Array | null {
  const bytes = new Uint8Array(token.length);
  for (let i = 0; i < token.length; i++) {
    const byte = BYTE_OF_CHAR.get(token[i]!);
    if (byte === undefined) return null;
    bytes[i] = byte;
  }
  return bytes;
}
