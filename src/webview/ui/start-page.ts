import { type ComponentChild, render } from 'preact';
import { Channel } from '../../core/channel.ts';
import { unpackArrays } from '../../core/wire.ts';
import { registerElements } from './toolkit.ts';

declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
};

/** What a page of a webview has of the world. */
export interface PagePorts<Requests extends object, State> {
  readonly root: HTMLElement;
  /** What it saved before it was hidden. */
  readonly saved: unknown;
  save(state: State): void;
  readonly request: Channel<Requests, never, Record<never, never>, never>['request'];
  render(page: ComponentChild, root: HTMLElement): void;
}

export interface Page<Event> {
  onEvent(event: Event): void;
  onError(error: unknown): void;
}

/** The first request of a page: from then on the host sends events. */
interface Ready {
  readonly ready: { readonly request: { readonly state?: unknown }; readonly reply: null };
}

/** Starts a page in the webview that it stands in, and its conversation with the host. */
export function startPage<Requests extends Ready, Event, State>(
  start: (ports: PagePorts<Requests, State>) => Page<Event>,
): void {
  const vscode = acquireVsCodeApi();
  registerElements();
  const page = start({
    root: document.getElementById('app') ?? document.body,
    saved: vscode.getState(),
    save: (state) => vscode.setState(state),
    request: (type, body) => channel.request(type, body),
    render,
  });
  const channel = new Channel<Requests, never, Record<never, never>, Event>(
    (message) => vscode.postMessage(message),
    {},
    page.onEvent,
  );
  window.addEventListener('message', (event) => void channel.receive(unpackArrays(event.data)));
  const ready = channel.request as Channel<Ready, never, Record<never, never>, Event>['request'];
  void ready.call(channel, 'ready', { state: vscode.getState() }).catch(page.onError);
}
