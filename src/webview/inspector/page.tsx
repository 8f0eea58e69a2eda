import { createRef } from 'preact';
import type { InspectorEvent, InspectorRequests } from '../../core/protocol.ts';
import { LiveRegion } from '../ui/live-region.tsx';
import type { Page, PagePorts } from '../ui/start-page.ts';
import { App } from './app.tsx';
import { createController } from './controller.ts';
import { differenceSpeech } from './model/diff-model.ts';
import type { Actions } from './parts/actions.ts';
import { TokenLine } from './parts/token-line.tsx';
import { element } from './view/dom.ts';
import { createHoverCard } from './view/hover-card.ts';
import {
  firstState,
  type SavedState,
  savedState,
  type TabName,
  type ViewState,
  withDiff,
  withPart,
  withRow,
} from './view-state.ts';

/** Keeps the state of the page, draws it anew on each change, and answers the keys that work everywhere on it. */
export function startInspector({
  root,
  saved,
  save,
  request,
  render,
}: PagePorts<InspectorRequests, SavedState>): Page<InspectorEvent> {
  let view: ViewState = firstState(savedState(saved));
  const region = createRef<HTMLDivElement>();
  const cardElement = element('aside', 'card small');
  cardElement.setAttribute('role', 'tooltip');
  cardElement.hidden = true;
  const card = createHoverCard(cardElement);

  const onError = (error: unknown): void => {
    set({ host: { kind: 'error', message: error instanceof Error ? error.message : String(error) } });
  };
  /** Asks the host. What it refuses, it says in a sentence, and that sentence is shown. */
  const ask = <K extends keyof InspectorRequests>(type: K, body: InspectorRequests[K]['request']): void => {
    request(type, body as Parameters<typeof request<K>>[1]).catch(onError);
  };
  const controller = createController({
    card,
    reveal: (goal, focus) => ask('reveal', { ...goal, focus }),
    say: (sentence) => say(sentence),
  });
  function say(sentence: string): void {
    if (region.current !== null) region.current.textContent = sentence;
  }

  const actions: Actions = {
    pick: (picker, value) => ask('pick', { picker, value }),
    go: (to) => ask('go', { to }),
    follow(on) {
      set({ follow: on });
      ask('follow', { on });
    },
    command: (command, argument) => ask('command', argument === undefined ? { command } : { command, argument }),
    showProblem(index) {
      const tokens = view.row?.problems[index]?.tokens;
      if (tokens === undefined || view.model === null) {
        ask('revealProblem', { index });
        return;
      }
      if (view.tab === 'messages' || view.tab === 'diff') showTab('rendered');
      controller.visit(tokens[0]);
    },
    applyFix: (index, fix) => ask('applyFix', { index, fix }),
    reveal: (pointer) => ask('reveal', { pointer, range: null, focus: true }),
    tab: (tab) => showTab(tab),
    part(part) {
      view = withPart(view, part);
      keep({});
    },
    toggleSpace: () => keep({ showSpace: !view.showSpace }),
    lossLayer: (lossLayer) => keep({ lossLayer }),
    compare(side, value) {
      const [first, second] = [view.diff?.first.value ?? view.masks[0], view.diff?.second.value ?? view.masks[1]];
      keep({ masks: side === 'first' ? [value, second] : [first, value] });
      compare();
    },
    fileDiff: (what) => ask('fileDiff', { what }),
    hideEqual: (hideEqual) => keep({ hideEqual }),
    step(by) {
      const model = view.diffModel;
      if (model === null || typeof model === 'string') return;
      const { differences } = model.diff;
      if (differences.length === 0) return;
      const diffAt = (view.diffAt + by + differences.length) % differences.length;
      keep({ diffAt });
      const difference = differences[diffAt];
      if (difference !== undefined) say(differenceSpeech(model, diffAt, difference));
    },
  };

  function showTab(tab: TabName): void {
    const before = view.tab;
    if (tab === before) return;
    keep({ tab });
    if (tab === 'diff') compare();
    else if (before === 'diff') ask('fileDiff', { what: 'leave' });
  }

  /** Asks for the row under the two masks; an answer that is late for another question is dropped. */
  let asked = 0;
  function compare(): void {
    const question = ++asked;
    const [first, second] = view.masks;
    request('diff', { first, second }).then((diff) => {
      if (question !== asked) return;
      view = withDiff(view, diff);
      set({ sameRow: view.sameRow });
    }, onError);
  }

  function draw(): void {
    render(
      <>
        <main>
          <App view={view} actions={actions} controller={controller} />
        </main>
        <TokenLine controller={controller} />
        <LiveRegion region={region} />
      </>,
      root,
    );
  }

  function set(change: Partial<ViewState>): void {
    view = { ...view, ...change };
    if (view.model === null || view.tab === 'messages') controller.hide();
    draw();
  }

  function keep(change: Partial<ViewState>): void {
    // The views that a change of tab or of marks draws again show the row they showed.
    set({ sameRow: view.sameRow, ...change });
    const { tab, part, showSpace, lossLayer, masks, hideEqual } = view;
    save({ tab, part, showSpace, lossLayer, masks, hideEqual });
  }

  document.addEventListener('keydown', (event) => {
    if (event.key === 'F8') actions.go(event.shiftKey ? 'previous-problem' : 'next-problem');
    else if (event.key === 'F7' && view.tab === 'diff') actions.step(event.shiftKey ? -1 : 1);
    else if (event.altKey && event.key === 'PageUp') actions.go('previous-row');
    else if (event.altKey && event.key === 'PageDown') actions.go('next-row');
    else if (event.key === 'Escape') {
      if (!card.hide()) actions.go('editor');
    } else if (isLetter(event, 'w') && view.model !== null && view.tab === 'rendered') actions.toggleSpace();
    else return;
    event.preventDefault();
  });
  document.addEventListener('scroll', () => card.hide(), { capture: true, passive: true });

  document.body.append(cardElement);
  draw();

  return {
    onError,
    onEvent(event) {
      switch (event.type) {
        case 'state':
          set({ host: event.state });
          return;
        case 'row':
          set(withRow(view, event.row, event.pickers, event.follow, Date.now()));
          if (view.tab === 'diff' && view.diff === null && view.model !== null) compare();
          return;
        case 'file-diff':
          set({ fileDiff: event.diff, sameRow: view.sameRow });
          return;
        case 'tab':
          showTab(event.tab);
          return;
        case 'cursor':
          controller.link(event.pointer, event.offset);
      }
    },
  };
}

/** A single letter as a command: not in a field, not with a modifier. */
function isLetter(event: KeyboardEvent, letter: string): boolean {
  if (event.key.toLowerCase() !== letter || event.ctrlKey || event.metaKey || event.altKey) return false;
  return !(event.target instanceof Element && event.target.closest('input, select, textarea'));
}
