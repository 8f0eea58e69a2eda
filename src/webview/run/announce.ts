import { spokenSummary, stateSentence } from '../../core/runs/progress.ts';
import { isOver } from '../../core/runs/state.ts';
import type { Speaker } from './speaker.ts';
import { noticeKey, openNotices, type ViewState } from './view-state.ts';

/** Tells of what has changed from one state of the page to the next. */
export function announce(before: ViewState, after: ViewState, loss: number | null, speaker: Speaker): void {
  const { head } = after;
  if (head === null) return;
  const same = before.head?.record.id === head.record.id;
  const ended = isOver(head.status.state);
  if (same && ended && before.head !== null && !isOver(before.head.status.state)) {
    speaker.warn(`${stateSentence(head, Date.now())}.`);
    return;
  }
  const known = new Set((before.head?.notices ?? []).map(noticeKey));
  const fresh = same ? openNotices(after).filter((notice) => !known.has(noticeKey(notice))) : [];
  if (fresh[0] !== undefined) speaker.warn(fresh[0].message.replaceAll('`', ''));
  if (!ended) speaker.tell(spokenSummary(head, loss, Date.now()));
}
