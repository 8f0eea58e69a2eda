import {
  EventEmitter,
  type LogOutputChannel,
  type TextDocument,
  type TextDocumentContentChangeEvent,
  window,
} from 'vscode';
import type { RowSummary } from '../core/analysis-types.ts';
import type { Problem } from '../core/checks/problem.ts';
import { DatasetIndex, type DatasetTotals } from '../core/dataset.ts';
import type { FormatName } from '../core/formats/format.ts';
import { shapeOf } from '../core/jsonl/slices.ts';
import type { Resolved } from '../core/service-types.ts';
import type { Project } from '../node/project.ts';
import type { CheckTimes } from './api.ts';
import { CONFIG_FILE, SETTINGS } from './contributions.ts';
import type { DiagnosticPublisher } from './diagnostics.ts';
import { Disposables } from './disposables.ts';
import { readSetting } from './editor-api.ts';
import { plainName } from './options.ts';
import type { Projects } from './projects.ts';
import { ArrayRows } from './rows/array-rows.ts';
import { LineRows } from './rows/line-rows.ts';
import { problemSource } from './rows/problem-source.ts';
import type { Rows } from './rows/rows.ts';
import { sampleOf } from './rows/sample.ts';
import { shownProblems } from './rows/shown-problems.ts';
import { Tickets } from './rows/tickets.ts';
import { count } from './rows/words.ts';
import type { Services } from './services.ts';
import { Debounced, Throttled } from './timing.ts';

/** Milliseconds after the last key until the changed row is looked at. */
const EDIT_DELAY = 8;
/** An array is sliced as a whole after an edit: wait for a pause when it is long. */
const ARRAY_EDIT_DELAY = 120;
/** Milliseconds between two lists of diagnostics while the file is checked in the background. */
const PUBLISH_INTERVAL = 1000;
/** Rows of one background request, and how many are under way at a time: two for each worker, so that none ever waits. */
const BATCH_ROWS = 400;
const BATCHES = 6;
/** Rows of one urgent request, and milliseconds until those that are known are shown while others take longer. */
const PART_ROWS = 4;
const SLOW = 400;
/** Rows around the visible ones that are looked at before all others. */
const MARGIN = 10;
/** A file of this many rows or fewer gets its format detected again after each edit. */
const SMALL_FILE = 20;

export type DatasetState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'checking' }
  | { readonly kind: 'checked' }
  /** A JSON document that turned out to be no rows: nothing is said about it. */
  | { readonly kind: 'other' }
  | { readonly kind: 'failed'; readonly message: string };

export interface DatasetParts {
  readonly services: Services;
  readonly projects: Projects;
  readonly publisher: DiagnosticPublisher;
  readonly log: LogOutputChannel;
}

/** Settings, format and rows of one analysis; replaced as a whole when any of the first two changes. */
export interface Analysis {
  readonly project: Project;
  readonly format: FormatName;
  readonly index: DatasetIndex;
}

/**
 * One open document as a dataset. Rows and their summaries follow every edit at once; what changed is analysed again
 * soon, what a person looks at first and the rest in the background.
 */
export class DatasetDocument {
  readonly document: TextDocument;
  readonly #parts: DatasetParts;
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.add(new EventEmitter<void>());
  readonly #edited = this.#owned.add(new Debounced(() => this.#afterEdit()));
  readonly #publishing = this.#owned.add(new Throttled(() => this.#publish(), PUBLISH_INTERVAL));
  readonly #tickets = new Tickets();
  /** Totals, a row's numbers or the state may have changed. */
  readonly onDidChange = this.#changed.event;
  #rows: Rows;
  #changes: TextDocumentContentChangeEvent[] = [];
  #analysis: Analysis | null = null;
  #abort = new AbortController();
  #resolved: Resolved | null = null;
  #state: DatasetState = { kind: 'starting' };
  #running = 0;
  #began = 0;
  #times: CheckTimes = { firstRows: null, allRows: null };
  /** The analysis whose visible rows are being looked at. */
  #urgent: Analysis | null = null;

  constructor(document: TextDocument, parts: DatasetParts) {
    this.document = document;
    this.#parts = parts;
    this.#rows = rowsOf(document);
    this.#tickets.splice(0, 0, this.#rows.count);
    void this.restart();
  }

  get state(): DatasetState {
    return this.#state;
  }

