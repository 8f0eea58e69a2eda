import '../ui/lens.css';
import './inspector.css';
import { render } from 'preact';
import { Channel } from '../../core/channel.ts';
import type { InspectorEvent, InspectorRequests } from '../../core/protocol.ts';
import { unpackArrays } from '../../core/wire.ts';
import { registerElements } from '../ui/toolkit.ts';
import { startInspector } from './page.tsx';

declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
};

const vscode = acquireVsCodeApi();
registerElements();

const page = startInspector({
  root: document.getElementById('app') ?? document.body,
  saved: vscode.getState(),
  save: (state) => vscode.setState(state),
  request: (type, body) => channel.request(type, body),
  render,
});
const channel = new Channel<InspectorRequests, never, Record<never, never>, InspectorEvent>(
  (message) => vscode.postMessage(message),
  {},
  page.onEvent,
);
window.addEventListener('message', (event) => void channel.receive(unpackArrays(event.data)));
void channel.request('ready', { state: vscode.getState() }).catch(page.onError);
