import type { PartDetail } from '../core/analysis-types.ts';
import { type InspectedRow, reasonOf } from './inspect-text.ts';
import { count } from './output.ts';

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (c) => ESCAPES[c] ?? c);

const STYLE = `
:root { color-scheme: light dark; --trained: #2e7d32; --fill: color-mix(in srgb, var(--trained) 20%, transparent); }
body { max-width: 100ch; margin: 2rem auto; padding: 0 1rem; font: 14px/1.5 system-ui, sans-serif; }
pre { font: 13px/1.8 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; font-variant-ligatures: none; }
.t { background: var(--fill); text-decoration: underline; text-decoration-color: var(--trained); text-underline-offset: 3px; }
.x { text-decoration: line-through dotted; opacity: .7; }
.c { outline: 1px solid color-mix(in srgb, currentColor 40%, transparent); border-radius: 3px; }
@media (prefers-color-scheme: dark) { :root { --trained: #89d185; } }
`;

/** One page without scripts: every token a span whose title says its id and why it is trained or not. */
export function htmlPage(file: string, rows: readonly InspectedRow[], maxLength: number): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(file)}: rendered rows</title><style>${STYLE}</style></head><body>
<h1>${escapeHtml(file)}</h1>
<p><span class="t">Trained</span> · Not trained · <span class="x">Cut</span> · <span class="c">Special token</span></p>
${rows.map((row) => rowHtml(row, maxLength)).join('\n')}
</body></html>
`;
}

function rowHtml({ row, detail }: InspectedRow, maxLength: number): string {
  const problems = detail.problems.map(
    (problem) =>
      `<li>${escapeHtml(problem.severity)}: ${escapeHtml(problem.message)} <code>${escapeHtml(problem.code)}</code></li>`,
  );
  return `<section><h2>Row ${row.row}</h2>
${problems.length > 0 ? `<ul>${problems.join('')}</ul>` : ''}
${detail.parts.map((part) => partHtml(part, maxLength)).join('\n')}</section>`;
}

function partHtml(part: PartDetail, maxLength: number): string {
  let html = '';
  let at = 0;
  for (let i = 0; i < part.ids.length; i++) {
    const from = Math.max(at, part.starts[i] ?? at);
    const to = Math.max(from, part.ends[i] ?? from);
    html += escapeHtml(part.text.slice(at, from));
    const classes = [...(i >= maxLength ? ['x'] : part.trained[i] ? ['t'] : []), ...(part.control[i] ? ['c'] : [])];
    const { word, sentence } = reasonOf(part, i, maxLength);
    html += `<span${classes.length > 0 ? ` class="${classes.join(' ')}"` : ''} title="${escapeHtml(`id ${part.ids[i]} · ${word} · ${sentence}`)}">${escapeHtml(part.text.slice(from, to))}</span>`;
    at = to;
  }
  html += escapeHtml(part.text.slice(at));
  const name = part.part === 'row' ? '' : `<h3>${part.part}</h3>`;
  return `${name}<p>${count(part.counts.tokens, 'token')}, ${part.counts.trained.toLocaleString('en')} trained</p><pre>${html}</pre>`;
}
