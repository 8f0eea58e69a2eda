import { createRequire } from 'node:module';
import {
  type Disposable,
  EventEmitter,
  type TextDocument,
  type TreeItem,
  Uri,
  type WebviewPanel,
  window,
  workspace,
} from 'vscode';
import { CONTEXT_KEYS, RUN_COMMANDS, RUN_VIEW_TYPE, RUNS_VIEW_ID } from '../contributions.ts';
import { Disposables } from '../disposables.ts';
import { registerCommand, setContext } from '../editor-api.ts';
import type { RunsFeature } from './main.ts';
import type { RunsHost } from './parts.ts';
import { hasActive, hasAny } from './run-store.ts';
import type { RunNode } from './run-tree.ts';
import { isSpec } from './spec-files.ts';

/**
 * Training runs before their code is loaded: commands, the view and the dashboards that a reload restores ask for it, and
 * so do an open run spec and a run that goes on.
 */
export class RunsShell {
  readonly #host: RunsHost;
  readonly #owned = new Disposables();
  readonly #treeChanged = this.#owned.add(new EventEmitter<RunNode | undefined>());
  #loaded: Promise<RunsFeature> | null = null;

  constructor(host: Omit<RunsHost, 'view'>) {
    const view = this.#owned.add(
      window.createTreeView<RunNode>(RUNS_VIEW_ID, {
        treeDataProvider: {
          onDidChangeTreeData: this.#treeChanged.event,
          getChildren: async (node) => (await this.load()).tree.getChildren(node),
          getTreeItem: async (node): Promise<TreeItem> => (await this.load()).tree.getTreeItem(node),
        },
      }),
    );
    this.#host = { ...host, view };
    for (const id of RUN_COMMANDS)
      this.#owned.add(registerCommand(id, async (...args) => (await this.load()).command(id, args)));
    this.#owned.add(
      window.registerWebviewPanelSerializer(RUN_VIEW_TYPE, {
        deserializeWebviewPanel: async (panel: WebviewPanel, state: unknown) =>
          (await this.load()).restore(panel, state),
      }),
    );
    const opened = (document: TextDocument): void => {
      if (isSpec(document)) void this.load();
    };
    const listening: Disposable = workspace.onDidOpenTextDocument(opened);
    this.#owned.add(listening);
    workspace.textDocuments.forEach(opened);
    const { globalState } = host.context;
    void setContext(CONTEXT_KEYS.hasRuns, hasAny(globalState));
    if (hasActive(globalState)) void this.load();
  }

  load(): Promise<RunsFeature> {
    return (this.#loaded ??= this.#load());
  }

  dispose(): void {
    void this.#loaded?.then((feature) => feature.dispose());
    this.#owned.dispose();
  }

  async #load(): Promise<RunsFeature> {
    const { extensionUri } = this.#host;
    const path = Uri.joinPath(extensionUri, 'dist', 'runs.cjs').fsPath;
    const { startRuns } = createRequire(import.meta.url)(path) as typeof import('./main.ts');
    const feature = await startRuns(this.#host);
    this.#owned.add(feature.tree.onDidChangeTreeData((node) => this.#treeChanged.fire(node)));
    return feature;
  }
}
