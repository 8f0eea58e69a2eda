import { Float } from '../jsonl/value.ts';
import type { Expression } from './ast.ts';
import { children } from './symbols.ts';
import { isDict, isList, Markup, type PyValue, Range, Tuple } from './values.ts';

/** Filters that look at the context: Jinja computes none of them beforehand. */
const CONTEXTUAL = new Set(['map', 'select', 'reject', 'selectattr', 'rejectattr', 'random']);

type Kind = 'variable' | 'constant' | 'constant with a cut';
const KINDS = new WeakMap<Expression, Kind>();

function kindOf(node: Expression): Kind {
  let kind = KINDS.get(node);
  if (kind === undefined) {
    const inner = children(node).map(kindOf);
    const looksUp = node.kind === 'name' || node.kind === 'call';
    if (looksUp || (node.kind === 'filter' && CONTEXTUAL.has(node.name)) || inner.includes('variable'))
      kind = 'variable';
    else kind = node.kind === 'cut' || inner.includes('constant with a cut') ? 'constant with a cut' : 'constant';
    KINDS.set(node, kind);
  }
  return kind;
}

/** Whether it is constant and takes a part of a value, which is all that compiling does otherwise than running. */
export const hasCut = (node: Expression): boolean => kindOf(node) === 'constant with a cut';

/** Jinja's `has_safe_repr`: whether Python's repr of the value can stand in the code that Jinja makes. */
export function hasSafeRepr(value: PyValue): boolean {
  if (isList(value)) return value.every(hasSafeRepr);
  if (isDict(value)) return [...value].every(([key, item]) => hasSafeRepr(key) && hasSafeRepr(item));
  if (value instanceof Tuple) return value.names === null && value.items.every(hasSafeRepr);
  if (typeof value !== 'object' || value === null) return true;
  return value instanceof Float || value instanceof Markup || value instanceof Range;
}
