import { useEffect, useState } from 'preact/hooks';
import type { RunHead } from '../../../core/run-protocol.ts';
import { stateSentence } from '../../../core/runs/progress.ts';
import { isOver } from '../../../core/runs/state.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Menu } from '../../ui/menu.tsx';
import type { Actions } from '../actions.ts';
import { buttonsOf, STATE_ICONS } from '../model/buttons.ts';
import { number } from '../model/format.ts';
import { ago, facts } from '../model/words.ts';

interface HeaderProps {
  readonly head: RunHead;
  readonly saves: readonly number[];
  readonly actions: Actions;
}

/** What the run is doing, in one sentence, and what can be done with it. */
export function Header({ head, saves, actions }: HeaderProps) {
  const now = useClock(!isOver(head.status.state));
  const [icon, tone] = STATE_ICONS[head.status.state];
  const { shown, more } = buttonsOf(head);
  return (
    <header class="top">
      <div class="state">
        <Icon name={icon} tone={tone} />
        <h1>{stateSentence(head, now)}</h1>
        <span class="push buttons">
          {shown.map(({ command, label, primary }) => (
            <Button key={label} primary={primary ?? false} onClick={() => actions.command(command)}>
              {label}
            </Button>
          ))}
          <Menu
            icon="ellipsis"
            label="More actions"
            items={more.map(({ command, label }) => ({ label, onPick: () => actions.command(command) }))}
          />
        </span>
      </div>
      <p class="dim small num facts">
        {facts(head).map((fact) => (
          <span key={fact}>{fact}</span>
        ))}
        {head.lastEvent === null || isOver(head.status.state) ? null : (
          <span class="push">last event {ago(now - head.lastEvent)}</span>
        )}
      </p>
      {head.maxSteps === null || head.maxSteps === 0 ? null : (
        <Progress step={head.step} of={head.maxSteps} saves={saves} />
      )}
    </header>
  );
}

/** Milliseconds since 1970, each second anew while it matters. */
export function useClock(runs: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!runs) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [runs]);
  return now;
}

interface ProgressProps {
  readonly step: number;
  readonly of: number;
  readonly saves: readonly number[];
}

/** Steps done, with a mark for each checkpoint. */
function Progress({ step, of, saves }: ProgressProps) {
  const at = (n: number): string => `${of > 0 ? Math.min(100, (100 * n) / of) : 0}%`;
  return (
    <div
      class="progress"
      role="progressbar"
      aria-label="Steps"
      aria-valuemin={0}
      aria-valuemax={of}
      aria-valuenow={Math.min(step, of)}
      aria-valuetext={`Step ${number(step)} of ${number(of)}`}
    >
      <i style={{ width: at(step) }} />
      {saves.slice(-100).map((save) => (
        <b key={save} style={{ left: at(save) }} />
      ))}
    </div>
  );
}
