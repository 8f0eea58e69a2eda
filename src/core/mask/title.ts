import type { MaskSpec } from '../config.ts';
import { resolveMask } from './resolve.ts';
import { MASK_TOOLS } from './tools/registry.ts';

/** A mask in words: "axolotl 0.19, train_on_eos all". */
export function maskTitle(spec: MaskSpec): string {
  const { preset, version: _, ...given } = typeof spec === 'string' ? { preset: spec } : spec;
  const tool = preset === undefined ? 'own policy' : MASK_TOOLS[preset].title;
  const { version } = resolveMask(spec);
  const options = Object.entries(given)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} ${Array.isArray(value) ? value.join(' ') : String(value)}`);
  return [`${tool}${version === '' ? '' : ` ${version}`}`, ...options].join(', ');
}
