import { useRef } from 'preact/hooks';
import { LinkButton } from '../../ui/button.tsx';
import { Menu } from '../../ui/menu.tsx';
import { Segments } from '../../ui/segments.tsx';
import type { Actions } from '../actions.ts';
import type { Board } from '../board.ts';
import { AXIS_LABELS, type Axis, axesOf } from '../model/axis.ts';
import type { ViewState } from '../view-state.ts';
import { LineLegend } from './line-legend.tsx';
import { PlotBox } from './plot-box.tsx';
import { ValueTable } from './value-table.tsx';

interface LossPanelProps {
  readonly view: ViewState;
  readonly board: Board;
  readonly actions: Actions;
}

/** The plot that matters most, with the choices that all plots share. */
export function LossPanel({ view, board, actions }: LossPanelProps) {
  const text = useRef<HTMLParagraphElement>(null);
  const axes = axesOf(view.series);
  const asTable = view.tables.has('loss');
  return (
    <section class="plot" aria-labelledby="plot-loss">
      <div class="plot-head">
        <h2 id="plot-loss">Loss</h2>
        <p class="dim small num reading" ref={text} />
        <span class="push" />
        <span class="choices">
          {view.zoom === null ? null : <LinkButton onClick={actions.resetZoom}>Show all</LinkButton>}
          {axes.length < 2 ? null : (
            <Segments
              label="Horizontal axis"
              value={view.axis}
              options={axes.map((axis) => ({ value: axis, label: AXIS_LABELS[axis] }))}
              onPick={(value) => actions.axis(value as Axis)}
            />
          )}
          <span class="seg">
            <button
              type="button"
              aria-pressed={view.logScale}
              title="Logarithmic scale (L)"
              onClick={actions.toggleLogScale}
            >
              Log<span class="sr"> scale</span>
            </button>
          </span>
          <label class="smooth small">
            Smooth
            <input
              type="range"
              min={0}
              max={99}
              value={Math.round(100 * view.smoothing)}
              aria-valuetext={view.smoothing.toFixed(2)}
              title={`Smoothing ${view.smoothing.toFixed(2)}`}
              onInput={(event) => actions.smooth(Number(event.currentTarget.value) / 100)}
            />
            <span class="num weight" aria-hidden="true">
              {view.smoothing.toFixed(2)}
            </span>
          </label>
          <LinkButton label={asTable ? 'Plot of loss' : 'Table of loss'} onClick={() => actions.toggleTable('loss')}>
            {asTable ? 'Plot' : 'Table'}
          </LinkButton>
          <Menu
            icon="export"
            label="Export"
            items={[
              { label: 'Save plots as PNG', onPick: actions.savePng },
              { label: 'Save values as CSV', onPick: actions.saveCsv },
            ]}
          />
        </span>
      </div>
      {asTable ? (
        <ValueTable name="loss" lines={board.lines()} actions={actions} />
      ) : (
        <>
          <PlotBox name="loss" board={board} text={text} />
          <LineLegend view={view} actions={actions} />
        </>
      )}
    </section>
  );
}
