import { languages, Uri, type WebviewPanel, workspace } from 'vscode';
import type { RunsReport } from '../api.ts';
import { type RunCommandId, SETTINGS } from '../contributions.ts';
import { Disposables } from '../disposables.ts';
import { createRunner } from './engine.ts';
import { ImportedRuns } from './imported-runs.ts';
import type { RunsHost } from './parts.ts';
import { RunActions } from './run-actions.ts';
import { runCommand } from './run-commands.ts';
import { RunDocuments } from './run-documents.ts';
import { RunManager } from './run-manager.ts';
import { tellEnds } from './run-notices.ts';
import { RunPanels } from './run-panels.ts';
import { reportOf } from './run-report.ts';
import { RunStatusBar } from './run-status-bar.ts';
import { RunStore } from './run-store.ts';
import { RunTree } from './run-tree.ts';
import { SpecCompletion } from './spec-completion.ts';
import { SpecDiagnostics } from './spec-diagnostics.ts';
import { specFacts } from './spec-facts.ts';
import { SPEC_SELECTOR } from './spec-files.ts';
import { SpecLens } from './spec-lens.ts';
import { Targets } from './targets.ts';

/** Training runs, once they are loaded. */
export interface RunsFeature {
  readonly tree: Pick<RunTree, 'getChildren' | 'getTreeItem' | 'onDidChangeTreeData'>;
  command(id: RunCommandId, args: readonly unknown[]): Promise<unknown>;
  /** A dashboard that a reload left behind. */
  restore(panel: WebviewPanel, state: unknown): void;
  report(): RunsReport;
  dispose(): void;
}

export function startRuns(host: RunsHost): RunsFeature {
  const owned = new Disposables();
  const own = <T extends { dispose(): unknown }>(part: T): T => owned.add(part);
  const targets = new Targets(host.storage, host.log);
  const manager = own(
    new RunManager({
      store: new RunStore(host.context.globalState),
      targets,
      cache: Uri.joinPath(host.storage, 'past-runs').fsPath,
      log: host.log,
      createRunner: (target) => createRunner(host, target),
    }),
  );
  const documents = own(new RunDocuments());
  const imported = new ImportedRuns(host.context.globalState, manager);
  const actions: RunActions = new RunActions({
    host,
    manager,
    documents,
    imported,
    show: (run) => panels.show(run),
    close: (run) => panels.close(run),
  });
  const panels = own(new RunPanels({ extensionUri: host.extensionUri, manager, actions }));
  const tree = own(new RunTree(manager, host.view));
  const statusBar = own(new RunStatusBar(manager));
  own(tellEnds(manager));

  const diagnostics = own(new SpecDiagnostics((uri, text, spec) => specFacts({ host, targets }, uri, text, spec)));
  own(
    workspace.onDidChangeConfiguration(
      (event) => event.affectsConfiguration(SETTINGS.targets) && diagnostics.refresh(),
    ),
  );
  own(languages.registerCodeActionsProvider(SPEC_SELECTOR, diagnostics));
  own(languages.registerCodeLensProvider(SPEC_SELECTOR, own(new SpecLens(manager))));
  own(languages.registerCompletionItemProvider(SPEC_SELECTOR, new SpecCompletion(manager, targets), '"', ':'));
  void manager.discover([targets.local]);
  void imported.restore();

  return {
    tree,
    report: () => reportOf(manager, panels, statusBar, tree),
    command: (id, args) => runCommand({ host, manager, targets, actions, panels, documents, imported }, id, args),
    restore: (panel, state) => panels.restore(panel, state),
    dispose: () => owned.dispose(),
  };
}
