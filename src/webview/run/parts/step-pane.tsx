import type { StepDetail, StepRow } from '../../../core/run-protocol.ts';
import { nearest } from '../../../core/runs/decimate.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import type { Actions } from '../actions.ts';
import { counted, figure, number } from '../model/format.ts';
import type { RunLines } from '../model/lines.ts';
import type { StepPane as Pane } from '../view-state.ts';

interface StepPaneProps {
  readonly pane: Pane;
  readonly lines: RunLines;
  readonly actions: Actions;
}

/** What a step was made of: its rows, worst first. */
export function StepPane({ pane, lines, actions }: StepPaneProps) {
  return (
    <aside class="batch" aria-labelledby="step-title">
      <div class="plot-head">
        <h2 id="step-title" tabIndex={-1}>
          Step {number(pane.step)}
        </h2>
        {pane.kind === 'shown' ? (
          <span class="dim small num">
            {pane.detail.packs > 0 && pane.detail.packs !== pane.detail.totalRows
              ? `${counted(pane.detail.packs, 'pack')}, `
              : ''}
            {counted(pane.detail.totalRows, 'row')}
          </span>
        ) : null}
        <span class="push" />
        <IconButton icon="close" label="Close the step" onClick={actions.closeStep} />
      </div>
      {pane.kind === 'loading' ? <p class="dim small">Reading the rows of this step</p> : null}
      {pane.kind === 'failed' ? <p class="small">{pane.message}</p> : null}
      {pane.kind === 'shown' ? <Detail detail={pane.detail} lines={lines} actions={actions} /> : null}
    </aside>
  );
}

function Detail({ detail, lines, actions }: { detail: StepDetail; lines: RunLines; actions: Actions }) {
  const { step, rows, totalRows } = detail;
  const at = nearest(lines.series.steps, step);
  const smooth = lines.series.steps[at] === step ? lines.smoothed[at] : undefined;
  const most = rows.reduce((max, { loss }) => (typeof loss === 'number' && loss > max ? loss : max), 0);
  const outlier = outlierFrom(rows);
  const withLoss = rows.some(({ loss }) => loss !== null);
  return (
    <>
      <dl class="small num">
        <Fact name="Loss" value={figure(detail.loss)} />
        {smooth === undefined ? null : <Fact name="Smoothed" value={figure(smooth)} />}
        <Fact name="Grad norm" value={figure(detail.gradNorm)} />
        <Fact name="Tokens" value={detail.tokens === null ? '–' : number(detail.tokens)} />
      </dl>
      {detail.dataChanged ? (
        <p class="changed small">
          <Icon name="warning" tone="ic-warn" small />
          <span>The data file has changed since the run began: these lines may be others.</span>
        </p>
      ) : null}
      {rows.length === 0 ? (
        <p class="small">The rows of this step were not recorded.</p>
      ) : (
        <>
          <p class="small dim">{withLoss ? 'Rows by loss, worst first' : 'Rows; their loss was not recorded'}</p>
          <ol class="rows">
            {rows.map((row) => (
              <li key={`${row.line} ${row.piece?.[0] ?? ''}`}>
                <RowButton row={row} step={step} most={most} outlier={outlier} actions={actions} />
              </li>
            ))}
          </ol>
          <Button onClick={() => actions.openAllRows(step)}>
            {totalRows === 1 ? 'Open the row' : `Open all ${number(totalRows)} rows`}
          </Button>
        </>
      )}
    </>
  );
}

const Fact = ({ name, value }: { name: string; value: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
);

interface RowButtonProps {
  readonly row: StepRow;
  readonly step: number;
  /** The largest loss of the step. */
  readonly most: number;
  readonly outlier: number;
  readonly actions: Actions;
}

function RowButton({ row: { line, loss, tokens, piece, text }, step, most, outlier, actions }: RowButtonProps) {
  const worst = loss !== null && (typeof loss === 'string' || loss >= outlier);
  const part = piece === null ? '' : `, tokens ${number(piece[0] + 1)} to ${number(piece[1])}`;
  const share = typeof loss === 'number' ? (most > 0 ? loss / most : 0) : loss === null ? 0 : 1;
  return (
    <button
      type="button"
      class="row"
      title={`Open line ${number(line)}${part}${tokens === null ? '' : ` (${counted(tokens, 'token')})`}`}
      onClick={() => actions.openRow(step, line)}
    >
      <span class="dim num">
        <span class="sr">Line </span>
        {number(line)}
      </span>
      <span class="t">{text}</span>
      <span class="loss">
        {worst ? <span class="sr">far above the others, </span> : null}
        <span class="sr">loss </span>
        {figure(loss)}
      </span>
      <span class="row-bar" aria-hidden="true">
        <i class={worst ? 'hi' : ''} style={{ width: `${100 * Math.max(0, Math.min(1, share))}%` }} />
      </span>
    </button>
  );
}

/** From here on a row's loss is far above the others of its step: twice their median. */
function outlierFrom(rows: readonly StepRow[]): number {
  const sorted = rows.flatMap(({ loss }) => (typeof loss === 'number' ? [loss] : [])).sort((a, b) => a - b);
  const median = sorted[sorted.length >> 1];
  return median === undefined || sorted.length < 3 ? Number.POSITIVE_INFINITY : 2 * median;
}
