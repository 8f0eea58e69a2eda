/** A 64-bit hash of texts as 16 hex digits: two independent 32-bit multiply-xor lanes. For finding equal rows, not for secrets. */
export function hashTexts(texts: readonly string[]): string {
  let a = 0x9e3779b9;
  let b = 0x85ebca6b;
  for (const text of texts) {
    const { length } = text;
    const ascii = asciiOf(text);
    for (let i = 0; i < length; i++) {
      const unit = ascii === null ? text.charCodeAt(i) : ascii[i]!;
      a = Math.imul(a ^ unit, 0x9e3779b1);
      b = Math.imul(b ^ unit, 0x5f356495);
    }
    // A boundary that no text can imitate: units end at 0xFFFF.
    a = Math.imul(a ^ 0x10000, 0x9e3779b1);
    b = Math.imul(b ^ 0x10001, 0x5f356495);
  }
  a ^= Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35);
  b ^= Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
  return (a >>> 0).toString(16).padStart(8, '0') + (b >>> 0).toString(16).padStart(8, '0');
}

const encoder = new TextEncoder();
let bytes = new Uint8Array(4096);

/** The units of a text that is all ASCII, until the next call; null of any other. Faster than to ask for each unit. */
function asciiOf(text: string): Uint8Array | null {
  if (bytes.length < text.length) bytes = new Uint8Array(2 * text.length);
  const { read, written } = encoder.encodeInto(text, bytes);
  return read === text.length && written === text.length ? bytes : null;
}
