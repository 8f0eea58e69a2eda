import type { Settings } from '../core/config.ts';
import { type Engine, makeEngine } from '../core/engine.ts';
import { resolveMask } from '../core/mask/resolve.ts';
import type { Resolved } from '../core/service-types.ts';
import { TemplateError } from '../core/template/chat-template.ts';
import { pickTemplate } from '../core/template/pick-template.ts';
import type { TokenizerBundle } from '../core/tokenizer/encoding.ts';
import type { TokenizerClass } from '../core/tokenizer/tokenizer-class.ts';
import { type Bounds, keptOf } from './kept.ts';
import { DEFAULT_TOKENIZER, LoadError, loadTemplate, loadTokenizer } from './loader.ts';
import { swapForTrl } from './trl/swap.ts';

interface Loaded {
  readonly engine: Engine;
  readonly resolved: Resolved;
  /** Of the template for rows without tools; null where there is none. */
  readonly templateSource: string | null;
}

/** A large tokenizer takes a quarter of a gigabyte, in each worker. */
const MOST: Bounds = { engines: 8, tokenizers: 3 };

interface Used {
  readonly tokenizer: string;
  readonly loaded: Promise<Loaded>;
}

/** Engines by settings: tokenizers stay loaded once, however many settings use them; the latest few stay. */
export class Engines {
  readonly #assets: string;
  readonly #bundles = new Map<string, Promise<TokenizerBundle>>();
  /** The last used last. */
  readonly #engines = new Map<string, Used>();

  constructor(assets: string) {
    this.#assets = assets;
  }

  /** Never refuses: what cannot be loaded is replaced by the bundled default, and `resolved.problems` says why. */
  get(settings: Settings): Promise<Loaded> {
    const key = JSON.stringify(settings);
    const known = this.#engines.get(key);
    const used = known ?? { tokenizer: tokenizerKey(settings), loaded: this.#load(settings) };
    this.#engines.delete(key);
    this.#engines.set(key, used);
    if (known === undefined) this.#forgetOld();
    return used.loaded;
  }

  /** Settings (as JSON) whose engines are loaded. */
  get prepared(): readonly string[] {
    return [...this.#engines.keys()];
  }

  clear(): void {
    this.#bundles.clear();
    this.#engines.clear();
  }

  async #load(settings: Settings): Promise<Loaded> {
    const problems: string[] = [];
    const bundle = await this.#bundle(settings.tokenizer, settings.tokenizerClass).catch((error: unknown) => {
      problems.push(sentence(error));
      return this.#bundle(DEFAULT_TOKENIZER);
    });
    const own = await loadTemplate(settings, bundle).catch((error: unknown) => {
      problems.push(sentence(error));
      return { name: settings.tokenizer, byKind: bundle.chatTemplates };
    });
    const { sources, note } = await swapForTrl(own, settings);
    const engine = makeEngine(bundle, sources, settings);
    let hasGeneration = false;
    try {
      hasGeneration = engine.templateFor(false).hasGeneration;
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      // Without any template only chats cannot be rendered: those rows say so, others are fine.
      if (Object.keys(sources.byKind).length > 0) problems.push(error.message);
    }
    return {
      engine,
      templateSource: pickTemplate(own.byKind, false),
      resolved: {
        tokenizer: bundle.tokenizer.id,
        hub: null,
        chatTemplate: sources.name,
        hasGeneration,
        specialTokens: bundle.specialTokens,
        problems,
        notices: bundle.notices ?? [],
        offeredClass: bundle.offeredClass ?? null,
        maskNote: note ?? resolveMask(settings.mask).tool?.ownText ?? null,
      },
    };
  }

  #forgetOld(): void {
    const used = [...this.#engines].map(([key, { tokenizer }]) => [key, tokenizer] as const);
    const kept = keptOf(used, MOST);
    for (const [key] of used) if (!kept.has(key)) this.#engines.delete(key);
    const tokenizers = new Set([...this.#engines.values()].map(({ tokenizer }) => tokenizer));
    for (const key of this.#bundles.keys()) if (!tokenizers.has(key) && key !== STAND_IN) this.#bundles.delete(key);
  }

  #bundle(id: string, tokenizerClass?: TokenizerClass): Promise<TokenizerBundle> {
    const key = bundleKey(id, tokenizerClass);
    let bundle = this.#bundles.get(key);
    if (!bundle) {
      bundle = loadTokenizer(id, this.#assets, tokenizerClass);
      this.#bundles.set(key, bundle);
      bundle.catch(() => this.#bundles.delete(key));
    }
    return bundle;
  }
}

const bundleKey = (id: string, tokenizerClass: TokenizerClass | undefined): string =>
  JSON.stringify([id, tokenizerClass ?? 'file']);
const tokenizerKey = ({ tokenizer, tokenizerClass }: Settings): string => bundleKey(tokenizer, tokenizerClass);
/** Small, and what others fall back to. */
const STAND_IN = bundleKey(DEFAULT_TOKENIZER, undefined);

function sentence(error: unknown): string {
  if (error instanceof LoadError) return error.message;
  throw error;
}
