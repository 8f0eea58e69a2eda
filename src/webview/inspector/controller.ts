import type { Pointer, Range } from '../../core/jsonl/value.ts';
import { describeToken, speech, type TokenDescription } from './model/describe.ts';
import { moveOfKey, target } from './model/navigation.ts';
import { tokensAt } from './model/origin.ts';
import type { RowModel } from './model/row-model.ts';
import { tokenUnder } from './view/dom.ts';
import type { DrawOptions } from './view/drawing.ts';
import type { HoverCard } from './view/hover-card.ts';
import type { Surface } from './view/surface.ts';

export type SurfaceName = 'rendered' | 'tokens' | 'diff';

/** What the controller asks of the page around it. */
export interface ControllerPorts {
  reveal(goal: { readonly pointer: Pointer; readonly range: Range | null }, focus: boolean): void;
  say(sentence: string): void;
  readonly card: HoverCard;
}

/** Current token and linked tokens of the row, over all its views. */
export interface Controller {
  /** The view is there, drawn by this surface; the result takes it away. */
  attach(name: SurfaceName, host: HTMLElement, surface: Surface): () => void;
  /** The view in front, with what it shows. */
  show(name: SurfaceName, model: RowModel, options: DrawOptions, sameRow: boolean): void;
  /** No tokens are in sight, for now. */
  hide(): void;
  select(i: number, how: { readonly speak: boolean; readonly scroll: ScrollLogicalPosition | null }): void;
  /** Shows a token to a person who asked for it elsewhere on the page. */
  visit(i: number): void;
  /** The cursor in the JSON. */
  link(pointer: Pointer | null, offset: number | null): void;
  current(): TokenDescription | null;
  total(): number;
  goToJson(): void;
  /** Called with each new current token. */
  subscribe(listener: () => void): () => void;
}

/** A jump that we asked for comes back as a cursor event within this time, and must not move the current token. */
const ECHO = 600;

export function createController(ports: ControllerPorts): Controller {
  const surfaces = new Map<SurfaceName, { readonly host: HTMLElement; readonly surface: Surface }>();
  const listeners = new Set<() => void>();
  let model: RowModel | null = null;
  let front: SurfaceName = 'rendered';
  let visible = false;
  let now = -1;
  let revealed = Number.NEGATIVE_INFINITY;
  let cursor: { readonly pointer: Pointer; readonly offset: number | null } | null = null;

  const surface = (): Surface | undefined => surfaces.get(front)?.surface;
  const notify = (): void => {
    for (const listener of listeners) listener();
  };
  const linkedTokens = (): readonly number[] =>
    model === null || cursor === null ? [] : oneTurn(model, tokensAt(model.part, cursor.pointer, cursor.offset));

  function select(i: number, how: { readonly speak: boolean; readonly scroll: ScrollLogicalPosition | null }): void {
    if (model === null || model.total === 0) return;
    now = Math.max(0, Math.min(model.total - 1, i));
    ports.card.hide();
    if (how.scroll !== null) surface()?.scrollTo(now, how.scroll);
    surface()?.mark(now);
    if (how.speak) ports.say(speech(model, now));
    notify();
  }

  function goTo(focus: boolean): void {
    if (model === null || now < 0) return;
    const { goal } = describeToken(model, now);
    if (goal === null) return;
    revealed = performance.now();
    ports.reveal(goal, focus);
  }

  function onKey(event: KeyboardEvent): void {
    if (model === null) return;
    // Keys of the controls inside (a fold, a button) are theirs.
    if (event.target !== event.currentTarget && event.key === 'Enter') return;
    if (event.key === 'Enter') {
      event.preventDefault();
      goTo(true);
      return;
    }
    const move = moveOfKey(event);
    if (move === null) return;
    event.preventDefault();
    select(target(move, now, model.states, model.groups), { speak: true, scroll: 'nearest' });
  }

  function onClick(event: MouseEvent, focus: boolean): void {
    const i = tokenUnder(event);
    if (i < 0) return;
    // Text is being selected, to be copied.
    if (!focus && document.getSelection()?.isCollapsed === false) return;
    select(i, { speak: false, scroll: null });
    goTo(focus);
  }

  function onPointer(event: MouseEvent): void {
    const row = model;
    const i = tokenUnder(event);
    const over = i < 0 ? undefined : surface()?.elementOf(i);
    ports.card.over(over ?? null, row === null || i < 0 ? null : () => describeToken(row, i), row?.total ?? 0);
  }

  return {
    attach(name, host, made) {
      const listening = new AbortController();
      const { signal } = listening;
      surfaces.set(name, { host, surface: made });
      host.addEventListener('keydown', onKey, { signal });
      host.addEventListener('click', (event) => onClick(event, false), { signal });
      host.addEventListener('dblclick', (event) => onClick(event, true), { signal });
      host.addEventListener('mouseover', onPointer, { signal });
      host.addEventListener('mouseleave', () => ports.card.over(null, null, 0), { signal });
      return () => {
        listening.abort();
        surfaces.delete(name);
      };
    },
    show(name, row, options, sameRow) {
      const keep = sameRow || model === row;
      front = name;
      model = row;
      visible = true;
      ports.card.hide();
      // A cursor stands in one row; the host tells it anew after each other row.
      if (!keep) cursor = null;
      if (!keep || now < 0) now = Math.max(0, row.firstTrained);
      now = Math.min(now, row.total - 1);
      const made = surfaces.get(name);
      if (made === undefined) return;
      made.surface.link(linkedTokens());
      made.surface.mark(now);
      made.surface.show(row, options, keep);
      notify();
    },
    hide() {
      visible = false;
      ports.card.hide();
      notify();
    },
    select,
    visit(i) {
      select(i, { speak: true, scroll: 'center' });
      surfaces.get(front)?.host.focus({ preventScroll: true });
    },
    link(pointer, offset) {
      const moved = cursor?.pointer !== pointer || cursor.offset !== offset;
      cursor = pointer === null ? null : { pointer, offset };
      const tokens = linkedTokens();
      surface()?.link(tokens);
      const [first] = tokens;
      // The host tells the cursor with each row that it sends: only one that moved may move the current token.
      if (!moved || first === undefined || performance.now() - revealed < ECHO) return;
      select(first, { speak: false, scroll: 'nearest' });
    },
    current: () => (!visible || model === null || now < 0 || now >= model.total ? null : describeToken(model, now)),
    total: () => model?.total ?? 0,
    goToJson: () => goTo(true),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** A place that holds several turns (the row, all its messages) points at none. */
function oneTurn(model: RowModel, tokens: readonly number[]): readonly number[] {
  const { turns } = model.part;
  const turn = turns[tokens[0] ?? 0];
  return tokens.every((i) => turns[i] === turn) ? tokens : [];
}
