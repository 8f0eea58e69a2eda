import { useRef } from 'preact/hooks';
import type { Section } from '../view-state.ts';

interface SectionsProps {
  readonly active: Section;
  readonly labels: Readonly<Record<Section, string>>;
  readonly onPick: (section: Section) => void;
}

const ORDER: readonly Section[] = ['plots', 'compare'];
const KEYS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 };

/** Tabs over the lower part of the page: arrow keys move and choose. */
export function Sections({ active, labels, onPick }: SectionsProps) {
  const list = useRef<HTMLDivElement>(null);
  const onKey = (event: KeyboardEvent): void => {
    const by = KEYS[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const to = (ORDER.indexOf(active) + by + ORDER.length) % ORDER.length;
    onPick(ORDER[to] ?? 'plots');
    list.current?.querySelectorAll<HTMLElement>('[role=tab]')[to]?.focus();
  };
  return (
    <div class="sections" role="tablist" aria-label="Views of the run" tabIndex={-1} ref={list} onKeyDown={onKey}>
      {ORDER.map((section) => (
        <button
          key={section}
          type="button"
          role="tab"
          id={`tab-${section}`}
          aria-selected={section === active}
          aria-controls="section"
          tabIndex={section === active ? 0 : -1}
          onClick={() => onPick(section)}
        >
          {labels[section]}
        </button>
      ))}
    </div>
  );
}
