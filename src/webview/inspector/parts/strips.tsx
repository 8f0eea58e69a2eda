import { useState } from 'preact/hooks';
import type { InspectorRow } from '../../../core/protocol.ts';
import { LinkButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Sentence } from '../../ui/sentence.tsx';
import { progressOf } from '../model/words.ts';
import type { Actions } from './actions.ts';

/** Nothing is selected. */
export const Empty = ({ actions }: { actions: Actions }) => (
  <div class="rest">
    <p>Place the cursor in a row of a JSONL file.</p>
    <p class="hints">
      <span>
        <kbd class="kbd">F8</kbd> next problem
      </span>
    </p>
    <p>
      <LinkButton onClick={() => actions.command('open-samples')}>Open the samples</LinkButton>
    </p>
  </div>
);

/** What is being done, and how far it is where that is known. */
export function Work({ what }: { what: string }) {
  const progress = progressOf(what);
  const share = progress === null ? null : Math.round(100 * progress);
  return (
    <div class="strip">
      <div class="work" role="status">
        <Icon name="loading" tone="spin" />
        <span>{what}</span>
      </div>
      {share === null ? null : (
        <div
          class="bar"
          role="progressbar"
          aria-label={what}
          aria-valuenow={share}
          aria-valuemin={0}
          aria-valuemax={100}
        >
          <i style={{ width: `${share}%` }} />
        </div>
      )}
    </div>
  );
}

export const Failure = ({ message, old }: { message: string; old: boolean }) => (
  <div class="problem strip" role="alert">
    <Icon name="error" tone="ic-error" small />
    <p>
      <span class="sr">Error: </span>
      <Sentence text={message} />
      {old ? <span class="dim"> The last result is shown below.</span> : null}
    </p>
  </div>
);

/** Paragraphs that are shown before someone asks for the rest. */
const NOTES = 2;

/** What stands behind the mask, where it is not simply the template's: two paragraphs, the rest on demand. */
export function MaskNotes({ notes }: { notes: readonly string[] }) {
  const [open, setOpen] = useState(false);
  const shown = open ? notes : notes.slice(0, NOTES);
  return (
    <div class="mask-notes dim small">
      {shown.map((note, i) => (
        <p key={note}>
          <Sentence text={note} />
          {i === shown.length - 1 && notes.length > NOTES ? (
            <>
              {' '}
              <LinkButton
                expanded={open}
                label={open ? 'Less about the loss mask' : `${notes.length - NOTES} more about the loss mask`}
                onClick={() => setOpen(!open)}
              >
                {open ? 'Less' : `${notes.length - NOTES} more`}
              </LinkButton>
            </>
          ) : null}
        </p>
      ))}
    </div>
  );
}

export const Restricted = ({ tokenizer, actions }: { tokenizer: string; actions: Actions }) => (
  <div class="problem strip">
    <Icon name="workspace-untrusted" tone="ic-info" small />
    <p>
      The folder’s own template and tokenizer are not used until you trust this workspace. Shown with <b>{tokenizer}</b>
      .
    </p>
    <span class="acts">
      <LinkButton onClick={() => actions.command('manage-trust')}>Manage trust</LinkButton>
    </span>
  </div>
);

/** The text around the first bad place, with a caret line below it. */
export function Excerpt({ excerpt }: { excerpt: NonNullable<InspectorRow['excerpt']> }) {
  const { mark, column } = excerpt;
  // One line, whatever the row's text has: the arrow below counts columns.
  const text = excerpt.text.replace(/\s/g, ' ');
  const before = column - 1 > mark[0] ? '…' : '';
  const [start, end] = mark;
  const bad = text.slice(start, Math.max(end, start + 1)) || ' ';
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable
    <section class="src" tabIndex={0} aria-label={`The row’s text around column ${column}`}>
      <pre>
        {before}
        {text.slice(0, start)}
        <mark>{bad}</mark>
        {text.slice(start + bad.length)}
        {'\n'}
        <span class="at" aria-hidden="true">
          {' '.repeat(start + before.length)}↑ <span>column {column.toLocaleString('en')}</span>
        </span>
      </pre>
    </section>
  );
}
