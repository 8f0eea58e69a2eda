import type { ExtensionContext, TreeView } from 'vscode';
import type { Lens } from '../lens-parts.ts';
import type { TokenLosses } from '../token-losses.ts';
import type { RunNode } from './run-tree.ts';

/** What the rest of the extension lends to training runs. */
export interface RunsHost extends Lens {
  readonly context: ExtensionContext;
  readonly losses: TokenLosses;
  readonly view: TreeView<RunNode>;
}
