import type {
  Arguments,
  Binary,
  Body,
  Call,
  Compare,
  CompareOperator,
  Expression,
  Filter,
  If,
  NamespaceTarget,
  Parameter,
  Statement,
  Target,
} from './ast.ts';
import { syntaxError } from './errors.ts';
import { type Token, type TokenType, tokenize } from './lexer.ts';
import { reprString } from './repr.ts';

const NO_ARGUMENTS: Arguments = { positional: [], named: [], spread: null, namedSpread: null };
const COMPARE = new Set(['==', '!=', '<', '<=', '>', '>=']);

/** Jinja2's grammar with the loop controls and transformers' `generation`. Throws a syntax `Failure`. */
export function parse(source: string): Body {
  return new Parser(tokenize(source)).template();
}

class Parser {
  private readonly tokens: readonly Token[];
  private at = 0;
  /** Tags that are open, and for each body the tags that may end it: what an error message speaks of. */
  private readonly open: string[] = [];
  private readonly awaited: (readonly string[])[] = [];

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  template(): Body {
    return this.body(null);
  }

  // ---- tokens

  private get current(): Token {
    const token = this.tokens[this.at]!;
    if (token.failure !== undefined) throw token.failure;
    return token;
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
    if (this.current.type === 'eof') throw this.error(`unexpected end of template, expected ${reprString(wanted)}.`);
    throw this.error(`expected token ${reprString(wanted)}, got ${reprString(describeToken(this.current))}`);
  }
  private error(message: string, line = this.current.line): Error {
    return syntaxError(message, line);
  }

  // ---- statements

  /** Statements up to a tag named in `ends`, whose name is then current (its `{%` is taken). */
  private body(ends: readonly string[] | null): Body {
    if (ends !== null) this.awaited.push(ends);
    const list = this.statements(ends);
    if (ends !== null) this.awaited.pop();
    return list;
  }

  private statements(ends: readonly string[] | null): Body {
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
          if (this.current.type === 'name' && ends?.includes(this.current.text) === true) return list;
          list.push(...this.statement());
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
    if (this.current.type === 'eof') throw this.unclosed(null, [...this.awaited, ends]);
    return { body, end: this.next().text };
  }

  /** An unknown tag (`name`), or the end of the template where a tag was awaited. */
  private unclosed(name: string | null, awaited: readonly (readonly string[])[]): Error {
    const wanted = awaited.at(-1)?.map(reprString).join(' or ');
    const parts = [name === null ? 'Unexpected end of template.' : `Encountered unknown tag ${reprString(name)}.`];
    if (wanted !== undefined) {
      const nested = name !== null && awaited.some((ends) => ends.includes(name));
      parts.push(
        nested
          ? `You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for ${wanted}.`
          : `Jinja was looking for the following tags: ${wanted}.`,
      );
    }
    const innermost = this.open.at(-1);
    if (innermost !== undefined) {
      parts.push(`The innermost block that needs to be closed is ${reprString(innermost)}.`);
    }
    return this.error(parts.join(' '));
  }

  private statement(): readonly Statement[] {
    const token = this.current;
    if (token.type !== 'name') throw this.error('tag name expected');
    const parse = STATEMENTS[token.text];
    if (parse === undefined) throw this.unclosed(token.text, this.awaited);
    this.open.push(token.text);
    this.next();
    const result = parse.call(this, token.line);
    this.open.pop();
    return Array.isArray(result) ? result : [result as Statement];
  }

