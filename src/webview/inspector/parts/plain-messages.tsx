import type { RowDetail } from '../../../core/analysis-types.ts';

/** The row's text before, or without, tokens. */
export const PlainMessages = ({ messages, old }: { messages: RowDetail['messages']; old: boolean }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable
  <section class="scroll" tabIndex={0} aria-label={old ? 'Last valid version of the row' : 'Text of the row'}>
    {messages.map(({ role, text, pointer }, i) => (
      <section
        key={`${i} ${pointer}`}
        class={old ? 'turn plain old' : 'turn plain'}
        aria-label={`Turn ${i + 1}, ${role}`}
      >
        <h3>
          <b>{role}</b>
        </h3>
        <p class="body">{text}</p>
      </section>
    ))}
  </section>
);
