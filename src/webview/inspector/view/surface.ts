import { createButton, createLinkButton } from '../../ui/button.tsx';
import { type DrawWindow, firstWindow, grown, grownBack, STEP, WHOLE, windowFor } from '../model/draw-window.ts';
import { groupAt } from '../model/groups.ts';
import type { RowModel } from '../model/row-model.ts';
import { counted, number } from '../model/words.ts';
import { element } from './dom.ts';
import type { Drawing, DrawOptions, Turn } from './drawing.ts';

/** Rows longer than this leave what is off screen without layout. Tokens. */
const LAZY = 1500;

/** What is drawn before the page answers again: the rest of the window follows, a part after each frame. Tokens. */
const PART = 1000;

/** The tokens of a row in one view. Drawn directly: a virtual tree of thousands of spans would only cost time. */
export interface Surface {
  /** Draws from scratch, but for what is drawn already; `keepWindow` for the same row drawn anew. */
  show(model: RowModel, options: DrawOptions, keepWindow: boolean): void;
  /** Marks the current token, -1 for none. */
  mark(i: number): void;
  /** Marks the tokens of the cursor. */
  link(tokens: readonly number[]): void;
  /** Draws the token if it is not in the page, opens its fold and scrolls it into view. */
  scrollTo(i: number, block: ScrollLogicalPosition): void;
  /** The element of a drawn token. */
  elementOf(i: number): HTMLElement | undefined;
}

export interface SurfaceEvents {
  /** A person asked for a token that may be far from here. */
  onSelect(i: number): void;
}