  forStatement(line: number): Statement {
    const target = this.target();
    this.expect('name', 'in');
    const iterable = this.tuple({ conditional: false });
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
    const target = this.target(true);
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
      targets.push(this.target());
      this.expect('operator', '=');
      values.push(this.expression());
    }
    return { kind: 'with', targets, values, body: this.block('endwith').body, line };
  }

  macroStatement(line: number): Statement {
    const name = this.newName();
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

  printStatement(): readonly Statement[] {
    const list: Statement[] = [];
    while (!this.is('block_end')) {
      if (list.length > 0) this.expect('operator', ',');
      const value = this.expression();
      list.push({ kind: 'print', value, line: value.line });
    }
    return list;
  }

  autoescapeStatement(line: number): Statement {
    const on = this.expression();
    return { kind: 'autoescape', on, body: this.block('endautoescape').body, line };
  }

  blockStatement(line: number): Statement {
    const name = this.expect('name').text;
    const scoped = this.skip('name', 'scoped');
    const required = this.skip('name', 'required');
    if (this.isOperator('-')) {
      throw this.error(
        'Block names in Jinja have to be valid Python identifiers and may not contain hyphens, use an underscore instead.',
      );
    }
    const { body } = this.block('endblock');
    if (required && body.some((node) => node.kind !== 'data' || node.text.trim() !== '')) {
      throw this.error('Required blocks can only contain comments or whitespace');
    }
    this.skip('name', name);
    return { kind: 'block', name, scoped, required, body, line };
  }

  extendsStatement(line: number): Statement {
    return { kind: 'loader', template: this.expression(), stores: [], line };
  }

  includeStatement(line: number): Statement {
    const template = this.expression();
    if (this.is('name', 'ignore') && this.look().text === 'missing') this.at += 2;
    this.importContext();
    return { kind: 'loader', template, stores: [], line };
  }

  importStatement(line: number): Statement {
    const template = this.expression();
    this.expect('name', 'as');
    const name = this.newName();
    this.importContext();
    return { kind: 'loader', template, stores: [name], line };
  }

  fromStatement(line: number): Statement {
    const template = this.expression();
    this.expect('name', 'import');
    const stores: string[] = [];
    for (let first = true; ; first = false) {
      if (!first) this.expect('operator', ',');
      if (this.current.type !== 'name') this.expect('name');
      if (this.importContext()) break;
      const { line: nameLine } = this.current;
      const name = this.newName();
      if (name.startsWith('_')) throw this.error('names starting with an underline can not be imported', nameLine);
      stores.push(this.skip('name', 'as') ? this.newName() : name);
      if (this.importContext() || !this.isOperator(',')) break;
    }
    return { kind: 'loader', template, stores, line };
  }

  /** `with context`, `without context` */
  private importContext(): boolean {
    const found = (this.is('name', 'with') || this.is('name', 'without')) && this.look().text === 'context';
    if (found) this.at += 2;
    return found;
  }

  private signature(): readonly Parameter[] {
    const list: Parameter[] = [];
    this.expect('operator', '(');
    while (!this.isOperator(')')) {
      if (list.length > 0) this.expect('operator', ',');
      const name = this.newName();
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

  /** Names and constants in a row, as Jinja reads targets, then whether something can be assigned to them. */
  private target(namespace = false): Target {
    const line = this.current.line;
    const items: Target[] = [];
    let refused: Expression | null = null;
    let isTuple = false;
    for (;;) {
      if (items.length > 0) this.expect('operator', ',');
      if (this.tupleEnds()) break;
      const item = namespace ? (this.namespaceTarget() ?? this.primary()) : this.primary();
      const target = item.kind === 'namespace-target' ? item : toTarget(item);
      if (target === null) refused ??= item as Expression;
      items.push(target ?? { kind: 'tuple-target', items: [], line });
      if (!this.isOperator(',')) break;
      isTuple = true;
    }
    if (refused !== null) {
      throw this.error(`can't assign to '${isTuple ? 'tuple' : KINDS[refused.kind]}'`, isTuple ? line : refused.line);
    }
    if (isTuple) return { kind: 'tuple-target', items, line };
    return items[0] ?? this.noExpression();
  }

  /** `ns.name`, where a namespace may be assigned to. */
  private namespaceTarget(): NamespaceTarget | null {
    const { type, text, line } = this.current;
    if (type !== 'name' || CONSTANTS.has(text) || this.look().type !== 'operator' || this.look().text !== '.')
      return null;
    this.at += 2;
    return { kind: 'namespace-target', name: text, attribute: this.expect('name').text, line };
  }

  /** A name that is about to mean something new: a macro, a parameter, an import. */
  private newName(): string {
    const { text, line } = this.expect('name');
    if (CONSTANTS.has(text)) throw this.error("can't assign to 'name'", line);
    return text;
  }

  private noExpression(): never {
    throw this.error(`Expected an expression, got ${reprString(describeToken(this.current))}`);
  }

  // ---- expressions, from the loosest operator to the tightest

  private tupleEnds(): boolean {
    return this.is('variable_end') || this.is('block_end') || this.isOperator(')');
  }

  private tuple(options: { readonly conditional: boolean; readonly parentheses?: boolean }): Expression {
    let line = this.current.line;
    const items: Expression[] = [];
    let isTuple = false;
    for (;;) {
      if (items.length > 0) this.expect('operator', ',');
      if (this.tupleEnds()) break;
      items.push(options.conditional ? this.expression() : this.or());
      if (!this.isOperator(',')) break;
      isTuple = true;
      line = this.current.line;
    }
    if (!isTuple) {
      if (items[0] !== undefined) return items[0];
      if (options.parentheses !== true) this.noExpression();
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

  /**
   * Operators of one precedence, from the left. Each has the line where Jinja's parser stood before its left operand's
   * last operator: that is what its traceback names.
   */
  private chain(operand: () => Expression, operator: () => Binary['operator'] | null): Expression {
    let { line } = this.current;
    let left = operand();
    for (let found = operator(); found !== null; found = operator()) {
      this.at++;
      left = { kind: 'binary', operator: found, left, right: operand(), line };
      line = this.current.line;
    }
    return left;
  }

  private or(): Expression {
    return this.chain(
      () => this.and(),
      () => (this.is('name', 'or') ? 'or' : null),
    );
  }

  private and(): Expression {
    return this.chain(
      () => this.not(),
      () => (this.is('name', 'and') ? 'and' : null),
    );
  }

  private not(): Expression {
    if (!this.is('name', 'not')) return this.compare();
    const { line } = this.next();
    return { kind: 'unary', operator: 'not', operand: this.not(), line };
  }

  private compare(): Expression {
    let { line } = this.current;
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
      line = this.current.line;
    }
    return rest.length === 0 ? first : { kind: 'compare', first, rest, line };
  }

  private sum(): Expression {
    return this.chain(
      () => this.concat(),
      () => this.operatorIn('+', '-'),
    );
  }

  private operatorIn<O extends string>(...operators: readonly O[]): O | null {
    return operators.find((operator) => this.isOperator(operator)) ?? null;
  }

  private concat(): Expression {
    const { line } = this.current;
    const items = [this.product()];
    while (this.skip('operator', '~')) items.push(this.product());
    return items.length === 1 ? items[0]! : { kind: 'concat', items, line };
  }

  private product(): Expression {
    return this.chain(
      () => this.power(),
      () => this.operatorIn('*', '/', '//', '%'),
    );
  }

  /** Left-associative, unlike Python: so is Jinja's. */
  private power(): Expression {
    return this.chain(
      () => this.unary(true),
      () => this.operatorIn('**'),
    );
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
    throw this.error(`unexpected ${reprString(describeToken(token))}`);
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
    if (this.skip('operator', ']')) {
      return { kind: 'item', object, key: { kind: 'tuple', items: [], line }, line };
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
        // Python's compiler refuses it.
        if (named.some((other) => other.name === name)) throw this.error(`keyword argument repeated: ${name}`);
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
  include: Parser.prototype.includeStatement,
  import: Parser.prototype.importStatement,
  from: Parser.prototype.fromStatement,
  extends: Parser.prototype.extendsStatement,
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

/** What an expression is as a target, or null where nothing can be assigned to it. */
function toTarget(node: Expression): Target | null {
  if (node.kind === 'name') return { kind: 'name-target', name: node.name, line: node.line };
  if (node.kind !== 'tuple') return null;
  const items = node.items.map(toTarget);
  return items.every((item) => item !== null) ? { kind: 'tuple-target', items, line: node.line } : null;
}

/** Jinja's names of what cannot be assigned to. */
const KINDS: Readonly<Record<Expression['kind'], string>> = {
  ...{ constant: 'const', name: 'name', list: 'list', tuple: 'tuple', dict: 'dict', attribute: 'getattr' },
  ...{ item: 'getitem', cut: 'getitem', call: 'call', filter: 'filter', test: 'test', unary: 'neg' },
  ...{ binary: 'add', compare: 'compare', concat: 'concat', conditional: 'condexpr' },
};

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
