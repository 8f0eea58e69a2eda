import { Float } from '../jsonl/value.ts';
import { isText, type Text, TextWriter } from '../origin/traced.ts';
import { callMethod, getAttribute, getItem, isDictAttribute } from './access.ts';
import type { Arguments, Call, Compare, CompareOperator, Conditional, Expression, Filter, Test } from './ast.ts';
import { dictOf, hashable } from './dicts.ts';
import { fail, isFailure, syntaxError } from './errors.ts';
import { findFilter } from './filters.ts';
import { hasSafeRepr, impossible, mayFold } from './fold.ts';
import { type Evaluate, Frame } from './frame.ts';
import {
  add,
  calculate,
  compare,
  contains,
  describeCallable,
  equals,
  iterate,
  join2,
  negated,
  slice,
  truth,
  used,
  ZERO_STEP,
} from './operators.ts';
import { str } from './printing.ts';
import { checkSize, type Runtime } from './runtime.ts';
import type { FunctionScope, Symbols, Variable } from './symbols.ts';
import { findTest } from './tests.ts';
import {
  bareText,
  isDict,
  type Keywords,
  LoopState,
  NO_KEYWORDS,
  orElse,
  type PyList,
  type PyValue,
  Tuple,
  typeName,
  undefinedAttribute,
  undefinedHint,
  undefinedName,
} from './values.ts';

/** Where an expression stands: its frame's names, and whether it may never run (an unknown filter then waits). */
export interface Place {
  readonly symbols: Symbols;
  readonly soft: boolean;
  /** What constants may take that are computed now, all of the template's together. */
  readonly compiling: Runtime;
  /** Inside a constant that Jinja computes when it compiles. */
  readonly folded?: boolean;
}

export function compileExpression(node: Expression, place: Place): Evaluate {
  const constant = place.folded === true ? impossible(node) : computedBeforehand(node, place, false);
  if (constant !== null) return constant;
  const compile = (child: Expression): Evaluate => compileExpression(child, place);
  switch (node.kind) {
    case 'constant':
      return compileConstant(node.value);
    case 'name':
      return compileName(place.symbols, node.name);
    case 'list': {
      const items = node.items.map(compile);
      return (frame) => evaluateAll(items, frame);
    }
    case 'tuple': {
      const items = node.items.map(compile);
      return (frame) => new Tuple(evaluateAll(items, frame));
    }
    case 'dict': {
      const entries = node.entries.map(({ key, value }) => [compile(key), compile(value)] as const);
      return (frame) => dictOf(entries.map(([key, value]) => [checkedKey(key(frame)), value(frame)] as const));
    }
    case 'attribute':
      return compileAttribute(compile(node.object), node.name);
    case 'item': {
      const [object, key] = [compile(node.object), compile(node.key)];
      return (frame) => getItem(frame.runtime, object(frame), key(frame));
    }
    case 'cut': {
      const object = compile(node.object);
      const [start, stop, step] = [node.start, node.stop, node.step].map((e) =>
        e === null ? nothing : compile(e),
      ) as [Evaluate, Evaluate, Evaluate];
      const cut = place.folded === true ? forgivingSlice : slice;
      return (frame) => cut(frame.runtime, object(frame), start(frame), stop(frame), step(frame));
    }
    case 'call':
      return compileCall(node, place);
    case 'filter': {
      if (node.operand === null) throw syntaxError('a filter needs a value', node.line);
      return compileFilter(node, compile(node.operand), place);
    }
    case 'test':
      return compileTest(node, place);
    case 'unary': {
      const operand = compile(node.operand);
      if (node.operator === 'not') return (frame) => !truth(operand(frame));
      const sign = node.operator === '-' ? -1 : 1;
      return (frame) => negated(operand(frame), sign);
    }
    case 'binary': {
      const [left, right, operator] = [compile(node.left), compile(node.right), node.operator];
      if (operator === 'and') {
        return (frame) => {
          const value = left(frame);
          return truth(value) ? right(frame) : value;
        };
      }
      if (operator === 'or') {
        return (frame) => {
          const value = left(frame);
          return truth(value) ? value : right(frame);
        };
      }
      if (operator === '+') {
        return (frame) => {
          const value = left(frame);
          return add(frame.runtime, value, right(frame));
        };
      }
      return (frame) => {
        const value = left(frame);
        return calculate(frame.runtime, operator, value, right(frame));
      };
    }
    case 'compare':
      return compileCompare(node, compile);
    case 'concat':
      return compileConcat(node.items.map(compile));
    case 'conditional':
      return compileConditional(node, { ...place, soft: true });
  }
}

const nothing: Evaluate = () => null;

/** A part of a constant is taken when Jinja compiles, where it is looked up like an item: what cannot be is undefined. */
const forgivingSlice: typeof slice = (runtime, object, ...part) => {
  used(object);
  try {
    return slice(runtime, object, ...part);
  } catch (error) {
    // A step of zero is a ValueError, which a lookup does not take for a missing item.
    if (isFailure(error) && error.kind === 'python' && error.message !== ZERO_STEP) return undefinedHint(error.message);
    throw error;
  }
};

