import { expect, it } from 'vitest';
import { DEFAULT_SETTINGS, type Settings } from '../../core/config.ts';
import type { LensService, Resolved } from '../../core/service-types.ts';
import { type Located, withHub } from './hub-service.ts';

const FOLDER = '/cache/models--a--b/snapshots/c';
const COMMIT = 'c'.repeat(40);
const here: Located = { snapshot: { folder: FOLDER, commit: COMMIT, complete: true } };
const settings = (tokenizer: string): Settings => ({ ...DEFAULT_SETTINGS, tokenizer });

/** A service that knows folders and nothing of the Hub. */
function folders(problems: readonly string[] = []): { service: LensService; seen: string[] } {
  const seen: string[] = [];
  const resolve = ({ tokenizer }: Settings) => {
    seen.push(tokenizer);
    const used = problems.length > 0 ? 'bundled:qwen3' : tokenizer;
    return Promise.resolve({ tokenizer: used, hub: null, chatTemplate: used, problems } as Resolved);
  };
  return { service: { resolve } as LensService, seen };
}

it('workers are given the folder, the user is told the name and the commit', async () => {
  const { service, seen } = folders();
  const resolved = await withHub(service, () => Promise.resolve(here)).resolve(settings('a/b'));
  expect(seen).toEqual([FOLDER]);
  expect(resolved).toMatchObject({
    tokenizer: 'a/b',
    chatTemplate: 'a/b',
    hub: { folder: FOLDER, commit: COMMIT },
    problems: [],
  });
});

it('the bundled one stands in for what is not there, and it is said why', async () => {
  const { service, seen } = folders();
  const hub = withHub(service, () => Promise.resolve({ missing: 'Downloading tokenizer a/b.' }));
  expect(await hub.resolve(settings('a/b'))).toMatchObject({
    tokenizer: 'bundled:qwen3',
    hub: null,
    problems: ['Downloading tokenizer a/b.'],
  });
  expect(seen).toEqual(['bundled:qwen3']);
});

it('files that cannot be used are no tokenizer of the Hub', async () => {
  const { service } = folders(['tokenizer.json is not valid JSON.']);
  const resolved = await withHub(service, () => Promise.resolve(here)).resolve(settings('a/b'));
  expect(resolved).toMatchObject({ tokenizer: 'bundled:qwen3', hub: null });
});

it('nobody is asked about folders and bundled ones', async () => {
  const { service, seen } = folders();
  const hub = withHub(service, () => Promise.reject(new Error('asked')));
  for (const id of ['/x/y', 'bundled:qwen3']) await hub.resolve(settings(id));
  expect(seen).toEqual(['/x/y', 'bundled:qwen3']);
});
