import { TemplateError } from '../template/chat-template.ts';

/** An error on its way out of a template; the line is added by the innermost statement that it passes. */
export class Failure extends Error {
  readonly kind: TemplateError['kind'];
  line: number | null;
  constructor(message: string, kind: TemplateError['kind'], line: number | null = null) {
    super(message);
    this.kind = kind;
    this.line = line;
  }
}

/** A Python exception with Python's message. */
export function fail(message: string): never {
  throw new Failure(message, 'python');
}

export const isFailure = (error: unknown): error is Failure => error instanceof Failure;

export const syntaxError = (message: string, line: number): Failure => new Failure(message, 'syntax', line);

/** What callers of a template see. A JavaScript stack that ran out is a template (or value) that nests too deeply. */
export function toTemplateError(error: unknown): unknown {
  if (error instanceof Failure) return new TemplateError(error.message, error.kind, error.line);
  if (error instanceof RangeError) {
    const text = /string length|array length|BigInt/i.test(error.message)
      ? 'The template makes a value that is too large.'
      : 'The template or a value in it nests too deeply.';
    return new TemplateError(text, 'limit', null);
  }
  return error;
}
