import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hubIdOf, parseHubId, placeTokenizer, shownHubId } from './hub-id.ts';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';

describe('parseHubId', () => {
  it.each([
    ['gpt2', 'gpt2', 'main'],
    ['Qwen/Qwen3-0.6B', 'Qwen/Qwen3-0.6B', 'main'],
    ['a/b_c.d@v1.0', 'a/b_c.d', 'v1.0'],
    ['a/b@refs/pr/3', 'a/b', 'refs/pr/3'],
    [`a/b@${COMMIT}`, 'a/b', COMMIT],
  ])('reads %s', (text, repo, revision) => {
    expect(parseHubId(text)).toEqual({ repo, revision });
  });

  it.each([
    '',
    './a',
    '../a',
    'a/b/c',
    '/a/b',
    'a--b/c',
    'a/..',
    'a..b',
    '-a/b',
    'a/b-',
    'a b',
    'a/b@',
    'a/b@../x',
    'a/b@x//y',
    'a/b@/x',
    'a/b@x y',
    'models/tokenizer.json',
    'a/b.git',
    `a/${'b'.repeat(100)}`,
    'bundled:qwen3',
    'C:\\a',
  ])('refuses %j', (text) => {
    expect(parseHubId(text)).toBeNull();
  });
});

describe('placeTokenizer', () => {
  it('takes a folder that is there before a model of that name', () => {
    const base = mkdtempSync(join(tmpdir(), 'sft-lens-'));
    try {
      expect(placeTokenizer('models/mine', base)).toBe('models/mine');
      mkdirSync(join(base, 'models/mine'), { recursive: true });
      expect(placeTokenizer('models/mine', base)).toBe(join(base, 'models/mine'));
      expect(placeTokenizer('./models/other', base)).toBe(join(base, 'models/other'));
      expect(placeTokenizer('bundled:qwen3', base)).toBe('bundled:qwen3');
      expect(placeTokenizer('/x/y', base)).toBe('/x/y');
    } finally {
      rmSync(base, { recursive: true });
    }
  });

  it('leaves what can be told apart', () => {
    expect(hubIdOf('a/b@v1')).toEqual({ repo: 'a/b', revision: 'v1' });
    expect(hubIdOf('/a/b')).toBeNull();
    expect(hubIdOf('bundled:qwen3')).toBeNull();
  });
});

it('shownHubId is short', () => {
  expect(shownHubId({ repo: 'a/b', revision: 'main' })).toBe('a/b');
  expect(shownHubId({ repo: 'a/b', revision: 'v1' })).toBe('a/b@v1');
  expect(shownHubId({ repo: 'a/b', revision: COMMIT })).toBe('a/b@0123456');
});