/**
 * A constant, computed as Jinja does it when it compiles; null where it does not: the value raises, or it cannot be written
 * as Python source and is not printed at once.
 */
export function computedBeforehand(node: Expression, place: Place, isPrinted: boolean): Evaluate | null {
  if (!mayFold(node)) return null;
  try {
    const evaluate = compileExpression(node, { ...place, folded: true, soft: true });
    const value = evaluate(new Frame(place.compiling, 0, null));
    return isPrinted || hasSafeRepr(value) ? evaluate : null;
  } catch (error) {
    if (isFailure(error)) return null;
    throw error;
  }
}

function evaluateAll(items: readonly Evaluate[], frame: Frame): PyValue[] {
  const values = new Array<PyValue>(items.length);
  for (let i = 0; i < items.length; i++) values[i] = items[i]!(frame);
  return values;
}

function checkedKey(key: PyValue): PyValue {
  hashable(key);
  return key;
}

function compileConstant(value: Extract<Expression, { kind: 'constant' }>['value']): Evaluate {
  const constant: PyValue = typeof value === 'object' && value !== null ? new Float(value.float) : value;
  return () => constant;
}

/** How many functions out a variable lives. */
export function hopsTo(scope: FunctionScope, variable: Variable): number {
  let hops = 0;
  for (let s: FunctionScope | null = scope; s !== null && s !== variable.scope; s = s.parent) hops++;
  return hops;
}

export function readVariable(symbols: Symbols, variable: Variable): (frame: Frame) => PyValue | undefined {
  const { slot } = variable;
  const hops = hopsTo(symbols.scope, variable);
  if (hops === 0) return (frame) => frame.slots[slot];
  return (frame) => {
    let owner = frame;
    for (let i = 0; i < hops; i++) owner = owner.parent!;
    return owner.slots[slot];
  };
}

function compileName(symbols: Symbols, name: string): Evaluate {
  const variable = symbols.get(name);
  if (hopsTo(symbols.scope, variable) === 0) {
    const { slot } = variable;
    return (frame) => {
      const value = frame.slots[slot];
      return value === undefined ? undefinedName(name) : value;
    };
  }
  const read = readVariable(symbols, variable);
  return (frame) => orElse(read(frame), () => undefinedName(name));
}

function compileAttribute(object: Evaluate, name: string): Evaluate {
  if (isDictAttribute(name)) return (frame) => getAttribute(frame.runtime, object(frame), name);
  return (frame) => {
    const value = object(frame);
    // The usual case: a key of a message.
    if (isDict(value)) {
      const item = value.get(name);
      return item === undefined ? undefinedAttribute(value, name) : item;
    }
    return getAttribute(frame.runtime, value, name);
  };
}

interface Given {
  readonly args: PyList;
  readonly keywords: Keywords;
}

export function compileArguments(node: Arguments, place: Place): (frame: Frame) => Given {
  const positional = node.positional.map((e) => compileExpression(e, place));
  const { spread, namedSpread } = node;
  if (node.named.length === 0 && spread === null && namedSpread === null) {
    if (positional.length === 0) return () => NOTHING_GIVEN;
    return (frame) => ({ args: evaluateAll(positional, frame), keywords: NO_KEYWORDS });
  }
  const named = node.named.map(({ name, value }) => [name, compileExpression(value, place)] as const);
  const more = spread === null ? null : compileExpression(spread, place);
  const moreNamed = namedSpread === null ? null : compileExpression(namedSpread, place);
  return (frame) => {
    const args = evaluateAll(positional, frame);
    if (more !== null) for (const value of iterate(frame.runtime, more(frame))) args.push(value);
    const keywords = new Map<string, PyValue>();
    for (const [name, value] of named) keywords.set(name, value(frame));
    if (moreNamed !== null) addKeywords(keywords, moreNamed(frame));
    return { args, keywords };
  };
}
const NOTHING_GIVEN: Given = { args: [], keywords: NO_KEYWORDS };

function addKeywords(keywords: Map<string, PyValue>, more: PyValue): void {
  const dict = isDict(more) ? more : fail(`argument after ** must be a mapping, not ${typeName(more)}`);
  for (const [key, value] of dict) {
    const bareKey = bareText(key);
    const name = typeof bareKey === 'string' ? bareKey : fail('keywords must be strings');
    if (keywords.has(name)) fail(`got multiple values for keyword argument '${name}'`);
    keywords.set(name, value);
  }
}

