import { basename, dirname } from 'node:path';
import { getLocation } from 'jsonc-parser';
import {
  CompletionItem,
  CompletionItemKind,
  type CompletionItemProvider,
  type Position,
  Range,
  RelativePattern,
  type TextDocument,
  workspace,
} from 'vscode';
import { modelChoices } from './models.ts';
import { portable } from './new-run.ts';
import type { RunManager } from './run-manager.ts';
import { type Targets, targetWords } from './targets.ts';

const DATA = '**/*.{jsonl,ndjson,json,jsonl.gz}';
const EXCLUDED = '**/{node_modules,.git,.venv,venv,__pycache__,package.json,tsconfig.json}{,/**}';
const MOST = 200;

interface Choice {
  readonly value: string;
  readonly detail: string;
  readonly kind: CompletionItemKind;
}

/** Values that only this machine knows: models, targets, data files. Keys and fixed values come from the schema. */
export class SpecCompletion implements CompletionItemProvider {
  readonly #manager: RunManager;
  readonly #targets: Targets;

  constructor(manager: RunManager, targets: Targets) {
    this.#manager = manager;
    this.#targets = targets;
  }

  async provideCompletionItems(document: TextDocument, position: Position): Promise<CompletionItem[]> {
    const offset = document.offsetAt(position);
    const location = getLocation(document.getText(), offset);
    if (location.isAtPropertyKey) return [];
    const { previousNode } = location;
    const inside = previousNode?.type === 'string' && offset <= previousNode.offset + previousNode.length;
    const range = inside
      ? new Range(
          document.positionAt(previousNode.offset),
          document.positionAt(previousNode.offset + previousNode.length),
        )
      : new Range(position, position);
    const choices = await this.#choices(location.path.join('/'), document);
    return choices.map(({ value, detail, kind }, order) => {
      const item = new CompletionItem({ label: value, description: detail }, kind);
      item.insertText = JSON.stringify(value);
      item.filterText = JSON.stringify(value);
      item.range = range;
      item.sortText = String(order).padStart(4, '0');
      return item;
    });
  }

  async #choices(path: string, { uri }: TextDocument): Promise<readonly Choice[]> {
    const folder = dirname(uri.fsPath);
    switch (path) {
      case 'model':
        return (await modelChoices(this.#manager)).map(({ model, why }) => ({
          value: why === 'folder' ? portable(model, folder) : model,
          detail: why,
          kind: why === 'folder' ? CompletionItemKind.Folder : CompletionItemKind.Module,
        }));
      case 'target':
        return this.#targets.all.map((target) => ({
          value: target.name,
          detail: targetWords(target),
          kind: CompletionItemKind.Value,
        }));
      case 'data/train':
      case 'data/eval': {
        const files = await workspace.findFiles(new RelativePattern(folder, DATA), EXCLUDED, MOST);
        return files
          .map(({ fsPath }) => fsPath)
          .filter((file) => !/(^|\.)(sftrun|sft-lens)\.json$/.test(basename(file)))
          .sort()
          .map((file) => ({ value: portable(file, folder).slice(2), detail: '', kind: CompletionItemKind.File }));
      }
      default:
        return [];
    }
  }
}
