// Serves a built page as the extension host does: one page, the same content security policy.
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

const NONCE = 'c2Z0LWxlbnM';
const TYPES = { css: 'text/css', js: 'text/javascript', ttf: 'font/ttf', html: 'text/html; charset=utf-8' };
const CLASSES = {
  dark: 'vscode-dark',
  light: 'vscode-light',
  'high-contrast': 'vscode-high-contrast',
  'high-contrast-light': 'vscode-high-contrast-light vscode-high-contrast',
};
/** As VS Code's own themes have them; taken by `npm run pictures`. */
const COLORS = JSON.parse(readFileSync(new URL('themes.json', import.meta.url), 'utf8'));
const themeCss = (theme) =>
  `:root { ${Object.entries(COLORS[theme])
    .map(([name, value]) => `${name}: ${value};`)
    .join(' ')} }`;
export const THEMES = Object.keys(CLASSES);

/** What VS Code puts under every webview's own styles. */
const DEFAULTS = `@layer vscode-default {
  body { color: var(--vscode-editor-foreground); font-family: var(--vscode-font-family); font-size: var(--vscode-font-size); margin: 0; padding: 0 20px; }
  a { color: var(--vscode-textLink-foreground); }
  code { color: var(--vscode-textPreformat-foreground, red); background-color: var(--vscode-textPreformat-background, red); padding: 1px 3px; border-radius: 4px; }
  kbd { border: 1px solid; box-shadow: inset 0 -1px 0 red; vertical-align: middle; padding: 1px 3px; }
}`;

/** Stands for VS Code's side of the page: remembers what was asked, and says what it is told to say. */
const BOOT = `
const sent = (window.sent = []);
const kept = sessionStorage.getItem('state');
let saved = kept === null ? undefined : JSON.parse(kept);
/** What is answered, by the type of the request; null to all others. */
window.replies = {};
const answer = ({ id, type, body }) => {
  const reply = window.replies[type];
  if (reply instanceof Error) return { kind: 'error', id, message: reply.message };
  return { kind: 'reply', id, body: typeof reply === 'function' ? reply(body) : (reply ?? null) };
};
window.acquireVsCodeApi = () => ({
  postMessage: (m) => { sent.push(m); if (m.kind === 'request') window.postMessage(answer(m)); },
  getState: () => saved, setState: (s) => { saved = s; sessionStorage.setItem('state', JSON.stringify(s)); },
});
const makers = { Int32Array, Uint8Array, Int16Array, Float64Array };
const revive = (v) => v === null || typeof v !== 'object' ? v : Array.isArray(v) ? v.map(revive)
  : v.typed ? makers[v.typed].from(v.data) : Object.fromEntries(Object.entries(v).map(([k, x]) => [k, revive(x)]));
window.revive = revive;
window.feed = (...events) => { for (const e of events) window.dispatchEvent(new MessageEvent('message', { data: { kind: 'event', body: revive(e) } })); };
`;

const html = (theme, { name, title }) => `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self'; font-src 'self'; script-src 'nonce-${NONCE}'">
<title>${title}</title>
<link rel="stylesheet" href="/defaults.css"><link rel="stylesheet" href="/theme-${theme}.css">
<link rel="stylesheet" href="/codicon.css"><link rel="stylesheet" href="/${name}.css"></head>
<body class="${CLASSES[theme]}"><div id="app"></div>
<script nonce="${NONCE}" src="/boot.js"></script><script nonce="${NONCE}" src="/${name}.js"></script></body></html>`;

/** `dist`: the folder with the page's script. */
export async function serve({ root, dist, page: shown = { name: 'inspector', title: 'Row inspector' } }) {
  const codicons = join(root, 'node_modules/@vscode/codicons/dist');
  const answer = (path) => {
    const page = /^\/(dark|light|high-contrast|high-contrast-light)$/.exec(path);
    if (page) return [html(page[1], shown), 'html'];
    const theme = /^\/theme-(.*)\.css$/.exec(path);
    if (theme) return [themeCss(theme[1]), 'css'];
    if (path === '/boot.js') return [BOOT, 'js'];
    if (path === '/defaults.css') return [DEFAULTS, 'css'];
    const folder = path.startsWith('/codicon') ? codicons : dist;
    const file = join(folder, path.slice(1));
    return existsSync(file) ? [readFileSync(file), path.split('.').pop()] : null;
  };
  const server = createServer((request, response) => {
    const found = answer(new URL(request.url, 'http://page').pathname);
    if (found === null) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': TYPES[found[1]] ?? 'text/plain' }).end(found[0]);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