/** Calls a value; `caller` is what a call block hands over. */
export function compileCall(node: Call, place: Place, caller: ((frame: Frame) => PyValue) | null = null): Evaluate {
  const args = compileArguments(node.args, place);
  const invoke = (frame: Frame, callee: PyValue): PyValue => {
    frame.runtime.step();
    const given = args(frame);
    if (callee instanceof LoopState) return recurse(callee, given);
    const callable = describeCallable(callee);
    const { args: values, keywords } = given;
    if (caller === null) return callable.call(frame.runtime, values, keywords);
    return callable.call(frame.runtime, values, new Map([...keywords, ['caller', caller(frame)]]));
  };
  if (node.callee.kind === 'attribute' && caller === null) {
    const { name } = node.callee;
    const object = compileExpression(node.callee.object, place);
    return (frame) => {
      const value = object(frame);
      if (!isText(value) && !isDict(value)) return invoke(frame, getAttribute(frame.runtime, value, name));
      const { args: values, keywords } = args(frame);
      frame.runtime.step();
      const result = callMethod(frame.runtime, value, name, values, keywords);
      return result === undefined ? invoke(frame, getAttribute(frame.runtime, value, name)) : result;
    };
  }
  const callee = compileExpression(node.callee, place);
  return (frame) => invoke(frame, callee(frame));
}

function recurse(loop: LoopState, { args }: Given): Text {
  if (loop.recurse === null) return fail("The loop must have the 'recursive' marker to be called recursively.");
  return loop.recurse(
    orElse(args[0], () => fail("__call__() missing 1 required positional argument: 'iterable'")),
    loop.depth0 + 1,
  );
}

/** An unknown filter or test fails when the template is compiled, or where it may never run only when it does. */
function unknown(what: 'filter' | 'test', name: string, line: number, soft: boolean): Evaluate {
  const message = `No ${what} named '${name}'.`;
  if (!soft) throw syntaxError(message, line);
  const found = `No ${what} named '${name}' found.`;
  return () => fail(found);
}

export function compileFilter(node: Filter, operand: Evaluate, place: Place): Evaluate {
  const filter = findFilter(node.name);
  if (filter === undefined) return unknown('filter', node.name, node.line, place.soft);
  const args = compileArguments(node.args, place);
  return (frame) => {
    const value = operand(frame);
    const { args: values, keywords } = args(frame);
    return filter(frame.runtime, value, values, keywords);
  };
}

function compileTest(node: Test, place: Place): Evaluate {
  const test = findTest(node.name);
  if (test === undefined) return unknown('test', node.name, node.line, place.soft);
  const operand = compileExpression(node.operand, place);
  const args = compileArguments(node.args, place);
  return (frame) => {
    const value = operand(frame);
    const { args: values, keywords } = args(frame);
    return test(frame.runtime, value, values, keywords);
  };
}

type Relation = (frame: Frame, a: PyValue, b: PyValue) => boolean;
const RELATIONS: Readonly<Record<CompareOperator, Relation>> = {
  '==': (frame, a, b) => equals(a, b, frame.runtime),
  '!=': (frame, a, b) => !equals(a, b, frame.runtime),
  '<': (frame, a, b) => compare(a, b, '<', frame.runtime) < 0,
  '<=': (frame, a, b) => compare(a, b, '<=', frame.runtime) <= 0,
  '>': (frame, a, b) => compare(a, b, '>', frame.runtime) > 0,
  '>=': (frame, a, b) => compare(a, b, '>=', frame.runtime) >= 0,
  in: (frame, a, b) => contains(frame.runtime, b, a),
  'not in': (frame, a, b) => !contains(frame.runtime, b, a),
};

function compileCompare(node: Compare, compile: (child: Expression) => Evaluate): Evaluate {
  const first = compile(node.first);
  const rest = node.rest.map(({ operator, operand }) => [RELATIONS[operator], compile(operand)] as const);
  const only = rest[0]!;
  if (rest.length === 1) {
    const [relation, operand] = only;
    return (frame) => {
      const value = first(frame);
      return relation(frame, value, operand(frame));
    };
  }
  return (frame) => {
    let left = first(frame);
    for (const [relation, operand] of rest) {
      const right = operand(frame);
      if (!relation(frame, left, right)) return false;
      left = right;
    }
    return true;
  };
}

function compileConcat(items: readonly Evaluate[]): Evaluate {
  const [a, b] = items;
  if (items.length === 2) {
    return (frame) => {
      const left = str(a!(frame));
      return join2(left, str(b!(frame)));
    };
  }
  return (frame) => {
    const out = new TextWriter();
    for (const item of items) {
      out.write(str(item(frame)));
      checkSize(out.text.length);
    }
    return out.value();
  };
}

function compileConditional(node: Conditional, place: Place): Evaluate {
  const test = compileExpression(node.test, place);
  const then = compileExpression(node.value, place);
  if (node.otherwise === null) {
    const hint = `the inline if-expression on line ${node.line} evaluated to false and no else section was defined.`;
    return (frame) => {
      if (truth(test(frame))) return then(frame);
      return place.folded === true ? fail(hint) : undefinedHint(hint);
    };
  }
  const otherwise = compileExpression(node.otherwise, place);
  return (frame) => (truth(test(frame)) ? then(frame) : otherwise(frame));
}
