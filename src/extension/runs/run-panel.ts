import { type Disposable, Uri, type WebviewPanel, window, workspace } from 'vscode';
import type { Channel, Handlers } from '../../core/channel.ts';
import type { RunEventMessage, RunRequests } from '../../core/run-protocol.ts';
import { RUN_FILES, type RunManifest } from '../../core/runs/folder.ts';
import type { SeriesCursor } from '../../core/runs/series.ts';
import { Disposables } from '../disposables.ts';
import { pageHtml } from '../inspector-html.ts';
import { pageChannel } from '../page-channel.ts';
import { Throttled } from '../timing.ts';
import { compareView } from './compare-view.ts';
import type { FollowedRun } from './followed-run.ts';
import { openAllRows, openLine } from './open-rows.ts';
import { overlayOf } from './overlays.ts';
import type { RunActions } from './run-actions.ts';
import { headOf } from './run-head.ts';
import type { RunManager } from './run-manager.ts';
import { stepDetail } from './step-rows.ts';

/** Milliseconds between two messages of new points; a person sees no difference below. */
const DRAW_INTERVAL = 200;
const LOG_INTERVAL = 1000;
/** The time left is said anew even while nothing arrives. */
const HEAD_INTERVAL = 5000;

type Requests = RunRequests;
type RunChannel = Channel<Record<string, never>, RunEventMessage, Requests, never>;

export interface PanelParts {
  readonly extensionUri: Uri;
  readonly manager: RunManager;
  readonly actions: RunActions;
}

/** One dashboard and its conversation with the page. Null: there is no run to show yet. */
export class RunPanel {
  readonly #panel: WebviewPanel;
  readonly #parts: PanelParts;
  readonly #owned = new Disposables();
  readonly #channel: RunChannel;
  readonly #drawing = this.#owned.add(new Throttled(() => this.#draw(), DRAW_INTERVAL));
  readonly #logging = this.#owned.add(new Throttled(() => this.#sendLog(), LOG_INTERVAL));
  readonly #ofRun = this.#owned.add(new Slot());
  readonly #watching = this.#owned.add(new Slot());
  #run: FollowedRun | null;
  #cursor: SeriesCursor | null = null;
  #ready = false;
  #wantsLog = false;
  #overlays: readonly string[] = [];
  #compared: string | null = null;

