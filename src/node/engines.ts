import type { Settings } from '../core/config.ts';
import { type Engine, makeEngine } from '../core/engine.ts';
import type { Resolved } from '../core/service-types.ts';
import { TemplateError } from '../core/template/chat-template.ts';
import { pickTemplate } from '../core/template/pick-template.ts';
import type { TokenizerBundle } from '../core/tokenizer/encoding.ts';
import type { TokenizerClass } from '../core/tokenizer/tokenizer-class.ts';
import { DEFAULT_TOKENIZER, LoadError, loadTemplate, loadTokenizer } from './loader.ts';
import { swapForTrl } from './trl/swap.ts';

interface Loaded {
  readonly engine: Engine;
  readonly resolved: Resolved;
  /** Of the template for rows without tools; null where there is none. */
  readonly templateSource: string | null;
}

const KEPT_ENGINES = 8;

/** Engines by settings: tokenizers stay loaded once, however many settings use them. */
export class Engines {
  readonly #assets: string;
  readonly #bundles = new Map<string, Promise<TokenizerBundle>>();
  readonly #engines = new Map<string, Promise<Loaded>>();

  constructor(assets: string) {
    this.#assets = assets;
  }

  /** Never refuses: what cannot be loaded is replaced by the bundled default, and `resolved.problems` says why. */
  get(settings: Settings): Promise<Loaded> {
    const key = JSON.stringify(settings);
    let loaded = this.#engines.get(key);
    if (!loaded) {
      const oldest = this.#engines.keys().next();
      if (this.#engines.size >= KEPT_ENGINES && !oldest.done) this.#engines.delete(oldest.value);
      this.#engines.set(key, (loaded = this.#load(settings)));
    }
    return loaded;
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
        maskNote: note,
      },
    };
  }

  #bundle(id: string, tokenizerClass?: TokenizerClass): Promise<TokenizerBundle> {
    const key = JSON.stringify([id, tokenizerClass ?? 'file']);
    let bundle = this.#bundles.get(key);
    if (!bundle) {
      bundle = loadTokenizer(id, this.#assets, tokenizerClass);
      this.#bundles.set(key, bundle);
      bundle.catch(() => this.#bundles.delete(key));
    }
    return bundle;
  }
}

function sentence(error: unknown): string {
  if (error instanceof LoadError) return error.message;
  throw error;
}
