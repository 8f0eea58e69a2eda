import type {
  Arguments,
  Body,
  Call,
  Compare,
  CompareOperator,
  Expression,
  Filter,
  If,
  Parameter,
  Statement,
  Target,
} from './ast.ts';
import { syntaxError } from './errors.ts';
import { type Token, type TokenType, tokenize } from './lexer.ts';

const NO_ARGUMENTS: Arguments = { positional: [], named: [], spread: null, namedSpread: null };
const COMPARE = new Set(['==', '!=', '<', '<=', '>', '>=']);
const NO_LOADER = 'no loader for this environment specified';

/** Jinja2's grammar with the loop controls and transformers' `generation`. Throws a syntax `Failure`. */
export function parse(source: string): Body {
  return new Parser(tokenize(source)).template();
}

class Parser {
  private readonly tokens: readonly Token[];
  private at = 0;
  private readonly open: string[] = [];

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  template(): Body {
    const body = this.body([]);
    if (this.current.type !== 'eof') throw this.unknownTag();
    return body;
  }

  // ---- tokens

  private get current(): Token {
    return this.tokens[this.at]!;
  }
  private next(): Token {
    const token = this.current;
    if (token.type !== 'eof') this.at++;
    return token;
  }
  private look(): Token {
    return this.tokens[Math.min(this.at + 1, this.tokens.length - 1)]!;
  }
  private is(type: TokenType, text?: string): boolean {
    const token = this.current;
    return token.type === type && (text === undefined || token.text === text);
  }
  private isOperator(text: string): boolean {
    return this.is('operator', text);
  }
  private skip(type: TokenType, text: string): boolean {
    if (!this.is(type, text)) return false;
    this.at++;
    return true;
  }
  private expect(type: TokenType, text?: string): Token {
    if (this.is(type, text)) return this.next();
    const wanted = text ?? describe(type);
    if (this.current.type === 'eof') throw this.error(`unexpected end of template, expected '${wanted}'.`);
    throw this.error(`expected token '${wanted}', got '${describeToken(this.current)}'`);
  }
  private error(message: string, line = this.current.line): Error {
    return syntaxError(message, line);
  }

  // ---- statements

  /** Statements up to a tag named in `ends`, whose name is then current (its `{%` is taken). */
  private body(ends: readonly string[]): Body {
    const list: Statement[] = [];
    for (;;) {
      const token = this.current;
      switch (token.type) {
        case 'eof':
          return list;
        case 'data':
          this.next();
          list.push({ kind: 'data', text: token.text, line: token.line });
          break;
        case 'variable_begin': {
          this.next();
          const value = this.tuple({ conditional: true });
          list.push({ kind: 'print', value, line: value.line });
          this.expect('variable_end');
          break;
        }
        case 'block_begin':
          this.next();
          if (this.current.type === 'name' && ends.includes(this.current.text)) return list;
          list.push(...this.statement(ends));
          this.expect('block_end');
          break;
        default:
          throw this.error(`unexpected '${describeToken(token)}'`);
      }
    }
  }

  /** The rest of an opening tag, then the body up to one of `ends`, which is taken and returned. */
  private block(...ends: string[]): { readonly body: Body; readonly end: string } {
    this.skip('operator', ':');
    this.expect('block_end');
    const body = this.body(ends);
    if (this.current.type === 'eof') {
      const wanted = ends.map((e) => `'${e}'`).join(' or ');
      const innermost = this.open[this.open.length - 1];
      throw this.error(
        `Unexpected end of template. Jinja was looking for the following tags: ${wanted}. The innermost block that needs to be closed is '${innermost}'.`,
      );
    }
    return { body, end: this.next().text };
  }

  private unknownTag(ends: readonly string[] = []): Error {
    const wanted =
      ends.length > 0 ? ` Jinja was looking for the following tags: ${ends.map((e) => `'${e}'`).join(' or ')}.` : '';
    const innermost = this.open[this.open.length - 1];
    const closing = innermost === undefined ? '' : ` The innermost block that needs to be closed is '${innermost}'.`;
    return this.error(`Encountered unknown tag '${this.current.text}'.${wanted}${closing}`);
  }

  private statement(ends: readonly string[]): readonly Statement[] {
    const token = this.current;
    if (token.type !== 'name') throw this.error('tag name expected');
    const parse = STATEMENTS[token.text];
    if (parse === undefined) throw this.unknownTag(ends);
    this.open.push(token.text);
    this.next();
    const result = parse.call(this, token.line);
    this.open.pop();
    return Array.isArray(result) ? result : [result as Statement];
  }

