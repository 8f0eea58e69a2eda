import type { HealthNotice } from '../../../core/run-protocol.ts';
import { IconButton, LinkButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Sentence } from '../../ui/sentence.tsx';
import type { Actions } from '../actions.ts';

const SIGNS: Readonly<Record<HealthNotice['severity'], readonly [icon: string, tone: string, word: string]>> = {
  error: ['error', 'ic-error', 'Error: '],
  warning: ['warning', 'ic-warn', 'Warning: '],
  information: ['info', 'ic-info', 'Note: '],
};

interface NoticesProps {
  readonly notices: readonly HealthNotice[];
  /** Which one; beyond the end is the last. */
  readonly index: number;
  readonly actions: Actions;
}

/** One at a time, with what to do about it. */
export function Notices({ notices, index, actions }: NoticesProps) {
  const at = Math.min(index, notices.length - 1);
  const notice = notices[at];
  if (notice === undefined) return null;
  const [icon, tone, word] = SIGNS[notice.severity];
  const { step } = notice;
  return (
    <section class="problems" aria-label="Health">
      <div class="problem">
        <Icon name={icon} tone={tone} small />
        <p>
          <span class="sr">{word}</span>
          <Sentence text={notice.message} />
        </p>
        <span class="acts">
          {notices.length < 2 ? null : (
            <span class="stepper">
              <IconButton
                icon="chevron-left"
                label="Previous notice"
                keys="Shift+F8"
                onClick={() => actions.stepNotice(-1)}
              />
              <span class="dim small num">
                {at + 1} of {notices.length}
              </span>
              <IconButton icon="chevron-right" label="Next notice" keys="F8" onClick={() => actions.stepNotice(1)} />
            </span>
          )}
          {notice.rows && step !== null ? (
            <LinkButton onClick={() => actions.openStep(step)}>Show rows</LinkButton>
          ) : null}
          <LinkButton onClick={() => actions.dismiss(notice)}>Dismiss</LinkButton>
        </span>
      </div>
    </section>
  );
}

/** What the host refused. */
export const Failure = ({ message, actions }: { message: string; actions: Actions }) => (
  <div class="problem failure" role="alert">
    <Icon name="error" tone="ic-error" small />
    <p>
      <span class="sr">Error: </span>
      <Sentence text={message} />
    </p>
    <span class="acts">
      <LinkButton onClick={actions.closeFailure}>Dismiss</LinkButton>
    </span>
  </div>
);
