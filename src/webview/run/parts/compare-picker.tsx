import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Overlay, RunSummary } from '../../../core/run-protocol.ts';
import { stateWord } from '../../../core/runs/state.ts';
import { Icon } from '../../ui/icon.tsx';
import { useAway } from '../../ui/use-away.ts';
import type { Actions } from '../actions.ts';
import { MOST_OTHERS } from '../model/lines.ts';

interface ComparePickerProps {
  /** Null: not known yet. */
  readonly runs: readonly RunSummary[] | null;
  /** The run of the page. */
  readonly own: string | null;
  readonly overlays: readonly Overlay[];
  readonly actions: Actions;
}

/** Chooses the runs that are drawn beside this one. */
export function ComparePicker({ runs, own, overlays, actions }: ComparePickerProps) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const drawn = new Set(overlays.map(({ id }) => id));
  const others = (runs ?? []).filter(({ id }) => id !== own);
  const full = drawn.size >= MOST_OTHERS;

  useAway(box, open, () => setOpen(false));
  useLayoutEffect(() => {
    if (open) box.current?.querySelector<HTMLElement>('input')?.focus();
  }, [open, runs === null]);

  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !open) return;
    event.stopPropagation();
    setOpen(false);
    opener.current?.focus();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes what is inside
    <div class="menu" ref={box} onKeyDown={onKey}>
      <button
        type="button"
        class="link"
        ref={opener}
        aria-expanded={open}
        onClick={() => {
          if (!open) actions.listRuns();
          setOpen(!open);
        }}
      >
        <Icon name="add" small /> Compare run…
      </button>
      {open ? (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a list
        <div class="menu-list picker-list" role="group" aria-label="Runs to compare">
          {runs === null ? <p class="dim">Looking for runs</p> : null}
          {runs !== null && others.length === 0 ? <p class="dim">No other run yet.</p> : null}
          {others.map(({ id, name, state }) => (
            <label key={id}>
              <input
                type="checkbox"
                checked={drawn.has(id)}
                disabled={full && !drawn.has(id)}
                onChange={() => actions.toggleOverlay(id)}
              />
              <span class="name">{name}</span>
              <span class="dim num">{stateWord(state).toLowerCase()}</span>
            </label>
          ))}
          {full ? <p class="dim">{MOST_OTHERS} runs at most. Remove one to add another.</p> : null}
        </div>
      ) : null}
    </div>
  );
}
