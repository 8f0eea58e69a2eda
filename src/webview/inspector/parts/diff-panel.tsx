import { useLayoutEffect, useRef } from 'preact/hooks';
import type { FileDiff, InspectorDiff } from '../../../core/protocol.ts';
import { IconButton, LinkButton } from '../../ui/button.tsx';
import { Picker } from '../../ui/picker.tsx';
import { Sentence } from '../../ui/sentence.tsx';
import type { Controller } from '../controller.ts';
import type { DiffModel } from '../model/diff-model.ts';
import { number } from '../model/words.ts';
import { createDiffSurface, type DiffSurface } from '../view/diff-drawing.ts';
import type { Actions } from './actions.ts';
import { Work } from './strips.tsx';

interface DiffPanelProps {
  readonly row: number;
  readonly diff: InspectorDiff | null;
  /** A sentence where the masks cannot be laid side by side; null until the host has answered. */
  readonly model: DiffModel | string | null;
  readonly fileDiff: FileDiff | null;
  readonly hideEqual: boolean;
  /** The difference that was stepped to. */
  readonly at: number;
  readonly sameRow: boolean;
  readonly active: boolean;
  readonly actions: Actions;
  readonly controller: Controller;
}

/** Two masks on one row: what differs and why, the file in a sentence, and the row under both. */
export function DiffPanel({
  row,
  diff,
  model,
  fileDiff,
  hideEqual,
  at,
  sameRow,
  active,
  actions,
  controller,
}: DiffPanelProps) {
  if (!active) return null;
  if (diff === null || model === null) return <Work what="Comparing the masks" />;
  const compared = typeof model === 'string' ? null : model;
  return (
    <div class="diff">
      <div class="summary">
        <p role="status">
          {compared === null ? (
            String(model)
          ) : (
            <>
              <b>{compared.diff.lead}</b> <Sentence text={compared.diff.rest} />
            </>
          )}
        </p>
        {fileDiff === null ? null : <FileLine diff={fileDiff} actions={actions} />}
      </div>
      {compared === null ? null : <Stops model={compared} at={at} hideEqual={hideEqual} actions={actions} />}
      <div class="pair heads">
        <SideHead label="First mask" side="first" diff={diff} model={compared} actions={actions} />
        <SideHead label="Second mask" side="second" diff={diff} model={compared} actions={actions} />
      </div>
      {compared === null ? null : (
        <Pair row={row} model={compared} at={at} hideEqual={hideEqual} sameRow={sameRow} controller={controller} />
      )}
    </div>
  );
}

/** "In the file the two differ on 51,874 of 52,002 rows." */
function FileLine({ diff, actions }: { readonly diff: FileDiff; readonly actions: Actions }) {
  const { kind, done, rows, differ } = diff;
  const list = differ > 0 ? <LinkButton onClick={() => actions.fileDiff('list')}>List the rows</LinkButton> : null;
  switch (kind) {
    case 'counting':
      return (
        <p class="dim small num">
          Comparing the file: {number(done)} of {number(rows)} rows, {number(differ)} differ.{' '}
          <LinkButton onClick={() => actions.fileDiff('stop')}>Stop</LinkButton>
        </p>
      );
    case 'stopped':
      return (
        <p class="dim small num">
          In {number(done)} of {number(rows)} rows the two differ on {number(differ)}. {list}{' '}
          <LinkButton onClick={() => actions.fileDiff('continue')}>Compare the others</LinkButton>
        </p>
      );
    case 'failed':
      return <p class="dim small">The file cannot be compared just now. Open the view again.</p>;
    case 'done':
      return (
        <p class="dim small num">
          {differ === 0
            ? `In the file the two are equal on all ${number(rows)} rows.`
            : `In the file the two differ on ${number(differ)} of ${number(rows)} rows.`}{' '}
          {list}
        </p>
      );
  }
}

interface StopsProps {
  readonly model: DiffModel;
  readonly at: number;
  readonly hideEqual: boolean;
  readonly actions: Actions;
}

function Stops({ model, at, hideEqual, actions }: StopsProps) {
  const total = model.diff.differences.length;
  return (
    <div class="stops">
      <h2 class="sr">Differences</h2>
      <span class="small num">
        {total === 0 ? 'No difference' : `Difference ${number(at + 1)} of ${number(total)}`}
      </span>
      {total === 0 ? null : (
        <>
          <IconButton icon="arrow-up" label="Previous difference" keys="Shift+F7" onClick={() => actions.step(-1)} />
          <IconButton icon="arrow-down" label="Next difference" keys="F7" onClick={() => actions.step(1)} />
        </>
      )}
      <span class="push" />
      <label class="switch">
        <input
          type="checkbox"
          role="switch"
          checked={hideEqual}
          aria-checked={hideEqual}
          onChange={(event) => actions.hideEqual(event.currentTarget.checked)}
        />
        <span>Hide equal turns</span>
      </label>
    </div>
  );
}

interface SideHeadProps {
  readonly label: string;
  readonly side: 'first' | 'second';
  readonly diff: InspectorDiff;
  readonly model: DiffModel | null;
  readonly actions: Actions;
}

function SideHead({ label, side, diff, model, actions }: SideHeadProps) {
  const trained = side === 'first' ? model?.diff.first : model?.diff.second;
  const only = (side === 'first' ? model?.diff.onlyFirst : model?.diff.onlySecond) ?? 0;
  return (
    <div class="side-head">
      <Picker
        label={label}
        value={diff[side].value}
        options={diff.options}
        onPick={(value) => actions.compare(side, value)}
      />
      {trained === undefined ? null : (
        <p class="small num">
          <b>{number(trained)}</b> trained
          {only === 0 ? null : <span class="only">{number(only)} more</span>}
        </p>
      )}
    </div>
  );
}

interface PairProps {
  readonly row: number;
  readonly model: DiffModel;
  readonly at: number;
  readonly hideEqual: boolean;
  readonly sameRow: boolean;
  readonly controller: Controller;
}

/** The turns under both masks. Drawn directly, as the other views of tokens are. */
function Pair({ row, model, at, hideEqual, sameRow, controller }: PairProps) {
  const host = useRef<HTMLDivElement>(null);
  const surface = useRef<DiffSurface | null>(null);
  useLayoutEffect(() => {
    const element = host.current;
    if (element === null) return;
    surface.current = createDiffSurface(element);
    return controller.attach('diff', element, surface.current);
  }, [controller]);
  useLayoutEffect(() => {
    surface.current?.draw(model, hideEqual);
    controller.show('diff', model.model, { showSpace: false, loss: null }, sameRow);
  }, [model, hideEqual, sameRow, controller]);
  const current = model.diff.differences[at]?.from;
  useLayoutEffect(() => {
    if (current !== undefined) controller.select(current, { speak: false, scroll: 'nearest' });
  }, [current, model, controller]);
  return (
    <div class="scroll">
      {/* biome-ignore lint/a11y/useSemanticElements: one stop that moves by token inside */}
      <div
        class="pair"
        ref={host}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move inside
        tabIndex={0}
        role="group"
        aria-roledescription="row under two masks"
        aria-label={`Row ${row} under ${model.names.first} and ${model.names.second}`}
        aria-describedby="help"
      />
    </div>
  );
}
