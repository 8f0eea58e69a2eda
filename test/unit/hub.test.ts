// The tokenizer store against a Hub on this machine, through the real client.
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cachedModels, findSnapshot } from '../../src/node/hub/cache.ts';
import { type DownloadOptions, downloadTokenizer, newestCommit } from '../../src/node/hub/download.ts';
import { parseHubId } from '../../src/node/hub/hub-id.ts';
import { environmentToken, hubPlaces } from '../../src/node/hub/places.ts';
import { loadTokenizer } from '../../src/node/loader.ts';
import { smallModel } from '../hub/models.ts';
import { commitOf, type StandIn, startStandIn } from '../hub/stand-in.ts';

const root = resolve(import.meta.dirname, '../..');
const model = smallModel(root);
const commit = commitOf(model);
const gated = smallModel(root, { id: 'tests/gated', gated: true });
const hidden = smallModel(root, { id: 'tests/hidden-one', hidden: true });
const old = { id: 'tests/old', files: { 'config.json': '{}', 'tokenizer.model': 'x' } };

let hub: StandIn;
let home = '';
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'sft-lens-hub-'));
  hub = await startStandIn([model, gated, hidden, old], { allowed: ['hf_yes'] });
});
afterEach(async () => {
  await hub.close();
  rmSync(home, { recursive: true, force: true });
});

const places = (env: Record<string, string> = {}) => hubPlaces({ HF_HOME: home, HF_ENDPOINT: `${hub.url}/`, ...env });
const id = (text: string) => parseHubId(text)!;
const download = (text: string, options: Partial<DownloadOptions> = {}) =>
  downloadTokenizer(id(text), { places: places(), token: null, ...options });
const sentence = async (text: string, options: Partial<DownloadOptions> = {}) => {
  const result = await download(text, options);
  return result.ok ? 'it worked' : `${result.failure.kind}: ${result.failure.sentence}`;
};
const repo = (name = 'tests--small') => join(home, 'hub', `models--${name}`);
const leftovers = () =>
  (readdirSync(home, { recursive: true }) as string[]).filter((path) => /incomplete|\.tmp$/.test(path));

