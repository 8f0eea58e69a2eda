import {
  type CancellationToken,
  Hover,
  type HoverProvider,
  MarkdownString,
  type Position,
  type TextDocument,
} from 'vscode';
import { parseRow } from '../core/jsonl/parse.ts';
import { COMMANDS, SETTINGS } from './contributions.ts';
import type { Datasets } from './datasets.ts';
import type { Details } from './details.ts';
import { toRange } from './diagnostics.ts';
import { readSetting } from './editor-api.ts';
import { messageAt, messageHover, rowHover } from './rows/row-counts.ts';

/** Tokens of the message under the mouse; between messages, of the row. */
export class TokenHover implements HoverProvider {
  readonly #datasets: Datasets;
  readonly #details: Details;

  constructor(datasets: Datasets, details: Details) {
    this.#datasets = datasets;
    this.#details = details;
  }

  async provideHover(document: TextDocument, position: Position, token: CancellationToken): Promise<Hover | null> {
    const dataset = this.#datasets.get(document.uri);
    const analysis = dataset?.analysis;
    if (dataset === undefined || analysis === undefined || analysis === null) return null;
    if (!readSetting(SETTINGS.hoverEnabled, document.uri)) return null;
    const place = dataset.rows.at(position);
    if (place === null) return null;
    const detail = await this.#details.of(dataset, place.row);
    if (detail === null || detail.parts.length === 0 || token.isCancellationRequested) return null;
    const text = dataset.rows.text(place.row);
    const row = parseRow(text);
    const { pointer } = row.at(place.offset);
    const { maxLength } = analysis.project.settings;
    const found = messageAt(detail, pointer);
    const body =
      found === null ? rowHover(detail, place.row, maxLength) : messageHover(found.part, found.message, maxLength);
    const markdown = new MarkdownString(`${body}\n\n${links(document, place.row)}`);
    markdown.isTrusted = { enabledCommands: [COMMANDS.inspectRow] };
    const range = found === null ? null : row.locate(found.part.messagePointers[found.message] ?? '');
    return range === null ? new Hover(markdown) : new Hover(markdown, toRange(dataset.rows.span(place.row, range)));
  }
}

/** The row goes along, since the cursor may stand elsewhere. */
function links(document: TextDocument, row: number): string {
  const argument = encodeURIComponent(JSON.stringify([{ uri: document.uri.toString(), row }]));
  return `[Inspect row](command:${COMMANDS.inspectRow}?${argument})`;
}
