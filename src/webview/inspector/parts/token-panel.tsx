import { useLayoutEffect, useRef } from 'preact/hooks';
import type { LossLayer } from '../../../core/protocol.ts';
import type { Controller, SurfaceName } from '../controller.ts';
import type { RowModel } from '../model/row-model.ts';
import { counted } from '../model/words.ts';
import { chipDrawing } from '../view/chip-drawing.ts';
import { createSurface } from '../view/surface.ts';
import { textDrawing } from '../view/text-drawing.ts';
import { Legend } from './legend.tsx';

interface TokenPanelProps {
  readonly name: SurfaceName;
  readonly row: number;
  readonly model: RowModel;
  readonly sameRow: boolean;
  readonly showSpace: boolean;
  readonly loss: LossLayer | null;
  /** Whether the view is in front; only then it is drawn. */
  readonly active: boolean;
  readonly controller: Controller;
}

/** The place where a surface draws tokens, with the legend above. */
export function TokenPanel({ name, row, model, sameRow, showSpace, loss, active, controller }: TokenPanelProps) {
  const host = useRef<HTMLDivElement>(null);
  const scroller = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const element = host.current;
    if (element === null) return;
    const surface = createSurface(element, name === 'rendered' ? textDrawing : chipDrawing, {
      onSelect: (i) => controller.visit(i),
    });
    return controller.attach(name, element, surface);
  }, [name, controller]);

  const drawn = useRef<RowModel | null>(null);
  useLayoutEffect(() => {
    if (!active) return;
    const fresh = drawn.current !== null && drawn.current !== model && !sameRow;
    controller.show(name, model, { showSpace, loss }, sameRow || drawn.current === model);
    if (fresh) scroller.current?.scrollTo({ top: 0 });
    drawn.current = model;
  }, [name, model, sameRow, showSpace, loss, active, controller]);

  const label =
    name === 'rendered' ? `Row ${row} as the model sees it` : `${counted(model.total, 'token')} of row ${row}`;
  return (
    <>
      <Legend model={model} />
      <div class="scroll" ref={scroller}>
        {/* biome-ignore lint/a11y/useSemanticElements: one stop that moves by token inside */}
        <div
          class={name}
          ref={host}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move inside
          tabIndex={0}
          role="group"
          aria-roledescription={name === 'rendered' ? 'rendered row' : 'token list'}
          aria-label={label}
          aria-describedby="help"
        />
      </div>
    </>
  );
}
