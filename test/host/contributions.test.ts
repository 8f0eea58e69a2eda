import { strict as assert } from 'node:assert';
import { commands, extensions, workspace } from 'vscode';
import { COMMANDS, INTERNAL_COMMANDS, SETTINGS } from '../../src/extension/contributions.ts';

describe('contributions', () => {
  before(() => extensions.getExtension('sft-lens.sft-lens')?.activate());

  it('registers every command that it declares, and no other', async () => {
    const declared = [...Object.values(COMMANDS), ...Object.values(INTERNAL_COMMANDS)].sort();
    const registered = (await commands.getCommands(true)).filter((command) => command.startsWith('sftLens.')).sort();
    // VS Code itself adds commands for views and walkthroughs under our name.
    const ours = registered.filter(
      (command) => !/\.(open|focus|resetViewLocation|toggleVisibility|removeView)$/.test(command),
    );
    assert.deepEqual(ours, declared);
  });

  it('gives every setting its default', () => {
    const configuration = workspace.getConfiguration();
    for (const name of Object.values(SETTINGS)) {
      assert.notEqual(configuration.inspect(name)?.defaultValue, undefined, name);
    }
  });
});
