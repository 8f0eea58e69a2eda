import type { Range } from '../jsonl/value.ts';
import type { Rendering } from '../origin/segment.ts';
import type { ChatTemplate, RenderContext } from '../template/chat-template.ts';
import { agreement, type Markers, markersIn } from './markers.ts';
import type { Turn } from './mask-result.ts';
import { unlessRefused } from './prefixes.ts';
import type { Printed } from './printed.ts';
import type { TurnRow } from './turn-row.ts';
import { turnBegin } from './turns-begin.ts';
import { turnEnd } from './turns-end.ts';
import { plainTurn } from './turns-plain.ts';
import { type Usual, usualOf, withoutThought } from './usual.ts';

export interface TurnsInput {
  readonly template: ChatTemplate;
  readonly context: RenderContext;
  /** The row's render without generation prompt. */
  readonly rendering: Rendering;
  readonly markers: Markers;
  readonly pieces: readonly Printed[];
  /** Role of each message. */
  readonly roles: readonly string[];
  /** Roles whose turns are searched. */
  readonly trainedRoles: readonly string[];
  /** Take the long way everywhere (tests). */
  readonly thorough?: boolean;
}

/**
 * The turns that the model writes, read off renders of the same template: what it must produce after the generation
 * prompt, through the end-of-turn token. Renders of prefixes prove where a turn begins and ends; where a template rewrites
 * history or refuses a prefix, the origins of the characters decide.
 */
export function turnsOf(input: TurnsInput): Turn[] {
  const row = turnRow(input);
  const turns: Turn[] = [];
  let previousEnd = 0;
  input.roles.forEach((role, i) => {
    if (!input.trainedRoles.includes(role)) return;
    const turn = (input.thorough ? null : plainTurn(row, i, previousEnd)) ?? provenTurn(row, i, previousEnd);
    if (turn === null) return;
    previousEnd = Math.max(previousEnd, turn.contentEnd);
    turns.push({
      ...turn,
      message: i,
      start: Math.min(turn.start, turn.contentEnd),
      late: latePieces(row, i, turn.after),
    });
  });
  return turns;
}

function provenTurn(row: TurnRow, i: number, previousEnd: number): Omit<Turn, 'message' | 'late'> | null {
  const begin = turnBegin(row, i, previousEnd);
  return begin === null ? null : { ...begin, ...turnEnd(row, i, begin) };
}

function turnRow(input: TurnsInput): TurnRow {
  const { template, context, rendering, markers, pieces, roles, trainedRoles } = input;
  const own: Printed[][] = [];
  for (let i = 0; i < roles.length; i++) own.push([]);
  for (const piece of pieces) own[piece.message]?.push(piece);
  const usual = usualOf(template, context, markers);
  const row: TurnRow = {
    template,
    context,
    rendering,
    text: rendering.text,
    pieces,
    own,
    roles,
    trainedRoles,
    markers,
    usual,
  };
  return usual.header === null ? { ...row, usual: usualOfRow(row) } : row;
}

/** The template refuses even the smallest conversation: the row as a whole shows what a prompt adds and how its last turn closes. */
function usualOfRow({ template, context, text, pieces, roles, trainedRoles, markers, usual }: TurnRow): Usual {
  const prompt = unlessRefused(() => template.plain({ ...context, addGenerationPrompt: true }).text) ?? '';
  const header = prompt.slice(agreement(markers, prompt, text));
  const lastPiece = pieces.at(-1);
  const isLast =
    lastPiece !== undefined &&
    lastPiece.message === roles.length - 1 &&
    trainedRoles.includes(roles[roles.length - 1] ?? '');
  const tail = isLast ? text.slice(lastPiece.end) : null;
  const stop = tail === null ? undefined : markersIn(markers, tail, 0, tail.length).pop();
  return {
    ...usual,
    header: header === '' ? null : header,
    role: withoutThought(header),
    tail,
    kept: 0,
    stop: tail !== null && stop !== undefined ? tail.slice(...stop) : null,
  };
}

/** Content that the template prints after other messages: not what was already printed before. */
function latePieces({ pieces, own }: TurnRow, i: number, after: number): Range[] {
  return own[i]!.filter(
    (piece) =>
      piece.start >= after &&
      (piece.field === 'content' || piece.field === 'reasoning') &&
      !pieces.some(
        (earlier) =>
          earlier.end <= after &&
          earlier.pointer === piece.pointer &&
          earlier.from <= piece.from &&
          earlier.to >= piece.to,
      ),
  ).map((piece) => [piece.start, piece.end]);
}
