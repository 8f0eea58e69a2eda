import '../ui/lens.css';
import 'uplot/dist/uPlot.min.css';
import './run.css';
import { render } from 'preact';
import { Channel } from '../../core/channel.ts';
import type { RunEventMessage, RunRequests } from '../../core/run-protocol.ts';
import { unpackArrays } from '../../core/wire.ts';
import { registerElements } from '../ui/toolkit.ts';
import { startRunPage } from './page.tsx';

declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
};

const vscode = acquireVsCodeApi();
registerElements();

const page = startRunPage({
  root: document.getElementById('app') ?? document.body,
  saved: vscode.getState(),
  save: (state) => vscode.setState(state),
  request: (type, body) => channel.request(type, body),
  render,
});
const channel = new Channel<RunRequests, never, Record<never, never>, RunEventMessage>(
  (message) => vscode.postMessage(message),
  {},
  page.onEvent,
);
window.addEventListener('message', (event) => void channel.receive(unpackArrays(event.data)));
void channel.request('ready', { state: vscode.getState() }).catch(page.onError);
