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

/**
 * package.json gives every setting a default, so a value is always there. VS Code hands objects out as proxies, which no
 * worker can be sent: this is a plain copy.
 */
export function readSetting<K extends SettingId>(key: K, scope?: ConfigurationScope): SettingTypes[K] {
  const value: unknown = workspace.getConfiguration(undefined, scope ?? null).get(key);
  return (typeof value === 'object' && value !== null ? JSON.parse(JSON.stringify(value)) : value) as SettingTypes[K];
}

export const setContext = <K extends ContextKey>(key: K, value: ContextKeyTypes[K]): Thenable<unknown> =>
  commands.executeCommand('setContext', key, value);

/** Sets what differs, and nothing else: VS Code draws a status item anew with each value that it is given. */
export function assign<T extends object>(item: T, values: Partial<T>): void {
  for (const key in values) {
    const value = values[key];
    if (JSON.stringify(item[key]) !== JSON.stringify(value)) Object.assign(item, { [key]: value });
  }
}
