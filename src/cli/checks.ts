import { checkInfo } from '../core/checks/registry.ts';
import { readArguments } from './arguments.ts';
import type { CommandContext, ExitCode } from './command.ts';
import { write } from './output.ts';

export const checks = {
  usage: 'checks  [--json]',
  async run({ argv }: CommandContext): Promise<ExitCode> {
    const options = readArguments(argv, { json: { type: 'boolean' } });
    const list = checkInfo();
    if (options.flag('json')) {
      await write(`${JSON.stringify(list, null, 2)}\n`);
      return 0;
    }
    const width = Math.max(...list.map((check) => check.code.length));
    for (const check of list)
      await write(
        `${check.code.padEnd(width)}  ${check.severity.padEnd(11)}  ${check.title}${check.fixable ? ' (fixable)' : ''}\n`,
      );
    return 0;
  },
};
