import type { DocumentSelector } from 'vscode';

/** Documents that may be datasets; each provider asks `Datasets` whether one is. */
export const SELECTOR: DocumentSelector = [{ language: 'jsonl' }, { language: 'json' }];
