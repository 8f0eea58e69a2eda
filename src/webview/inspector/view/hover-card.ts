import type { TokenDescription } from '../model/describe.ts';
import { number } from '../model/words.ts';
import { element } from './dom.ts';

/** Milliseconds before a token's card opens, and before it closes, so that the pointer can enter it. */
const DELAY = 300;
/** Kept free at the bottom: the token line. Pixels. */
const BOTTOM = 40;
const EDGE = 8;

/** A card for the pointer only: what it says stands in the token line, too. Can be entered, and Esc closes it. */
export interface HoverCard {
  /** The pointer is over this token, or over none. */
  over(target: HTMLElement | null, describe: (() => TokenDescription) | null, total: number): void;
  /** Whether there was one to close. */
  hide(): boolean;
}

export function createHoverCard(card: HTMLElement): HoverCard {
  let wait = 0;
  const hide = (): boolean => {
    clearTimeout(wait);
    const open = !card.hidden;
    card.hidden = true;
    return open;
  };
  card.addEventListener('mouseenter', () => clearTimeout(wait));
  card.addEventListener('mouseleave', () => {
    clearTimeout(wait);
    wait = window.setTimeout(hide, DELAY);
  });
  return {
    over(target, describe, total) {
      clearTimeout(wait);
      wait = window.setTimeout(() => {
        if (target === null || describe === null) {
          hide();
          return;
        }
        fillCard(card, describe(), total);
        card.hidden = false;
        place(card, target);
      }, DELAY);
    },
    hide,
  };
}

function fillCard(card: HTMLElement, token: TokenDescription, total: number): void {
  const head = element('div', 'head');
  head.append(
    element('span', `tok m-${token.state}${token.control ? ' ctl' : ''}`, token.shown),
    element('b', '', token.word),
    element('span', 'dim num push', `id ${token.id}`),
  );
  const facts = element('dl');
  for (const [name, value, code] of [
    ['From', token.from, token.origin !== null],
    ...(token.loss === '' ? [] : ([['Loss', token.loss.replace(/^loss /, ''), false]] as const)),
    ['Bytes', token.bytes, true],
    ['Position', `${number(token.index + 1)} of ${number(total)}`, false],
  ] as const) {
    const detail = element('dd', 'num');
    detail.append(code ? element('code', '', value) : value);
    facts.append(element('dt', '', name), detail);
  }
  card.replaceChildren(head, element('p', '', token.reason), facts);
}

/** Below the token's first line, above where there is no room. */
function place(card: HTMLElement, target: HTMLElement): void {
  const box = target.getClientRects()[0] ?? target.getBoundingClientRect();
  const below = box.bottom + EDGE;
  const above = box.top - EDGE - card.offsetHeight;
  const left = Math.max(EDGE, Math.min(innerWidth - card.offsetWidth - EDGE, box.left - 12));
  card.style.setProperty('left', `${left}px`);
  card.style.setProperty('top', `${below + card.offsetHeight > innerHeight - BOTTOM && above > 0 ? above : below}px`);
}
