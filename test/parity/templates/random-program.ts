/** Random small programs in the language of chat templates, and random rows for them. One seed gives one sequence. */
import type { Program } from './programs.ts';

type Kind = 'str' | 'int' | 'float' | 'bool' | 'list' | 'dict' | 'message' | 'any';

/** mulberry32 */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const WORDS = [
  'a',
  'Hi',
  ' ok ',
  'é',
  '😀',
  'x\ny',
  '<b>',
  '12',
  '3.5',
  '',
  "it's",
  'A-b c',
  '\t',
  '{k}',
  '%s',
  'ß',
  '中文',
  'end\n',
];
const NAMES = ['v', 'w', 'x', 'y', 'z', 'item', 'm', 'ns', 'acc', 'tmp'];

interface Variable {
  readonly name: string;
  readonly kind: Kind;
}

class Generator {
  private readonly random: () => number;
  private scope: Variable[] = [];
  private macros: { readonly name: string; readonly parameters: number; readonly caller: boolean }[] = [];
  private namespaces: string[] = [];
  private loops = 0;
  private inMacro = 0;
  private budget = 0;

  constructor(random: () => number) {
    this.random = random;
  }

  private int(n: number): number {
    return Math.floor(this.random() * n);
  }
  private chance(p: number): boolean {
    return this.random() < p;
  }
  private pick<T>(list: readonly T[]): T {
    return list[this.int(list.length)]!;
  }

  program(): string {
    this.scope = [
      { name: 's', kind: 'str' },
      { name: 'bos_token', kind: 'str' },
      { name: 'n', kind: 'int' },
      { name: 'f', kind: 'float' },
      { name: 'flag', kind: 'bool' },
      { name: 'l', kind: 'list' },
      { name: 'd', kind: 'dict' },
      { name: 'messages', kind: 'list' },
      { name: 'tools', kind: 'any' },
      { name: 'nothing', kind: 'any' },
      { name: 'absent', kind: 'any' },
    ];
    this.macros = [];
    this.namespaces = [];
    this.loops = 0;
    this.inMacro = 0;
    this.budget = 6 + this.int(14);
    return this.body(0);
  }

  // ---- statements

  private body(depth: number): string {
    const outer = this.scope;
    const [macros, namespaces] = [this.macros, this.namespaces];
    this.scope = [...outer];
    this.macros = [...macros];
    this.namespaces = [...namespaces];
    const count = 1 + this.int(depth === 0 ? 5 : 3);
    let text = '';
    for (let i = 0; i < count && this.budget > 0; i++) text += this.data() + this.statement(depth);
    text += this.data();
    this.scope = outer;
    if (depth > 0) {
      this.macros = macros;
      this.namespaces = namespaces;
    }
    return text;
  }

  private data(): string {
    return this.pick([
      '',
      '',
      ' ',
      '\n',
      '  ',
      '\n  ',
      'text',
      'a\n',
      ' b ',
      '\n\n',
      '<|im_start|>',
      '{ }',
      '%',
      '#',
      "'",
      '\t\n ',
    ]);
  }

  private tag(inside: string): string {
    const open = this.pick(['{%', '{%', '{%', '{%-', '{%+']);
    const close = this.pick(['%}', '%}', '%}', '-%}', '+%}']);
    return `${open} ${inside} ${close}`;
  }

  private print(expression: string): string {
    return `${this.pick(['{{', '{{', '{{-'])} ${expression} ${this.pick(['}}', '}}', '-}}'])}`;
  }

  private statement(depth: number): string {
    this.budget--;
    const deep = depth >= 3;
    const roll = this.int(100);
    if (deep || roll < 34) return this.print(this.any(0));
    if (roll < 46) return this.ifStatement(depth);
    if (roll < 62) return this.forStatement(depth);
    if (roll < 74) return this.setStatement();
    if (roll < 78) return this.setBlock(depth);
    if (roll < 82) return this.macro(depth);
    if (roll < 85) return this.callBlock(depth);
    if (roll < 87) return this.withStatement(depth);
    if (roll < 89) return this.filterBlock(depth);
    if (roll < 92)
      return `${this.tag('generation')}${this.inOwn(() => this.body(depth + 1))}${this.tag('endgeneration')}`;
    if (roll < 93) return `{% raw %}{{ ${this.pick(['x', "'", '%}'])} }}${this.tag('endraw')}`;
    if (roll < 95) return this.pick(['{# note #}', '{#- note -#}', '{# a\n b +#}', '{##}']);
    if (roll < 97 && this.loops > 0)
      return `${this.tag(`if ${this.bool(1)}`)}${this.tag(this.pick(['break', 'continue']))}${this.tag('endif')}`;
    if (roll < 98) return `${this.tag(`if ${this.bool(1)}`)}{{ raise_exception(${this.str(1)}) }}${this.tag('endif')}`;
    return this.recursive();
  }