  constructor(panel: WebviewPanel, run: FollowedRun | null, parts: PanelParts) {
    this.#panel = panel;
    this.#parts = parts;
    this.#run = run;
    this.#channel = pageChannel<Requests, RunEventMessage>(panel, this.#owned, this.#handlers());
    const own = (disposable: Disposable): Disposable => this.#owned.add(disposable);
    own(panel.onDidChangeViewState(() => this.#viewState()));
    own(workspace.onDidGrantWorkspaceTrust(() => this.#drawing.schedule()));
    const ticking = setInterval(() => this.#ready && this.#sendHead(), HEAD_INTERVAL);
    own({ dispose: () => clearInterval(ticking) });
    panel.webview.html = pageHtml(panel.webview, parts.extensionUri, 'run', 'Run dashboard');
    this.#follow();
  }

  get run(): FollowedRun | null {
    return this.#run;
  }

  /** Shows another run: what had none gets its first. */
  set run(run: FollowedRun | null) {
    this.#run = run;
    this.#overlays = [];
    this.#follow();
    this.#begin();
  }

  reveal(): void {
    this.#panel.reveal(undefined, false);
  }

  dispose(): void {
    this.#cursor?.dispose();
    this.#owned.dispose();
    this.#panel.dispose();
  }

  #follow(): void {
    const run = this.#run;
    this.#panel.title = run === null ? 'Run dashboard' : run.record.name;
    this.#ofRun.set(
      run?.onDidChange((change) => {
        if (change === 'log') this.#logging.schedule();
        else if (change === 'status') this.#sendHead();
        else this.#drawing.schedule();
      }) ?? null,
    );
    this.#viewState();
  }

  #viewState(): void {
    const { visible } = this.#panel;
    // A hidden webview is destroyed; it says ready again when it is shown.
    if (!visible) this.#ready = false;
    this.#watching.set(visible ? (this.#run?.watch() ?? null) : null);
  }

  #handlers(): Handlers<Requests> {
    return {
      ready: () => {
        this.#ready = true;
        this.#begin();
        return null;
      },
      command: async ({ command, argument }) => {
        await this.#parts.actions.run(command, this.#run, argument);
        return null;
      },
      step: async ({ step }) => {
        const run = this.#shown();
        return stepDetail(run, step, await this.#manifest(run));
      },
      openRows: async ({ step, line }) => {
        const run = this.#shown();
        if (line !== null) await openLine(this.#parts.actions.host, run.record.trainPath, line, true);
        else void openAllRows(this.#parts.actions.host, run, step);
        return null;
      },
      openLine: async ({ split, line }) => {
        const { record } = this.#shown();
        // A share of the training rows that is held out stands in the training file.
        const path = split === 'eval' ? (record.evalPath ?? record.trainPath) : record.trainPath;
        await openLine(this.#parts.actions.host, path, line, true);
        return null;
      },
      runs: () =>
        this.#parts.manager.all
          .filter((run) => run !== this.#run)
          .map(({ id, record, status }) => ({ id, name: record.name, state: status.state })),
      overlay: async ({ ids }) => {
        this.#overlays = ids;
        await this.#sendOverlays();
        return null;
      },
      compareSpecs: async ({ id }) => {
        const other = this.#parts.manager.get(id);
        if (other === undefined) throw new Error('That run is not known any more.');
        await this.#parts.actions.diffSpecs(this.#shown(), other);
        return null;
      },
      save: async (file) => {
        await save(file);
        return null;
      },
      wantLog: async ({ on }) => {
        this.#wantsLog = on;
        if (on) await this.#firstLog();
        return null;
      },
    };
  }

  /** Everything, for a page that has nothing. */
  #begin(): void {
    if (!this.#ready) return;
    const run = this.#run;
    this.#cursor?.dispose();
    this.#cursor = null;
    this.#compared = null;
    if (run === null) {
      this.#channel.send({
        type: 'empty',
        dataset: this.#parts.actions.openDataset,
        restricted: !workspace.isTrusted,
      });
      return;
    }
    this.#cursor = run.events.reducer.cursor();
    this.#sendHead();
    this.#drawing.now();
    void this.#sendOverlays();
    if (this.#wantsLog) void this.#firstLog();
    void run.load().then(() => this.#drawing.schedule());
  }

  #draw(): void {
    const run = this.#run;
    if (!this.#ready || run === null) return;
    this.#sendHead();
    const points = this.#cursor?.take();
    if (points !== null && points !== undefined) {
      const { whole, from, series } = points;
      this.#channel.send(whole ? { type: 'series', id: run.id, series } : { type: 'append', id: run.id, from, series });
    }
    void this.#sendComparison(run);
  }

  #sendHead(): void {
    if (this.#ready && this.#run !== null) this.#channel.send({ type: 'head', head: headOf(this.#run) });
  }

  #sendLog(): void {
    if (this.#ready && this.#wantsLog && this.#run !== null)
      this.#channel.send({ type: 'log', lines: this.#run.logLines });
  }

  /** Of a run that is over nothing arrives any more: its log is read once. */
  async #firstLog(): Promise<void> {
    const run = this.#run;
    if (run !== null && run.logLines.length === 0) await this.#parts.actions.readLog(run).catch(() => undefined);
    this.#sendLog();
  }

  async #sendOverlays(): Promise<void> {
    const run = this.#run;
    if (!this.#ready || run === null || this.#overlays.length === 0) {
      if (this.#ready) this.#channel.send({ type: 'overlays', overlays: [] });
      return;
    }
    const others = this.#overlays.map((id) => this.#parts.manager.get(id)).filter((other) => other !== undefined);
    await Promise.all(others.map((other) => other.load()));
    if (run === this.#run)
      this.#channel.send({ type: 'overlays', overlays: others.map((other) => overlayOf(run, other)) });
  }

  /** Read again when another evaluation or comparison came, and at the end. */
  async #sendComparison(run: FollowedRun): Promise<void> {
    const { compare, evals } = run.events.facts;
    if (!run.mayBeCompared && evals.length === 0) return;
    const key = [compare?.seq, evals.at(-1)?.seq, run.comparisons, run.over].join();
    if (key === this.#compared) return;
    this.#compared = key;
    try {
      const runner = await this.#parts.actions.runnerOf(run);
      const view =
        runner === null ? null : await compareView(run, runner, (ids) => this.#parts.actions.decode(run, ids));
      if (this.#run === run && this.#ready) this.#channel.send({ type: 'compare', view });
    } catch {
      // The target does not answer; the state says so, and the next evaluation asks again.
      this.#compared = null;
    }
  }

  async #manifest(run: FollowedRun): Promise<RunManifest | null> {
    try {
      const runner = await this.#parts.actions.runnerOf(run);
      const bytes = await runner?.read(run.record, RUN_FILES.manifest);
      return bytes ? (JSON.parse(new TextDecoder().decode(bytes)) as RunManifest) : null;
    } catch {
      return null;
    }
  }

  #shown(): FollowedRun {
    if (this.#run === null) throw new Error('There is no run here.');
    return this.#run;
  }
}

/** Holds one disposable at a time. */
class Slot {
  #held: { dispose(): unknown } | null = null;

  set(held: { dispose(): unknown } | null): void {
    this.#held?.dispose();
    this.#held = held;
  }

  dispose(): void {
    this.set(null);
  }
}

/** The page names the file; where it goes a person says. */
async function save({ kind, name, content }: Requests['save']['request']): Promise<void> {
  const plain = `${name.replace(/\.(csv|png)$/i, '').replaceAll(/[^\w.-]+/g, '-')}.${kind}`;
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const uri = await window.showSaveDialog({
    ...(folder === undefined ? {} : { defaultUri: Uri.joinPath(folder, plain) }),
    filters: kind === 'csv' ? { 'Comma-separated values': ['csv'] } : { Images: ['png'] },
  });
  if (uri === undefined) return;
  await workspace.fs.writeFile(
    uri,
    kind === 'csv' ? new TextEncoder().encode(content) : Buffer.from(content, 'base64'),
  );
}