export function createSurface(host: HTMLElement, drawing: Drawing, events: SurfaceEvents): Surface {
  let model: RowModel | null = null;
  let options: DrawOptions = { showSpace: false, loss: null };
  let drawn: DrawWindow = { from: 0, to: 0 };
  /** Of the window, tokens up to here are in the page. */
  let made = 0;
  /** Counts the drawings from scratch: what was to follow an older one does not. */
  let drawings = 0;
  let elements: (HTMLElement | undefined)[] = [];
  let turns = new Map<number, Turn>();
  let now = -1;
  let linked: readonly number[] = [];
  let more: HTMLElement | null = null;

  /** Adds tokens `[from, to)` below what is there. */
  function append(row: RowModel, from: number, to: number): void {
    const fresh = document.createDocumentFragment();
    for (let g = groupAt(row.groups, from); g < row.groups.length; g++) {
      const group = row.groups[g];
      if (group === undefined || group.from >= to) break;
      let turn = turns.get(g);
      if (turn === undefined) {
        turn = drawing(row, group, options);
        turns.set(g, turn);
        fresh.append(turn.section);
      }
      appendTurn(row, turn, g, Math.max(from, group.from), Math.min(to, group.to));
    }
    if (to === row.total) tail(row, fresh);
    host.insertBefore(fresh, more);
  }

  /** Draws what is missing of the window up to token `to`. */
  function fill(row: RowModel, to: number): void {
    if (to <= made) return;
    append(row, made, to);
    made = to;
    remark();
  }

  /** Draws the next part of the window now and the others after the frames to come. */
  function follow(row: RowModel): void {
    fill(row, partEnd(row, made, drawn.to));
    if (made >= drawn.to) return;
    const mine = drawings;
    requestAnimationFrame(() =>
      setTimeout(() => {
        if (mine === drawings) follow(row);
      }),
    );
  }

  function appendTurn(row: RowModel, turn: Turn, g: number, from: number, to: number): void {
    const { spans, maxLength } = row;
    const fold = row.folds[g] ?? null;
    for (let i = from; i < to; i++) {
      if (fold !== null && (i === fold.from || (i === from && i > fold.from && i < fold.to)))
        turn.fold(`Tools: ${counted(fold.tools, 'function')} · ${counted(fold.to - fold.from, 'token')}`);
      if (i === maxLength) turn.cut(`Max length ${number(maxLength)}: ${counted(row.total - maxLength, 'token')} cut`);
      const gap = spans.gap[i] ?? 0;
      const start = spans.from[i] ?? 0;
      if (gap < start) turn.gap(gap, start);
      elements[i] = turn.token(i);
      if (fold !== null && (i === fold.to - 1 || (i === to - 1 && i > fold.from && i < fold.to))) turn.unfold();
    }
    turn.rest();
  }

  /** Text after the last token. */
  function tail(row: RowModel, fresh: DocumentFragment): void {
    const from = row.spans.gap[row.total] ?? 0;
    const to = row.spans.from[row.total] ?? 0;
    if (from >= to) return;
    const last = turns.get(row.groups.length - 1);
    if (last !== undefined) last.gap(from, to);
    else fresh.append(element('p', 'uncovered', row.part.text.slice(from, to)));
  }

  function draw(row: RowModel): void {
    host.replaceChildren();
    more = null;
    elements = new Array(row.total);
    turns = new Map();
    drawings++;
    made = drawn.from;
    host.classList.toggle('lazy', row.total > LAZY);
    if (drawn.from > 0) host.append(before(row));
    footer(row);
    follow(row);
  }

  function footer(row: RowModel): void {
    more?.remove();
    more = null;
    if (row.total <= WHOLE) return;
    more = element('div', 'more');
    const rest = row.total - drawn.to;
    if (rest > 0) more.append(createButton(`Show the next ${counted(Math.min(STEP, rest), 'token')}`, () => grow(row)));
    const { firstTrained } = row;
    if (firstTrained >= 0)
      more.append(createLinkButton('Go to the first trained token', () => events.onSelect(firstTrained)));
    more.append(
      element(
        'span',
        'dim num',
        `Tokens ${number(drawn.from + 1)} to ${number(drawn.to)} of ${number(row.total)} are shown.`,
      ),
    );
    host.append(more);
  }

  function grow(row: RowModel): void {
    const from = drawn.to;
    const moved = widen(row, grown(drawn, row.total));
    if (moved) elements[from]?.scrollIntoView({ block: 'start' });
    events.onSelect(from);
  }

  /** Another window; whether it had to be drawn from scratch. What only grows keeps what is there. */
  function widen(row: RowModel, next: DrawWindow): boolean {
    const moved = next.from !== drawn.from;
    if (!moved) fill(row, drawn.to);
    drawn = next;
    if (moved) draw(row);
    else {
      drawings++;
      footer(row);
      follow(row);
    }
    return moved;
  }

  function before(row: RowModel): HTMLElement {
    const line = element('div', 'more');
    line.append(
      createButton(`Show the ${counted(Math.min(STEP, drawn.from), 'token')} before`, () => {
        const last = drawn.from - 1;
        drawn = grownBack(drawn);
        draw(row);
        events.onSelect(last);
      }),
    );
    return line;
  }

  function remark(): void {
    if (now >= 0) elements[now]?.classList.add('now');
    for (const i of linked) elements[i]?.classList.add('linked');
  }

  return {
    show(row, next, keepWindow) {
      if (model === row && options.showSpace === next.showSpace && options.loss === next.loss) return;
      drawn =
        keepWindow && model !== null && model.total > WHOLE && row.total > WHOLE && drawn.from < row.total
          ? { from: drawn.from, to: Math.min(Math.max(drawn.to, drawn.from + STEP), row.total) }
          : firstWindow(row.total);
      model = row;
      options = next;
      draw(row);
    },
    mark(i) {
      elements[now]?.classList.remove('now');
      now = i;
      elements[now]?.classList.add('now');
    },
    link(tokens) {
      for (const i of linked) elements[i]?.classList.remove('linked');
      linked = tokens;
      for (const i of linked) elements[i]?.classList.add('linked');
    },
    scrollTo(i, block) {
      if (model === null || i < 0 || i >= model.total) return;
      const next = windowFor(drawn, i, model.total);
      if (next !== drawn) widen(model, next);
      if (i >= made) fill(model, partEnd(model, i, drawn.to));
      const target = elements[i];
      const fold = target?.closest('details');
      if (fold) fold.open = true;
      target?.scrollIntoView({ block, inline: 'nearest' });
    },
    elementOf: (i) => elements[i],
  };
}

/** The end of the part that begins at `from`, at most `end`. A fold is drawn as one: it has one label. */
function partEnd({ groups, folds }: RowModel, from: number, end: number): number {
  const to = from + PART;
  if (to >= end) return end;
  const fold = folds[groupAt(groups, to)] ?? null;
  return fold !== null && to > fold.from && to < fold.to ? Math.min(end, fold.to) : to;
}
