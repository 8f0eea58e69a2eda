import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Board } from '../board.ts';
import type { PlotName } from '../model/lines.ts';

interface PlotBoxProps {
  readonly name: PlotName;
  readonly board: Board;
  /** The element that says what stands under the cursor. */
  readonly text: RefObject<HTMLElement | null>;
}

/** The place where the board draws a plot; for a person who cannot see it, a slider over its points. */
export function PlotBox({ name, board, text }: PlotBoxProps) {
  const host = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (host.current === null || text.current === null) return;
    return board.attach(name, host.current, text.current);
  }, [name, board, text]);
  return (
    <div
      class={`plot-box ${name === 'loss' ? 'large' : 'small-plot'}`}
      ref={host}
      data-plot={name}
      tabIndex={0}
      role="slider"
      aria-valuenow={0}
    />
  );
}
