import { Uri, window } from 'vscode';
import type { FollowedRun } from './followed-run.ts';
import type { RunManager } from './run-manager.ts';

/** Reads the log of another trainer; nothing is started, so no trust is asked for. */
export async function importRun(_manager: RunManager, argument: unknown): Promise<FollowedRun | undefined> {
  const uri =
    argument instanceof Uri
      ? argument
      : (
          await window.showOpenDialog({
            canSelectFolders: true,
            canSelectFiles: true,
            openLabel: 'Import Run',
            title: 'A trainer_state.json, trainer_log.jsonl, TensorBoard event file, or the folder that holds one',
          })
        )?.[0];
  if (uri === undefined) return undefined;
  throw new Error('not yet');
}
