import { type Disposable, Uri, ViewColumn, type WebviewPanel, window } from 'vscode';
import { RUN_VIEW_TYPE } from '../contributions.ts';
import { webviewFolder } from '../inspector-html.ts';
import type { FollowedRun } from './followed-run.ts';
import { type PanelParts, RunPanel } from './run-panel.ts';

/** The open dashboards: one for each run, and at most one that waits for a first run. */
export class RunPanels {
  readonly #parts: PanelParts;
  readonly #panels = new Set<RunPanel>();

  /** Dashboards whose run was not known yet when they were restored. */
  readonly #wanted = new Map<RunPanel, string>();
  readonly #listening: Disposable;

  constructor(parts: PanelParts) {
    this.#parts = parts;
    this.#listening = parts.manager.onDidChangeRuns(() => {
      for (const [panel, id] of this.#wanted) {
        const run = parts.manager.get(id);
        if (run === undefined) continue;
        this.#wanted.delete(panel);
        if (panel.run === null) panel.run = run;
      }
    });
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
    const run = typeof id === 'string' ? this.#parts.manager.get(id) : undefined;
    const adopted = this.#adopt(panel, run ?? null);
    if (run === undefined && typeof id === 'string') this.#wanted.set(adopted, id);
  }

  /** The run is gone: so is its dashboard. */
  close(run: FollowedRun): void {
    for (const panel of [...this.#panels]) if (panel.run === run) panel.dispose();
  }

  dispose(): void {
    this.#listening.dispose();
    for (const panel of [...this.#panels]) panel.dispose();
  }

  #options() {
    return { enableScripts: true, localResourceRoots: [webviewFolder(this.#parts.extensionUri)] };
  }

  #adopt(panel: WebviewPanel, run: FollowedRun | null): RunPanel {
    const adopted = new RunPanel(panel, run, this.#parts);
    panel.iconPath = Uri.joinPath(this.#parts.extensionUri, 'media', 'runs.svg');
    this.#panels.add(adopted);
    panel.onDidDispose(() => {
      this.#panels.delete(adopted);
      this.#wanted.delete(adopted);
      adopted.dispose();
    });
    return adopted;
  }
}
