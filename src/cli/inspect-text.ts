import type { PartDetail, RowDetail } from '../core/analysis-types.ts';
import { REASONS } from '../core/mask/policy.ts';
import { describeReason, REASON_TEXT } from '../core/mask/reasons.ts';
import type { FileRow } from '../node/row-reader.ts';
import { bold, count, dim, green, red, yellow } from './output.ts';

export interface InspectedRow {
  readonly row: FileRow;
  readonly detail: RowDetail;
}

/** A row for a terminal: counts, problems, the text with what is trained in green (and in brackets where there is no color). */
export function terminalText({ row, detail }: InspectedRow, maxLength: number): string {
  const out: string[] = [`${bold(`Row ${row.row}`)} ${dim(`line ${row.line}, ${detail.format}`)}`];
  for (const problem of detail.problems) {
    const paint = problem.severity === 'error' ? red : problem.severity === 'warning' ? yellow : dim;
    out.push(`${paint(problem.severity)} ${problem.message} ${dim(problem.code)}`);
  }
  for (const part of detail.parts) {
    const { tokens, trained, truncated } = part.counts;
    const share = tokens === 0 ? 0 : Math.round((100 * trained) / Math.min(tokens, maxLength));
    out.push(
      `${part.part === 'row' ? '' : `${part.part}: `}${count(tokens, 'token')}, ${trained.toLocaleString('en')} trained (${share} %)${truncated > 0 ? `, ${truncated.toLocaleString('en')} cut` : ''}`,
    );
    out.push(maskedText(part), '');
  }
  return `${out.join('\n')}\n`;
}

function maskedText(part: PartDetail): string {
  const colored = process.stdout.isTTY === true;
  let text = '';
  let at = 0;
  for (let i = 0; i < part.ids.length; ) {
    let end = i;
    while (end < part.ids.length && part.trained[end] === part.trained[i]) end++;
    const from = Math.max(at, part.starts[i] ?? at);
    const to = Math.max(from, part.ends[end - 1] ?? from);
    text += dim(part.text.slice(at, from));
    const piece = part.text.slice(from, to);
    text += part.trained[i] ? (colored ? green(piece) : `⟦${piece}⟧`) : dim(piece);
    at = to;
    i = end;
  }
  return text + dim(part.text.slice(at));
}

/** State word and sentence of a token's reason. */
export function reasonOf(part: PartDetail, i: number, maxLength: number): { word: string; sentence: string } {
  const reason = REASONS[part.reasons[i] ?? 0] ?? 'template-text';
  return {
    word: REASON_TEXT[reason].word,
    sentence: describeReason(reason, { role: part.roles[part.turns[i] ?? -1] ?? '', maxLength }),
  };
}
