import { Float } from '../jsonl/value.ts';
import type { Expression } from './ast.ts';
import { Failure } from './errors.ts';
import { findFilter } from './filters.ts';
import type { Evaluate } from './frame.ts';
import { children } from './symbols.ts';
import { findTest } from './tests.ts';
import { isDict, isList, Markup, type PyValue, Range, Tuple } from './values.ts';

/** Filters that look at the context: Jinja computes none of them beforehand. */
const CONTEXTUAL = new Set(['map', 'select', 'reject', 'selectattr', 'rejectattr', 'random']);

const isVariable = (node: Expression): boolean =>
  node.kind === 'name' || node.kind === 'call' || (node.kind === 'filter' && CONTEXTUAL.has(node.name));

/** Raised while a constant is computed: Jinja's `Impossible`. */
const VARIES = new Failure('This is no constant.', 'python');

/** What a node that no constant may reach does when it is reached; null for all others. */
export const impossible = (node: Expression): Evaluate | null =>
  isVariable(node)
    ? () => {
        throw VARIES;
      }
    : null;

/** A part of a value is taken in another way, and what nobody knows is no error where it is never reached. */
const matters = (node: Expression): boolean =>
  node.kind === 'cut' ||
  (node.kind === 'filter' && findFilter(node.name) === undefined) ||
  (node.kind === 'test' && findTest(node.name) === undefined);

interface Facts {
  readonly varies: boolean;
  /** Whether compiling does anything in it otherwise than running. */
  readonly matters: boolean;
}
const FACTS = new WeakMap<Expression, Facts>();

function factsOf(node: Expression): Facts {
  let facts = FACTS.get(node);
  if (facts === undefined) {
    const inner = children(node);
    facts = {
      varies: isVariable(node) || alwaysEvaluated(node, inner).some((child) => factsOf(child).varies),
      matters: matters(node) || inner.some((child) => factsOf(child).matters),
    };
    FACTS.set(node, facts);
  }
  return facts;
}

/** Those of its parts that no other part can make superfluous. */
function alwaysEvaluated(node: Expression, inner: readonly Expression[]): readonly Expression[] {
  if (node.kind === 'conditional') return [node.test];
  if (node.kind === 'compare') return inner.slice(0, 2);
  if (node.kind === 'binary' && (node.operator === 'and' || node.operator === 'or')) return [node.left];
  return inner;
}

/** Whether it may be constant, and whether that makes a difference. */
export function mayFold(node: Expression): boolean {
  const facts = factsOf(node);
  return facts.matters && !facts.varies;
}

/** Jinja's `has_safe_repr`: whether Python's repr of the value can stand in the code that Jinja makes. */
export function hasSafeRepr(value: PyValue): boolean {
  if (isList(value)) return value.every(hasSafeRepr);
  if (isDict(value)) return [...value].every(([key, item]) => hasSafeRepr(key) && hasSafeRepr(item));
  if (value instanceof Tuple) return value.names === null && value.items.every(hasSafeRepr);
  if (typeof value !== 'object' || value === null) return true;
  return value instanceof Float || value instanceof Markup || value instanceof Range;
}
