import type { Counts, PartDetail, RowDetail } from '../../core/analysis-types.ts';
import type { Pointer } from '../../core/jsonl/value.ts';
import { count, counted, percent, plainMarkdown } from './words.ts';

/** "62 tokens, 24 trained, 19 cut". */
export function rowSentence({ tokens, trained, truncated }: Counts): string {
  return `${counted(tokens, 'token')}, ${count(trained)} trained${truncated > 0 ? `, ${count(truncated)} cut` : ''}`;
}

/** What a screen reader says for the status bar item. */
export const rowLabel = (row: number, counts: Counts): string =>
  `Row ${count(row + 1)}: ${rowSentence(counts)}. Inspect row`;

const isInside = (pointer: Pointer, parent: Pointer): boolean =>
  parent !== '' && (pointer === parent || pointer.startsWith(`${parent}/`));

/** The part and message that a place of the row belongs to; the longest pointer decides. */
export function messageAt(detail: RowDetail, pointer: Pointer): { part: PartDetail; message: number } | null {
  let best: { part: PartDetail; message: number } | null = null;
  let length = 0;
  for (const part of detail.parts) {
    part.messagePointers.forEach((parent, message) => {
      if (parent.length > length && isInside(pointer, parent)) {
        best = { part, message };
        length = parent.length;
      }
    });
  }
  return best;
}

const table = (head: readonly string[], lines: readonly (readonly string[])[]): string =>
  [
    `| ${head.join(' | ')} |`,
    `|${head.map((_, column) => (column === 0 ? ':--' : '--:')).join('|')}|`,
    ...lines.map((cells) => `| ${cells.join(' | ')} |`),
  ].join('\n');

const ROLE = /\/(?:role|from)$/;

/** Rows of a table in a hover; more would not be read. */
const MAX_LINES = 8;

/** Markdown of the hover over a message: sentence and table. */
export function messageHover(part: PartDetail, message: number, maxLength: number): string {
  const total = part.perMessage[message] ?? { tokens: 0, trained: 0 };
  const parent = part.messagePointers[message] ?? '';
  const others = part.messagePointers.filter((pointer) => pointer.length > parent.length);
  const fields = part.fields.filter(
    (field) =>
      isInside(field.pointer, parent) &&
      !others.some((other) => isInside(field.pointer, other)) &&
      // The head names the role already; what a template prints of it counts as the template's.
      !ROLE.test(field.pointer),
  );
  const name = (pointer: Pointer): string =>
    plainMarkdown(
      pointer
        .slice(parent.length + 1)
        .replaceAll('~1', '/')
        .replaceAll('~0', '~') || lastKey(parent),
    );
  const printed = fields.filter((field) => field.printed);
  const ofFields = printed.reduce((sum, field) => sum + field.tokens, 0);
  const trainedOfFields = printed.reduce((sum, field) => sum + field.trained, 0);
  const lines = fields
    .slice(0, MAX_LINES)
    .map((field) => [
      name(field.pointer),
      count(field.characters),
      field.printed ? count(field.tokens) : '–',
      field.printed ? count(field.trained) : 'not in the text',
    ]);
  if (fields.length > MAX_LINES) lines.push([`${count(fields.length - MAX_LINES)} more`, '', '', '']);
  lines.push([
    'template',
    '–',
    count(Math.max(0, total.tokens - ofFields)),
    count(Math.max(0, total.trained - trainedOfFields)),
  ]);
  const side = part.part === 'row' ? '' : `, ${part.part}`;
  const role = plainMarkdown(part.roles[message] ?? '');
  return [
    `**Turn ${message + 1}** ${role}${side} · ${counted(total.tokens, 'token')}, ${count(total.trained)} trained · ${percent(total.tokens, maxLength)} of ${count(maxLength)}`,
    table(['Field', 'Characters', 'Tokens', 'Trained'], lines),
  ].join('\n\n');
}

/** Markdown of the hover over the row itself. */
export function rowHover(detail: RowDetail, row: number, maxLength: number): string {
  const { counts } = detail;
  const cut = counts.truncated > 0 ? `, ${count(counts.truncated)} cut` : '';
  const head = `**Row ${count(row + 1)}** · ${counted(counts.tokens, 'token')}, ${count(counts.trained)} trained${cut} · ${percent(counts.tokens, maxLength)} of ${count(maxLength)}`;
  const messages = detail.parts.flatMap((part) =>
    part.perMessage.map((message) => [
      `${message.index + 1} ${plainMarkdown(message.role)}${part.part === 'row' ? '' : ` (${part.part})`}`,
      count(message.tokens),
      count(message.trained),
    ]),
  );
  if (messages.length === 0) return head;
  const lines = messages.slice(0, MAX_LINES);
  if (messages.length > MAX_LINES) lines.push([`${count(messages.length - MAX_LINES)} more`, '', '']);
  return [head, table(['Turn', 'Tokens', 'Trained'], lines)].join('\n\n');
}

const lastKey = (pointer: Pointer): string => pointer.slice(pointer.lastIndexOf('/') + 1);
