import type { Range } from '../jsonl/value.ts';
import { type Text, TextWriter } from '../origin/traced.ts';
import type {
  Block,
  Body,
  CallBlock,
  Expression,
  FilterBlock,
  For,
  Generation,
  If,
  Macro,
  Parameter,
  SetBlock,
  Statement,
  Target,
  With,
} from './ast.ts';
import {
  compileCall,
  compileExpression,
  compileFilter,
  computedBeforehand,
  type Place,
  readVariable,
} from './compile-expression.ts';
import { Failure, fail, syntaxError } from './errors.ts';
import { BREAK, CONTINUE, type Evaluate, type Execute, Frame, NEXT } from './frame.ts';
import { checkNamespaceName } from './globals.ts';
import { codePointLength, iterate, truth } from './operators.ts';
import { parse } from './parser.ts';
import { escapeHtml, str, writeStr } from './printing.ts';
import { checkSize, Runtime } from './runtime.ts';
import { FunctionScope, loopAssignment, Symbols, undeclared } from './symbols.ts';
import {
  Callable,
  isList,
  type Keywords,
  Lazy,
  LoopState,
  Markup,
  Namespace,
  type PyList,
  type PyValue,
  Tuple,
  typeName,
  undefinedHint,
} from './values.ts';

export interface Rendered {
  readonly text: string;
  readonly out: TextWriter;
  /** UTF-16 units. */
  readonly generation: readonly Range[];
}

/** A template as closures: no code is made at run time, so it works under a strict content security policy. */
export interface Program {
  /** Whether the source has a `{% generation %}` block. */
  readonly hasGeneration: boolean;
  /** `lookup`: variables and globals by name; `restricted`: whether they are those of transformers 5.23. Throws `Failure`. */
  run(lookup: (name: string) => PyValue | undefined, restricted: boolean): Rendered;
}

export function compile(source: string): Program {
  const body = parse(source);
  const scope = new FunctionScope(null);
  const symbols = Symbols.create(null, scope);
  symbols.body(body);
  const blocks = new Set<string>();
  const hasBlocks = body.some(findBlock);
  const execute = compileBody(body, {
    symbols,
    soft: false,
    compiling: new Runtime(() => undefined, false),
    inLoop: false,
    escape: false,
    exports: hasBlocks,
    blocks,
  });
  const enter = entering(symbols);
  return {
    hasGeneration: body.some(findGeneration),
    run(lookup, restricted) {
      const runtime = new Runtime(lookup, restricted);
      const frame = new Frame(runtime, scope.size, null);
      enter(frame);
      execute(frame, runtime.root);
      const { root } = runtime;
      return { text: root.text, out: root, generation: runtime.spans() };
    },
  };
}

/** Whether a statement or one below it is wanted. */
const finder = (wanted: (node: Statement) => boolean): ((node: Statement) => boolean) => {
  const find = (node: Statement): boolean => {
    if (wanted(node)) return true;
    if (node.kind === 'if') return node.body.some(find) || node.elifs.some(find) || node.otherwise.some(find);
    return (node.kind === 'for' && node.otherwise.some(find)) || ('body' in node && node.body.some(find));
  };
  return find;
};
const findGeneration = finder((node) => node.kind === 'generation');
const findBlock = finder((node) => node.kind === 'block');
const findScopedBlock = finder((node) => node.kind === 'block' && node.scoped);

interface Context extends Place {
  /** Whether `break` and `continue` have a loop of this function around them. */
  readonly inLoop: boolean;
  /** Whether what is printed is escaped. */
  readonly escape: boolean;
  /** Whether what is stored here is seen by the blocks of the template. */
  readonly exports: boolean;
  /** Names of the blocks met so far. */
  readonly blocks: Set<string>;
}

/** An inner frame of the same function: own names, same slots. */
function inner(context: Context, analyze: (symbols: Symbols) => void, scope = context.symbols.scope): Context {
  const symbols = Symbols.create(context.symbols, scope);
  analyze(symbols);
  return { ...context, symbols, soft: false, exports: false };
}

