import { useRef } from 'preact/hooks';
import { LinkButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import type { Actions } from '../actions.ts';
import type { Board } from '../board.ts';
import { PLOT_TITLES, PLOTS, type SmallPlot } from '../model/lines.ts';
import type { ViewState } from '../view-state.ts';
import { PlotBox } from './plot-box.tsx';
import { ValueTable } from './value-table.tsx';

interface MultiplesProps {
  readonly view: ViewState;
  readonly board: Board;
  readonly actions: Actions;
}

/** The other figures of the run, over the same axis. */
export function Multiples({ view, board, actions }: MultiplesProps) {
  const { plots } = board.lines();
  const there = PLOTS.filter((name): name is SmallPlot => name !== 'loss' && plots.has(name));
  if (there.length === 0) return null;
  return (
    <div class="multiples">
      {there.map((name) => (
        <SmallPanel key={name} name={name} view={view} board={board} actions={actions} />
      ))}
    </div>
  );
}

function SmallPanel({ name, view, board, actions }: MultiplesProps & { name: SmallPlot }) {
  const text = useRef<HTMLElement>(null);
  const title = PLOT_TITLES[name];
  const asTable = view.tables.has(name);
  return (
    <section class={asTable ? 'as-table' : ''} aria-labelledby={`plot-${name}`}>
      <div class="small-head">
        <h3 id={`plot-${name}`}>{title}</h3>
        <b class="num" ref={text} />
        <span class="push" />
        <LinkButton
          className="table-link"
          label={asTable ? `Plot of ${title.toLowerCase()}` : `Table of ${title.toLowerCase()}`}
          onClick={() => actions.toggleTable(name)}
        >
          <Icon name={asTable ? 'graph-line' : 'table'} small />
        </LinkButton>
      </div>
      {asTable ? (
        <ValueTable name={name} lines={board.lines()} actions={actions} />
      ) : (
        <PlotBox name={name} board={board} text={text} />
      )}
    </section>
  );
}
