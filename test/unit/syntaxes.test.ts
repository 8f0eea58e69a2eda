import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import oniguruma from 'vscode-oniguruma';
import textmate from 'vscode-textmate';

const root = join(import.meta.dirname, '../..');
const injected = ['fields', 'special-tokens'].map((name) => ({
  scope: `sft-lens.${name}`,
  file: join(root, `syntaxes/sft-lens.${name}.tmLanguage.json`),
}));
/** The VS Code that the other tiers install: its own JSON Lines grammar and its default themes. */
const vscode = join(root, '.cache/code-server/node_modules/code-server/lib/vscode/extensions');

const hosts = {
  'a small JSON Lines grammar': join(root, 'test/fixtures/syntaxes/json-lines.tmLanguage.json'),
  'the JSON Lines grammar of VS Code': join(vscode, 'json/syntaxes/JSONL.tmLanguage.json'),
};
const themes = ['2026-dark', '2026-light', 'hc_black', 'hc_light'];

beforeAll(async () => {
  const wasm = createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm');
  await oniguruma.loadWASM(readFileSync(wasm));
});

interface Token {
  readonly text: string;
  readonly scopes: readonly string[];
}

function makeRegistry(host: string) {
  const files = new Map([['source.json.lines', host], ...injected.map(({ scope, file }) => [scope, file] as const)]);
  return new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async (scope) => {
      const file = files.get(scope);
      return file ? textmate.parseRawGrammar(readFileSync(file, 'utf8'), file) : null;
    },
    getInjections: (scope) => (scope === 'source.json.lines' ? injected.map(({ scope: injection }) => injection) : []),
  });
}

async function tokensOf(host: string, line: string): Promise<Token[]> {
  const grammar = await makeRegistry(host).loadGrammar('source.json.lines');
  const { tokens } = grammar?.tokenizeLine(line, textmate.INITIAL) ?? { tokens: [] };
  return tokens.map(({ startIndex, endIndex, scopes }) => ({ text: line.slice(startIndex, endIndex), scopes }));
}

/** The texts that carry a scope of ours, by its kind. */
function marked(tokens: readonly Token[], kind: 'field' | 'role' | 'special-token'): string[] {
  return tokens
    .filter(({ scopes }) => scopes.some((scope) => scope.endsWith('.sft-lens') && scope.includes(`.${kind}.`)))
    .map(({ text }) => text);
}