/** What happens to the variables of a frame when it is entered. */
function entering(symbols: Symbols): (frame: Frame) => void {
  const steps: ((frame: Frame) => void)[] = [];
  for (const [{ slot }, load] of symbols.loads) {
    if (load.kind === 'resolve') {
      const { name } = load;
      steps.push((frame) => {
        frame.slots[slot] = frame.runtime.lookup(name);
      });
    } else if (load.kind === 'undefined') {
      steps.push((frame) => {
        frame.slots[slot] = undefined;
      });
    } else if (load.kind === 'alias') {
      const read = readVariable(symbols, load.of);
      steps.push((frame) => {
        frame.slots[slot] = read(frame);
      });
    }
  }
  if (steps.length === 0) return () => {};
  return (frame) => {
    for (let i = 0; i < steps.length; i++) steps[i]!(frame);
  };
}

/** Statements in order. An error without a line gets the line of the statement that it left. */
function compileBody(body: Body, context: Context): Execute {
  const list = body.map((node) => compileStatement(node, context));
  const size = list.length;
  return (frame, out) => {
    let i = 0;
    try {
      for (; i < size; i++) {
        const signal = list[i]!(frame, out);
        if (signal !== NEXT) return signal;
      }
    } catch (error) {
      if (error instanceof Failure && error.line === null) error.line = body[i]!.line;
      throw error;
    }
    return NEXT;
  };
}

function compileStatement(node: Statement, context: Context): Execute {
  switch (node.kind) {
    case 'data': {
      const { text } = node;
      return (_, out) => {
        out.text += text;
        return NEXT;
      };
    }
    case 'print':
      return compilePrint(node.value, context);
    case 'if':
      return compileIf(node, { ...context, soft: true });
    case 'for':
      return compileFor(node, context);
    case 'set': {
      const value = compileExpression(node.value, context);
      const check = checkNamespaces(node.target, context);
      const assign = exporting(node.target, compileTarget(node.target, context), context);
      if (check !== null) {
        return (frame) => {
          check(frame);
          assign(frame, value(frame));
          return NEXT;
        };
      }
      return (frame) => {
        assign(frame, value(frame));
        return NEXT;
      };
    }
    case 'set-block':
      return compileSetBlock(node, context);
    case 'with':
      return compileWith(node, context);
    case 'macro':
      return compileMacro(node, context);
    case 'call-block':
      return compileCallBlock(node, context);
    case 'filter-block':
      return compileFilterBlock(node, context);
    case 'generation':
      return compileGeneration(node, context);
    case 'autoescape':
      return compileAutoescape(node.on, node.body, context);
    case 'block':
      return compileBlock(node, context);
    case 'break':
      if (!context.inLoop) throw syntaxError("'break' outside loop", node.line);
      return () => BREAK;
    case 'continue':
      if (!context.inLoop) throw syntaxError("'continue' not properly in loop", node.line);
      return () => CONTINUE;
    case 'loader': {
      const template = compileExpression(node.template, context);
      return (frame) => {
        template(frame);
        return fail('no loader for this environment specified');
      };
    }
  }
}

function compilePrint(value: Expression, context: Context): Execute {
  const evaluate = computedBeforehand(value, context, true) ?? compileExpression(value, context);
  if (context.escape) {
    return (frame, out) => {
      const result = evaluate(frame);
      out.write(result instanceof Markup ? result.text : escapeHtml(str(result)));
      checkSize(out.text.length);
      return NEXT;
    };
  }
  return (frame, out) => {
    const result = evaluate(frame);
    if (typeof result === 'string') out.text += result;
    else writeStr(out, result);
    checkSize(out.text.length);
    return NEXT;
  };
}

function compileIf(node: If, context: Context): Execute {
  const test = compileExpression(node.test, context);
  const then = compileBody(node.body, context);
  const otherwise = compileBody(node.otherwise, context);
  if (node.elifs.length === 0) return (frame, out) => (truth(test(frame)) ? then(frame, out) : otherwise(frame, out));
  const elifs = node.elifs.map((elif) => ({
    line: elif.line,
    test: compileExpression(elif.test, context),
    body: compileBody(elif.body, context),
  }));
  return (frame, out) => {
    if (truth(test(frame))) return then(frame, out);
    for (const elif of elifs) if (truth(atLine(elif.line, elif.test, frame))) return elif.body(frame, out);
    return otherwise(frame, out);
  };
}

/** An expression whose errors belong to a line of its own. */
function atLine(line: number, evaluate: Evaluate, frame: Frame): PyValue {
  try {
    return evaluate(frame);
  } catch (error) {
    if (error instanceof Failure && error.line === null) error.line = line;
    throw error;
  }
}

// ---- targets

type Assign = (frame: Frame, value: PyValue) => void;

