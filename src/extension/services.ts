import { availableParallelism } from 'node:os';
import { type ExtensionContext, Uri } from 'vscode';
import type { LensService } from '../core/service-types.ts';
import { withHub } from '../node/hub/hub-service.ts';
import { createService } from '../node/service.ts';
import { withTrl } from '../node/trl/with-trl.ts';
import { SETTINGS } from './contributions.ts';
import { readSetting } from './editor-api.ts';
import { trlTemplates } from './found-trl.ts';
import type { HubTokenizers } from './hub/hub-tokenizers.ts';

/** The analysis: started when first needed, so that opening a window costs nothing. */
export class Services {
  readonly #context: ExtensionContext;
  readonly #hub: HubTokenizers;
  #service: LensService | undefined;

  constructor(context: ExtensionContext, hub: HubTokenizers) {
    this.#context = context;
    this.#hub = hub;
  }

  get(): LensService {
    const path = (...segments: string[]): string => Uri.joinPath(this.#context.extensionUri, ...segments).fsPath;
    const threads = readSetting(SETTINGS.threads);
    return (this.#service ??= withTrl(
      withHub(
        createService({
          worker: path('dist', 'worker.cjs'),
          assets: path('dist', 'assets'),
          ...(threads > 0 ? { threads } : ofThisMachine()),
        }),
        (id) => this.#hub.locate(id),
      ),
      trlTemplates,
    ));
  }

  /** Ends the workers; the next `get` starts fresh ones. */
  restart(): void {
    this.#service?.dispose();
    this.#service = undefined;
  }

  async reload(): Promise<void> {
    await this.#service?.reload();
  }

  dispose(): void {
    this.restart();
  }
}

/** Background work leaves one processor to the editor, and one worker to the row that a person looks at. */
function ofThisMachine(): { threads: number; background: number } {
  const threads = Math.min(4, availableParallelism());
  return { threads, background: Math.max(1, threads - 1) };
}