describe.each(Object.entries(hosts).filter(([, file]) => existsSync(file)))('injected into %s', (_name, host) => {
  const messages =
    '{"messages": [{"role": "system", "content": "Be brief."}, {"role":"assistant","content":"<think>\\n</think>Hi<|im_end|>"}], "id": 7}';

  it('marks the keys that formats know, and only as keys', async () => {
    const tokens = await tokensOf(host, messages);
    expect(marked(tokens, 'field')).toEqual(['messages', 'role', 'content', 'role', 'content']);
    const others = await tokensOf(host, '{"id": "messages", "x": ["role"], "y": "\\"role\\": \\"user\\""}');
    expect(marked(others, 'field')).toEqual([]);
  });

  it('marks role names as values of role and from', async () => {
    expect(marked(await tokensOf(host, messages), 'role')).toEqual(['system', 'assistant']);
    const shareGpt = '{"conversations":[{"from":"human","value":"user"},{"from" : "gpt","value":"x"}]}';
    expect(marked(await tokensOf(host, shareGpt), 'role')).toEqual(['human', 'gpt']);
    expect(marked(await tokensOf(host, '{"role": "wizard", "x": "user"}'), 'role')).toEqual([]);
    expect(marked(await tokensOf(host, '{"x": "\\"role\\": \\"user\\""}'), 'role')).toEqual([]);
  });

  it('tells the roles of a model from the others', async () => {
    const scopes = (await tokensOf(host, messages)).flatMap((token) =>
      token.scopes.filter((scope) => scope.includes('.role.')),
    );
    expect(scopes).toEqual(['entity.name.type.role.system.sft-lens', 'entity.name.function.role.assistant.sft-lens']);
  });

  it.each([
    '<|im_start|>',
    '<|eot_id|>',
    '<|start_header_id|>',
    '<｜begin▁of▁sentence｜>',
    '<think>',
    '</think>',
    '<\\/tool_call>',
    '\\u003c|im_end|\\u003e',
    '<start_of_turn>',
    '<end_of_turn>',
    '<s>',
    '</s>',
    '<bos>',
    '[INST]',
    '[/INST]',
    '<<SYS>>',
    '[TOOL_CALLS]',
    '<unused12>',
  ])('marks the special token %s', async (token) => {
    const tokens = await tokensOf(host, `{"text": "a ${token} b"}`);
    expect(marked(tokens, 'special-token').join('')).toBe(token);
    // It stays inside its string.
    const inside = tokens.filter(({ scopes }) => scopes.some((scope) => scope.includes('.special-token.')));
    for (const { scopes } of inside) expect(scopes).toContain('string.quoted.double.json.lines');
  });

  it.each(['<b>', 'a < b | c > d', '<|', '[x]', '<section>', 'a[INSTALL]', '<unusedness>'])(
    'leaves %s alone',
    async (text) => {
      expect(marked(await tokensOf(host, `{"text": "${text}"}`), 'special-token')).toEqual([]);
    },
  );

  it('breaks nothing of the host: no text becomes invalid', async () => {
    const lines = [
      messages,
      '{"from":"gpt","value":"","tools":[],"weight":0.5,"train":true,"input":null}',
      '{"role" : "user" , "content" : [{"type":"text","text":"<|x|>"}]}',
    ];
    for (const line of lines) {
      const invalid = (await tokensOf(host, line)).filter(({ scopes }) =>
        scopes.some((scope) => scope.startsWith('invalid')),
      );
      expect(invalid).toEqual([]);
    }
  });

  it('reads a long line of near misses quickly', async () => {
    const line = `{"text": "${'<|a <｜ [IN "role'.replaceAll('"', '\\"').repeat(1200)}"}`;
    const start = performance.now();
    await tokensOf(host, line);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});

describe.skipIf(!existsSync(vscode))('in the default themes', () => {
  type Theme = { readonly include?: string; readonly tokenColors?: textmate.IRawTheme['settings'] };

  /** A theme's rules, those of the themes that it includes first. */
  function rules(file: string): textmate.IRawTheme['settings'] {
    const theme: Theme = parseLoose(readFileSync(file, 'utf8'));
    const inherited = theme.include ? rules(join(dirname(file), theme.include)) : [];
    return [...inherited, ...(theme.tokenColors ?? [])];
  }

  /** JSON with comments and trailing commas, as theme files are written. */
  const parseLoose = (text: string) =>
    JSON.parse(
      text
        .replaceAll(/("(?:[^"\\]|\\.)*")|\/\/.*|\/\*[\s\S]*?\*\//g, (_match, string) => string ?? '')
        .replaceAll(/,(\s*[}\]])/g, '$1'),
    );

  /** The foreground color that `text` gets in `line`. */
  async function colorOf(theme: string, line: string, text: string): Promise<string> {
    const registry = makeRegistry(hosts['the JSON Lines grammar of VS Code']);
    registry.setTheme({
      name: theme,
      settings: [
        { settings: { foreground: '#010101' } },
        ...rules(join(vscode, `theme-defaults/themes/${theme}.json`)),
      ],
    });
    const grammar = await registry.loadGrammar('source.json.lines');
    const tokens = grammar?.tokenizeLine2(line, textmate.INITIAL).tokens ?? new Uint32Array();
    const at = line.indexOf(text);
    let color = 0;
    // Pairs of start and metadata; the foreground is in bits 15 to 23.
    for (let i = 0; i < tokens.length; i += 2)
      if ((tokens[i] ?? 0) <= at) color = ((tokens[i + 1] ?? 0) >>> 15) & 0x1ff;
    return registry.getColorMap()[color] ?? '';
  }

  it.each(themes)('%s: role names, known keys and special tokens have colors of their own', async (theme) => {
    const line = '{"content": "plain <|im_end|>", "role": "user", "other": 1, "from": "gpt"}';
    const key = await colorOf(theme, line, 'other');
    const string = await colorOf(theme, line, 'plain');
    expect(await colorOf(theme, line, 'content')).not.toBe(key);
    const token = await colorOf(theme, line, '<|im_end|>');
    const user = await colorOf(theme, line, 'user');
    const model = await colorOf(theme, line, 'gpt');
    expect(new Set([string, token, user, model]).size).toBe(4);
  });
});
