/**
 * Typed arrays inside a message as text, for wires that only carry JSON. VS Code says that it hands typed arrays to a
 * webview as they are, but not every build of it does: some deliver plain objects with a key for each index.
 */
const TYPES = { Int32Array, Int16Array, Uint8Array, Float64Array } as const;
type TypeName = keyof typeof TYPES;

interface Packed {
  readonly $array: TypeName;
  /** Base64 of the little-endian bytes. */
  readonly bytes: string;
}

/** A copy of `message` with every typed array packed. Other values are those of JSON. */
export function packArrays(message: unknown): unknown {
  if (typeof message !== 'object' || message === null) return message;
  if (ArrayBuffer.isView(message)) return packed(message);
  if (Array.isArray(message)) return message.map(packArrays);
  return Object.fromEntries(Object.entries(message).map(([key, value]) => [key, packArrays(value)]));
}

/** The reverse of `packArrays`. */
export function unpackArrays(message: unknown): unknown {
  if (typeof message !== 'object' || message === null || ArrayBuffer.isView(message)) return message;
  if (Array.isArray(message)) return message.map(unpackArrays);
  if (isPacked(message)) return unpacked(message);
  return Object.fromEntries(Object.entries(message).map(([key, value]) => [key, unpackArrays(value)]));
}

const isPacked = (value: object): value is Packed =>
  '$array' in value &&
  'bytes' in value &&
  Object.hasOwn(TYPES, String(value.$array)) &&
  typeof value.bytes === 'string';

/** `String.fromCharCode` takes its characters as arguments: only so many at a time. */
const CHUNK = 0x2000;

function packed(view: ArrayBufferView): Packed {
  const name = Object.keys(TYPES).find((key): key is TypeName => view instanceof TYPES[key as TypeName]);
  if (name === undefined) throw new TypeError(`A ${view.constructor.name} cannot be sent.`);
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  let text = '';
  for (let i = 0; i < bytes.length; i += CHUNK) text += String.fromCharCode(...bytes.subarray(i, i + CHUNK));
  return { $array: name, bytes: btoa(text) };
}

function unpacked({ $array, bytes: base64 }: Packed): ArrayBufferView {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return new TYPES[$array](bytes.buffer);
}