  forStatement(line: number): Statement {
    const target = this.target({ ends: ['in'] });
    this.expect('name', 'in');
    const iterable = this.tuple({ conditional: false, ends: ['recursive'] });
    const test = this.skip('name', 'if') ? this.expression() : null;
    const recursive = this.skip('name', 'recursive');
    const { body, end } = this.block('endfor', 'else');
    const otherwise = end === 'else' ? this.block('endfor').body : [];
    return { kind: 'for', target, iterable, test, recursive, body, otherwise, line };
  }

  ifStatement(line: number): If {
    const test = this.tuple({ conditional: false });
    let { body, end } = this.block('elif', 'else', 'endif');
    const first = body;
    const elifs: If[] = [];
    while (end === 'elif') {
      const elifLine = this.current.line;
      const elifTest = this.tuple({ conditional: false });
      ({ body, end } = this.block('elif', 'else', 'endif'));
      elifs.push({ kind: 'if', test: elifTest, body, elifs: [], otherwise: [], line: elifLine });
    }
    const otherwise = end === 'else' ? this.block('endif').body : [];
    return { kind: 'if', test, body: first, elifs, otherwise, line };
  }

  setStatement(line: number): Statement {
    const target = this.target({ namespace: true });
    if (this.skip('operator', '=')) return { kind: 'set', target, value: this.tuple({ conditional: true }), line };
    const filter = this.isOperator('|') ? this.filters(null) : null;
    const { body } = this.block('endset');
    return { kind: 'set-block', target, filter, body, line };
  }

  withStatement(line: number): Statement {
    const targets: Target[] = [];
    const values: Expression[] = [];
    while (!this.is('block_end')) {
      if (targets.length > 0) this.expect('operator', ',');
      targets.push(this.target({}));
      this.expect('operator', '=');
      values.push(this.expression());
    }
    return { kind: 'with', targets, values, body: this.block('endwith').body, line };
  }

  macroStatement(line: number): Statement {
    const name = this.expect('name').text;
    const parameters = this.signature();
    return { kind: 'macro', name, parameters, body: this.block('endmacro').body, line };
  }

  callStatement(line: number): Statement {
    const parameters = this.isOperator('(') ? this.signature() : [];
    const call = this.expression();
    if (call.kind !== 'call') throw this.error('expected call', line);
    return { kind: 'call-block', parameters, call, body: this.block('endcall').body, line };
  }

  filterStatement(line: number): Statement {
    const filter = this.filters(null, true);
    return { kind: 'filter-block', filter, body: this.block('endfilter').body, line };
  }

  generationStatement(line: number): Statement {
    return { kind: 'generation', body: this.block('endgeneration').body, line };
  }

  printStatement(line: number): readonly Statement[] {
    const list: Statement[] = [];
    while (!this.is('block_end')) {
      if (list.length > 0) this.expect('operator', ',');
      list.push({ kind: 'print', value: this.expression(), line });
    }
    return list;
  }

  autoescapeStatement(line: number): Statement {
    this.expression();
    return { kind: 'scope', body: this.block('endautoescape').body, line };
  }

  blockStatement(line: number): Statement {
    const name = this.expect('name').text;
    this.skip('name', 'scoped');
    this.skip('name', 'required');
    const { body } = this.block('endblock');
    this.skip('name', name);
    return { kind: 'scope', body, line };
  }

  /** `include`, `import`, `from`, `extends`: parsed to the end of the tag, raised when reached. */
  loaderStatement(line: number): Statement {
    while (!this.is('block_end') && this.current.type !== 'eof') this.next();
    return { kind: 'unsupported', message: NO_LOADER, line };
  }

  private signature(): readonly Parameter[] {
    const list: Parameter[] = [];
    this.expect('operator', '(');
    while (!this.isOperator(')')) {
      if (list.length > 0) this.expect('operator', ',');
      const name = this.expect('name').text;
      const fallback = this.skip('operator', '=') ? this.expression() : null;
      if (fallback === null && list.some((p) => p.fallback !== null)) {
        throw this.error('non-default argument follows default argument');
      }
      list.push({ name, fallback });
    }
    this.next();
    return list;
  }

  // ---- targets

  private target(options: { readonly namespace?: boolean; readonly ends?: readonly string[] }): Target {
    const line = this.current.line;
    const items: Target[] = [];
    let isTuple = false;
    for (;;) {
      if (items.length > 0) this.expect('operator', ',');
      if (this.tupleEnds(options.ends) || this.isOperator('=')) break;
      items.push(this.singleTarget(options.namespace === true));
      if (!this.isOperator(',')) break;
      isTuple = true;
    }
    if (isTuple) return { kind: 'tuple-target', items, line };
    const only = items[0];
    if (only === undefined) throw this.error(`Expected an expression, got '${describeToken(this.current)}'`);
    return only;
  }

