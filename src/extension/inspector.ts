import {
  commands,
  type Disposable,
  Selection,
  type TextEditor,
  Uri,
  ViewColumn,
  type WebviewPanel,
  type WebviewPanelSerializer,
  window,
  workspace,
} from 'vscode';
import type { RowDetail } from '../core/analysis-types.ts';
import type { Channel } from '../core/channel.ts';
import { parseRow } from '../core/jsonl/parse.ts';
import type { MaskChoice } from '../core/mask/row-diff.ts';
import type {
  InspectorDiff,
  InspectorDiffSide,
  InspectorEvent,
  InspectorPickers,
  InspectorRequests,
  InspectorState,
} from '../core/protocol.ts';
import { keepChoice } from './choices.ts';
import { editOf } from './code-actions.ts';
import { configUri, writeConfig } from './config-edit.ts';
import { COMMANDS, CONTEXT_KEYS, INSPECTOR_VIEW_TYPE } from './contributions.ts';
import type { Analysis, DatasetDocument } from './dataset-document.ts';
import type { Datasets } from './datasets.ts';
import type { Details } from './details.ts';
import { listDiffering } from './differing-rows.ts';
import { Disposables } from './disposables.ts';
import { setContext } from './editor-api.ts';
import { FileComparison } from './file-comparison.ts';
import { inspectorHtml, webviewFolder } from './inspector-html.ts';
import { choiceOf, pickersOf } from './inspector-pickers.ts';
import { inspectorRow } from './inspector-row.ts';
import { type MaskOption, maskPair } from './mask-choices.ts';
import { currentRow, editorOf, goToProblem, goToRow, revealRange } from './navigation.ts';
import { pageChannel } from './page-channel.ts';
import type { Services } from './services.ts';
import { Debounced, Throttled } from './timing.ts';
import type { TokenLosses } from './token-losses.ts';

/** Milliseconds between two drawings while the cursor moves. */
const FOLLOW_INTERVAL = 60;
/** Milliseconds between two drawings of a row that did not change itself, while its file is checked. */
const REDRAW_INTERVAL = 1000;
/** Milliseconds until a slow answer is called loading. */
const LOADING_AFTER = 150;

interface Target {
  readonly dataset: DatasetDocument;
  readonly row: number;
}

type InspectorChannel = Channel<Record<string, never>, InspectorEvent, InspectorRequests, never>;

/** The inspector: one panel beside the editor that follows the cursor from file to file. */
export class Inspector implements WebviewPanelSerializer {
  readonly #extensionUri: Uri;
  readonly #datasets: Datasets;
  readonly #details: Details;
  readonly #losses: TokenLosses;
  readonly #services: Services;
  readonly #owned = new Disposables();
  #panel: InspectorPanel | null = null;

  constructor(extensionUri: Uri, datasets: Datasets, details: Details, losses: TokenLosses, services: Services) {
    this.#extensionUri = extensionUri;
    this.#datasets = datasets;
    this.#details = details;
    this.#losses = losses;
    this.#services = services;
    this.#owned.add(window.registerWebviewPanelSerializer(INSPECTOR_VIEW_TYPE, this));
  }

  /** What the open inspector shows. */
  get dataset(): DatasetDocument | undefined {
    return this.#panel?.target?.dataset;
  }

  async show(dataset: DatasetDocument, row: number): Promise<void> {
    const panel = this.#panel ?? this.#adopt(this.#create());
    panel.target = { dataset, row };
    panel.reveal();
  }

  /** The row under two masks. */
  async compare(dataset: DatasetDocument, row: number): Promise<void> {
    await this.show(dataset, row);
    this.#panel?.openDiff();
  }

  async deserializeWebviewPanel(panel: WebviewPanel): Promise<void> {
    panel.webview.options = this.#options();
    const adopted = this.#adopt(panel);
    const dataset = this.#datasets.active;
    if (dataset !== undefined) adopted.target = { dataset, row: currentRow(dataset) };
  }

