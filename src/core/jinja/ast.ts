/** The syntax tree of a template. Lines count from 1. */
interface Node {
  readonly line: number;
}

export type Expression =
  | Constant
  | Name
  | ListLiteral
  | TupleLiteral
  | DictLiteral
  | Attribute
  | Item
  | Cut
  | Call
  | Filter
  | Test
  | Unary
  | Binary
  | Compare
  | Concat
  | Conditional;

export interface Constant extends Node {
  readonly kind: 'constant';
  readonly value: null | boolean | string | number | bigint | { readonly float: number };
}
export interface Name extends Node {
  readonly kind: 'name';
  readonly name: string;
}
export interface ListLiteral extends Node {
  readonly kind: 'list';
  readonly items: readonly Expression[];
}
export interface TupleLiteral extends Node {
  readonly kind: 'tuple';
  readonly items: readonly Expression[];
}
export interface DictLiteral extends Node {
  readonly kind: 'dict';
  readonly entries: readonly { readonly key: Expression; readonly value: Expression }[];
}
/** `object.name` */
export interface Attribute extends Node {
  readonly kind: 'attribute';
  readonly object: Expression;
  readonly name: string;
}
/** `object[key]` */
export interface Item extends Node {
  readonly kind: 'item';
  readonly object: Expression;
  readonly key: Expression;
}
/** `object[start:stop:step]` */
export interface Cut extends Node {
  readonly kind: 'cut';
  readonly object: Expression;
  readonly start: Expression | null;
  readonly stop: Expression | null;
  readonly step: Expression | null;
}
export interface Arguments {
  readonly positional: readonly Expression[];
  readonly named: readonly { readonly name: string; readonly value: Expression }[];
  readonly spread: Expression | null;
  readonly namedSpread: Expression | null;
}
export interface Call extends Node {
  readonly kind: 'call';
  readonly callee: Expression;
  readonly args: Arguments;
}
export interface Filter extends Node {
  readonly kind: 'filter';
  /** Null: the text of the enclosing block. */
  readonly operand: Expression | null;
  readonly name: string;
  readonly args: Arguments;
}
export interface Test extends Node {
  readonly kind: 'test';
  readonly operand: Expression;
  readonly name: string;
  readonly args: Arguments;
}
export interface Unary extends Node {
  readonly kind: 'unary';
  readonly operator: 'not' | '-' | '+';
  readonly operand: Expression;
}
export interface Binary extends Node {
  readonly kind: 'binary';
  readonly operator: 'and' | 'or' | '+' | '-' | '*' | '/' | '//' | '%' | '**';
  readonly left: Expression;
  readonly right: Expression;
}
export type CompareOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in';
/** `a < b < c`: a chain as in Python. */
export interface Compare extends Node {
  readonly kind: 'compare';
  readonly first: Expression;
  readonly rest: readonly { readonly operator: CompareOperator; readonly operand: Expression }[];
}
/** `a ~ b ~ c` */
export interface Concat extends Node {
  readonly kind: 'concat';
  readonly items: readonly Expression[];
}
/** `value if test else otherwise` */
export interface Conditional extends Node {
  readonly kind: 'conditional';
  readonly test: Expression;
  readonly value: Expression;
  readonly otherwise: Expression | null;
}

export type Target = NameTarget | NamespaceTarget | TupleTarget;
export interface NameTarget extends Node {
  readonly kind: 'name-target';
  readonly name: string;
}
/** `namespace.attribute` */
export interface NamespaceTarget extends Node {
  readonly kind: 'namespace-target';
  readonly name: string;
  readonly attribute: string;
}
export interface TupleTarget extends Node {
  readonly kind: 'tuple-target';
  readonly items: readonly Target[];
}

export type Body = readonly Statement[];
export type Statement =
  | Data
  | Print
  | If
  | For
  | SetValue
  | SetBlock
  | With
  | Macro
  | CallBlock
  | FilterBlock
  | Generation
  | Autoescape
  | Block
  | LoopControl
  | Loader;

/** The template's own text. */
export interface Data extends Node {
  readonly kind: 'data';
  readonly text: string;
}
export interface Print extends Node {
  readonly kind: 'print';
  readonly value: Expression;
}
export interface If extends Node {
  readonly kind: 'if';
  readonly test: Expression;
  readonly body: Body;
  readonly elifs: readonly If[];
  readonly otherwise: Body;
}
export interface For extends Node {
  readonly kind: 'for';
  readonly target: Target;
  readonly iterable: Expression;
  readonly test: Expression | null;
  readonly recursive: boolean;
  readonly body: Body;
  readonly otherwise: Body;
}
export interface SetValue extends Node {
  readonly kind: 'set';
  readonly target: Target;
  readonly value: Expression;
}
export interface SetBlock extends Node {
  readonly kind: 'set-block';
  readonly target: Target;
  readonly filter: Filter | null;
  readonly body: Body;
}
export interface With extends Node {
  readonly kind: 'with';
  readonly targets: readonly Target[];
  readonly values: readonly Expression[];
  readonly body: Body;
}
export interface Parameter {
  readonly name: string;
  readonly fallback: Expression | null;
}
export interface Macro extends Node {
  readonly kind: 'macro';
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly body: Body;
}
export interface CallBlock extends Node {
  readonly kind: 'call-block';
  readonly parameters: readonly Parameter[];
  readonly call: Call;
  readonly body: Body;
}
export interface FilterBlock extends Node {
  readonly kind: 'filter-block';
  readonly filter: Filter;
  readonly body: Body;
}
/** transformers' `{% generation %}` */
export interface Generation extends Node {
  readonly kind: 'generation';
  readonly body: Body;
}
export interface Autoescape extends Node {
  readonly kind: 'autoescape';
  readonly on: Expression;
  readonly body: Body;
}
/** A block of template inheritance, which prints where it stands. */
export interface Block extends Node {
  readonly kind: 'block';
  readonly name: string;
  /** Whether it sees the variables around it, or only the template's own. */
  readonly scoped: boolean;
  readonly required: boolean;
  readonly body: Body;
}
export interface LoopControl extends Node {
  readonly kind: 'break' | 'continue';
}
/** `include`, `import`, `from`, `extends`: there is no loader, so Python raises when the statement is reached. */
export interface Loader extends Node {
  readonly kind: 'loader';
  readonly template: Expression;
  readonly stores: readonly string[];
}