  /** A body that is a function of its own: no loop of another function can be left from it. */
  private inOwn<T>(work: () => T): T {
    const { loops } = this;
    this.loops = 0;
    const result = work();
    this.loops = loops;
    return result;
  }

  private ifStatement(depth: number): string {
    let text = `${this.tag(`if ${this.condition()}`)}${this.body(depth + 1)}`;
    if (this.chance(0.3)) text += `${this.tag(`elif ${this.condition()}`)}${this.body(depth + 1)}`;
    if (this.chance(0.5)) text += `${this.tag('else')}${this.body(depth + 1)}`;
    return text + this.tag('endif');
  }

  private condition(): string {
    return this.chance(0.8) ? this.bool(1) : this.any(1);
  }

  private forStatement(depth: number): string {
    const form = this.int(5);
    const outer = this.scope;
    let head: string;
    const added: Variable[] = [];
    if (form === 0) {
      head = 'm in messages';
      added.push({ name: 'm', kind: 'message' });
    } else if (form === 1) {
      head = `${this.pick(['k, v', '(k, v)'])} in ${this.dict(1)}.items()`;
      added.push({ name: 'k', kind: 'str' }, { name: 'v', kind: 'any' });
    } else if (form === 2) {
      head = `i in range(${this.int(4)}${this.chance(0.3) ? `, ${this.int(6)}` : ''})`;
      added.push({ name: 'i', kind: 'int' });
    } else {
      const name = this.pick(NAMES.slice(0, 6));
      head = `${name} in ${this.chance(0.9) ? this.list(1) : this.any(1)}`;
      added.push({ name, kind: 'any' });
    }
    this.scope = [...outer, ...added];
    if (this.chance(0.25)) head += ` if ${this.bool(1)}`;
    this.scope = [...outer, ...added, { name: 'loop', kind: 'any' }];
    this.loops++;
    const body = this.body(depth + 1);
    this.loops--;
    this.scope = outer;
    const otherwise = this.chance(0.25) ? `${this.tag('else')}${this.body(depth + 1)}` : '';
    return `${this.tag(`for ${head}`)}${body}${otherwise}${this.tag('endfor')}`;
  }

  private recursive(): string {
    const inner = this.pick([
      '{{ loop(t) }}',
      '{{ loop(t) if t is iterable and t is not string else t }}',
      '{{ loop.depth }}{{ loop.depth0 }}',
    ]);
    const body = `${this.data()}{% if t is iterable and t is not string and t is not mapping %}${inner}{% else %}{{ t }}{% endif %}${this.pick(['', ',', '{{ loop.index }}', '{% if not loop.last %}|{% endif %}'])}`;
    return `${this.tag('for t in [1, [2, [3, "a"]], []] recursive')}${body}${this.tag('endfor')}`;
  }

  private setStatement(): string {
    const roll = this.int(10);
    if (roll < 2) {
      const name = this.pick(['ns', 'state']);
      this.namespaces.push(name);
      this.scope.push({ name: `${name}.a`, kind: 'any' });
      return this.tag(`set ${name} = namespace(a=${this.any(1)}, b=${this.int(5)})`);
    }
    if (roll < 4 && this.namespaces.length > 0) {
      return this.tag(`set ${this.pick(this.namespaces)}.${this.pick(['a', 'b', 'c'])} = ${this.any(1)}`);
    }
    if (roll < 5) {
      const [a, b] = [this.pick(NAMES), this.pick(NAMES)];
      const text = this.tag(`set ${a}, ${b} = ${this.any(1)}, ${this.any(1)}`);
      this.scope.push({ name: a, kind: 'any' }, { name: b, kind: 'any' });
      return text;
    }
    const kind = this.pick<Kind>(['str', 'int', 'list', 'dict', 'bool', 'any']);
    const name = this.pick(NAMES);
    const text = this.tag(`set ${name} = ${this.of(kind, 0)}`);
    this.scope.push({ name, kind });
    return text;
  }