  dispose(): void {
    this.#panel?.dispose();
    this.#owned.dispose();
  }

  #options() {
    return { enableScripts: true, localResourceRoots: [webviewFolder(this.#extensionUri)] };
  }

  #create(): WebviewPanel {
    return window.createWebviewPanel(
      INSPECTOR_VIEW_TYPE,
      'Row inspector',
      { viewColumn: ViewColumn.Beside, preserveFocus: true },
      this.#options(),
    );
  }

  #adopt(panel: WebviewPanel): InspectorPanel {
    this.#panel?.dispose();
    const adopted = new InspectorPanel(
      panel,
      this.#extensionUri,
      this.#datasets,
      this.#details,
      this.#losses,
      this.#services,
    );
    this.#panel = adopted;
    panel.onDidDispose(() => {
      if (this.#panel === adopted) this.#panel = null;
      adopted.dispose();
    });
    return adopted;
  }
}

/** One open panel and its conversation with the webview. */
class InspectorPanel {
  readonly #panel: WebviewPanel;
  readonly #datasets: Datasets;
  readonly #details: Details;
  readonly #losses: TokenLosses;
  readonly #services: Services;
  readonly #comparison: FileComparison;
  readonly #owned = new Disposables();
  readonly #channel: InspectorChannel;
  readonly #following = this.#owned.add(new Throttled(() => this.#followCursor(), FOLLOW_INTERVAL));
  readonly #drawing = this.#owned.add(new Throttled(() => void this.#draw(), FOLLOW_INTERVAL));
  /** What is said about the row as part of the file (duplicates, number of rows) may be a little late. */
  readonly #redrawing = this.#owned.add(new Throttled(() => void this.#draw(), REDRAW_INTERVAL));
  readonly #loading = this.#owned.add(new Debounced(() => this.#state({ kind: 'loading', what: 'Reading the row' })));
  #target: Target | null = null;
  #ready = false;
  /** The webview is to show the Diff view when it is there. */
  #wantsDiff = false;
  #follow = true;
  #drawn = 0;
  #pickers: { readonly analysis: Analysis; readonly options: InspectorPickers } | null = null;
  /** What was drawn last. */
  #last: { readonly analysis: Analysis; readonly text: string | null } | null = null;
  /** The last detail that could be read, and of which row. */
  #good: { readonly target: Target; readonly detail: RowDetail } | null = null;

