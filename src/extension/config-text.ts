import { applyEdits, modify } from 'jsonc-parser';

export type ConfigPath = readonly (string | number)[];

export const EMPTY_CONFIG = '{}\n';

/** `text` of a JSON file with the value at `path` set; comments, order and spelling of all else stay. */
export function setIn(text: string, path: ConfigPath, value: unknown): string {
  const source = text.trim() === '' ? EMPTY_CONFIG : text;
  const formattingOptions = { insertSpaces: true, tabSize: 2, eol: source.includes('\r\n') ? '\r\n' : '\n' };
  return applyEdits(source, modify(source, [...path], value, { formattingOptions }));
}
