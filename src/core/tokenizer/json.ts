import { TokenizerError } from './errors.ts';

/** A parsed JSON object of unknown content. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object at `place`, or null where it is null or absent. */
export function optionalObject(value: unknown, place: string): JsonObject | null {
  if (value === null || value === undefined) return null;
  if (!isObject(value)) throw new TokenizerError(`${place} must be an object.`);
  return value;
}

export function objectAt(value: unknown, place: string): JsonObject {
  const object = optionalObject(value, place);
  if (object === null) throw new TokenizerError(`${place} is missing.`);
  return object;
}

export function arrayAt(value: unknown, place: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new TokenizerError(`${place} must be a list.`);
  return value;
}

export function stringAt(value: unknown, place: string): string {
  if (typeof value !== 'string') throw new TokenizerError(`${place} must be a string.`);
  return value;
}

/** A token id: a whole number that fits into 32 bits. */
export function idAt(value: unknown, place: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > 0x7fffffff)
    throw new TokenizerError(`${place} must be a token id (a whole number), but is ${JSON.stringify(value)}.`);
  return value;
}

export function flagAt(value: unknown, place: string): boolean {
  if (typeof value !== 'boolean') throw new TokenizerError(`${place} must be true or false.`);
  return value;
}

/** Null and what is not there are the default. */
export function optionalFlag(value: unknown, fallback: boolean, place: string): boolean {
  return value === null || value === undefined ? fallback : flagAt(value, place);
}

/** Null where it is null or absent. */
export function optionalString(value: unknown, place: string): string | null {
  return value === null || value === undefined ? null : stringAt(value, place);
}

/** A string of one character. */
export function charAt(value: unknown, place: string): string {
  const text = stringAt(value, place);
  if ([...text].length !== 1)
    throw new TokenizerError(`${place} must be one character, but is ${JSON.stringify(text)}.`);
  return text;
}

/** The `type` of a component; old files leave it out of the model only. */
export function typeOf(component: JsonObject, place: string): string {
  return stringAt(component['type'], `${place}.type`);
}
