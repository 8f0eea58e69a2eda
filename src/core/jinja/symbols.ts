import type { Arguments, Body, Expression, For, Parameter, Statement, Target } from './ast.ts';

/**
 * Which variable a name means, decided when a template is compiled, as Jinja decides it (jinja2.idtracking): a name that
 * a frame stores is the frame's own from its beginning, and every other name is the nearest frame's that knows it, or the
 * context's.
 */

/** A macro, a call block or the template itself: one array of slots at run time. */
export class FunctionScope {
  readonly parent: FunctionScope | null;
  size = 0;
  constructor(parent: FunctionScope | null) {
    this.parent = parent;
  }
}

export interface Variable {
  readonly scope: FunctionScope;
  readonly slot: number;
}

/** What a variable holds when its frame is entered. */
export type Load =
  | { readonly kind: 'parameter' }
  | { readonly kind: 'undefined' }
  | { readonly kind: 'resolve'; readonly name: string }
  | { readonly kind: 'alias'; readonly of: Variable };

export class Symbols {
  readonly parent: Symbols | null;
  readonly scope: FunctionScope;
  readonly loads: Map<Variable, Load>;
  private readonly refs: Map<string, Variable>;
  private readonly stores: Set<string>;
  /** Branches of an `if` are copies of one frame: a name is the same variable in all of them. */
  private readonly pool: Map<string, Variable>;

  private constructor(
    parent: Symbols | null,
    scope: FunctionScope,
    refs: Map<string, Variable>,
    loads: Map<Variable, Load>,
    stores: Set<string>,
    pool: Map<string, Variable>,
  ) {
    this.parent = parent;
    this.scope = scope;
    this.refs = refs;
    this.loads = loads;
    this.stores = stores;
    this.pool = pool;
  }

  static create(parent: Symbols | null, scope: FunctionScope): Symbols {
    return new Symbols(parent, scope, new Map(), new Map(), new Set(), new Map());
  }

  private copy(): Symbols {
    const { parent, scope, refs, loads, stores, pool } = this;
    return new Symbols(parent, scope, new Map(refs), new Map(loads), new Set(stores), pool);
  }

  find(name: string): Variable | undefined {
    return this.refs.get(name) ?? this.parent?.find(name);
  }

  /** The variable of a name that no analysis met (arguments of a set block's filter): the context's. */
  get(name: string): Variable {
    this.load(name);
    return this.find(name)!;
  }

  private define(name: string, load: Load): Variable {
    let variable = this.pool.get(name);
    if (variable === undefined) {
      variable = { scope: this.scope, slot: this.scope.size++ };
      this.pool.set(name, variable);
    }
    this.refs.set(name, variable);
    this.loads.set(variable, load);
    return variable;
  }

  parameter(name: string): Variable {
    this.stores.add(name);
    return this.define(name, { kind: 'parameter' });
  }

  load(name: string): void {
    if (this.find(name) === undefined) this.define(name, { kind: 'resolve', name });
  }

  store(name: string): void {
    this.stores.add(name);
    if (this.refs.has(name)) return;
    const outer = this.parent?.find(name);
    this.define(name, outer === undefined ? { kind: 'undefined' } : { kind: 'alias', of: outer });
  }

  /** A name that only some branches store keeps what it had outside where they do not run. */
  private join(branches: readonly Symbols[]): void {
    const stored = new Set<string>();
    for (const branch of branches) for (const name of branch.stores) if (!this.stores.has(name)) stored.add(name);
    for (const branch of branches) {
      for (const [name, variable] of branch.refs) this.refs.set(name, variable);
      for (const [variable, load] of branch.loads) this.loads.set(variable, load);
      for (const name of branch.stores) this.stores.add(name);
    }
    for (const name of stored) {
      const outer = this.parent?.find(name);
      this.loads.set(this.find(name)!, outer === undefined ? { kind: 'resolve', name } : { kind: 'alias', of: outer });
    }
  }

  // ---- analysis of a frame

  body(list: Body): void {
    for (const statement of list) this.statement(statement);
  }

  signature(parameters: readonly Parameter[]): void {
    for (const { name } of parameters) this.parameter(name);
    for (const { fallback } of parameters) if (fallback !== null) this.expression(fallback);
  }

  /** Inner frames are analyzed when they are compiled; here only what they read and store in this one. */
  private statement(node: Statement): void {
    switch (node.kind) {
      case 'print':
        this.expression(node.value);
        break;
      case 'if': {
        this.expression(node.test);
        const branch = (list: Body): Symbols => {
          const symbols = this.copy();
          symbols.body(list);
          return symbols;
        };
        this.join([branch(node.body), branch(node.elifs), branch(node.otherwise)]);
        break;
      }
      case 'for':
        this.expression(node.iterable);
        break;
      case 'set':
        this.expression(node.value);
        this.target(node.target);
        break;
      case 'set-block':
        this.target(node.target);
        break;
      case 'with':
        for (const value of node.values) this.expression(value);
        break;
      case 'macro':
        this.store(node.name);
        break;
      case 'call-block':
        this.expression(node.call);
        break;
      case 'filter-block':
        this.expression(node.filter);
        break;
      case 'loader':
        this.expression(node.template);
        for (const name of node.stores) this.store(name);
        break;
    }
  }

