import {
  Diagnostic,
  type DiagnosticCollection,
  DiagnosticSeverity,
  DiagnosticTag,
  languages,
  Range,
  Uri,
} from 'vscode';
import type { Problem, Severity } from '../core/checks/problem.ts';
import type { FileNotice } from '../core/file-wide.ts';
import { DIAGNOSTIC_SOURCE } from './contributions.ts';
import { hiddenSentence, type ShownProblem } from './rows/shown-problems.ts';
import type { Span } from './rows/text-source.ts';

const SEVERITY: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** Codes whose text has no effect at all: drawn faded. */
const UNNECESSARY = new Set(['template/drops-field']);

export const toRange = ({ start, end }: Span): Range => new Range(start.line, start.character, end.line, end.character);

export const checkPage = (extensionUri: Uri, code: string): Uri =>
  Uri.joinPath(extensionUri, 'docs', 'checks', `${code.replaceAll('/', '-')}.md`);

/** What there is to publish for one file. */
export interface FileProblems {
  readonly shown: readonly ShownProblem[];
  readonly hidden: ReadonlyMap<string, number>;
  readonly notices: readonly FileNotice[];
  /** About the settings that the whole file is measured with. */
  readonly warnings: readonly string[];
  readonly fileProblems: readonly { readonly message: string; readonly span: Span }[];
  span(shown: ShownProblem): Span;
}

/** Turns problems into diagnostics. Objects of unchanged rows are used again, so that a key stroke makes only a few. */
export class DiagnosticPublisher {
  readonly #extensionUri: Uri;
  #disposed = false;
  readonly #collection: DiagnosticCollection = languages.createDiagnosticCollection('sft-lens');
  readonly #made = new WeakMap<Problem, Diagnostic>();

  constructor(extensionUri: Uri) {
    this.#extensionUri = extensionUri;
  }

  publish(uri: Uri, file: FileProblems): void {
    const diagnostics = file.shown.map((shown) => this.#diagnostic(shown.problem, file.span(shown)));
    for (const notice of file.notices) {
      diagnostics.push(this.#make(notice.code, notice.severity, notice.message, FIRST_LINE));
    }
    for (const { message, span } of file.fileProblems) {
      diagnostics.push(this.#make('json/syntax', 'error', message, toRange(span)));
    }
    for (const message of file.warnings) diagnostics.push(plain(message, DiagnosticSeverity.Warning));
    const more = hiddenSentence(file.hidden);
    if (more !== null) diagnostics.push(plain(more, DiagnosticSeverity.Information));
    this.#collection.set(uri, diagnostics);
  }

  /** Also while the extension ends, when the collection may be gone already. */
  clear(uri: Uri): void {
    if (!this.#disposed) this.#collection.delete(uri);
  }

  dispose(): void {
    this.#disposed = true;
    this.#collection.dispose();
  }

  #diagnostic(problem: Problem, span: Span): Diagnostic {
    const range = toRange(span);
    const known = this.#made.get(problem);
    if (known?.range.isEqual(range) === true) return known;
    const made = this.#make(problem.code, problem.severity, problem.message, range);
    this.#made.set(problem, made);
    return made;
  }

  #make(code: string, severity: Severity, message: string, range: Range): Diagnostic {
    const diagnostic = new Diagnostic(range, message, SEVERITY[severity]);
    diagnostic.source = DIAGNOSTIC_SOURCE;
    diagnostic.code = { value: code, target: checkPage(this.#extensionUri, code) };
    if (UNNECESSARY.has(code)) diagnostic.tags = [DiagnosticTag.Unnecessary];
    return diagnostic;
  }
}

const FIRST_LINE = new Range(0, 0, 0, 0);

function plain(message: string, severity: DiagnosticSeverity): Diagnostic {
  const diagnostic = new Diagnostic(FIRST_LINE, message, severity);
  diagnostic.source = DIAGNOSTIC_SOURCE;
  return diagnostic;
}
