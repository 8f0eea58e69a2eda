import type { ComponentChildren } from 'preact';
import type { RunHead } from '../../../core/run-protocol.ts';
import type { PrepareStep } from '../../../core/runs/state.ts';
import { durationOf } from '../../../core/runs/time.ts';
import { Icon } from '../../ui/icon.tsx';
import { Sentence } from '../../ui/sentence.tsx';
import { number } from '../model/format.ts';
import { moreOf } from '../model/words.ts';
import { useClock } from './header.tsx';

const STEP_ICONS: Readonly<Record<PrepareStep['state'], readonly [icon: string, word: string]>> = {
  waiting: ['circle', 'Waiting: '],
  running: ['arrow-right', 'Now: '],
  done: ['check', 'Done: '],
  failed: ['error', 'Failed: '],
};

/** What has to be done before the first step. */
export const PrepareSteps = ({ steps }: { steps: readonly PrepareStep[] }) => (
  <ol class="steps" aria-label="Steps before the run">
    {steps.map(({ title, state, detail }) => (
      <li key={title} class={state} {...(state === 'running' ? { 'aria-current': 'step' as const } : {})}>
        <Icon name={STEP_ICONS[state][0]} tone={state === 'failed' ? 'ic-error' : ''} small />
        <span>
          <span class="sr">{STEP_ICONS[state][1]}</span>
          {title}
        </span>
        {detail === '' ? null : <span class="dim num detail">{detail}</span>}
      </li>
    ))}
  </ol>
);

/** What the headline leaves out: why, what to do, and what happens next. */
export function StateNotes({ head }: { head: RunHead }) {
  const { status } = head;
  switch (status.state) {
    case 'queued':
      return (
        <Notes>
          <Reason text={status.reason === null ? null : moreOf(status.reason)} />
          <Reason text={status.remedy} />
          <p class="dim small">You can close VS Code. The run starts without it.</p>
        </Notes>
      );
    case 'unknown':
      return <Unseen head={head} />;
    case 'failed':
    case 'lost':
      return (
        <Notes>
          <Reason
            text={status.reason === null ? null : status.state === 'failed' ? moreOf(status.reason) : status.reason}
          />
          <Reason text={status.remedy} />
          {status.error === null ? null : (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable
            <section class="src error" tabIndex={0} aria-label="The error">
              <pre>
                {status.error.type}: {status.error.message.trim()}
                {status.error.rank > 0 ? ` (rank ${status.error.rank})` : ''}
              </pre>
            </section>
          )}
          <p class="dim small">
            {head.checkpoints.length === 0
              ? 'No checkpoint was saved before it.'
              : `The last checkpoint is ${head.checkpoints.at(-1)?.split('/').at(-1)}.`}
            {status.code === null ? '' : ` Exit code ${number(status.code)}.`}
          </p>
        </Notes>
      );
    case 'stopped':
    case 'succeeded':
    case 'running':
    case 'stopping':
      return status.reason === null && status.remedy === null ? null : (
        <Notes>
          <Reason text={status.reason} />
          <Reason text={status.remedy} />
        </Notes>
      );
    case 'preparing':
      return status.reason === null ? null : (
        <Notes>
          <Reason text={status.reason} />
          <Reason text={status.remedy} />
        </Notes>
      );
  }
}

const Notes = ({ children }: { children: ComponentChildren }) => <div class="notes">{children}</div>;

const Reason = ({ text }: { text: string | null }) =>
  text === null || text === '' ? null : (
    <p>
      <Sentence text={text} />
    </p>
  );

/** It is not known how the run is: nothing more is said. */
function Unseen({ head: { status, record } }: { head: RunHead }) {
  const now = useClock(true);
  const next = status.nextTry === null ? null : Math.max(0, status.nextTry - now);
  return (
    <Notes>
      <p>
        <Sentence text={status.reason ?? `${record.target.name} does not answer.`} />{' '}
        {status.remedy ?? 'The run goes on there if the machine is up.'}
        {next === null ? '' : next < 1000 ? ' Trying now.' : ` Next try in ${durationOf(next)}.`}
      </p>
    </Notes>
  );
}