function compileTarget(target: Target, context: Context): Assign {
  switch (target.kind) {
    case 'name-target': {
      const { slot } = context.symbols.get(target.name);
      return (frame, value) => {
        frame.slots[slot] = value;
      };
    }
    case 'namespace-target': {
      const read = readVariable(context.symbols, context.symbols.get(target.name));
      const { attribute } = target;
      return (frame, value) => {
        const namespace = read(frame);
        if (!(namespace instanceof Namespace)) return fail(NOT_A_NAMESPACE);
        checkNamespaceName(frame.runtime, attribute);
        namespace.attributes.set(attribute, value);
      };
    }
    case 'tuple-target': {
      const parts = target.items.map((item) => compileTarget(item, context));
      return (frame, value) => {
        const items = unpacked(frame.runtime, value, parts.length);
        for (let i = 0; i < parts.length; i++) parts[i]!(frame, items[i]!);
      };
    }
  }
}

const NOT_A_NAMESPACE = 'cannot assign attribute on non-namespace object';

/** Jinja looks whether `ns` of `set ns.x = value` is a namespace before it looks at the value. */
function checkNamespaces(target: Target, context: Context): ((frame: Frame) => void) | null {
  if (target.kind === 'name-target') return null;
  if (target.kind === 'namespace-target') {
    const read = readVariable(context.symbols, context.symbols.get(target.name));
    return (frame) => {
      if (!(read(frame) instanceof Namespace)) fail(NOT_A_NAMESPACE);
    };
  }
  const checks = target.items.map((item) => checkNamespaces(item, context)).filter((check) => check !== null);
  if (checks.length === 0) return null;
  return (frame) => {
    for (const check of checks) check(frame);
  };
}

/** `assign`, which also shows what the template stores at its top to its blocks. */
function exporting(target: Target, assign: Assign, context: Context): Assign {
  if (!context.exports || target.kind === 'namespace-target') return assign;
  const names = target.kind === 'name-target' ? [target] : target.items.filter((item) => item.kind === 'name-target');
  const variables = names.map(({ name }) => [name, context.symbols.get(name).slot] as const);
  return (frame, value) => {
    assign(frame, value);
    for (const [name, slot] of variables) frame.runtime.export(name, frame.slots[slot]!);
  };
}

function unpacked(runtime: Runtime, value: PyValue, count: number): PyList {
  if (value instanceof Tuple && value.items.length === count) return value.items;
  if (
    typeName(value) === 'int' ||
    typeName(value) === 'float' ||
    typeName(value) === 'bool' ||
    typeName(value) === 'NoneType'
  ) {
    fail(`cannot unpack non-iterable ${typeName(value)} object`);
  }
  const items = iterate(runtime, value);
  if (items.length < count) fail(`not enough values to unpack (expected ${count}, got ${items.length})`);
  if (items.length > count) fail(`too many values to unpack (expected ${count})`);
  return items;
}

// ---- loops

function compileFor(node: For, context: Context): Execute {
  const assigned = loopAssignment(node);
  if (assigned !== null) throw syntaxError("Can't assign to special loop variable in for-loop target", assigned);
  const extended = node.recursive || undeclared(node.body, ['loop']).size > 0 || findScopedBlock(node);
  // A recursive loop is a function of its own: it may run inside itself.
  const scope = node.recursive ? new FunctionScope(context.symbols.scope) : context.symbols.scope;
  const own = inner(
    { ...context, inLoop: true },
    (symbols) => {
      if (extended) symbols.parameter('loop');
      symbols.target(node.target, true);
      symbols.body(node.body);
    },
    scope,
  );
  const iterable = compileExpression(node.iterable, context);
  const assign = compileTarget(node.target, own);
  const body = compileBody(node.body, own);
  const loopSlot = extended ? own.symbols.get('loop').slot : -1;
  const test = node.test === null ? null : compileLoopTest(node, node.test, context, scope);
  const otherwise = node.otherwise.length === 0 ? null : compileElse(node.otherwise, context, scope);
  const enter = entering(own.symbols);

  const run = (
    frame: Frame,
    out: TextWriter,
    over: PyValue,
    depth0: number,
    recurse: LoopState['recurse'],
  ): ReturnType<Execute> => {
    const { runtime } = frame;
    const { seen, more, outer } = source(frame, over, test);
    const loop = extended ? new LoopState(seen, more, depth0, recurse, outer) : null;
    // Jinja's `else` runs unless a round came to its end: after a break or continue in each it does run.
    let ended = false;
    for (let i = 0; ; i++) {
      let item: PyValue | undefined;
      if (loop !== null) item = loop.next();
      else if (i < seen.length || more?.() === true) item = seen[i];
      if (item === undefined) break;
      runtime.step();
      checkSize(out.text.length);
      if (loop !== null) frame.slots[loopSlot] = loop;
      assign(frame, item);
      enter(frame);
      const signal = body(frame, out);
      if (signal === BREAK) break;
      if (signal === NEXT) ended = true;
    }
    return !ended && otherwise !== null ? otherwise(frame, out) : NEXT;
  };
  if (!node.recursive) return (frame, out) => run(frame, out, iterable(frame), 0, null);
  return (outer, out) => {
    const recurse = (over: PyValue, depth0: number): Text => {
      const frame = new Frame(outer.runtime, scope.size, outer);
      const buffer = new TextWriter();
      run(frame, buffer, over, depth0, recurse);
      return buffer.value();
    };
    out.write(recurse(iterable(outer), 0));
    return NEXT;
  };
}