  constructor(
    panel: WebviewPanel,
    extensionUri: Uri,
    datasets: Datasets,
    details: Details,
    losses: TokenLosses,
    services: Services,
  ) {
    this.#panel = panel;
    this.#services = services;
    this.#comparison = this.#owned.add(
      new FileComparison(services, (diff) => {
        if (this.#ready) this.#channel.send({ type: 'file-diff', diff });
      }),
    );
    this.#datasets = datasets;
    this.#details = details;
    this.#losses = losses;
    this.#channel = pageChannel<InspectorRequests, InspectorEvent>(panel, this.#owned, this.#handlers());
    const own = (disposable: Disposable): Disposable => this.#owned.add(disposable);
    own(panel.onDidChangeViewState(() => this.#viewState()));
    own(window.onDidChangeTextEditorSelection(({ textEditor }) => this.#moved(textEditor)));
    own(window.onDidChangeActiveTextEditor((editor) => editor && this.#moved(editor)));
    own(
      datasets.onDidChange((dataset) => {
        if (dataset === this.#target?.dataset) this.#changed(dataset);
        else if (this.#target === null) this.#following.schedule();
      }),
    );
    own(workspace.onDidGrantWorkspaceTrust(() => this.#drawing.schedule()));
    own(losses.onDidChange(() => this.#drawing.schedule()));
    panel.webview.html = inspectorHtml(panel.webview, extensionUri);
  }

  get target(): Target | null {
    return this.#target;
  }

  set target(target: Target | null) {
    this.#target = target;
    this.#drawing.now();
  }

  openDiff(): void {
    this.#wantsDiff = true;
    this.#sendTab();
  }

  #sendTab(): void {
    if (!this.#ready || !this.#wantsDiff) return;
    this.#wantsDiff = false;
    this.#channel.send({ type: 'tab', tab: 'diff' });
  }

  reveal(): void {
    if (!this.#panel.visible) this.#panel.reveal(undefined, true);
  }

  dispose(): void {
    void setContext(CONTEXT_KEYS.inspectorActive, false);
    this.#owned.dispose();
    this.#panel.dispose();
  }

  /** The webview's requests. What they name is looked up here: nothing from there is used as it comes. */
  #handlers(): ConstructorParameters<
    typeof Channel<Record<string, never>, InspectorEvent, InspectorRequests, never>
  >[1] {
    return {
      ready: () => {
        this.#ready = true;
        this.#sendTab();
        this.#drawing.now();
        return null;
      },
      pick: async ({ picker, value }) => {
        const dataset = this.#dataset();
        const pickers = this.#pickers?.options;
        const choice = pickers === undefined ? undefined : choiceOf(picker, value, pickers);
        const analysis = dataset.analysis;
        if (choice === undefined || analysis === null) throw new Error('That cannot be chosen here.');
        await keepChoice(dataset.document.uri, analysis.project, choice.key, choice.value);
        return null;
      },
      reveal: async ({ pointer, range, focus }) => {
        const { dataset, row } = this.#at();
        const parsed = parseRow(dataset.rows.text(row));
        const place = (range === null ? null : parsed.within(pointer, range)) ?? parsed.locate(pointer);
        if (place === null) throw new Error('That place is not in the row any more.');
        await revealRange(dataset, row, place, focus);
        return null;
      },
      revealProblem: async ({ index }) => {
        const { dataset, row } = this.#at();
        await revealRange(dataset, row, this.#problem(index).range, true);
        return null;
      },
      applyFix: async ({ index, fix: number }) => {
        const { dataset, row } = this.#at();
        const fix = this.#problem(index).fixes?.[number];
        if (fix === undefined) throw new Error('The row has changed since.');
        if (fix.scope === 'config') {
          const uri = configUri(dataset.document.uri, dataset.analysis?.project.configPath ?? null);
          await writeConfig(uri, fix.key.split('.'), fix.value);
        } else if (!(await workspace.applyEdit(editOf(dataset, [{ row, fix }])))) {
          throw new Error('The file cannot be changed.');
        }
        return null;
      },
      go: async ({ to }) => {
        await this.#go(to);
        return null;
      },
      diff: ({ first, second }) => this.#diff(first, second),
      fileDiff: async ({ what }) => {
        await this.#fileDiff(what);
        return null;
      },
      follow: ({ on }) => {
        this.#follow = on;
        if (on) this.#following.now();
        return null;
      },
      command: async ({ command, argument }) => {
        await this.#command(command, argument);
        return null;
      },
    };
  }

  /** The row under two masks, and in the background the file. */
  async #diff(first: string | null, second: string | null): Promise<InspectorDiff> {
    const { dataset, row } = this.#at();
    const { analysis } = dataset;
    if (analysis === null) throw new Error('The file is read again. Wait a moment, then open the view again.');
    const { settings } = analysis.project;
    const pair = maskPair(settings.mask, first, second);
    const side = async (option: MaskOption, { mask, intended }: MaskChoice): Promise<InspectorDiffSide> => {
      const own = mask === settings.mask ? await this.#details.of(dataset, row) : null;
      const { parts } =
        own ?? (await this.#services.get().detail(dataset.rows.text(row), { ...settings, mask }, analysis.format));
      return {
        value: option.value,
        name: option.mask === null ? null : option.label,
        parts: parts.map((part) => (intended ? { ...part, trained: part.intended ?? part.trained } : part)),
      };
    };
    const sides = await Promise.all([side(pair.first, pair.sides[0]), side(pair.second, pair.sides[1])]);
    void this.#comparison.count(dataset, pair);
    return {
      options: pair.options.map(({ value, label }) => ({ value, label })),
      first: sides[0],
      second: sides[1],
    };
  }

  async #fileDiff(what: InspectorRequests['fileDiff']['request']['what']): Promise<void> {
    const comparison = this.#comparison;
    switch (what) {
      case 'stop':
      case 'leave':
        comparison.stop();
        return;
      case 'continue':
        void comparison.resume();
        return;
      case 'list': {
        const { dataset } = this.#at();
        if (comparison.pair === null) return;
        await listDiffering(dataset, comparison.pair, comparison.differing, (row) => {
          this.target = { dataset, row };
        });
      }
    }
  }

  async #go(to: InspectorRequests['go']['request']['to']): Promise<void> {
    const { dataset, row } = this.#at();
    switch (to) {
      case 'editor':
        await editorOf(dataset.document.uri, true);
        return;
      case 'next-problem':
      case 'previous-problem':
        await goToProblem(dataset, to === 'next-problem' ? 1 : -1, false);
        this.target = { dataset, row: currentRow(dataset) };
        return;
      case 'next-row':
      case 'previous-row': {
        const next = Math.max(0, Math.min(dataset.rows.count - 1, row + (to === 'next-row' ? 1 : -1)));
        this.target = { dataset, row: next };
        if (this.#follow) await goToRow(dataset, next, false);
      }
    }
  }

  async #command(command: InspectorRequests['command']['request']['command'], argument?: string): Promise<void> {
    switch (command) {
      case 'open-samples':
        await commands.executeCommand(COMMANDS.openSamples);
        return;
      case 'manage-trust':
        await commands.executeCommand('workbench.trust.manage');
        return;
      case 'show-check':
        await commands.executeCommand(COMMANDS.showCheckDocumentation, argument);
        return;
      case 'open-template':
        await this.#openTemplate(Number(argument));
        return;
      case 'show-loss':
        await commands.executeCommand(COMMANDS.showTokenLoss);
        return;
      case 'hide-loss':
        this.#losses.hide();
    }
  }

  /** The template's own file; a tokenizer's template may also stand inside tokenizer_config.json. */
  async #openTemplate(line: number): Promise<void> {
    const { analysis, resolved } = this.#dataset();
    if (analysis === null) return;
    const { chatTemplate, tokenizer } = analysis.project.settings;
    const folder = resolved?.hub?.folder ?? tokenizer;
    const paths =
      chatTemplate === null
        ? ['chat_template.jinja', 'tokenizer_config.json', 'chat_template.json'].map((file) => `${folder}/${file}`)
        : [chatTemplate];
    for (const path of paths.filter((name) => !name.startsWith('bundled:'))) {
      try {
        const document = await workspace.openTextDocument(Uri.file(path));
        const editor = await window.showTextDocument(document, { viewColumn: ViewColumn.One });
        if (Number.isInteger(line) && line > 0 && path.endsWith('.jinja')) {
          const range = document.lineAt(Math.min(line, document.lineCount) - 1).range;
          editor.revealRange(range);
          editor.selection = new Selection(range.start, range.end);
        }
        return;
      } catch {
        // The next place.
      }
    }
    throw new Error('A bundled template is part of the extension and has no file to open.');
  }

  #viewState(): void {
    void setContext(CONTEXT_KEYS.inspectorActive, this.#panel.active);
    // A hidden webview is destroyed; it says ready again when it is shown.
    if (!this.#panel.visible) this.#ready = false;
  }

  #moved(editor: TextEditor): void {
    if (this.#follow && this.#datasets.get(editor.document.uri) !== undefined) this.#following.schedule();
  }

  #followCursor(): void {
    if (!this.#follow) return;
    const dataset =
      this.#datasets.active ?? (this.#target === null ? undefined : this.#stillOpen(this.#target.dataset));
    if (dataset === undefined) return;
    const row = currentRow(dataset);
    if (dataset !== this.#target?.dataset || row !== this.#target.row) this.target = { dataset, row };
    this.#sendCursor();
  }

  #stillOpen(dataset: DatasetDocument): DatasetDocument | undefined {
    return this.#datasets.get(dataset.document.uri) === dataset ? dataset : undefined;
  }

  #changed(dataset: DatasetDocument): void {
    if (this.#stillOpen(dataset) === undefined) {
      this.target = null;
      return;
    }
    const drawn = this.#last;
    const same = drawn !== null && drawn.analysis === dataset.analysis && drawn.text === this.#text();
    (same ? this.#redrawing : this.#drawing).schedule();
  }

  #text(): string | null {
    const target = this.#target;
    return target === null || target.row >= target.dataset.rows.count ? null : target.dataset.rows.text(target.row);
  }

  async #draw(): Promise<void> {
    const target = this.#target;
    if (!this.#ready) return;
    if (target === null) return this.#state({ kind: 'empty' });
    const turn = ++this.#drawn;
    const { dataset, row } = target;
    if (dataset.state.kind === 'failed') return this.#state({ kind: 'error', message: dataset.state.message });
    const { analysis } = dataset;
    if (analysis === null) return this.#state({ kind: 'loading', what: 'Loading the tokenizer' });
    this.#loading.schedule(LOADING_AFTER);
    try {
      const [detail, pickers] = await Promise.all([this.#details.of(dataset, row), this.#pickersOf(analysis)]);
      if (turn !== this.#drawn || !this.#ready) return;
      this.#loading.dispose();
      if (detail === null) return this.#state({ kind: 'empty' });
      const loss = await this.#losses.of(dataset, row, detail);
      if (turn !== this.#drawn || !this.#ready) return;
      const good = this.#good?.target.dataset === dataset && this.#good.target.row === row ? this.#good.detail : null;
      const drawn = inspectorRow(dataset, analysis, row, detail, good, loss);
      if (drawn.excerpt === null) this.#good = { target, detail };
      this.#last = { analysis, text: this.#text() };
      this.#channel.send({ type: 'row', row: drawn, pickers, follow: this.#follow });
      this.#state({ kind: 'ready' });
      this.#sendCursor();
    } catch (error) {
      if (turn !== this.#drawn) return;
      this.#loading.dispose();
      this.#state({ kind: 'error', message: error instanceof Error ? error.message : String(error) });
    }
  }

  /** Finding the workspace's models takes a search: once for each change of the settings. */
  async #pickersOf(analysis: Analysis): Promise<InspectorPickers> {
    if (this.#pickers?.analysis !== analysis) this.#pickers = { analysis, options: await pickersOf(analysis) };
    return this.#pickers.options;
  }

  #sendCursor(): void {
    if (!this.#ready || this.#target === null) return;
    const { dataset, row } = this.#target;
    const editor = window.visibleTextEditors.find(({ document }) => document === dataset.document);
    // Of a selection its start: its end is where the next token begins.
    const place = editor === undefined ? null : dataset.rows.at(editor.selection.start);
    if (place === null || place.row !== row) {
      this.#channel.send({ type: 'cursor', pointer: null, offset: null });
      return;
    }
    const { pointer, offset } = parseRow(dataset.rows.text(row)).at(place.offset);
    this.#channel.send({ type: 'cursor', pointer, offset });
  }

  #state(state: InspectorState): void {
    if (this.#ready) this.#channel.send({ type: 'state', state });
  }

  #at(): Target {
    const target = this.#target;
    if (target === null || this.#stillOpen(target.dataset) === undefined) throw new Error('The file is closed.');
    return target;
  }

  #dataset(): DatasetDocument {
    return this.#at().dataset;
  }

  #problem(index: number) {
    const { dataset, row } = this.#at();
    const problem = dataset.problems(row)[index];
    if (problem === undefined) throw new Error('The row has changed since.');
    return problem;
  }
}