  private setBlock(depth: number): string {
    const name = this.pick(NAMES);
    const filter = this.chance(0.4) ? ` | ${this.textFilter()}` : '';
    const text = `${this.tag(`set ${name}${filter}`)}${this.body(depth + 1)}${this.tag('endset')}`;
    this.scope.push({ name, kind: 'str' });
    return text;
  }

  private macro(depth: number): string {
    if (this.inMacro > 0 || depth > 1) return this.print(this.any(0));
    const name = this.pick(['show', 'emit', 'fmt']);
    const parameters = this.int(3);
    const names = ['p', 'q'].slice(0, parameters);
    const list = names.map((p, i) => (i === parameters - 1 && this.chance(0.5) ? `${p}=${this.any(2)}` : p));
    const outer = this.scope;
    const caller = this.chance(0.3);
    this.scope = [...outer, ...names.map((p): Variable => ({ name: p, kind: 'any' }))];
    this.inMacro++;
    let body = this.inOwn(() => this.body(depth + 1));
    this.inMacro--;
    if (caller)
      body += this.pick([
        '{{ caller() }}',
        "{{ caller('c') }}",
        '{{ caller() if caller is defined }}',
        '{{ caller is defined }}',
      ]);
    if (this.chance(0.2)) body += this.pick(['{{ varargs }}', '{{ kwargs }}', '{{ kwargs.z }}{{ varargs|length }}']);
    this.scope = outer;
    const text = `${this.tag(`macro ${name}(${list.join(', ')})`)}${body}${this.tag('endmacro')}`;
    this.macros.push({ name, parameters, caller });
    return text + (this.chance(0.7) ? this.print(this.macroCall(1)) : '');
  }

  private macroCall(depth: number): string {
    if (this.macros.length === 0) return this.str(depth + 1);
    const { name, parameters } = this.pick(this.macros);
    const count = this.chance(0.8) ? parameters : this.int(4);
    const list = Array.from({ length: count }, () => this.any(depth + 1));
    if (this.chance(0.2)) list.push(`${this.pick(['p', 'q', 'z'])}=${this.any(depth + 1)}`);
    return `${name}(${list.join(', ')})`;
  }

  private callBlock(depth: number): string {
    const withCaller = this.macros.filter((m) => m.caller);
    if (withCaller.length === 0) return this.print(this.str(0));
    const { name, parameters } = this.pick(withCaller);
    const list = Array.from({ length: parameters }, () => this.any(1));
    const head = this.pick(['call', 'call(c)', "call(c='x')"]);
    const body = this.inOwn(() => this.body(depth + 1));
    return `${this.tag(`${head} ${name}(${list.join(', ')})`)}${body}${this.tag('endcall')}`;
  }

  private withStatement(depth: number): string {
    const name = this.pick(NAMES);
    const value = this.any(1);
    const outer = this.scope;
    this.scope = [...outer, { name, kind: 'any' }];
    const body = this.body(depth + 1);
    this.scope = outer;
    return `${this.tag(`with ${name} = ${value}`)}${body}${this.tag('endwith')}`;
  }

  private filterBlock(depth: number): string {
    return `${this.tag(`filter ${this.textFilter()}`)}${this.body(depth + 1)}${this.tag('endfilter')}`;
  }

  // ---- expressions

  private of(kind: Kind, depth: number): string {
    switch (kind) {
      case 'str':
        return this.str(depth);
      case 'int':
      case 'float':
        return this.number(depth);
      case 'bool':
        return this.bool(depth);
      case 'list':
        return this.list(depth);
      case 'dict':
      case 'message':
        return this.dict(depth);
      default:
        return this.any(depth);
    }
  }

  private any(depth: number): string {
    const roll = this.int(100);
    if (roll < 34) return this.str(depth);
    if (roll < 50) return this.number(depth);
    if (roll < 60) return this.bool(depth);
    if (roll < 70) return this.list(depth);
    if (roll < 78) return this.dict(depth);
    if (roll < 94 || depth > 2) return this.variable('any');
    return this.pick([
      'none',
      `(${this.any(depth + 1)}, ${this.any(depth + 1)})`,
      this.macroCall(depth),
      `${this.any(depth + 1)}.${this.pick(['a', 'role', 'k', 'upper', '__class__', 'items'])} is defined`,
      `${this.list(depth + 1)}[${this.int(4) - 1}]`,
      `${this.any(depth + 1)} ${this.pick(['+', '-', '*', '/', '//', '%', '~', '==', '<', 'in', 'and', 'or'])} ${this.any(depth + 1)}`,
    ]);
  }

