// The licences of everything that is bundled, as one text that ships beside the bundles.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.mjs';

/** `inputs`: the files that went into the bundles; `extra`: names of packages that ship in another way. */
export function notices(inputs, extra) {
  const names = new Set(extra);
  for (const input of inputs) {
    const match = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (match) names.add(match[1]);
  }
  const head = 'SFT Lens contains parts of these packages.\n';
  return [head, ...[...names].sort().filter(isInstalled).map(notice)].join('\n');
}

const isInstalled = (name) => existsSync(join(root, 'node_modules', name, 'package.json'));

function notice(name) {
  const folder = join(root, 'node_modules', name);
  const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const texts = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|notice|copying)/i.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return `${'-'.repeat(80)}\n${name} ${version} (${license})\n\n${texts.join('\n\n')}\n`;
}
