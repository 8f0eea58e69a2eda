import { isBlank, visible } from '../model/glyphs.ts';
import { lossClass } from '../model/loss.ts';
import { stateOf } from '../model/states.ts';
import { Blocks } from './blocks.ts';
import { element } from './dom.ts';
import type { Drawing } from './drawing.ts';
import { turnSection } from './turn-heading.ts';

/** Chips in one block: blocks off screen are not laid out, and a new block starts a new line. */
const BLOCK = 400;
/** For the estimate of a block's height only. */
const LINE = 42;
const CHIPS = 10;

/** A turn as a list of tokens, each with its id. */
export const chipDrawing: Drawing = (model, group, { loss }) => {
  const { part, spans, states } = model;
  const section = turnSection(group, 'chips-turn');
  let chips = 0;
  const blocks = new Blocks(section, 'run chip-row', {
    height: () => LINE * Math.ceil(chips / CHIPS),
    reset: () => {
      chips = 0;
    },
  });

  return {
    section,
    gap(from, to) {
      const text = part.text.slice(from, to);
      if (!isBlank(text)) blocks.append(element('span', 'uncovered', visible(text)));
    },
    token(i) {
      const text = part.text.slice(spans.from[i], spans.to[i]);
      const state = stateOf(states, i);
      const chip = element('span', `chip m-${state}`);
      chip.setAttribute('data-i', String(i));
      const bar = lossClass(loss, i);
      const label = element('span', bar === '' ? `tok m-${state}` : `tok m-${state} ${bar}`, chipText(text));
      if (text === '') label.classList.add('byte');
      chip.append(label, element('small', '', part.ids[i] ?? ''));
      blocks.append(chip);
      if (++chips >= BLOCK) blocks.close();
      return chip;
    },
    cut: (label) => blocks.cut(label),
    fold: (label) => blocks.fold(label),
    unfold: () => blocks.unfold(),
    rest: () => blocks.estimate(),
  };
};

/** The blank before a word is a dot, since a chip shows where a token begins; blanks between words stay. */
const chipText = (text: string): string =>
  isBlank(text) || text.lastIndexOf(' ') <= 0
    ? visible(text)
    : visible(text).replaceAll('·', (dot, at: number) => (at === 0 ? dot : ' '));
