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

function children(node: Expression): readonly Expression[] {
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

/** Whether `name` is read anywhere below, inner frames included. */
export function mentions(list: Body, name: string): boolean {
  return list.some((node) => statementMentions(node, name));
}

const reads = (node: Expression | null, name: string): boolean => node !== null && namesIn(node).includes(name);
const signatureReads = (parameters: readonly Parameter[], name: string): boolean =>
  parameters.some((p) => reads(p.fallback, name));

function statementMentions(node: Statement, name: string): boolean {
  switch (node.kind) {
    case 'print':
      return reads(node.value, name);
    case 'if':
      return (
        reads(node.test, name) ||
        mentions(node.body, name) ||
        mentions(node.elifs, name) ||
        mentions(node.otherwise, name)
      );
    case 'for':
      return forMentions(node, name);
    case 'set':
      return reads(node.value, name);
    case 'set-block':
      return reads(node.filter, name) || mentions(node.body, name);
    case 'with':
      return node.values.some((value) => reads(value, name)) || mentions(node.body, name);
    case 'macro':
      return signatureReads(node.parameters, name) || mentions(node.body, name);
    case 'call-block':
      return reads(node.call, name) || signatureReads(node.parameters, name) || mentions(node.body, name);
    case 'filter-block':
      return reads(node.filter, name) || mentions(node.body, name);
    case 'generation':
    case 'scope':
      return mentions(node.body, name);
    default:
      return false;
  }
}

const forMentions = (node: For, name: string): boolean =>
  reads(node.iterable, name) || reads(node.test, name) || mentions(node.body, name) || mentions(node.otherwise, name);
