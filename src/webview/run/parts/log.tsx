import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { LinkButton } from '../../ui/button.tsx';
import type { Actions } from '../actions.ts';

/** So near to the end counts as at the end. Pixels. */
const NEAR = 24;

/** The end of `out.log`. It follows, but not while a person has scrolled up to read. */
export function Log({ lines, actions }: { lines: readonly string[]; actions: Actions }) {
  const box = useRef<HTMLElement>(null);
  const [follows, setFollows] = useState(true);
  const toEnd = (): void => box.current?.scrollTo({ top: box.current.scrollHeight });
  useLayoutEffect(() => {
    if (follows) toEnd();
  }, [lines, follows]);
  if (lines.length === 0) return null;
  return (
    <section class="log-section" aria-labelledby="log-title">
      <div class="plot-head">
        <h2 id="log-title">Log</h2>
        <span class="dim small">{follows ? 'last lines of out.log' : 'paused while you read'}</span>
        <span class="push" />
        {follows ? null : (
          <LinkButton
            onClick={() => {
              setFollows(true);
              toEnd();
            }}
          >
            Follow
          </LinkButton>
        )}
        <LinkButton onClick={() => actions.command('open-log')}>Open log</LinkButton>
      </div>
      <section
        class="log"
        ref={box}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable
        tabIndex={0}
        aria-label="Log tail"
        onScroll={() => {
          const { current } = box;
          if (current !== null) setFollows(current.scrollHeight - current.scrollTop - current.clientHeight < NEAR);
        }}
      >
        <pre>{lines.join('\n')}</pre>
      </section>
    </section>
  );
}
