import type { WebviewPanel } from 'vscode';
import { Channel, type Handlers } from '../core/channel.ts';
import { packArrays } from '../core/wire.ts';
import type { Disposables } from './disposables.ts';

/** The host's end of the conversation with the page of a panel; it ends with `owned`. */
export function pageChannel<Requests extends object, Event>(
  panel: WebviewPanel,
  owned: Disposables,
  handlers: Handlers<Requests>,
): Channel<Record<string, never>, Event, Requests, never> {
  const channel = owned.add(
    new Channel<Record<string, never>, Event, Requests, never>(
      (message) => void panel.webview.postMessage(packArrays(message)),
      handlers,
      () => undefined,
    ),
  );
  owned.add(panel.webview.onDidReceiveMessage((message: unknown) => void channel.receive(message)));
  return channel;
}
