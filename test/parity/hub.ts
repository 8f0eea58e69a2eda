// The Hugging Face cache, both ways, through a Hub on this machine: what we downloaded, Python finds without a request and
// reads the same; what Python downloaded, we find without a request.
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { findSnapshot } from '../../src/node/hub/cache.ts';
import { downloadTokenizer } from '../../src/node/hub/download.ts';
import { parseHubId } from '../../src/node/hub/hub-id.ts';
import { hubPlaces } from '../../src/node/hub/places.ts';
import { loadTokenizer } from '../../src/node/loader.ts';
import { smallModel } from '../hub/models.ts';
import { commitOf, type StandInModel, startStandIn } from '../hub/stand-in.ts';

const root = resolve(process.env['SFT_LENS_ROOT'] ?? process.cwd());
const python = process.env['SFT_LENS_PYTHON'] ?? join(root, '.cache/parity/venv/bin/python');
const TEXT = 'Is my bike done? Noch nicht, 自転車 🚲.';

const plain = smallModel(root);
const MODELS: readonly StandInModel[] = [
  { ...plain, refs: { 'v1.0': commitOf(plain), 'refs/pr/1': commitOf(plain) } },
  {
    id: 'tests/of-config',
    files: {
      'config.json': '{}',
      'tokenizer.json': plain.files['tokenizer.json'] ?? '',
      'tokenizer_config.json': JSON.stringify({
        chat_template: [
          { name: 'default', template: 'A' },
          { name: 'tool_use', template: 'B' },
        ],
      }),
      'chat_template.json': '{"chat_template": "of a processor"}',
    },
  },
  {
    id: 'legacy',
    files: {
      'tokenizer.json': plain.files['tokenizer.json'] ?? '',
      'tokenizer_config.json': '{"chat_template": "C"}',
      'additional_chat_templates/tool_use.jinja': 'T',
    },
  },
];
const CASES = ['tests/small', 'tests/small@v1.0', 'tests/small@refs/pr/1', 'tests/of-config', 'legacy'];

interface Answer {
  readonly cache: string;
  readonly folder: string;
  readonly files: readonly string[];
  readonly template: Readonly<Record<string, string>> | null;
  readonly ids: readonly number[];
}

let passed = 0;
const failures: string[] = [];
function equal(what: string, ours: unknown, theirs: unknown): void {
  const [a, b] = [JSON.stringify(ours), JSON.stringify(theirs)];
  if (a === b) passed++;
  else failures.push(`${what}: ${a?.slice(0, 300)} here, ${b?.slice(0, 300)} in Python`);
}

/** Names of a model's folder in the cache, without what only Python keeps there. */
const layout = (cache: string, repo: string): readonly string[] =>
  (readdirSync(join(cache, `models--${repo.replace('/', '--')}`), { recursive: true }) as string[])
    .filter((path) => !path.startsWith('.no_exist'))
    .sort();

async function main(): Promise<number> {
  const hub = await startStandIn(MODELS);
  const home = mkdtempSync(join(tmpdir(), 'sft-lens-parity-'));
  const ask = async (folder: string, id: string, offline: boolean): Promise<Answer> => {
    const { repo, revision } = parseHubId(id)!;
    const env = { ...process.env, HF_HOME: folder, HF_ENDPOINT: hub.url, HF_HUB_OFFLINE: offline ? '1' : '0' };
    const { stdout } = await promisify(execFile)(python, [join(root, 'test/parity/hub.py'), repo, revision, TEXT], {
      env,
    });
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Answer;
  };
  try {
    for (const [i, id] of CASES.entries()) {
      const [ourHome, theirHome] = [join(home, `ours-${i}`), join(home, `theirs-${i}`)];
      const ours = hubPlaces({ HF_HOME: ourHome, HF_ENDPOINT: hub.url });
      const hubId = parseHubId(id)!;
      const result = await downloadTokenizer(hubId, { places: ours, token: null });
      if (!result.ok) throw new Error(result.failure.sentence);
      const { folder, commit } = result.snapshot;
      const { tokenizer, chatTemplates } = await loadTokenizer(folder, '');

      const asked = hub.requests.length;
      const found = await ask(ourHome, id, true);
      equal(`${id}: requests of Python`, hub.requests.length - asked, 0);
      equal(`${id}: the cache`, ours.cache, found.cache);
      equal(`${id}: the snapshot`, folder, found.folder);
      // A tokenizer of Python knows nothing of a processor's template; ours takes it where there is no other.
      equal(`${id}: templates`, chatTemplates, found.template);
      equal(`${id}: ids`, [...tokenizer.encode(TEXT).ids], found.ids);

      const fetched = await ask(theirHome, id, false);
      const theirs = hubPlaces({ HF_HOME: theirHome });
      const snapshot = await findSnapshot(hubId, theirs.cache);
      equal(`${id}: what Python fetched is found`, snapshot, { folder: fetched.folder, commit, complete: true });
      const { files } = fetched;
      equal(
        `${id}: their files are ours`,
        files.map((file) => readFileSync(join(folder, file), 'utf8').length),
        files.map((file) => readFileSync(join(fetched.folder, file), 'utf8').length),
      );
      const [all, few] = [layout(ours.cache, hubId.repo), layout(theirs.cache, hubId.repo)];
      equal(
        `${id}: what they keep, we keep by the same name`,
        few.filter((path) => !all.includes(path)),
        [],
      );
      console.log(`${id.padEnd(28)} ${all.length} names here, ${few.length} of Python`);
    }
  } finally {
    await hub.close();
    rmSync(home, { recursive: true, force: true });
  }
  for (const failure of failures) console.log(failure);
  console.log(`parity hub: ${passed} passed, ${failures.length} failed`);
  return failures.length === 0 ? 0 : 1;
}

process.exitCode = await main();
