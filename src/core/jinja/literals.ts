import { parse } from './parser.ts';

/**
 * The literal texts of a template, its own text and every string constant, joined with NUL so that no search matches across
 * two of them (`_get_template_literal_text` of transformers 5.20 to 5.23). Throws a syntax `Failure`.
 */
export function literalText(source: string): string {
  const found = new Set<string>();
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) {
      for (const item of node) visit(item);
      return;
    }
    if (typeof node !== 'object' || node === null) return;
    if ('kind' in node) {
      if (node.kind === 'data' && 'text' in node && typeof node.text === 'string') found.add(node.text);
      if (node.kind === 'constant' && 'value' in node && typeof node.value === 'string') found.add(node.value);
    }
    for (const item of Object.values(node)) visit(item);
  };
  visit(parse(source));
  return [...found].join('\0');
}
