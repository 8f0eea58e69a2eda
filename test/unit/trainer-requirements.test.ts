import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const text = (name: string): string => readFileSync(join(import.meta.dirname, '../../src/trainer', name), 'utf8');

it('train.py names the packages of requirements.txt, so that uv and pip install the same', () => {
  const head = /^# \/\/\/ script\n(.*?)^# \/\/\/$/ms.exec(text('train.py'))?.[1] ?? '';
  const named = [...head.matchAll(/^# {3}"(.+)",$/gm)].map(([, name]) => name);
  expect(named.length).toBeGreaterThan(6);
  expect(`${named.join('\n')}\n`).toBe(text('requirements.txt'));
});
