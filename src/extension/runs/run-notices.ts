import { commands, window } from 'vscode';
import { isOver } from '../../core/runs/state.ts';
import { COMMANDS } from '../contributions.ts';
import { count } from '../rows/words.ts';
import type { FollowedRun } from './followed-run.ts';
import type { RunManager } from './run-manager.ts';
import { lossText } from './run-words.ts';

/** Milliseconds for the last events to arrive: they are told with the end. */
const SETTLE = 600;

/** Says once that a run ended, in whatever window sees it first. */
export function tellEnds(manager: RunManager): { dispose(): unknown } {
  return manager.onDidChange(({ run, change }) => {
    if (change !== 'status' || run.imported || run.status.state === 'unknown') return;
    if (!isOver(run.status.state)) {
      run.told = false;
      return;
    }
    if (run.told) return;
    run.told = true;
    void manager.save(run);
    setTimeout(() => void tell(run), SETTLE);
  });
}

async function tell(run: FollowedRun): Promise<void> {
  const { status, record, step } = run;
  const open = 'Open Dashboard';
  const loss = lossText(run.loss);
  const steps = `${count(step)} ${step === 1 ? 'step' : 'steps'}`;
  const sentence = (text: string | null): string => (text === null ? '' : ` ${text}`);
  const show = (): Thenable<string | undefined> => {
    switch (status.state) {
      case 'succeeded':
        return window.showInformationMessage(
          `Run ${record.name} ended after ${steps}${loss === null ? '' : `, ${loss}`}.`,
          open,
        );
      case 'stopped':
        return window.showInformationMessage(`Run ${record.name} stopped after ${steps}. It can be resumed.`, open);
      default:
        return window.showErrorMessage(
          `Run ${record.name} ended at step ${count(step)}.${sentence(status.reason)}${sentence(status.remedy)}`,
          open,
        );
    }
  };
  if ((await show()) === open) await commands.executeCommand(COMMANDS.openRun, run.id);
}