type LoopTest = (frame: Frame, item: PyValue) => boolean;

/** `for x in y if test`: the test has a frame of its own, in which `loop` is the loop outside. */
function compileLoopTest(node: For, test: Expression, context: Context, scope: FunctionScope): LoopTest {
  const own = inner(
    context,
    (symbols) => {
      symbols.target(node.target, true);
      symbols.expression(test);
    },
    scope,
  );
  const assign = compileTarget(node.target, own);
  const evaluate = compileExpression(test, own);
  const enter = entering(own.symbols);
  return (frame, item) => {
    enter(frame);
    return truth(
      atLine(
        test.line,
        (f) => {
          assign(f, item);
          return evaluate(f);
        },
        frame,
      ),
    );
  };
}

function compileElse(list: Body, context: Context, scope: FunctionScope): Execute {
  const own = inner(context, (symbols) => symbols.body(list), scope);
  const body = compileBody(list, own);
  const enter = entering(own.symbols);
  return (frame, out) => {
    enter(frame);
    return body(frame, out);
  };
}

/** What a loop goes over: a list at once, a generator or a tested loop item by item (the body may change what is tested). */
function source(
  frame: Frame,
  over: PyValue,
  test: LoopTest | null,
): { readonly seen: PyList; readonly more: (() => boolean) | null; readonly outer?: LoopState } {
  const { runtime } = frame;
  if (over instanceof LoopState)
    return { ...source(frame, new Lazy(over.items()), test), ...(test === null && { outer: over }) };
  if (test === null && !(over instanceof Lazy))
    return { seen: isList(over) ? over : iterate(runtime, over), more: null };
  const iterator = over instanceof Lazy ? over.iterator : iterate(runtime, over)[Symbol.iterator]();
  const seen: PyValue[] = [];
  const more = (): boolean => {
    for (let step = iterator.next(); step.done !== true; step = iterator.next()) {
      runtime.step();
      if (test !== null && !test(frame, step.value)) continue;
      seen.push(step.value);
      return true;
    }
    return false;
  };
  return { seen, more };
}

// ---- blocks that keep what they print

function compileSetBlock(node: SetBlock, context: Context): Execute {
  const own = inner(context, (symbols) => symbols.body(node.body));
  const body = compileBody(node.body, own);
  const assign = exporting(node.target, compileTarget(node.target, context), context);
  const filter = node.filter === null ? null : compileChain(node.filter, own);
  const enter = entering(own.symbols);
  return (frame) => {
    const buffer = new TextWriter();
    enter(frame);
    const signal = body(frame, buffer);
    if (signal !== NEXT) return signal;
    const value = buffer.value();
    assign(frame, filter === null ? value : filter(frame, value));
    return NEXT;
  };
}

function compileFilterBlock(node: FilterBlock, context: Context): Execute {
  const own = inner(context, (symbols) => {
    symbols.body(node.body);
    symbols.expression(node.filter);
  });
  const body = compileBody(node.body, own);
  const filter = compileChain(node.filter, own);
  const enter = entering(own.symbols);
  return (frame, out) => {
    const buffer = new TextWriter();
    enter(frame);
    const signal = body(frame, buffer);
    if (signal !== NEXT) return signal;
    writeStr(out, filter(frame, buffer.value()));
    return NEXT;
  };
}

