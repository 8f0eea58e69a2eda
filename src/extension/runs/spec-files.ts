import { basename, dirname, isAbsolute, join } from 'node:path';
import type { DocumentSelector, TextDocument, Uri } from 'vscode';
import { RUN_SPEC_SUFFIX } from '../contributions.ts';

export const SPEC_SELECTOR: DocumentSelector = { pattern: `**/*${RUN_SPEC_SUFFIX}` };

export const isSpec = ({ uri }: TextDocument): boolean => isSpecPath(uri.path);
export const isSpecPath = (path: string): boolean => path.endsWith(RUN_SPEC_SUFFIX);

/** "support-lora" for `.../support-lora.sftrun.json`. */
export const specName = (uri: Uri): string => basename(uri.path).slice(0, -RUN_SPEC_SUFFIX.length);

/** A path of a spec counts from its own folder. */
export const besideSpec = (spec: Uri, path: string): string =>
  isAbsolute(path) ? path : join(dirname(spec.fsPath), path);
