import { commands, window, workspace } from 'vscode';

/** Whether programs may be started; says what to do where they may not. */
export function trusted(): boolean {
  if (workspace.isTrusted) return true;
  const manage = 'Manage Trust';
  void window
    .showWarningMessage(
      'Runs need a trusted workspace: a run starts programs named in this folder. Past runs can be read.',
      manage,
    )
    .then((chosen) => chosen === manage && commands.executeCommand('workbench.trust.manage'));
  return false;
}