describe('a download', () => {
  it('brings what a tokenizer is made of, and nothing else, into the cache of Python', async () => {
    const result = await download('tests/small');
    expect(result).toEqual({
      ok: true,
      snapshot: { folder: join(repo(), 'snapshots', commit), commit, complete: true },
    });
    const files = (readdirSync(join(repo(), 'snapshots', commit), { recursive: true }) as string[]).sort();
    expect(files).toEqual([
      'additional_chat_templates',
      'additional_chat_templates/tool_use.jinja',
      'chat_template.jinja',
      'config.json',
      'tokenizer.json',
      'tokenizer_config.json',
    ]);
    for (const [path, text] of Object.entries(model.files))
      if (files.includes(path)) expect(readFileSync(join(repo(), 'snapshots', commit, path), 'utf8')).toBe(text);
    expect(readFileSync(join(repo(), 'refs/main'), 'utf8')).toBe(commit);
    expect(readlinkSync(join(repo(), 'snapshots', commit, 'tokenizer.json'))).toMatch(
      /^\.\.\/\.\.\/blobs\/[0-9a-f]{64}$/,
    );
    expect(readlinkSync(join(repo(), 'snapshots', commit, 'additional_chat_templates/tool_use.jinja'))).toMatch(
      /^\.\.\/\.\.\/\.\.\/blobs\/[0-9a-f]{40}$/,
    );
    expect(readdirSync(join(repo(), '.no_exist', commit)).sort()).toEqual([
      'chat_template.json',
      'special_tokens_map.json',
    ]);
    expect(leftovers()).toEqual([]);
  });

  it('is used as a folder is', async () => {
    const result = await download('tests/small');
    const { tokenizer, chatTemplates } = await loadTokenizer(result.ok ? result.snapshot.folder : '', '');
    expect(tokenizer.encode('Hi').ids.length).toBeGreaterThan(0);
    expect(Object.keys(chatTemplates)).toEqual(['default', 'tool_use']);
    expect(chatTemplates['default']).toBe(model.files['chat_template.jinja']);
  });

  it('tells how far it is', async () => {
    const seen: number[] = [];
    let total = 0;
    await download('tests/small', {
      onProgress: (progress) => {
        seen.push(progress.received);
        total = progress.total;
      },
    });
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(total);
    expect(total).toBeGreaterThan(10_000);
  });

  it('asks for nothing twice', async () => {
    await download('tests/small');
    const first = hub.requests.length;
    await download('tests/small');
    expect(hub.requests.slice(first)).toEqual([
      'hub GET /api/models/tests/small/revision/main',
      `hub POST /api/models/tests/small/paths-info/${commit}`,
    ]);
  });

  it('takes a branch, a tag, a short commit and a commit', async () => {
    const moved = { ...model, refs: { 'v1.0': commit, 'refs/pr/1': commit } };
    hub.add(moved);
    for (const revision of ['v1.0', 'refs/pr/1', commit.slice(0, 8), commit]) {
      expect(await sentence(`tests/small@${revision}`)).toBe('it worked');
      expect((await findSnapshot(id(`tests/small@${revision}`), places().cache))?.commit).toBe(commit);
    }
    expect(readFileSync(join(repo(), 'refs/refs/pr/1'), 'utf8')).toBe(commit);
    expect(readdirSync(join(repo(), 'refs')).sort()).toEqual([commit.slice(0, 8), 'refs', 'v1.0'].sort());
  });

  it('does not follow a branch that moves, until it is asked', async () => {
    await download('tests/small');
    hub.add(smallModel(root, { files: { 'chat_template.jinja': 'new' } }));
    expect((await findSnapshot(id('tests/small'), places().cache))?.commit).toBe(commit);
    const newest = await newestCommit(id('tests/small'), { places: places(), token: null });
    expect(newest).not.toBe(commit);
    await download('tests/small');
    expect((await findSnapshot(id('tests/small'), places().cache))?.commit).toBe(newest);
    expect((await findSnapshot(id(`tests/small@${commit}`), places().cache))?.commit).toBe(commit);
  });

  it('may be asked for twice at once', async () => {
    const both = await Promise.all([download('tests/small'), download('tests/small@main')]);
    expect(both.map(({ ok }) => ok)).toEqual([true, true]);
    expect(leftovers()).toEqual([]);
  });

  it('copes with empty files', async () => {
    hub.add(smallModel(root, { id: 'tests/empty', files: { 'chat_template.jinja': '' } }));
    expect(await sentence('tests/empty')).toBe('it worked');
  });

  it('completes what another program began', async () => {
    const folder = join(repo(), 'snapshots', commit);
    mkdirSync(folder, { recursive: true });
    mkdirSync(join(repo(), 'refs'));
    writeFileSync(join(repo(), 'refs/main'), commit);
    writeFileSync(join(folder, 'tokenizer.json'), model.files['tokenizer.json'] ?? '');
    expect(await findSnapshot(id('tests/small'), places().cache)).toMatchObject({ complete: false });
    await download('tests/small');
    expect(await findSnapshot(id('tests/small'), places().cache)).toMatchObject({ complete: true });
    expect(lstatSync(join(folder, 'tokenizer.json')).isFile()).toBe(true);
  });

  it('gives the token to the Hub, never to where it leads', async () => {
    await download('tests/gated', { token: 'hf_yes' });
    const asked = hub.requests.filter((request) => request.startsWith('hub'));
    expect(asked.every((request) => request.endsWith('with token'))).toBe(true);
    const stored = hub.requests.filter((request) => request.startsWith('cdn'));
    expect(stored.length).toBeGreaterThan(0);
    expect(stored.filter((request) => request.endsWith('with token'))).toEqual([]);
  });
});