  private variable(kind: Kind): string {
    const fitting = this.scope.filter((v) => v.kind === kind || kind === 'any');
    return fitting.length === 0 || this.chance(0.02) ? this.pick(this.scope).name : this.pick(fitting).name;
  }

  private literal(text: string): string {
    const body = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
    return body.includes("'") ? `"${body.replaceAll('"', '\\"')}"` : `'${body}'`;
  }

  private str(depth: number): string {
    const variables = this.scope.filter((v) => v.kind === 'str');
    const messages = this.scope.filter((v) => v.kind === 'message');
    if (depth > 2) return this.chance(0.5) ? this.literal(this.pick(WORDS)) : this.pick(variables).name;
    const next = depth + 1;
    switch (this.int(15)) {
      case 0:
      case 1:
        return this.literal(this.pick(WORDS));
      case 2:
      case 3:
        return this.pick(variables).name;
      case 4:
        return messages.length > 0
          ? `${this.pick(messages).name}${this.pick(['.content', "['content']", '.role', "['role']", ".get('name', '')", '.thinking'])}`
          : `messages[${this.int(2) - 1}].${this.pick(['role', 'content'])}`;
      case 5:
        return `${this.str(next)} ${this.pick(['+', '~'])} ${this.str(next)}`;
      case 6:
        return `(${this.str(next)})${this.strMethod(next)}`;
      case 7:
      case 8:
        return `(${this.any(next)}) | ${this.textFilter()}`;
      case 9:
        return `(${this.str(next)})[${this.pick(['0', '-1', '1:', ':2', '::-1', '1:-1', `${this.int(4)}:${this.int(5)}`])}]`;
      case 10:
        return `${this.str(next)} if ${this.bool(next)} else ${this.str(next)}`;
      case 11:
        return `${this.list(next)} | join(${this.pick(["''", "', '", "'\\n'"])})`;
      case 12:
        return `(${this.any(next)}) | tojson${this.pick(['', '', '(indent=2)', "(separators=(',', ':'))", '(ensure_ascii=true)', '(sort_keys=true)'])}`;
      case 13:
        return this.pick([
          `'%s-%s' % (${this.any(next)}, ${this.any(next)})`,
          `'{}|{}'.format(${this.any(next)}, ${this.any(next)})`,
          `'%5.1f' % ${this.number(next)}`,
          `'{:>6}'.format(${this.str(next)})`,
          `'%(k)s' % {'k': ${this.any(next)}}`,
          `'{:,}'.format(${this.number(next)})`,
        ]);
      default:
        return `(${this.str(next)}) * ${this.int(3)}`;
    }
  }

  private strMethod(depth: number): string {
    const s = (): string => this.literal(this.pick(WORDS.filter((w) => w !== '')));
    return this.pick([
      ...['.strip()', '.lstrip()', '.rstrip()', '.upper()', '.lower()', '.title()', '.capitalize()', '.swapcase()'],
      ...[
        `.strip(${s()})`,
        `.replace(${s()}, ${s()})`,
        `.replace(${s()}, ${s()}, 1)`,
        `.split(${s()})[0]`,
        `.split(${s()})[-1]`,
      ],
      ...[
        `.rsplit(${s()}, 1)[0]`,
        '.splitlines()|first',
        `.partition(${s()})[2]`,
        `.removeprefix(${s()})`,
        `.removesuffix(${s()})`,
      ],
      ...[
        `.center(${this.int(9)})`,
        `.ljust(${this.int(9)}, '*')`,
        `.rjust(${this.int(9)})`,
        `.zfill(${this.int(6)})`,
        `.join(${this.list(depth)}|map('string'))`,
      ],
      ...['.casefold()', '.expandtabs(4)', `.format(k=${s()})`],
    ]);
  }

  private textFilter(): string {
    return this.pick([
      ...[
        'trim',
        'upper',
        'lower',
        'title',
        'capitalize',
        'string',
        'trim | upper',
        'indent',
        'indent(2, true)',
        'truncate(6)',
      ],
      ...[
        "replace('a', 'b')",
        "replace('\\n', ' ')",
        'striptags',
        'e',
        'escape | string',
        'urlencode',
        'center(9)',
        'wordwrap(5)',
      ],
      ...[
        "truncate(4, true, '')",
        "default('none')",
        "default('x', true)",
        "trim('a ')",
        'pprint',
        "indent('> ')",
        'safe',
        'string | length | string',
      ],
    ]);
  }

