import type { Range } from '../jsonl/value.ts';
import type { Rendering } from '../origin/segment.ts';
import type { ChatTemplate, RenderContext } from '../template/chat-template.ts';
import type { Markers } from './markers.ts';
import type { Printed } from './printed.ts';
import type { Usual } from './usual.ts';

/** A rendered row, as the search for its turns sees it. */
export interface TurnRow {
  readonly template: ChatTemplate;
  readonly context: RenderContext;
  readonly rendering: Rendering;
  readonly text: string;
  readonly pieces: readonly Printed[];
  /** Pieces of each message, in the order of the text. */
  readonly own: readonly (readonly Printed[])[];
  readonly roles: readonly string[];
  /** Roles whose turns are searched. */
  readonly trainedRoles: readonly string[];
  readonly markers: Markers;
  readonly usual: Usual;
}

/** How sure a place is: proven by renders of prefixes, aligned by origins, or guessed. */
export type How = 'prefix' | 'origins' | 'guess';

export interface TurnBegin {
  readonly headerStart: number;
  readonly roleEnd: number;
  readonly start: number;
  readonly how: How;
}

export interface TurnEnd {
  readonly contentEnd: number;
  readonly stop: Range | null;
  readonly handover: boolean;
  readonly end: number;
  readonly after: number;
  readonly how: How;
}