describe('a repository is untrusted', () => {
  it('names no file outside of its folder', async () => {
    const file = 'additional_chat_templates/../../../../evil.jinja';
    hub.add(smallModel(root, { id: 'tests/evil', files: { [file]: 'x', 'additional_chat_templates/a/b.jinja': 'x' } }));
    const result = await download('tests/evil');
    const folder = result.ok ? result.snapshot.folder : '';
    expect(readdirSync(join(folder, 'additional_chat_templates'))).toEqual(['tool_use.jinja']);
    expect((readdirSync(home, { recursive: true }) as string[]).filter((path) => path.includes('evil.'))).toEqual([]);
  });

  it('names no blob outside of the cache', async () => {
    hub.set({ describe: ({ lfs: _, ...file }) => ({ ...file, oid: '../../../evil' }) });
    expect(await sentence('tests/small')).toMatch(/^unreachable: .*the Hub does not say what \S+ is\./);
    hub.set({ describe: (file) => (file.path === 'tokenizer.json' ? { ...file, path: '../tokenizer.json' } : file) });
    expect(await sentence('tests/small')).toMatch(/has no tokenizer\.json/);
    expect(readdirSync(home)).toEqual([]);
  });

  it('is not downloaded without bound', async () => {
    hub.set({ describe: ({ lfs, ...file }) => ({ ...file, ...(lfs && { lfs: { ...lfs, size: 101e6 } }) }) });
    expect(await sentence('tests/small')).toBe(
      'too-large: tokenizer.json of tests/small has 101 MB, more than the 100 MB that are downloaded. Choose another model, or a folder.',
    );
    expect(hub.requests.filter((request) => request.includes('/resolve/'))).toEqual([]);
  });
});

describe('what goes wrong is a sentence', () => {
  it('a gated model', async () => {
    expect(await sentence('tests/gated')).toBe(
      `gated: tests/gated is gated. Accept its licence on ${hub.url}/tests/gated, then set a token (command "SFT Lens: Set Hugging Face Token", or HF_TOKEN for the command line).`,
    );
    expect(await sentence('tests/gated', { token: 'hf_other' })).toMatch(
      /^gated: .*the account of your token has no access/,
    );
    expect(await sentence('tests/gated', { token: 'hf_yes' })).toBe('it worked');
  });

  it('no such model, or a private one', async () => {
    expect(await sentence('tests/smal')).toBe(
      'missing: There is no folder and no model of the Hub called tests/smal. Did you mean tests/small? If it is private, set a token (command "SFT Lens: Set Hugging Face Token", or HF_TOKEN for the command line).',
    );
    expect(await sentence('tests/hidden-one')).toMatch(/^missing: .*if it is private/);
    expect(await sentence('tests/hidden-one', { token: 'hf_yes' })).toBe('it worked');
    expect(await sentence('nobody/knows-this', { token: 'hf_no' })).toMatch(/Check the name\.$/);
  });

  it('no such revision, no tokenizer.json, a wrong token', async () => {
    expect(await sentence('tests/small@v9')).toBe(
      'revision: tests/small has no revision v9. Check the branch, tag or commit after the @.',
    );
    expect(await sentence('tests/old')).toMatch(
      /^no-tokenizer: tests\/old has no tokenizer\.json, only tokenizer\.model\. /,
    );
    expect(await sentence('tests/small', { token: 'wrong' })).toMatch(/^token: The Hub does not accept/);
  });

  it('offline and unreachable', async () => {
    expect(await sentence('tests/small', { places: places({ HF_HUB_OFFLINE: '1' }) })).toMatch(
      /^offline: .*HF_HUB_OFFLINE forbids/,
    );
    expect(hub.requests).toEqual([]);
    expect(await sentence('tests/small', { places: places({ HF_ENDPOINT: 'http://127.0.0.1:1' }) })).toMatch(
      /^unreachable: http:\/\/127\.0\.0\.1:1 could not be reached \(.+\)\. Check the network and the proxy/,
    );
  });

  it('a server that fails, or asks to wait', async () => {
    hub.set({ fail: () => 503 });
    expect(await sentence('tests/small')).toMatch(/^server: .*error 503/);
    hub.set({ fail: () => 429 });
    expect(await sentence('tests/small')).toMatch(/^server: The Hub asks to wait/);
  });

  it('silence', async () => {
    hub.set({ slow: 2_000 });
    expect(await sentence('tests/small', { patience: 200 })).toMatch(/^unreachable: .*nothing came for 0\.2 seconds/);
    expect(leftovers()).toEqual([]);
  });

  it('a file that is not what it should be', async () => {
    hub.set({ spoil: (path, content) => (path === 'tokenizer.json' ? content.subarray(0, 5000) : content) });
    expect(await sentence('tests/small')).toMatch(/tokenizer\.json ended after 5000 of/);
    hub.set({ spoil: (path, content) => (path === 'tokenizer.json' ? Buffer.alloc(content.length) : content) });
    expect(await sentence('tests/small')).toMatch(/tokenizer\.json is not what the Hub names by its hash/);
    hub.set({ spoil: (path, content) => (path === 'tokenizer.json' ? Buffer.concat([content, content]) : content) });
    expect(await sentence('tests/small')).toMatch(/tokenizer\.json is longer than/);
    expect(await findSnapshot(id('tests/small'), places().cache)).toBeNull();
    expect(leftovers()).toEqual([]);
  });

  it('a cache that cannot be written', async () => {
    writeFileSync(join(home, 'hub'), 'a file');
    expect(await sentence('tests/small')).toMatch(/^disk: .*cannot be kept in .*\(E\w+\).*HF_HUB_CACHE/);
  });

  it('someone who stops it', async () => {
    hub.set({ slow: 50 });
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 300);
    expect(await sentence('tests/small', { signal: stop.signal })).toMatch(/^cancelled: /);
    expect(await findSnapshot(id('tests/small'), places().cache)).toBeNull();
    expect(leftovers()).toEqual([]);
    hub.set({});
    expect(await sentence('tests/small')).toBe('it worked');
  });
});