  private singleTarget(namespace: boolean): Target {
    const token = this.current;
    if (this.skip('operator', '(')) {
      const inner = this.target({ namespace });
      this.expect('operator', ')');
      return inner;
    }
    if (token.type !== 'name') throw this.error(`can't assign to '${describeToken(token)}'`);
    if (CONSTANTS.has(token.text)) throw this.error("can't assign to 'const'");
    this.next();
    if (namespace && this.skip('operator', '.')) {
      return { kind: 'namespace-target', name: token.text, attribute: this.expect('name').text, line: token.line };
    }
    return { kind: 'name-target', name: token.text, line: token.line };
  }

  // ---- expressions, from the loosest operator to the tightest

  private tupleEnds(ends: readonly string[] | undefined): boolean {
    if (this.is('variable_end') || this.is('block_end') || this.isOperator(')')) return true;
    return ends !== undefined && this.current.type === 'name' && ends.includes(this.current.text);
  }

  private tuple(options: {
    readonly conditional: boolean;
    readonly ends?: readonly string[];
    readonly parentheses?: boolean;
  }): Expression {
    const line = this.current.line;
    const items: Expression[] = [];
    let isTuple = false;
    for (;;) {
      if (items.length > 0) this.expect('operator', ',');
      if (this.tupleEnds(options.ends)) break;
      items.push(options.conditional ? this.expression() : this.or());
      if (!this.isOperator(',')) break;
      isTuple = true;
    }
    if (!isTuple) {
      if (items[0] !== undefined) return items[0];
      if (options.parentheses !== true) {
        throw this.error(`Expected an expression, got '${describeToken(this.current)}'`);
      }
    }
    return { kind: 'tuple', items, line };
  }

  private expression(): Expression {
    let line = this.current.line;
    let value = this.or();
    while (this.skip('name', 'if')) {
      const test = this.or();
      const otherwise = this.skip('name', 'else') ? this.expression() : null;
      value = { kind: 'conditional', test, value, otherwise, line };
      line = this.current.line;
    }
    return value;
  }

  private or(): Expression {
    let left = this.and();
    while (this.is('name', 'or')) {
      const { line } = this.next();
      left = { kind: 'binary', operator: 'or', left, right: this.and(), line };
    }
    return left;
  }

  private and(): Expression {
    let left = this.not();
    while (this.is('name', 'and')) {
      const { line } = this.next();
      left = { kind: 'binary', operator: 'and', left, right: this.not(), line };
    }
    return left;
  }

  private not(): Expression {
    if (!this.is('name', 'not')) return this.compare();
    const { line } = this.next();
    return { kind: 'unary', operator: 'not', operand: this.not(), line };
  }

  private compare(): Expression {
    const { line } = this.current;
    const first = this.sum();
    const rest: Compare['rest'][number][] = [];
    for (;;) {
      const token = this.current;
      let operator: CompareOperator;
      if (token.type === 'operator' && COMPARE.has(token.text)) operator = token.text as CompareOperator;
      else if (this.is('name', 'in')) operator = 'in';
      else if (this.is('name', 'not') && this.look().type === 'name' && this.look().text === 'in') operator = 'not in';
      else break;
      this.at += operator === 'not in' ? 2 : 1;
      rest.push({ operator, operand: this.sum() });
    }
    return rest.length === 0 ? first : { kind: 'compare', first, rest, line };
  }

  private sum(): Expression {
    let left = this.concat();
    while (this.isOperator('+') || this.isOperator('-')) {
      const { line, text } = this.next();
      left = { kind: 'binary', operator: text as '+' | '-', left, right: this.concat(), line };
    }
    return left;
  }

  private concat(): Expression {
    const { line } = this.current;
    const items = [this.product()];
    while (this.skip('operator', '~')) items.push(this.product());
    return items.length === 1 ? items[0]! : { kind: 'concat', items, line };
  }

  private product(): Expression {
    let left = this.power();
    while (this.isOperator('*') || this.isOperator('/') || this.isOperator('//') || this.isOperator('%')) {
      const { line, text } = this.next();
      left = { kind: 'binary', operator: text as '*' | '/' | '//' | '%', left, right: this.power(), line };
    }
    return left;
  }

