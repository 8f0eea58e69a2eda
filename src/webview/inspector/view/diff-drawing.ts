import type { DiffSide } from '../../../core/mask/diff.ts';
import { type DiffModel, type DiffStretch, equalWords, stretchesOf, turnCounts } from '../model/diff-model.ts';
import type { Group } from '../model/groups.ts';
import { counted, number } from '../model/words.ts';
import { element } from './dom.ts';
import type { Surface } from './surface.ts';
import { putText } from './token-text.ts';

/** A stretch of equal tokens inside a turn that is longer is cut to its ends. Tokens. */
const LONG = 600;
const ENDS = 150;
/** Tokens of a row that are drawn at most, on each side. */
const MOST = 8000;

/** The turns of a row under two masks, side by side. Draws when it is told what; the controller only marks and scrolls. */
export interface DiffSurface extends Surface {
  draw(model: DiffModel, hideEqual: boolean): void;
}

export function createDiffSurface(host: HTMLElement): DiffSurface {
  let elements = new Map<number, HTMLElement[]>();
  let now = -1;
  let linked: readonly number[] = [];

  const each = (i: number, work: (token: HTMLElement) => void): void => {
    for (const token of elements.get(i) ?? []) work(token);
  };
  const remark = (): void => {
    each(now, (token) => token.classList.add('now'));
    for (const i of linked) each(i, (token) => token.classList.add('linked'));
  };

  return {
    draw(model, hideEqual) {
      elements = new Map();
      const fresh = document.createDocumentFragment();
      let drawn = 0;
      for (const stretch of stretchesOf(model, hideEqual)) {
        const group = model.model.groups[stretch.from];
        if (stretch.equal) fresh.append(equalLine(equalWords(model, stretch)));
        else if (group !== undefined && drawn < MOST) {
          const to = Math.min(group.to, group.from + MOST - drawn);
          for (const side of ['first', 'second'] as const) fresh.append(cell(model, side, group, to, elements));
          drawn += to - group.from;
        } else fresh.append(moreLine(model, stretch));
      }
      host.replaceChildren(fresh);
      remark();
    },
    show: () => undefined,
    mark(i) {
      each(now, (token) => token.classList.remove('now'));
      now = i;
      each(now, (token) => token.classList.add('now'));
    },
    link(tokens) {
      for (const i of linked) each(i, (token) => token.classList.remove('linked'));
      linked = tokens;
      for (const i of linked) each(i, (token) => token.classList.add('linked'));
    },
    scrollTo(i, block) {
      elements.get(i)?.[0]?.scrollIntoView({ block, inline: 'nearest' });
    },
    elementOf: (i) => elements.get(i)?.[0],
  };
}

function equalLine(words: string): HTMLElement {
  const line = element('p', 'same');
  const icon = element('i', 'codicon codicon-fold s');
  icon.setAttribute('aria-hidden', 'true');
  line.append(icon, words);
  return line;
}

function moreLine({ model }: DiffModel, { from }: DiffStretch): HTMLElement {
  const group = model.groups[from];
  return element('p', 'same', `Turn ${(group?.turn ?? 0) + 1} is not drawn: the first ${number(MOST)} tokens are.`);
}

function cell(
  model: DiffModel,
  side: DiffSide,
  group: Group,
  to: number,
  elements: Map<number, HTMLElement[]>,
): HTMLElement {
  const { names } = model;
  const { tokens, trained, differ } = turnCounts(model, side, group);
  const turn = group.turn < 0 ? 'before turn 1' : `turn ${group.turn + 1}, ${group.role}`;
  const section = element('section', `cell ${side}`);
  section.setAttribute(
    'aria-label',
    `${names[side]}, ${turn}: ${number(trained)} of ${number(tokens)} trained, ${number(differ)} differ`,
  );
  const heading = element('h3');
  const where = group.turn < 0 ? '' : `turn ${group.turn + 1} · `;
  heading.append(
    element('b', '', group.role),
    element('span', 'dim num', `${where}${number(trained)} of ${number(tokens)} trained`),
  );
  const body = element('div', 'body');
  fill(body, model, side, group.from, to, elements);
  section.append(heading, body);
  return section;
}

function fill(
  body: HTMLElement,
  { model, first, second }: DiffModel,
  side: DiffSide,
  from: number,
  to: number,
  elements: Map<number, HTMLElement[]>,
): void {
  const [own, other] = side === 'first' ? [first, second] : [second, first];
  const { part, spans, maxLength } = model;
  const isEqual = (i: number): boolean => i >= maxLength || own.trained[i] === other.trained[i];
  const left = leftOut(from, to, isEqual);
  for (let i = from; i < to; i++) {
    const skip = left.get(i);
    if (skip !== undefined) {
      body.append(element('span', 'skipped', counted(skip - i, 'equal token')));
      i = skip - 1;
      continue;
    }
    const gap = spans.gap[i] ?? 0;
    const start = spans.from[i] ?? 0;
    if (gap < start) body.append(part.text.slice(gap, start));
    const state = isEqual(i)
      ? own.trained[i] && i < maxLength
        ? 'm-both'
        : 'm-rest'
      : own.trained[i]
        ? 'd-on'
        : 'd-off';
    const token = element('span', `tok ${state}`);
    token.setAttribute('data-i', String(i));
    const text = part.text.slice(start, spans.to[i]);
    if (text === '') token.classList.add('byte');
    else if (part.control[i]) {
      token.classList.add('ctl');
      token.textContent = text;
    } else putText(token, text, false);
    body.append(token);
    const known = elements.get(i);
    if (known === undefined) elements.set(i, [token]);
    else known.push(token);
  }
}

/** The middles of long stretches of equal tokens: from their first token to the one behind the last. */
function leftOut(from: number, to: number, isEqual: (i: number) => boolean): Map<number, number> {
  const left = new Map<number, number>();
  for (let start = from; start < to; start++) {
    let end = start;
    while (end < to && isEqual(end)) end++;
    if (end - start > LONG) left.set(start + ENDS, end - ENDS);
    start = Math.max(start, end);
  }
  return left;
}
