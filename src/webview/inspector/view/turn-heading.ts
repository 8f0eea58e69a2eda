import type { Group } from '../model/groups.ts';
import { groupName, groupNote } from '../model/words.ts';
import { element } from './dom.ts';

/** A turn is a section that says its number, role and counts, with a heading that shows them. */
export function turnSection(group: Group, className: string): HTMLElement {
  const section = element('section', className);
  section.setAttribute('aria-label', groupName(group));
  const heading = element('h3');
  const note = element('span', 'dim num');
  if (group.turn >= 0) note.append(element('span', 'turn-number', `turn ${group.turn + 1} · `));
  note.append(groupNote(group));
  heading.append(element('b', '', group.role), note);
  section.append(heading);
  return section;
}