  /** Left-associative, unlike Python: so is Jinja's. */
  private power(): Expression {
    let left = this.unary(true);
    while (this.isOperator('**')) {
      const { line } = this.next();
      left = { kind: 'binary', operator: '**', left, right: this.unary(true), line };
    }
    return left;
  }

  private unary(withFilters: boolean): Expression {
    const { line } = this.current;
    let value: Expression;
    if (this.isOperator('-') || this.isOperator('+')) {
      const operator = this.next().text as '-' | '+';
      value = { kind: 'unary', operator, operand: this.unary(false), line };
    } else value = this.primary();
    value = this.postfix(value);
    return withFilters ? this.filterExpression(value) : value;
  }

  private primary(): Expression {
    const token = this.current;
    const { line } = token;
    switch (token.type) {
      case 'name': {
        this.next();
        const constant = CONSTANTS.get(token.text);
        if (constant !== undefined) return { kind: 'constant', value: constant, line };
        return { kind: 'name', name: token.text, line };
      }
      case 'string': {
        let value = '';
        while (this.is('string')) value += this.next().text;
        return { kind: 'constant', value, line };
      }
      case 'integer':
        this.next();
        return { kind: 'constant', value: integer(token.text), line };
      case 'float':
        this.next();
        return { kind: 'constant', value: { float: Number(token.text) }, line };
      case 'operator':
        if (token.text === '(') {
          this.next();
          const value = this.tuple({ conditional: true, parentheses: true });
          this.expect('operator', ')');
          return value;
        }
        if (token.text === '[') return this.list();
        if (token.text === '{') return this.dict();
    }
    throw this.error(`unexpected '${describeToken(token)}'`);
  }

  private list(): Expression {
    const { line } = this.next();
    const items: Expression[] = [];
    while (!this.isOperator(']')) {
      if (items.length > 0) this.expect('operator', ',');
      if (this.isOperator(']')) break;
      items.push(this.expression());
    }
    this.expect('operator', ']');
    return { kind: 'list', items, line };
  }

  private dict(): Expression {
    const { line } = this.next();
    const entries: { key: Expression; value: Expression }[] = [];
    while (!this.isOperator('}')) {
      if (entries.length > 0) this.expect('operator', ',');
      if (this.isOperator('}')) break;
      const key = this.expression();
      this.expect('operator', ':');
      entries.push({ key, value: this.expression() });
    }
    this.expect('operator', '}');
    return { kind: 'dict', entries, line };
  }

  private postfix(start: Expression): Expression {
    let value = start;
    for (;;) {
      if (this.isOperator('.') || this.isOperator('[')) value = this.subscript(value);
      else if (this.isOperator('(')) value = this.call(value);
      else return value;
    }
  }

  private filterExpression(start: Expression): Expression {
    let value = start;
    for (;;) {
      if (this.isOperator('|')) value = this.filters(value);
      else if (this.is('name', 'is')) value = this.test(value);
      else if (this.isOperator('(')) value = this.call(value);
      else return value;
    }
  }

  private subscript(object: Expression): Expression {
    const { line, text } = this.next();
    if (text === '.') {
      const token = this.next();
      if (token.type === 'name') return { kind: 'attribute', object, name: token.text, line };
      if (token.type !== 'integer') throw this.error('expected name or number', token.line);
      return { kind: 'item', object, key: { kind: 'constant', value: integer(token.text), line }, line };
    }
    const first = this.subscribed(object, line);
    if (this.isOperator(']')) {
      this.next();
      return first.kind === 'cut' ? first : { kind: 'item', object, key: first.key, line };
    }
    const keys: Expression[] = [];
    let one = first;
    for (;;) {
      if (one.kind === 'cut') throw this.error('slices in a tuple of subscripts are not supported', line);
      keys.push(one.key);
      if (this.isOperator(']')) break;
      this.expect('operator', ',');
      one = this.subscribed(object, line);
    }
    this.next();
    return { kind: 'item', object, key: { kind: 'tuple', items: keys, line }, line };
  }

  private subscribed(
    object: Expression,
    line: number,
  ): (Expression & { kind: 'cut' }) | { kind: 'key'; key: Expression } {
    let start: Expression | null = null;
    if (!this.isOperator(':')) {
      start = this.expression();
      if (!this.isOperator(':')) return { kind: 'key', key: start };
    }
    this.next();
    const ends = (): boolean => this.isOperator(':') || this.isOperator(']') || this.isOperator(',');
    const stop = ends() ? null : this.expression();
    const step = this.skip('operator', ':') && !ends() ? this.expression() : null;
    return { kind: 'cut', object, start, stop, step, line };
  }

