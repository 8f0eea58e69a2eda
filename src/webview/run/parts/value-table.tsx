import { useRef, useState } from 'preact/hooks';
import { LinkButton } from '../../ui/button.tsx';
import type { Actions } from '../actions.ts';
import { number } from '../model/format.ts';
import { PLOT_TITLES, type PlotName, type RunLines } from '../model/lines.ts';
import { tableOf } from '../model/table.ts';

/** Pixels. */
const ROW = 26;
/** Rows above and below what is seen. */
const SPARE = 8;
const SEEN = 12;

interface ValueTableProps {
  readonly name: PlotName;
  readonly lines: RunLines;
  readonly actions: Actions;
}

/** The values of a plot, newest first. Only the rows near what is seen are in the page. */
export function ValueTable({ name, lines, actions }: ValueTableProps) {
  const [first, setFirst] = useState(0);
  const scroller = useRef<HTMLElement>(null);
  const { columns, rows, row } = tableOf(lines, name);
  const from = Math.max(0, Math.min(first - SPARE, rows - 1));
  const to = Math.min(rows, first + SEEN + SPARE);
  const shown = Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
  return (
    <section
      class="table-scroll"
      ref={scroller}
      data-plot={name}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable
      tabIndex={0}
      aria-label={`${PLOT_TITLES[name]}: ${number(rows)} values, newest first`}
      onScroll={() => setFirst(Math.floor((scroller.current?.scrollTop ?? 0) / ROW))}
    >
      <div style={{ paddingTop: `${from * ROW}px`, paddingBottom: `${(rows - to) * ROW}px` }}>
        <table class="values num" aria-rowcount={rows + 1}>
          <thead>
            <tr aria-rowindex={1}>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((i) => {
              const { step, cells } = row(i);
              return (
                <tr key={i} aria-rowindex={i + 2}>
                  {step === null ? null : (
                    <th scope="row">
                      <LinkButton
                        label={`${number(step)}, show the rows of this step`}
                        onClick={() => actions.openStep(step)}
                      >
                        {number(step)}
                      </LinkButton>
                    </th>
                  )}
                  {cells.map((cell, c) => (
                    <td key={columns[c]}>{cell}</td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}