  target(node: Target, parameter = false): void {
    if (node.kind === 'name-target') {
      if (parameter) this.parameter(node.name);
      else this.store(node.name);
    } else if (node.kind === 'namespace-target') this.load(node.name);
    else for (const item of node.items) this.target(item, parameter);
  }

  expression(node: Expression): void {
    for (const name of namesIn(node)) this.load(name);
  }
}

/** The names that an expression reads, in no order. */
function namesIn(root: Expression): string[] {
  const names: string[] = [];
  const todo = [root];
  for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
    if (node.kind === 'name') names.push(node.name);
    else todo.push(...children(node));
  }
  return names;
}

const argumentsOf = ({ positional, named, spread, namedSpread }: Arguments): Expression[] =>
  [...positional, ...named.map((n) => n.value), spread, namedSpread].filter((e) => e !== null);

/** The expressions right below one. */
export function children(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case 'constant':
    case 'name':
      return [];
    case 'list':
    case 'tuple':
    case 'concat':
      return node.items;
    case 'dict':
      return node.entries.flatMap((entry) => [entry.key, entry.value]);
    case 'attribute':
      return [node.object];
    case 'item':
      return [node.object, node.key];
    case 'cut':
      return [node.object, node.start, node.stop, node.step].filter((e) => e !== null);
    case 'call':
      return [node.callee, ...argumentsOf(node.args)];
    case 'filter':
      return [...(node.operand === null ? [] : [node.operand]), ...argumentsOf(node.args)];
    case 'test':
      return [node.operand, ...argumentsOf(node.args)];
    case 'unary':
      return [node.operand];
    case 'binary':
      return [node.left, node.right];
    case 'compare':
      return [node.first, ...node.rest.map((r) => r.operand)];
    case 'conditional':
      return [node.test, node.value, ...(node.otherwise === null ? [] : [node.otherwise])];
  }
}

/**
 * Which of `names` are read below, inner frames included, before something is stored under them (jinja2's
 * UndeclaredNameVisitor, in its order: targets before values).
 */
export function undeclared(list: Body, names: readonly string[]): ReadonlySet<string> {
  const open = new Set(names);
  const found = new Set<string>();
  const store = (name: string): void => {
    open.delete(name);
  };
  const read = (...nodes: readonly (Expression | null)[]): void => {
    for (const node of nodes) {
      if (node !== null) for (const name of namesIn(node)) if (open.has(name)) found.add(name);
    }
  };
  const signature = (parameters: readonly Parameter[]): void => {
    for (const { name } of parameters) store(name);
    read(...parameters.map((p) => p.fallback));
  };
  const visit = (body: Body): void => {
    for (const node of body) {
      switch (node.kind) {
        case 'print':
          read(node.value);
          break;
        case 'if':
          read(node.test);
          visit(node.body);
          visit(node.elifs);
          visit(node.otherwise);
          break;
        case 'for':
          for (const name of targetNames(node.target)) store(name);
          read(node.iterable);
          visit(node.body);
          visit(node.otherwise);
          read(node.test);
          break;
        case 'set':
          for (const name of targetNames(node.target)) store(name);
          read(node.value);
          break;
        case 'set-block':
          for (const name of targetNames(node.target)) store(name);
          read(node.filter);
          visit(node.body);
          break;
        case 'with':
          for (const target of node.targets) for (const name of targetNames(target)) store(name);
          read(...node.values);
          visit(node.body);
          break;
        case 'macro':
          signature(node.parameters);
          visit(node.body);
          break;
        case 'call-block':
          read(node.call);
          signature(node.parameters);
          visit(node.body);
          break;
        case 'filter-block':
          visit(node.body);
          read(node.filter);
          break;
        case 'autoescape':
          read(node.on);
          visit(node.body);
          break;
        case 'generation':
          visit(node.body);
          break;
        case 'loader':
          read(node.template);
          break;
      }
    }
  };
  visit(list);
  return found;
}

/** The variables that a target stores; an attribute of a namespace is none. */
function targetNames(target: Target): readonly string[] {
  if (target.kind === 'name-target') return [target.name];
  return target.kind === 'namespace-target' ? [] : target.items.flatMap(targetNames);
}

/** The line where a loop stores something as `loop`, which Jinja refuses; null where it does not. */
export function loopAssignment(node: For): number | null {
  const inTarget = (target: Target): number | null => (targetNames(target).includes('loop') ? target.line : null);
  const inBody = (body: Body): number | null => {
    for (const statement of body) {
      const line = inStatement(statement);
      if (line !== null) return line;
    }
    return null;
  };
  const inStatement = (statement: Statement): number | null => {
    if (statement.kind === 'for') {
      return inTarget(statement.target) ?? inBody(statement.body) ?? inBody(statement.otherwise);
    }
    if (statement.kind === 'if') {
      return inBody(statement.body) ?? inBody(statement.elifs) ?? inBody(statement.otherwise);
    }
    if (statement.kind === 'set' || statement.kind === 'set-block') {
      const line = inTarget(statement.target);
      if (line !== null) return line;
    }
    return 'body' in statement ? inBody(statement.body) : null;
  };
  return inStatement(node);
}