  private call(callee: Expression): Call {
    const { line } = this.current;
    return { kind: 'call', callee, args: this.arguments(), line };
  }

  private arguments(): Arguments {
    const { line } = this.expect('operator', '(');
    const positional: Expression[] = [];
    const named: { name: string; value: Expression }[] = [];
    let spread: Expression | null = null;
    let namedSpread: Expression | null = null;
    const ensure = (right: boolean): void => {
      if (!right) throw this.error('invalid syntax for function call expression', line);
    };
    for (let first = true; !this.isOperator(')'); first = false) {
      if (!first) {
        this.expect('operator', ',');
        if (this.isOperator(')')) break;
      }
      if (this.skip('operator', '*')) {
        ensure(spread === null && namedSpread === null);
        spread = this.expression();
      } else if (this.skip('operator', '**')) {
        ensure(namedSpread === null);
        namedSpread = this.expression();
      } else if (this.is('name') && this.look().type === 'operator' && this.look().text === '=') {
        ensure(namedSpread === null);
        const name = this.next().text;
        this.next();
        named.push({ name, value: this.expression() });
      } else {
        ensure(spread === null && namedSpread === null && named.length === 0);
        positional.push(this.expression());
      }
    }
    this.expect('operator', ')');
    return { positional, named, spread, namedSpread };
  }

  private dottedName(): string {
    let name = this.expect('name').text;
    while (this.skip('operator', '.')) name += `.${this.expect('name').text}`;
    return name;
  }

  private filters(operand: Expression | null, inline = false): Filter {
    let value: Expression | null = operand;
    for (let first = inline; first || this.isOperator('|'); first = false) {
      if (!first) this.next();
      const { line } = this.current;
      const name = this.dottedName();
      const args = this.isOperator('(') ? this.arguments() : NO_ARGUMENTS;
      value = { kind: 'filter', operand: value, name, args, line };
    }
    return value as Filter;
  }

  private test(operand: Expression): Expression {
    const { line } = this.next();
    const negated = this.skip('name', 'not');
    const name = this.dottedName();
    let args = NO_ARGUMENTS;
    if (this.isOperator('(')) args = this.arguments();
    else if (this.startsTestArgument()) {
      if (this.is('name', 'is')) throw this.error('You cannot chain multiple tests with is');
      args = { ...NO_ARGUMENTS, positional: [this.postfix(this.primary())] };
    }
    const test: Expression = { kind: 'test', operand, name, args, line };
    return negated ? { kind: 'unary', operator: 'not', operand: test, line } : test;
  }

  private startsTestArgument(): boolean {
    const { type, text } = this.current;
    if (type === 'name') return text !== 'else' && text !== 'or' && text !== 'and';
    return type === 'string' || type === 'integer' || type === 'float' || this.isOperator('[') || this.isOperator('{');
  }
}

type ParseStatement = (this: Parser, line: number) => Statement | readonly Statement[];
const STATEMENTS: Readonly<Record<string, ParseStatement | undefined>> = Object.assign(Object.create(null), {
  for: Parser.prototype.forStatement,
  if: Parser.prototype.ifStatement,
  set: Parser.prototype.setStatement,
  with: Parser.prototype.withStatement,
  macro: Parser.prototype.macroStatement,
  call: Parser.prototype.callStatement,
  filter: Parser.prototype.filterStatement,
  generation: Parser.prototype.generationStatement,
  print: Parser.prototype.printStatement,
  autoescape: Parser.prototype.autoescapeStatement,
  block: Parser.prototype.blockStatement,
  include: Parser.prototype.loaderStatement,
  import: Parser.prototype.loaderStatement,
  from: Parser.prototype.loaderStatement,
  extends: Parser.prototype.loaderStatement,
  break: (line: number) => ({ kind: 'break', line }),
  continue: (line: number) => ({ kind: 'continue', line }),
} satisfies Record<string, ParseStatement>);

const CONSTANTS: ReadonlyMap<string, null | boolean> = new Map([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
]);

function integer(text: string): number | bigint {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}

function describe(type: TokenType): string {
  switch (type) {
    case 'block_begin':
      return 'begin of statement block';
    case 'block_end':
      return 'end of statement block';
    case 'variable_begin':
      return 'begin of print statement';
    case 'variable_end':
      return 'end of print statement';
    case 'data':
      return 'template data / text';
    case 'eof':
      return 'end of template';
    default:
      return type;
  }
}

const describeToken = (token: Token): string =>
  token.type === 'name' || token.type === 'operator' ? token.text : describe(token.type);
