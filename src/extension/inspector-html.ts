import { randomBytes } from 'node:crypto';
import { Uri, type Webview } from 'vscode';

export const inspectorHtml = (webview: Webview, extensionUri: Uri): string =>
  pageHtml(webview, extensionUri, 'inspector', 'Row inspector');

/** A page of ours: nothing but our own script and styles may run, and no text of a row or a run is in it. */
export function pageHtml(webview: Webview, extensionUri: Uri, name: 'inspector' | 'run', title: string): string {
  const nonce = randomBytes(18).toString('base64');
  const file = (name: string): string =>
    webview.asWebviewUri(Uri.joinPath(webviewFolder(extensionUri), name)).toString();
  const policy = [
    "default-src 'none'",
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    `script-src 'nonce-${nonce}'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="${file('codicon.css')}">
<link rel="stylesheet" href="${file(`${name}.css`)}">
</head>
<body>
<div id="app"></div>
<script nonce="${nonce}" src="${file(`${name}.js`)}"></script>
</body>
</html>`;
}

export const webviewFolder = (extensionUri: Uri): Uri => Uri.joinPath(extensionUri, 'dist', 'webview');