describe('the cache', () => {
  it('names the models that have a tokenizer', async () => {
    await download('tests/small');
    await download(`tests/gated@${commitOf(gated)}`, { token: 'hf_yes' });
    mkdirSync(join(home, 'hub/models--no--tokenizer/snapshots'), { recursive: true });
    expect(await cachedModels(places().cache)).toEqual([`tests/gated@${commitOf(gated)}`, 'tests/small']);
    expect(await cachedModels(join(home, 'nowhere'))).toEqual([]);
  });

  it('is where huggingface_hub has it', () => {
    const cache = (env: Record<string, string>) => hubPlaces(env).cache;
    expect(cache({ HF_HUB_CACHE: '/a' })).toBe('/a');
    expect(cache({ HUGGINGFACE_HUB_CACHE: '/b', HF_HOME: '/c' })).toBe('/b');
    expect(cache({ HF_HOME: '/c', XDG_CACHE_HOME: '/d' })).toBe('/c/hub');
    expect(cache({ XDG_CACHE_HOME: '/d' })).toBe('/d/huggingface/hub');
    expect(cache({ HF_HOME: '$BASE/x', BASE: '/e' })).toBe('/e/x/hub');
    expect(cache({})).toMatch(/\/\.cache\/huggingface\/hub$/);
  });

  it('a token is that of the environment, else that of the file', async () => {
    writeFileSync(join(home, 'token'), 'hf_file\n');
    expect(await environmentToken(places(), { HF_TOKEN: ' hf_a ', HUGGING_FACE_HUB_TOKEN: 'hf_b' })).toBe('hf_a');
    expect(await environmentToken(places(), { HUGGING_FACE_HUB_TOKEN: 'hf_b' })).toBe('hf_b');
    expect(await environmentToken(places(), {})).toBe('hf_file');
    expect(await environmentToken(hubPlaces({ HF_HOME: join(home, 'none') }), {})).toBeNull();
  });
});
