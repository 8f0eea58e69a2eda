import { dirname } from 'node:path';
import { RelativePattern, workspace } from 'vscode';
import { TINY_MODEL } from '../../node/runs/trainer-spec.ts';
import type { RunManager } from './run-manager.ts';

const EXCLUDED = '**/{node_modules,.git,.venv,venv,__pycache__,checkpoint-*}/**';
const MOST = 50;
/** Small enough to begin with, and without a licence to accept. */
const WELL_KNOWN = ['Qwen/Qwen3-0.6B', 'HuggingFaceTB/SmolLM2-135M-Instruct', 'HuggingFaceTB/SmolLM2-360M-Instruct'];

export interface ModelChoice {
  readonly model: string;
  readonly why: 'used before' | 'folder' | 'Hugging Face' | 'tiny and random, to try a run out';
}

/** Models to offer: those of earlier runs, folders of the workspace with a model's config.json, and a few small ones. */
export async function modelChoices(manager: RunManager): Promise<readonly ModelChoice[]> {
  const used = manager.all.filter(({ imported }) => !imported).map(({ record }) => record.spec.model);
  const choices: readonly ModelChoice[] = [
    ...used.filter((model) => model !== '').map((model): ModelChoice => ({ model, why: 'used before' })),
    ...(await modelFolders()).map((model): ModelChoice => ({ model, why: 'folder' })),
    ...WELL_KNOWN.map((model): ModelChoice => ({ model, why: 'Hugging Face' })),
    { model: TINY_MODEL, why: 'tiny and random, to try a run out' },
  ];
  return [...new Map(choices.toReversed().map((choice) => [choice.model, choice])).values()].reverse();
}

async function modelFolders(): Promise<readonly string[]> {
  if (!workspace.isTrusted) return [];
  const found = await Promise.all(
    (workspace.workspaceFolders ?? [])
      .filter(({ uri }) => uri.scheme === 'file')
      .map((folder) => workspace.findFiles(new RelativePattern(folder, '**/config.json'), EXCLUDED, MOST)),
  );
  const models = await Promise.all(
    found.flat().map(async (uri) => {
      try {
        const config: unknown = JSON.parse(new TextDecoder().decode(await workspace.fs.readFile(uri)));
        return typeof config === 'object' && config !== null && 'model_type' in config ? dirname(uri.fsPath) : null;
      } catch {
        return null;
      }
    }),
  );
  return models.filter((path) => path !== null).sort();
}
