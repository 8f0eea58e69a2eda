import { describe, expect, it } from 'vitest';
import { parseConfig } from './parse.ts';

describe('parseConfig', () => {
  it('reads YAML as PyYAML does', () => {
    const { config } = parseConfig(
      'a: no\nb: 1.0e-5\nc: 1_000\nd: 0o7\ne: ~\na: yes\nf: &x [1]\ng: *x\nh: {<<: {i: 1}, j: 2}\n',
      'c.yml',
    );
    expect(config).toEqual({ a: true, b: 1e-5, c: 1000, d: '0o7', e: null, f: [1], g: [1], h: { i: 1, j: 2 } });
  });
  it('reads JSON', () => {
    expect(parseConfig('{"model": "m", "n": [1, null]}', 'args.json').config).toEqual({ model: 'm', n: [1, null] });
  });
  it('says where it is wrong', () => {
    expect(parseConfig('base_model: m\ndatasets: [\n  a: b\nx: 1\n', 'c.yml').problem).toMatch(
      /^c\.yml is no valid YAML, line \d: .+\. Correct it\.$/,
    );
    expect(parseConfig('a: 1\n\tb: 2\n', 'c.yml').problem).toMatch(/^c\.yml is no valid YAML, line 2: /);
  });
  it('says that nothing is in it', () => {
    for (const text of ['', '# nothing', '- a', 'text', '[]'])
      expect(parseConfig(text, 'c.yml').problem).toBe('c.yml holds no keys. Give the config file of a trainer.');
    expect(parseConfig('a = 1', 'c.toml').problem).toBe("c.toml is TOML. Give the trainer's YAML or JSON file.");
  });
  it('never throws', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
      .split('')
      .map((key, i) => `${key}: &${key} [${Array(9).fill(`*${'abcdefg'[i]}`).join(',')}]`)
      .join('\n')}`;
    expect(parseConfig(bomb, 'c.yml').problem).toMatch(/^c\.yml cannot be read: .*Correct it\.$/);
    for (const text of [
      'a: *none',
      '? {a: 1}\n: 2',
      '!!python/object:os.system x',
      '\u0000',
      'a: !!binary "=="',
      '%YAML 3.0\n---\na: 1',
    ])
      expect(() => parseConfig(text, 'c.yml')).not.toThrow();
  });
});
