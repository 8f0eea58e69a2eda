import { EventEmitter, type TextDocument, type Uri, window, workspace } from 'vscode';
import { CONTEXT_KEYS } from './contributions.ts';
import { DatasetDocument, type DatasetParts } from './dataset-document.ts';
import { Disposables } from './disposables.ts';
import { setContext } from './editor-api.ts';
import { looksLikeRows, PEEK_UNITS } from './rows/looks-like-rows.ts';
import { Debounced } from './timing.ts';

/** What may hold a dataset; others (git versions, output) are only looked at, never checked. */
const SCHEMES = new Set(['file', 'untitled', 'vscode-vfs', 'vscode-remote', 'vscode-test-web']);
/** Milliseconds: scrolling sends many events. */
const SCROLL_DELAY = 60;

/** Every open document that is a dataset. */
export class Datasets {
  readonly #parts: DatasetParts;
  readonly #owned = new Disposables();
  readonly #open = new Map<string, DatasetDocument>();
  readonly #changed = this.#owned.add(new EventEmitter<DatasetDocument>());
  readonly #looked = this.#owned.add(new Debounced(() => this.#look()));
  #wasActive: boolean | null = null;
  /** A dataset opened, closed, or learned something about its rows. */
  readonly onDidChange = this.#changed.event;

  constructor(parts: DatasetParts) {
    this.#parts = parts;
    const own = this.#owned;
    for (const document of workspace.textDocuments) this.#opened(document);
    own.add(workspace.onDidOpenTextDocument((document) => this.#opened(document)));
    own.add(workspace.onDidCloseTextDocument((document) => this.#closed(document)));
    own.add(
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        const dataset = this.get(document.uri);
        if (dataset !== undefined) dataset.edit(contentChanges);
        else this.#opened(document);
      }),
    );
    own.add(window.onDidChangeTextEditorVisibleRanges(() => this.#looked.schedule(SCROLL_DELAY)));
    own.add(window.onDidChangeVisibleTextEditors(() => this.#looked.schedule(0)));
    own.add(window.onDidChangeActiveTextEditor(() => this.#setActive()));
    own.add(parts.projects.onDidChange(({ reload }) => void this.refresh(reload)));
    this.#setActive();
  }

  get(uri: Uri): DatasetDocument | undefined {
    return this.#open.get(uri.toString());
  }

  /** The dataset of the active editor. */
  get active(): DatasetDocument | undefined {
    const document = window.activeTextEditor?.document;
    const dataset = document === undefined ? undefined : this.get(document.uri);
    return dataset?.state.kind === 'other' ? undefined : dataset;
  }

  get all(): readonly DatasetDocument[] {
    return [...this.#open.values()];
  }

  /** Every dataset whose settings changed, or all of them, is analysed again. */
  async refresh(force: boolean): Promise<void> {
    if (force) await this.#parts.services.reload();
    await Promise.all(this.all.map((dataset) => dataset.refresh(force)));
  }

  dispose(): void {
    for (const dataset of this.#open.values()) dataset.dispose();
    this.#open.clear();
    this.#owned.dispose();
  }

  #opened(document: TextDocument): void {
    if (!isDataset(document)) return;
    const dataset = new DatasetDocument(document, this.#parts);
    this.#open.set(document.uri.toString(), dataset);
    dataset.onDidChange(() => {
      this.#changed.fire(dataset);
      this.#setActive();
    });
    this.#changed.fire(dataset);
    this.#setActive();
  }

  /** Also when the language changes: VS Code closes and opens the document for it. */
  #closed(document: TextDocument): void {
    const dataset = this.get(document.uri);
    if (dataset === undefined) return;
    this.#open.delete(document.uri.toString());
    dataset.dispose();
    this.#changed.fire(dataset);
    this.#setActive();
  }

  #look(): void {
    const seen = new Set(window.visibleTextEditors.map((editor) => this.get(editor.document.uri)));
    for (const dataset of seen) dataset?.look();
  }

  #setActive(): void {
    const active = this.active !== undefined;
    if (active === this.#wasActive) return;
    this.#wasActive = active;
    void setContext(CONTEXT_KEYS.active, active);
  }
}

function isDataset(document: TextDocument): boolean {
  if (!SCHEMES.has(document.uri.scheme)) return false;
  if (document.languageId === 'jsonl') return true;
  if (document.languageId !== 'json') return false;
  return looksLikeRows(head(document));
}

/** The first characters of a document, without joining all of it. */
function head(document: TextDocument): string {
  const lines: string[] = [];
  for (let line = 0, units = 0; line < document.lineCount && units < PEEK_UNITS; line++) {
    const { text } = document.lineAt(line);
    if (units === 0 && !/^\uFEFF?\s*(\[|$)/.test(text)) return '';
    units += text.length;
    lines.push(text);
  }
  return lines.join('\n').slice(0, PEEK_UNITS);
}
