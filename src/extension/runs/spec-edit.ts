import { applyEdits, findNodeAtLocation, modify, parseTree } from 'jsonc-parser';
import type { SpecFix } from '../../core/runs/parse-spec.ts';

/** The text of a spec with a fix applied; comments and order stay. Null where the place is gone. */
export function applySpecFix(text: string, { key, value, rename }: SpecFix): string | null {
  const path = [...key];
  if (rename !== undefined) {
    const root = parseTree(text, [], { allowTrailingComma: true });
    const name = root === undefined ? undefined : findNodeAtLocation(root, path)?.parent?.children?.[0];
    if (name === undefined) return null;
    return `${text.slice(0, name.offset)}${JSON.stringify(rename)}${text.slice(name.offset + name.length)}`;
  }
  const formattingOptions = { insertSpaces: true, tabSize: 2, eol: text.includes('\r\n') ? '\r\n' : '\n' };
  return applyEdits(text, modify(text, path, value, { formattingOptions }));
}
