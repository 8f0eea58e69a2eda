import {
  CodeAction,
  CodeActionKind,
  type CodeActionProvider,
  Diagnostic,
  DiagnosticSeverity,
  type Disposable,
  languages,
  Range,
  type TextDocument,
  Uri,
  WorkspaceEdit,
  workspace,
} from 'vscode';
import { parseSpec, type SpecProblem } from '../../core/runs/parse-spec.ts';
import type { RunSpec } from '../../core/runs/spec.ts';
import { DIAGNOSTIC_SOURCE } from '../contributions.ts';
import { Disposables } from '../disposables.ts';
import { Debounced } from '../timing.ts';
import { applySpecFix } from './spec-edit.ts';
import { isSpec } from './spec-files.ts';

/** Milliseconds after the last key. */
const DELAY = 150;

/** What is known besides the text of a spec: its data, its target, the machine. */
export type SpecFacts = (uri: Uri, text: string, spec: RunSpec) => Promise<readonly SpecProblem[]>;

/** Problems of every open run spec, with what mends them. */
export class SpecDiagnostics implements CodeActionProvider {
  readonly #owned = new Disposables();
  readonly #collection = this.#owned.add(languages.createDiagnosticCollection('sft-lens-runs'));
  readonly #waiting = new Map<string, Debounced>();
  readonly #problems = new Map<string, { readonly version: number; readonly problems: readonly SpecProblem[] }>();
  readonly #facts: SpecFacts;

  constructor(facts: SpecFacts) {
    this.#facts = facts;
    const own = (disposable: Disposable): Disposable => this.#owned.add(disposable);
    own(workspace.onDidOpenTextDocument((document) => this.#soon(document, 0)));
    own(workspace.onDidChangeTextDocument(({ document }) => this.#soon(document, DELAY)));
    own(workspace.onDidCloseTextDocument((document) => this.#closed(document)));
    this.refresh();
  }

  /** Targets, data or the machine changed. */
  refresh(): void {
    for (const document of workspace.textDocuments) this.#soon(document, 0);
  }

  provideCodeActions(document: TextDocument, range: Range): CodeAction[] {
    const known = this.#problems.get(document.uri.toString());
    if (known?.version !== document.version) return [];
    return known.problems.flatMap((problem) => {
      const { fix } = problem;
      const place = rangeOf(document, problem);
      if (fix === undefined || place.intersection(range) === undefined) return [];
      const text = applySpecFix(document.getText(), fix);
      if (text === null) return [];
      const action = new CodeAction(fix.title, CodeActionKind.QuickFix);
      action.isPreferred = true;
      action.edit = new WorkspaceEdit();
      action.edit.replace(document.uri, wholeOf(document), text);
      action.diagnostics = (this.#collection.get(document.uri) ?? []).filter((one) => one.range.isEqual(place));
      return [action];
    });
  }

  dispose(): void {
    for (const waiting of this.#waiting.values()) waiting.dispose();
    this.#owned.dispose();
  }

  #soon(document: TextDocument, delay: number): void {
    if (!isSpec(document)) return;
    const key = document.uri.toString();
    let waiting = this.#waiting.get(key);
    if (waiting === undefined) this.#waiting.set(key, (waiting = new Debounced(() => void this.#check(document))));
    waiting.schedule(delay);
  }

  #closed({ uri }: TextDocument): void {
    this.#waiting.get(uri.toString())?.dispose();
    this.#waiting.delete(uri.toString());
    this.#problems.delete(uri.toString());
    this.#collection.delete(uri);
  }

  async #check(document: TextDocument): Promise<void> {
    if (document.isClosed) return;
    const { version } = document;
    const text = document.getText();
    const { spec, problems } = parseSpec(text);
    this.#show(document, version, problems);
    if (spec === null) return;
    const more = await this.#facts(document.uri, text, spec);
    if (document.version === version && !document.isClosed) this.#show(document, version, [...problems, ...more]);
  }

  #show(document: TextDocument, version: number, problems: readonly SpecProblem[]): void {
    this.#problems.set(document.uri.toString(), { version, problems });
    this.#collection.set(
      Uri.parse(document.uri.toString()),
      problems.map((problem) => {
        const severity = problem.severity === 'error' ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning;
        const diagnostic = new Diagnostic(rangeOf(document, problem), problem.message, severity);
        diagnostic.source = DIAGNOSTIC_SOURCE;
        return diagnostic;
      }),
    );
  }
}

const rangeOf = (document: TextDocument, { range }: SpecProblem): Range =>
  new Range(document.positionAt(range[0]), document.positionAt(range[1]));

const wholeOf = (document: TextDocument): Range =>
  document.validateRange(new Range(0, 0, document.lineCount, Number.MAX_SAFE_INTEGER));
