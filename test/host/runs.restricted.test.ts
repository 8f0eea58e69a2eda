import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { commands, extensions, Uri, workspace } from 'vscode';
import type { SftLensApi } from '../../src/extension/api.ts';
import { COMMANDS, SETTINGS } from '../../src/extension/contributions.ts';
import { folderWith, row } from './dataset.ts';

describe('training runs without trust', () => {
  it('nothing is started', async () => {
    assert.equal(workspace.isTrusted, false);
    const folder = folderWith({
      'rows.jsonl': `${row('Hi', 'Hello.')}\n`,
      'run.sftrun.json': JSON.stringify({
        model: 'bundled:tiny',
        data: { train: 'rows.jsonl' },
        method: 'full',
        gpus: 0,
      }),
    });
    const spec = Uri.file(join(folder, 'run.sftrun.json')).toString();
    for (const command of [COMMANDS.startRun, COMMANDS.dryRun, COMMANDS.demoRun, COMMANDS.checkTarget, COMMANDS.newRun])
      await commands.executeCommand(command, spec);
    const api = await extensions.getExtension<SftLensApi>('sft-lens.sft-lens')?.activate();
    assert.deepEqual((await api?.runs())?.runs, []);
    await commands.executeCommand('notifications.clearAll');
  });

  it('a past run can be read', async () => {
    const folder = folderWith({
      'checkpoint-2/trainer_state.json': JSON.stringify({
        global_step: 2,
        max_steps: 2,
        num_train_epochs: 1,
        log_history: [
          { step: 1, loss: 2.5, learning_rate: 1e-4, epoch: 0.5 },
          { step: 2, loss: 1.5, learning_rate: 0, epoch: 1 },
        ],
      }),
    });
    await commands.executeCommand(COMMANDS.importRun, Uri.file(folder));
    const api = await extensions.getExtension<SftLensApi>('sft-lens.sft-lens')?.activate();
    const report = await api?.runs();
    const [run] = report?.runs ?? [];
    assert.equal(run?.points, 2);
    assert.equal(run?.loss, 1.5);
    assert.deepEqual(report?.dashboards, [run?.id]);
    await commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('the workspace cannot say which program runs', () => {
    const inspected = workspace.getConfiguration().inspect(SETTINGS.python);
    assert.equal(inspected?.defaultValue, null);
    assert.equal(workspace.getConfiguration().get(SETTINGS.python), null);
  });
});
