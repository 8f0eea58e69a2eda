/** Typed helpers over the parts of the API that work with names. */
import { type ConfigurationScope, commands, type Disposable, workspace } from 'vscode';
import type {
  CommandId,
  ContextKey,
  ContextKeyTypes,
  InternalCommandId,
  SettingId,
  SettingTypes,
} from './contributions.ts';

export const registerCommand = (
  id: CommandId | InternalCommandId,
  run: (...args: readonly unknown[]) => unknown,
): Disposable => commands.registerCommand(id, run);

/** package.json gives every setting a default, so a value is always there. */
export const readSetting = <K extends SettingId>(key: K, scope?: ConfigurationScope): SettingTypes[K] =>
  workspace.getConfiguration(undefined, scope ?? null).get(key) as SettingTypes[K];

export const setContext = <K extends ContextKey>(key: K, value: ContextKeyTypes[K]): Thenable<unknown> =>
  commands.executeCommand('setContext', key, value);
