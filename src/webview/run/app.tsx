import type { Actions } from './actions.ts';
import type { Board } from './board.ts';
import { Compare } from './parts/compare.tsx';
import { Empty, Restricted } from './parts/empty.tsx';
import { Header } from './parts/header.tsx';
import { Log } from './parts/log.tsx';
import { LossPanel } from './parts/loss-panel.tsx';
import { Multiples } from './parts/multiples.tsx';
import { Failure, Notices } from './parts/notices.tsx';
import { Sections } from './parts/sections.tsx';
import { SpecDiff } from './parts/spec-diff.tsx';
import { PrepareSteps, StateNotes } from './parts/state-notes.tsx';
import { StepPane } from './parts/step-pane.tsx';
import { openNotices, type ViewState } from './view-state.ts';

interface AppProps {
  readonly view: ViewState;
  readonly board: Board;
  readonly actions: Actions;
}

export function App({ view, board, actions }: AppProps) {
  const { empty, head, failure } = view;
  const problem = failure === null ? null : <Failure message={failure} actions={actions} />;
  if (empty !== null)
    return (
      <>
        {problem}
        {empty.restricted ? <Restricted actions={actions} /> : <Empty dataset={empty.dataset} actions={actions} />}
      </>
    );
  if (head === null)
    return (
      <>
        <h1 class="sr">Run dashboard</h1>
        {problem}
      </>
    );
  const points = view.series.steps.length > 0 || view.series.eval.steps.length > 0;
  const { state } = head.status;
  const below =
    points || state === 'running' || state === 'stopping' || view.overlays.length > 0 || view.log.length > 0;
  const { compare } = view;
  const compares = compare !== null && compare.prompts.length + compare.worst.length > 0;
  return (
    <>
      <Header head={head} saves={view.series.saves} actions={actions} />
      {problem}
      <Notices notices={openNotices(view)} index={view.notice} actions={actions} />
      {state === 'preparing' && head.status.steps.length > 0 ? <PrepareSteps steps={head.status.steps} /> : null}
      <StateNotes head={head} />
      {compares ? (
        <Sections
          active={view.section}
          labels={{ plots: 'Plots', compare: compare.prompts.length > 0 ? 'Before and after' : 'Eval rows' }}
          onPick={actions.section}
        />
      ) : null}
      <div id="section" {...(compares ? { role: 'tabpanel' as const, 'aria-labelledby': `tab-${view.section}` } : {})}>
        {compares && view.section === 'compare' ? (
          <Compare compare={compare} actions={actions} />
        ) : below || view.pane !== null ? (
          <div class={view.pane === null ? 'cols' : 'cols with-pane'}>
            <div class="plots first">
              {points ? (
                <LossPanel view={view} board={board} actions={actions} />
              ) : state === 'running' || state === 'stopping' ? (
                <p class="dim">The plots begin with the first step that is logged.</p>
              ) : null}
            </div>
            {view.pane === null ? null : <StepPane pane={view.pane} lines={board.lines()} actions={actions} />}
            <div class="plots">
              {points ? <Multiples view={view} board={board} actions={actions} /> : null}
              {view.overlays.map((overlay) => (
                <SpecDiff key={overlay.id} name={head.record.name} overlay={overlay} actions={actions} />
              ))}
              <Log lines={view.log} actions={actions} />
            </div>
          </div>
        ) : null}
      </div>
    </>
  );
}