  /** Null until settings and format are known. */
  get analysis(): Analysis | null {
    return this.#analysis;
  }

  /** Up to date with the document, whatever was typed. */
  get rows(): Rows {
    this.#applyChanges();
    return this.#rows;
  }

  /** What the settings came to; null until the tokenizer is loaded. */
  get resolved(): Resolved | null {
    return this.#resolved;
  }

  /** Of the analysis that runs or ran last. */
  get times(): CheckTimes {
    return this.#times;
  }

  get totals(): DatasetTotals | null {
    return this.#analysis?.index.totals() ?? null;
  }

  /** The row's summary, when it is known. */
  summary(row: number): RowSummary | undefined {
    return this.#analysis?.index.summary(row);
  }

  /** What a row shows: its own problems and those that only the file knows, without what the file says once. */
  problems(row: number): readonly Problem[] {
    return this.#analysis?.index.problemsOf(row).filter(this.#isShown) ?? [];
  }

  /** Settings and format anew, all rows again. */
  async restart(): Promise<void> {
    this.#abort.abort();
    const abort = (this.#abort = new AbortController());
    this.#began = performance.now();
    this.#times = { firstRows: null, allRows: null };
    this.#setState({ kind: 'starting' });
    try {
      const project = await this.#parts.projects.of(this.document.uri);
      if (abort.signal.aborted) return;
      const format = await this.#detect(project);
      if (abort.signal.aborted) return;
      if (this.document.languageId === 'json' && format === 'unknown' && project.configPath === null) {
        this.#leave();
        return;
      }
      this.#applyChanges();
      this.#tickets.reset();
      this.#resolved = null;
      this.#analysis = { project, format, index: new DatasetIndex(this.#rows.count, format, project.settings) };
      this.#setState({ kind: 'checking' });
      void this.#resolve(this.#analysis);
      await this.#checkVisible();
      if (abort.signal.aborted) return;
      this.#tell('firstRows', 'first rows');
      this.#pump();
    } catch (error) {
      if (!abort.signal.aborted) this.#fail(error);
    }
  }

  /** Restarts when the settings of the file are others than before. */
  async refresh(force: boolean): Promise<void> {
    const project = await this.#parts.projects.of(this.document.uri);
    const known = this.#analysis?.project;
    if (force || known === undefined || JSON.stringify(known) !== JSON.stringify(project)) await this.restart();
    else this.#publish();
  }

  edit(changes: readonly TextDocumentContentChangeEvent[]): void {
    if (changes.length === 0) return;
    this.#changes.push(...[...changes].sort((a, b) => b.rangeOffset - a.rangeOffset));
    // Line rows must read the document as this very event left it; arrays are sliced as a whole later.
    if (this.#rows.shape === 'lines') this.#applyChanges();
    this.#edited.schedule(this.#rows.shape === 'lines' ? EDIT_DELAY : ARRAY_EDIT_DELAY);
  }

  /** The visible rows changed: they come first. */
  look(): void {
    void this.#checkVisible();
    if (this.#analysis !== null && hasMany(this.#analysis.index.totals())) this.#publishing.schedule();
  }

  dispose(): void {
    this.#abort.abort();
    this.#owned.dispose();
    this.#parts.publisher.clear(this.document.uri);
  }

  #applyChanges(): void {
    const changes = this.#changes.splice(0);
    if (changes.length === 0) return;
    for (const splice of this.#rows.edit(changes)) {
      this.#tickets.splice(splice.from, splice.removed, splice.added);
      this.#analysis?.index.splice(splice.from, splice.removed, splice.added);
    }
  }

  #afterEdit(): void {
    this.#applyChanges();
    if (shapeOf(this.#head()) !== this.#rows.shape) {
      this.#reslice();
      return;
    }
    void this.#checkVisible();
    this.#pump();
    this.#changed.fire();
    if (this.#rows.count <= SMALL_FILE || this.#analysis?.format === 'unknown' || this.#state.kind === 'other')
      void this.#detectAgain();
  }

  /** Rows became an array or the other way round. */
  #reslice(): void {
    this.#rows = rowsOf(this.document);
    this.#tickets.splice(0, this.#tickets.length, this.#rows.count);
    this.#analysis = null;
    void this.restart();
  }

  #head(): string {
    for (let line = 0; line < this.document.lineCount; line++) {
      const { text, isEmptyOrWhitespace } = this.document.lineAt(line);
      if (!isEmptyOrWhitespace)
        return this.#rows.shape === 'array' || text.trim() === '[' ? this.document.getText() : text;
    }
    return '';
  }

  async #detectAgain(): Promise<void> {
    const analysis = this.#analysis;
    if (analysis === null && this.#state.kind !== 'other') return;
    const project = analysis?.project ?? (await this.#parts.projects.of(this.document.uri));
    const format = await this.#detect(project);
    if (this.#analysis === analysis && format !== (analysis?.format ?? 'unknown')) await this.restart();
  }

  #detect(project: Project): Promise<FormatName> {
    return this.#parts.services.get().detect(sampleOf(this.rows), project.settings);
  }

  /** Visible rows `[from, to)` over all editors of the document; the first rows when there is none. */
  #focus(): readonly [number, number] {
    const editors = window.visibleTextEditors.filter((editor) => editor.document === this.document);
    const ranges = editors.flatMap((editor) => [...editor.visibleRanges]);
    if (ranges.length === 0) return [0, Math.min(this.#rows.count, 2 * MARGIN)];
    const first = Math.min(...ranges.map((range) => range.start.line));
    const last = Math.max(...ranges.map((range) => range.end.line));
    return [
      Math.max(0, this.#rows.rowFrom(first) - MARGIN),
      Math.min(this.#rows.count, this.#rows.rowFrom(last + 1) + MARGIN),
    ];
  }

  async #checkVisible(): Promise<void> {
    const analysis = this.#analysis;
    if (analysis === null || this.#urgent === analysis) return;
    const [from, to] = this.#focus();
    const rows: number[] = [];
    for (let row = from; row < to; row++) {
      if (analysis.index.summary(row) === undefined && !this.#tickets.isUrgent(row)) rows.push(row);
    }
    if (rows.length === 0) return;
    this.#urgent = analysis;
    try {
      if (await this.#summarizeInParts(analysis, rows)) this.#publishing.now();
      // The rest, and whether all is done now.
      this.#pump();
    } finally {
      if (this.#urgent === analysis) this.#urgent = null;
    }
    // What was typed meanwhile. Its rows are new, so this ends.
    await this.#checkVisible();
  }

  /** Rows that someone looks at. While some of them take long, what is known of the others is shown. */
  async #summarizeInParts(analysis: Analysis, rows: readonly number[]): Promise<boolean> {
    const slow = setInterval(() => this.#publishing.now(), SLOW);
    try {
      const parts: Promise<boolean>[] = [];
      for (let at = 0; at < rows.length; at += PART_ROWS) {
        parts.push(this.#summarize(analysis, rows.slice(at, at + PART_ROWS), true));
      }
      return (await Promise.all(parts)).includes(true);
    } finally {
      clearInterval(slow);
    }
  }

  /** Keeps `BATCHES` requests under way until every row is known. */
  #pump(): void {
    const analysis = this.#analysis;
    while (analysis !== null && this.#state.kind !== 'failed' && this.#running < BATCHES) {
      const rows = this.#tickets.take(BATCH_ROWS, (row) => analysis.index.summary(row) === undefined);
      if (rows.length === 0) break;
      this.#running++;
      void this.#summarize(analysis, rows, false).then((current) => {
        this.#running--;
        // Few rows are an edit, and someone waits for it.
        if (current && rows.length <= MARGIN) this.#publishing.now();
        else if (current) this.#publishing.schedule();
        this.#pump();
      });
    }
    if (analysis === null || this.#state.kind === 'failed') return;
    const { checked, rows } = analysis.index.totals();
    const kind = checked < rows ? 'checking' : 'checked';
    if (kind === this.#state.kind) return;
    if (kind === 'checked') {
      this.#publishing.schedule();
      this.#tell('allRows', `all ${count(rows)} rows`);
    }
    this.#setState({ kind });
  }

  /** Analyses rows and keeps the answers that still hold. False when the analysis was replaced meanwhile. */
  async #summarize(analysis: Analysis, rows: readonly number[], urgent: boolean): Promise<boolean> {
    const ticket = this.#tickets.issue(rows, urgent);
    const { signal } = this.#abort;
    const texts = rows.map((row) => this.#rows.text(row));
    try {
      const service = this.#parts.services.get();
      const summaries = await service.summarize(texts, analysis.project.settings, analysis.format, { urgent, signal });
      if (signal.aborted || this.#analysis !== analysis) return false;
      this.#tickets.settle(ticket, (row, index) => {
        const summary = summaries[index];
        if (summary !== undefined) analysis.index.set(row, summary);
      });
      this.#changed.fire();
      return true;
    } catch (error) {
      if (signal.aborted || this.#analysis !== analysis) return false;
      this.#fail(error);
      return false;
    }
  }

  #publish(): void {
    const analysis = this.#analysis;
    if (analysis === null) return;
    if (!readSetting(SETTINGS.diagnosticsEnabled, this.document.uri)) {
      this.#parts.publisher.clear(this.document.uri);
      return;
    }
    this.#applyChanges();
    const rows = this.#rows;
    this.#parts.publisher.publish(this.document.uri, {
      ...shownProblems(problemSource(analysis.index, this.#isShown), this.#focus()),
      notices: analysis.format === 'unknown' ? [] : analysis.index.notices(),
      warnings: this.#warnings(analysis),
      // VS Code's own JSON support says this of a JSON document.
      fileProblems: this.document.languageId === 'json' ? [] : rows.problems(),
      span: ({ row, problem }) => rows.span(row, problem.range),
    });
  }

  /** A JSONL file of no known format may be no training data at all: only broken JSON is certain. */
  readonly #isShown = (problem: Problem): boolean =>
    this.document.languageId === 'json'
      ? problem.code !== 'json/syntax'
      : this.#analysis?.format !== 'unknown' ||
        this.#analysis.project.configPath !== null ||
        problem.code.startsWith('json/');

  /** What of the settings could not be used, as sentences: every number of the file depends on it. */
  #warnings({ project }: Analysis): readonly string[] {
    const used = this.#resolved?.tokenizer;
    const instead =
      used === undefined || used === project.settings.tokenizer
        ? ''
        : ` Until then the rows are measured with ${plainName(used)}.`;
    return [
      ...(this.#resolved?.problems ?? []).map((problem, i) => (i === 0 ? `${problem}${instead}` : problem)),
      ...(this.#resolved?.notices ?? []),
      ...project.configProblems.map(({ message }) => `${CONFIG_FILE}: ${message}`),
    ];
  }

  async #resolve(analysis: Analysis): Promise<void> {
    try {
      const resolved = await this.#parts.services.get().resolve(analysis.project.settings);
      if (this.#analysis !== analysis) return;
      this.#resolved = resolved;
      const warnings = [...resolved.problems, ...resolved.notices];
      for (const warning of warnings) this.#parts.log.warn(warning);
      if (warnings.length > 0) this.#publishing.schedule();
      this.#changed.fire();
    } catch (error) {
      if (this.#analysis === analysis) this.#parts.log.error(String(error));
    }
  }

  #leave(): void {
    this.#analysis = null;
    this.#parts.publisher.clear(this.document.uri);
    this.#setState({ kind: 'other' });
  }

  /** Once for each analysis: later answers are those to edits. */
  #tell(when: keyof CheckTimes, what: string): void {
    if (this.#times[when] !== null) return;
    const time = performance.now() - this.#began;
    this.#times = { ...this.#times, [when]: time };
    this.#parts.log.info(`${this.document.uri.toString(true)}: ${what} after ${time.toFixed(0)} ms`);
  }

  #fail(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#parts.log.error(`${this.document.uri.toString(true)}: ${message}`);
    this.#setState({ kind: 'failed', message });
  }

  #setState(state: DatasetState): void {
    this.#state = state;
    this.#changed.fire();
  }
}

/** Only a list with hidden problems depends on what is visible. */
const hasMany = ({ problems }: DatasetTotals): boolean =>
  problems.error + problems.warning + problems.information + problems.hint > 900;

function rowsOf(document: TextDocument): Rows {
  for (let line = 0; line < document.lineCount; line++) {
    const { text, isEmptyOrWhitespace } = document.lineAt(line);
    if (isEmptyOrWhitespace) continue;
    // Almost every JSONL file ends here, without its text ever being joined.
    if (
      !text
        .trimStart()
        .replace(/^\uFEFF/, '')
        .startsWith('[')
    )
      break;
    return shapeOf(document.getText()) === 'array' ? new ArrayRows(document) : new LineRows(document);
  }
  return new LineRows(document);
}
