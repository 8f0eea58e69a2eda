import {
  CodeAction,
  type CodeActionContext,
  CodeActionKind,
  type CodeActionProvider,
  type Diagnostic,
  type Range,
  type TextDocument,
  WorkspaceEdit,
} from 'vscode';
import type { Fix, Problem } from '../core/checks/problem.ts';
import type { TokenizerClass } from '../core/tokenizer/tokenizer-class.ts';
import { configUri } from './config-edit.ts';
import { COMMANDS, DIAGNOSTIC_SOURCE, INTERNAL_COMMANDS } from './contributions.ts';
import type { DatasetDocument } from './dataset-document.ts';
import type { Datasets } from './datasets.ts';
import { toRange } from './diagnostics.ts';
import { counted } from './rows/words.ts';

type TextFix = Extract<Fix, { edits: unknown }>;

/** Every row with a problem of this code that has the same kind of remedy. */
export function rowsToFix(dataset: DatasetDocument, code: string): readonly { row: number; fix: TextFix }[] {
  const found: { row: number; fix: TextFix }[] = [];
  for (let row = 0; row < dataset.rows.count; row++) {
    for (const problem of dataset.summary(row)?.problems ?? []) {
      if (problem.code !== code) continue;
      const fix = problem.fixes?.find((candidate): candidate is TextFix => candidate.scope === 'all');
      if (fix !== undefined) found.push({ row, fix });
    }
  }
  return found;
}

export function editOf(dataset: DatasetDocument, fixes: readonly { row: number; fix: TextFix }[]): WorkspaceEdit {
  const edit = new WorkspaceEdit();
  // Two problems of one row may offer the same edit: VS Code refuses overlapping ones.
  const seen = new Set<string>();
  for (const { row, fix } of fixes) {
    for (const { range, text } of fix.edits) {
      const key = `${row}:${range[0]}:${range[1]}`;
      if (seen.has(key)) continue;
      seen.add(key);
      edit.replace(dataset.document.uri, toRange(dataset.rows.span(row, range)), text);
    }
  }
  return edit;
}

class LazyAction extends CodeAction {
  readonly makeEdit: (() => WorkspaceEdit) | null;
  constructor(title: string, makeEdit: (() => WorkspaceEdit) | null) {
    super(title, CodeActionKind.QuickFix);
    this.makeEdit = makeEdit;
  }
}

/** Quick fixes: this row, all rows like it, the project's configuration, and why. */
export class QuickFixes implements CodeActionProvider<LazyAction> {
  readonly #datasets: Datasets;

  constructor(datasets: Datasets) {
    this.#datasets = datasets;
  }

  provideCodeActions(document: TextDocument, range: Range, context: CodeActionContext): LazyAction[] {
    const dataset = this.#datasets.get(document.uri);
    const row = dataset?.rows.at(range.start)?.row;
    if (dataset === undefined || row === undefined) return [];
    const diagnostics = context.diagnostics.filter(({ source }) => source === DIAGNOSTIC_SOURCE);
    const actions: LazyAction[] = [];
    const codes = new Set<string>();
    for (const problem of dataset.problems(row)) {
      const place = toRange(dataset.rows.span(row, problem.range));
      if (place.intersection(range) === undefined) continue;
      const diagnostic = diagnostics.filter((one) => codeOf(one) === problem.code && one.range.isEqual(place));
      for (const action of this.#fixes(dataset, row, problem)) {
        action.diagnostics = diagnostic;
        actions.push(action);
      }
      codes.add(problem.code);
    }
    if (range.start.line === 0 && dataset.resolved?.offeredClass != null)
      actions.push(classAction(dataset, dataset.resolved.offeredClass));
    // What is said once for the file stands on line 1, and can be turned off there.
    for (const diagnostic of diagnostics) {
      const code = codeOf(diagnostic);
      if (typeof code === 'string') codes.add(code);
    }
    const [preferred] = actions;
    if (preferred !== undefined) preferred.isPreferred = true;
    return [...actions, ...[...codes].flatMap((code) => aboutCheck(dataset, code, diagnostics))];
  }

  /** The edit of many rows is made only when it is chosen. */
  resolveCodeAction(action: LazyAction): LazyAction {
    if (action.makeEdit !== null) action.edit = action.makeEdit();
    return action;
  }

  #fixes(dataset: DatasetDocument, row: number, problem: Problem): LazyAction[] {
    return (problem.fixes ?? []).flatMap((fix) => {
      if (fix.scope === 'config') return [configAction(dataset, fix.title, fix.key.split('.'), fix.value)];
      const one = new LazyAction(fix.title, () => editOf(dataset, [{ row, fix }]));
      const rows = fix.scope === 'all' ? rowsToFix(dataset, problem.code) : [];
      if (rows.length < 2) return [one];
      return [
        one,
        new LazyAction(`${fix.title}, in all ${counted(rows.length, 'place')}`, () => editOf(dataset, rows)),
      ];
    });
  }
}

const codeOf = ({ code }: Diagnostic): unknown => (typeof code === 'object' ? code.value : code);

function aboutCheck(dataset: DatasetDocument, code: string, all: readonly Diagnostic[]): LazyAction[] {
  const off = configAction(dataset, `Turn off ${code} in sft-lens.json`, ['checks', code], 'off');
  const why = new LazyAction('Why this matters', null);
  why.command = { command: COMMANDS.showCheckDocumentation, title: why.title, arguments: [code] };
  const diagnostics = all.filter((diagnostic) => codeOf(diagnostic) === code);
  const actions = code === 'mask/own-text' ? [exportAction(dataset), off, why] : [off, why];
  for (const action of actions) action.diagnostics = diagnostics;
  return actions;
}

/** The notice that transformers 5 builds another tokenizer from the files stands on line 1. */
function classAction(dataset: DatasetDocument, offered: TokenizerClass): LazyAction {
  const title = "Use transformers 5's own tokenizer (changes the tokens)";
  return configAction(dataset, title, ['tokenizerClass'], offered);
}

/** A trainer that is handed tokens writes no text of its own. */
function exportAction(dataset: DatasetDocument): LazyAction {
  const action = new LazyAction('Export the tokens for the trainer…', null);
  const target = { uri: dataset.document.uri.toString() };
  action.command = { command: COMMANDS.exportTokens, title: action.title, arguments: [target] };
  return action;
}

function configAction(dataset: DatasetDocument, title: string, path: readonly string[], value: unknown): LazyAction {
  const action = new LazyAction(title, null);
  const uri = configUri(dataset.document.uri, dataset.analysis?.project.configPath ?? null);
  action.command = { command: INTERNAL_COMMANDS.setConfig, title, arguments: [uri.toString(), path, value] };
  return action;
}
