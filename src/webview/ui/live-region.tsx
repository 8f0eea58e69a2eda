import type { RefObject } from 'preact';

/** What a screen reader says when no focus moves. Written to directly: a new drawing would say it twice. */
export const LiveRegion = ({ region }: { region: RefObject<HTMLDivElement | null> }) => (
  <div class="sr" role="status" ref={region} />
);