  private number(depth: number): string {
    if (depth > 2) return this.pick([String(this.int(10)), 'n', 'f', '2.5']);
    const next = depth + 1;
    switch (this.int(12)) {
      case 0:
      case 1:
        return this.pick([
          String(this.int(20)),
          '0',
          '1',
          '2.5',
          '-3',
          '1e3',
          '0.1',
          '1_000',
          '100000000000000000000',
          '1.0',
        ]);
      case 2:
        return this.pick(['n', 'f']);
      case 3:
        return `(${this.pick([this.str(next), this.list(next), this.dict(next)])}) | ${this.pick(['length', 'count'])}`;
      case 4:
        return `(${this.number(next)} ${this.pick(['+', '-', '*'])} ${this.number(next)})`;
      case 5:
        return `(${this.number(next)} ${this.pick(['/', '//', '%'])} ${this.pick(['2', '3', '0.5', '-4', 'n'])})`;
      case 6:
        return `(${this.number(next)}) | ${this.pick(['int', 'float', 'abs', 'round', 'round(1)', "round(0, 'floor')", "round(1, 'ceil')"])}`;
      case 7:
        return `(${this.str(next)}) | ${this.pick(['int', 'float', 'int(7)', 'wordcount', 'length'])}`;
      case 8:
        return this.loops > 0
          ? this.pick(['loop.index', 'loop.index0', 'loop.length', 'loop.revindex', 'loop.revindex0', 'loop.depth'])
          : 'n';
      case 9:
        return `(${this.str(next)}).${this.pick(["find('a')", "count('a')", "rfind(' ')", "index('a')"])}`;
      case 10:
        return `${this.pick(['[1, 2.5, 3]', '[n, 4]', 'range(4)'])} | ${this.pick(['sum', 'min', 'max', 'first', 'last'])}`;
      default:
        return `-${this.pick(['n', 'f', '2', '(3)'])}`;
    }
  }

  private bool(depth: number): string {
    if (depth > 2) return this.pick(['true', 'false', 'flag', 'n', 's']);
    const next = depth + 1;
    switch (this.int(13)) {
      case 0:
        return this.pick(['true', 'false', 'flag', 'True', 'not flag']);
      case 1:
      case 2:
        return `${this.variable('any')} is ${this.pick(['', 'not '])}${this.pick(['defined', 'none', 'string', 'mapping', 'iterable', 'number', 'integer', 'float', 'boolean', 'sequence', 'undefined', 'true', 'false', 'callable', 'lower', 'upper'])}`;
      case 3:
        return `${this.number(next)} ${this.pick(['<', '<=', '>', '>=', '==', '!='])} ${this.number(next)}`;
      case 4:
        return `${this.str(next)} ${this.pick(['in', 'not in', '==', '!=', '<'])} ${this.str(next)}`;
      case 5:
        return `${this.any(next)} ${this.pick(['in', 'not in'])} ${this.list(next)}`;
      case 6:
        return `(${this.bool(next)} ${this.pick(['and', 'or'])} ${this.bool(next)})`;
      case 7:
        return `not ${this.bool(next)}`;
      case 8:
        return this.loops > 0
          ? this.pick([
              'loop.first',
              'loop.last',
              'loop.nextitem is defined',
              'loop.previtem is defined',
              'loop.changed(n)',
              'loop.cycle(true, false)',
            ])
          : 'flag';
      case 9:
        return `(${this.str(next)}).${this.pick(["startswith('a')", "endswith('\\n')", 'isdigit()', 'isupper()', 'isspace()', "startswith(('a', 'H'))", 'isalpha()'])}`;
      case 10:
        return `${this.number(next)} is ${this.pick(['odd', 'even', 'divisibleby 3', 'divisibleby(2)', 'eq 1', 'gt 2', 'in [1, 2]'])}`;
      case 11:
        return `${this.str(next)} in ${this.dict(next)}`;
      default:
        return `${this.any(next)} == ${this.any(next)}`;
    }
  }

