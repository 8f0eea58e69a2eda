import { Uri, ViewColumn, type WebviewPanel, window } from 'vscode';
import { RUN_VIEW_TYPE } from '../contributions.ts';
import { webviewFolder } from '../inspector-html.ts';
import type { FollowedRun } from './followed-run.ts';
import { type PanelParts, RunPanel } from './run-panel.ts';

/** The open dashboards: one for each run, and at most one that waits for a first run. */
export class RunPanels {
  readonly #parts: PanelParts;
  readonly #panels = new Set<RunPanel>();

  constructor(parts: PanelParts) {
    this.#parts = parts;
  }

  /** The runs whose dashboards are open. */
  get open(): readonly (FollowedRun | null)[] {
    return [...this.#panels].map(({ run }) => run);
  }

  show(run: FollowedRun | null): void {
    const panels = [...this.#panels];
    const known = panels.find((panel) => panel.run === run) ?? panels.find((panel) => panel.run === null);
    if (known === undefined) {
      this.#adopt(
        window.createWebviewPanel(
          RUN_VIEW_TYPE,
          'Run dashboard',
          { viewColumn: ViewColumn.Active, preserveFocus: false },
          this.#options(),
        ),
        run,
      );
      return;
    }
    if (known.run !== run) known.run = run;
    known.reveal();
  }

  /** After a reload: the page kept which run it showed. */
  restore(panel: WebviewPanel, state: unknown): void {
    panel.webview.options = this.#options();
    const id = typeof state === 'object' && state !== null && 'id' in state ? state.id : null;
    this.#adopt(panel, (typeof id === 'string' ? this.#parts.manager.get(id) : undefined) ?? null);
  }

  /** The run is gone: so is its dashboard. */
  close(run: FollowedRun): void {
    for (const panel of [...this.#panels]) if (panel.run === run) panel.dispose();
  }

  dispose(): void {
    for (const panel of [...this.#panels]) panel.dispose();
  }

  #options() {
    return { enableScripts: true, localResourceRoots: [webviewFolder(this.#parts.extensionUri)] };
  }

  #adopt(panel: WebviewPanel, run: FollowedRun | null): void {
    const adopted = new RunPanel(panel, run, this.#parts);
    panel.iconPath = Uri.joinPath(this.#parts.extensionUri, 'media', 'runs.svg');
    this.#panels.add(adopted);
    panel.onDidDispose(() => {
      this.#panels.delete(adopted);
      adopted.dispose();
    });
  }
}