/** Filters of a block, whose innermost operand is the block's text. */
function compileChain(node: FilterBlock['filter'], context: Context): (frame: Frame, text: Text) => PyValue {
  // The text waits in a slot of its own.
  const slot = context.symbols.scope.size++;
  const text: Evaluate = (frame) => frame.slots[slot]!;
  const build = (filter: Expression): Evaluate => {
    if (filter.kind !== 'filter') throw syntaxError('expected a filter', filter.line);
    return compileFilter(filter, filter.operand === null ? text : build(filter.operand), context);
  };
  const evaluate = build(node);
  return (frame, value) => {
    frame.slots[slot] = value;
    return evaluate(frame);
  };
}

function compileWith(node: With, context: Context): Execute {
  const own = inner(context, (symbols) => {
    for (const target of node.targets) symbols.target(target, true);
    symbols.body(node.body);
  });
  const values = node.values.map((value) => compileExpression(value, context));
  const targets = node.targets.map((target) => compileTarget(target, own));
  const body = compileBody(node.body, own);
  const enter = entering(own.symbols);
  return (frame, out) => {
    enter(frame);
    for (let i = 0; i < targets.length; i++) targets[i]!(frame, values[i]!(frame));
    return body(frame, out);
  };
}

/** Spans begin where the *template's* text ends so far, even inside a macro or a set block: so transformers has it. */
function compileGeneration(node: Generation, context: Context): Execute {
  const special = undeclared(node.body, SPECIAL);
  const own = inner({ ...context, inLoop: false }, (symbols) => {
    for (const name of special) symbols.parameter(name);
    symbols.body(node.body);
  });
  const body = compileBody(node.body, own);
  // To Jinja this is a call block, and a call block has a caller and arguments of its own.
  const slots = [...special].map((name) => [own.symbols.get(name).slot, name] as const);
  const enter = entering(own.symbols);
  return (frame, out) => {
    const { runtime } = frame;
    for (const [slot, name] of slots) frame.slots[slot] = notGiven(name);
    enter(frame);
    const start = runtime.spanStart ?? runtime.root.text.length;
    if (out === runtime.root && runtime.spanStart === null) {
      runtime.spanStart = start;
      body(frame, out);
      runtime.spanStart = null;
      runtime.addSpan(start, out.text.length - start, null);
      return NEXT;
    }
    const buffer = new TextWriter();
    body(frame, buffer);
    runtime.addSpan(start, buffer.text.length, codePointLength(buffer.text));
    out.write(buffer.value());
    return NEXT;
  };
}

/** What a macro that nobody called with more sees as `caller`, `kwargs` and `varargs`. */
function notGiven(name: string): PyValue {
  if (name === 'kwargs') return new Map();
  return name === 'varargs' ? new Tuple([]) : undefinedHint('No caller defined');
}

/** What is printed is escaped; what Jinja does beyond that (`~`, joins, macros and set blocks as Markup) is not done. */
function compileAutoescape(on: Expression, list: Body, context: Context): Execute {
  const own = inner(context, (symbols) => {
    symbols.expression(on);
    symbols.body(list);
  });
  const test = compileExpression(on, own);
  const body = compileBody(list, own);
  const escaped = compileBody(list, { ...own, escape: true });
  const enter = entering(own.symbols);
  return (frame, out) => {
    enter(frame);
    return truth(test(frame)) ? escaped(frame, out) : body(frame, out);
  };
}

/** A block sees what the template stored at its top, and what is around it only where it is `scoped`. */
function compileBlock(node: Block, context: Context): Execute {
  if (context.blocks.has(node.name)) throw syntaxError(`block '${node.name}' defined twice`, node.line);
  context.blocks.add(node.name);
  const scope = new FunctionScope(node.scoped ? context.symbols.scope : null);
  const symbols = Symbols.create(node.scoped ? context.symbols : null, scope);
  symbols.body(node.body);
  const body = compileBody(node.body, { ...context, symbols, soft: false, inLoop: false, exports: false });
  const enter = entering(symbols);
  const { required, name } = node;
  return (outer, out) => {
    if (required) fail(`Required block '${name}' not found`);
    const frame = new Frame(outer.runtime, scope.size, outer);
    enter(frame);
    body(frame, out);
    return NEXT;
  };
}

// ---- macros

const SPECIAL = ['caller', 'kwargs', 'varargs'] as const;
type MakeMacro = (frame: Frame) => Callable;