  private list(depth: number): string {
    if (depth > 2) return this.pick(['l', '[]', '[1, 2]', "['a', 'b']", 'messages']);
    const next = depth + 1;
    switch (this.int(12)) {
      case 0:
      case 1:
        return `[${Array.from({ length: this.int(4) }, () => this.any(next)).join(', ')}]`;
      case 2:
        return 'l';
      case 3:
        return `messages${this.pick(['', '[1:]', '[:-1]', '[::-1]', '[-2:]'])}`;
      case 4:
        return `(messages | ${this.pick(["map(attribute='role')", "map(attribute='content')", "selectattr('role', 'equalto', 'user')", "rejectattr('role', 'eq', 'system')", "selectattr('name', 'defined')", "map(attribute='name', default='-')"])} | list)`;
      case 5:
        return `(${this.str(next)}).${this.pick(['split()', "split('a')", 'splitlines()', "split(' ', 1)", "rsplit('-')"])}`;
      case 6:
        return `(${this.list(next)} | ${this.pick(['list', 'reverse | list', 'unique | list', "map('string') | list", "map('upper') | list", "select('string') | list", "reject('none') | list", 'batch(2) | list', "slice(2, 'z') | list", 'select | list'])})`;
      case 7:
        return `(${this.list(next)} | map('string') | sort${this.pick(['', '(reverse=true)', '(case_sensitive=true)'])})`;
      case 8:
        return `(${this.dict(next)} | ${this.pick(['dictsort', 'list', 'items | list', "dictsort(by='value')"])})`;
      case 9:
        return `(${this.list(next)} + ${this.list(next)})`;
      case 10:
        return `(messages | groupby('role') | ${this.pick(['list', "map(attribute='grouper') | list", 'map(attribute=0) | list'])})`;
      default:
        return `(${this.dict(next)}.${this.pick(['keys()', 'values()', 'items()'])} | list)`;
    }
  }

  private dict(depth: number): string {
    const dicts = this.scope.filter((v) => v.kind === 'dict' || v.kind === 'message');
    if (depth > 2) return this.pick(['d', '{}', "{'k': 1}"]);
    switch (this.int(6)) {
      case 0:
      case 1:
        return this.pick(dicts).name;
      case 2:
        return `{${Array.from({ length: this.int(3) }, () => `${this.literal(this.pick(WORDS))}: ${this.any(depth + 1)}`).join(', ')}}`;
      case 3:
        return `dict(a=${this.any(depth + 1)}, b=1)`;
      case 4:
        return `{1: ${this.any(depth + 1)}, 'k': ${this.any(depth + 1)}, none: 2}`;
      default:
        return 'd';
    }
  }
}

// ---- rows

function row(random: () => number): string {
  const int = (n: number): number => Math.floor(random() * n);
  const pick = <T>(list: readonly T[]): T => list[int(list.length)]!;
  const text = (): string => Array.from({ length: 1 + int(3) }, () => pick(WORDS)).join(pick(['', ' ', '\n']));
  const value = (depth: number): unknown =>
    pick<() => unknown>([
      text,
      () => int(100) - 20,
      () => pick([null, true, false]),
      () => (depth > 1 ? [] : Array.from({ length: int(3) }, () => value(depth + 1))),
      () => (depth > 1 ? {} : { k: value(depth + 1), a: value(depth + 1) }),
    ])();
  const messages = Array.from({ length: 1 + int(4) }, (_, i) => {
    const role = i === 0 && random() < 0.3 ? 'system' : pick(['user', 'assistant', 'user', 'assistant', 'tool']);
    const content = random() < 0.85 ? text() : pick([null, [{ type: 'text', text: text() }], 7]);
    return {
      role,
      content,
      ...(random() < 0.2 ? { name: text() } : {}),
      ...(random() < 0.2 ? { thinking: text() } : {}),
    };
  });
  const tools = random() < 0.4 ? [{ type: 'function', function: { name: 'f', parameters: { x: 1 } } }] : null;
  const context = {
    ...{ messages, tools, s: text(), bos_token: '<s>', n: int(9), flag: random() < 0.5, nothing: null },
    ...{ l: Array.from({ length: int(4) }, () => value(0)), d: { k: value(0), a: value(0), b: text() } },
  };
  // A float must stay one.
  const f = pick(['1.0', '2.5', '-0.25', '1e20', '0.1', '3.0']);
  return `${JSON.stringify(context).slice(0, -1)},"f":${f}}`;
}

/** `count` programs over some thirty rows. */
export function randomPrograms(seed: number, count: number): Program[] {
  const random = randomOf(seed);
  const rows = Array.from({ length: 30 }, () => row(random));
  const generator = new Generator(random);
  return Array.from({ length: count }, (_, i) => ({ template: generator.program(), context: rows[i % rows.length]! }));
}

/** Of `SEED`: without it the same programs in each run, so that a run can be repeated; `new`: others each time. */
export const seedOf = (given: string | undefined): number =>
  given === 'new' ? Date.now() % 1_000_000 : Number(given ?? 1);
