import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { checkAlias, checkFolder, checkRelative, quote, quotePath, secretLines } from './quote.ts';
import { script } from './script.ts';

/** The same numbers each time. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const PARTS = [
  ...`'"\\$\`!*?[]{}()<>|&;#~%^=+-_.,:/@ `,
  ...['\n', '\t', '\r', '\u0001', '\u007f', 'é', '€', '😀', '\u202e'],
  ...['$(touch PWNED)', '$HOME', '`id`', "'; exit 9; '", '\\\\', "''", '-n', '--', '%s', '\\0', 'a b'],
];

function samples(count: number): readonly string[] {
  const next = random(42);
  return Array.from({ length: count }, () =>
    Array.from({ length: Math.floor(next() * 12) }, () => PARTS[Math.floor(next() * PARTS.length)] ?? '').join(''),
  );
}

const shells = ['/bin/sh', '/bin/dash', '/bin/bash'].filter((shell) => spawnSync(shell, ['-c', ':']).status === 0);

describe('quoting', () => {
  it.each(shells)('gives back every text through %s', (shell) => {
    const texts = samples(3_000);
    const source = texts.map((text) => `printf '%s\\0' ${quote(text)}`).join('\n');
    const { stdout, stderr, status } = spawnSync(shell, ['-s'], { input: source, maxBuffer: 1 << 26 });
    expect([status, stderr.toString()]).toEqual([0, '']);
    expect(stdout.toString('utf8').split('\0').slice(0, -1)).toEqual(texts);
  });

  it.each(shells)('gives variables and arguments of a script through %s', (shell) => {
    for (const text of samples(20)) {
      const source = script(`printf '%s\\0' "$A" "$#" "$1" "$2"`, { A: text }, [text, 7]);
      const { stdout } = spawnSync(shell, ['-s'], { input: source });
      expect(stdout.toString('utf8').split('\0')).toEqual([text, '2', text, '7', '']);
    }
  });

  it('refuses a NUL, and line breaks in paths', () => {
    expect(() => quote('a\0b')).toThrow(/NUL/);
    expect(() => quotePath('/a\nb')).toThrow(/line break/);
  });

  it('takes ~/ for the home and nothing else for it', () => {
    expect(quotePath('~/a b')).toBe(`"$HOME"/'a b'`);
    expect(quotePath('~root/a')).toBe(`'~root/a'`);
    expect(quotePath('/a/~/b')).toBe(`'/a/~/b'`);
  });

  it('knows names of hosts, folders and files', () => {
    for (const alias of ['box', 'me@box.example', 'a_b-c', '[::1]', 'user%x@h']) expect(checkAlias(alias)).toBe(alias);
    for (const alias of ['-x', '', 'a b', 'a\nb', "a'b", 'a/b', 'a$b']) expect(() => checkAlias(alias)).toThrow();
    for (const folder of ['/a', '~/a', "/a b'c"]) expect(checkFolder(folder)).toBe(folder);
    for (const folder of ['a', '~', '/', '~/', '~x/a', '/a/../b', '/a\n']) expect(() => checkFolder(folder)).toThrow();
    for (const path of ['a', 'a/b.jsonl', '.x']) expect(checkRelative(path)).toBe(path);
    for (const path of ['', '/a', '../a', 'a/../b', 'a//b', 'a\\b', './a']) expect(() => checkRelative(path)).toThrow();
  });

  it('never says a secret', () => {
    expect(() => secretLines({ HF_TOKEN: 'hf_x\ny' })).toThrow(/^The value of HF_TOKEN has more than one line\.$/);
    expect(() => secretLines({ 'a b': 'hf_x' })).toThrow(/^a b is no name/);
    expect(secretLines({ HF_TOKEN: "a'b" })).toBe("export HF_TOKEN='a'\\''b'\n");
  });
});