function compileMacroBody(
  name: string | null,
  parameters: readonly Parameter[],
  list: Body,
  context: Context,
  line: number,
): MakeMacro {
  const scope = new FunctionScope(context.symbols.scope);
  const names = parameters.map((p) => p.name);
  const wanted = undeclared(list, SPECIAL);
  const special = SPECIAL.filter((s) => !names.includes(s) && wanted.has(s));
  const ownCaller = parameters.find((p) => p.name === 'caller');
  if (wanted.has('caller') && ownCaller?.fallback === null) {
    throw syntaxError(
      'When defining macros or call blocks the special "caller" argument must be omitted or be given a default.',
      line,
    );
  }
  const own = inner(
    { ...context, inLoop: false },
    (symbols) => {
      for (const s of special) symbols.parameter(s);
      symbols.signature(parameters);
      symbols.body(list);
    },
    scope,
  );
  const slots = names.map((n) => own.symbols.get(n).slot);
  const fallbacks = parameters.map((p) => (p.fallback === null ? null : compileExpression(p.fallback, own)));
  const slotOf = (s: (typeof SPECIAL)[number]): number => (special.includes(s) ? own.symbols.get(s).slot : -1);
  const [callerSlot, kwargsSlot, varargsSlot] = [slotOf('caller'), slotOf('kwargs'), slotOf('varargs')];
  const body = compileBody(list, own);
  const enter = entering(own.symbols);
  const shown = name === null ? 'None' : `'${name}'`;

  const call = (outer: Frame, runtime: Runtime, args: PyList, keywords: Keywords): PyValue => {
    runtime.step();
    const frame = new Frame(runtime, scope.size, outer);
    const rest = new Map(keywords);
    for (let i = 0; i < slots.length; i++) {
      const key = names[i]!;
      let value = args[i];
      if (i >= args.length) {
        value = rest.get(key);
        rest.delete(key);
      }
      frame.slots[slots[i]!] = value;
    }
    if (callerSlot >= 0) {
      frame.slots[callerSlot] = rest.get('caller') ?? notGiven('caller');
      rest.delete('caller');
    }
    if (kwargsSlot >= 0) frame.slots[kwargsSlot] = rest;
    else if (rest.has('caller')) {
      fail(`macro ${shown} was invoked with two values for the special caller argument. This is most likely a bug.`);
    } else if (rest.size > 0) fail(`macro ${shown} takes no keyword argument '${rest.keys().next().value}'`);
    if (varargsSlot >= 0) frame.slots[varargsSlot] = new Tuple(args.slice(names.length));
    else if (args.length > names.length) fail(`macro ${shown} takes not more than ${names.length} argument(s)`);
    enter(frame);
    for (let i = 0; i < slots.length; i++) {
      if (frame.slots[slots[i]!] !== undefined) continue;
      const fallback = fallbacks[i]!;
      frame.slots[slots[i]!] =
        fallback === null ? undefinedHint(`parameter '${names[i]}' was not provided`) : atLine(line, fallback, frame);
    }
    const buffer = new TextWriter();
    body(frame, buffer);
    return buffer.value();
  };
  const attributes = new Map<string, PyValue>([
    ['name', name],
    ['arguments', new Tuple(names)],
    ['catch_kwargs', kwargsSlot >= 0],
    ['catch_varargs', varargsSlot >= 0],
    ['caller', callerSlot >= 0],
  ]);
  const repr = `<Macro ${name === null ? 'anonymous' : shown}>`;
  return (outer) =>
    new Callable(
      name ?? 'caller',
      (runtime, args, keywords) => call(outer, runtime, args, keywords),
      repr,
      attributes,
      'Macro',
    );
}

function compileMacro(node: Macro, context: Context): Execute {
  const make = compileMacroBody(node.name, node.parameters, node.body, context, node.line);
  const target: Target = { kind: 'name-target', name: node.name, line: node.line };
  const assign = exporting(target, compileTarget(target, context), context);
  return (frame) => {
    assign(frame, make(frame));
    return NEXT;
  };
}

function compileCallBlock(node: CallBlock, context: Context): Execute {
  const caller = compileMacroBody(null, node.parameters, node.body, context, node.line);
  const evaluate = compileCall(node.call, context, caller);
  return (frame, out) => {
    out.write(str(evaluate(frame)));
    checkSize(out.text.length);
    return NEXT;
  };
}
