import { lossClass } from '../model/loss.ts';
import { stateOf } from '../model/states.ts';
import { Blocks } from './blocks.ts';
import { element } from './dom.ts';
import type { Drawing } from './drawing.ts';
import { putText } from './token-text.ts';
import { turnSection } from './turn-heading.ts';

/** Tokens after which a long turn may start a new block, at the next line break: blocks off screen are not laid out. */
const BLOCK = 200;
/** For the estimate of a block's height only. */
const LINE = 23;
const COLUMNS = 80;

/** A turn as the model reads it: running text with the mask as its background. */
export const textDrawing: Drawing = (model, group, { showSpace, loss }) => {
  const { part, spans, states } = model;
  const section = turnSection(group, 'turn');
  const body = element('div', 'body');
  section.append(body);
  let tokens = 0;
  let lines = 0;
  let width = 0;
  const blocks = new Blocks(body, 'run', {
    height: () => LINE * Math.max(1, Math.ceil(lines + width / COLUMNS)),
    reset: () => {
      tokens = lines = width = 0;
    },
  });
  const measure = (text: string): void => {
    tokens++;
    for (let at = text.indexOf('\n'), from = 0; ; at = text.indexOf('\n', from)) {
      if (at < 0) {
        width += text.length - from;
        return;
      }
      lines += 1 + Math.floor((width + at - from) / COLUMNS);
      width = 0;
      from = at + 1;
    }
  };

  return {
    section,
    gap(from, to) {
      const text = part.text.slice(from, to);
      const plain = element('span', 'uncovered');
      putText(plain, text, showSpace);
      blocks.append(plain);
      measure(text);
    },
    token(i) {
      const text = part.text.slice(spans.from[i], spans.to[i]);
      const state = stateOf(states, i);
      const bar = lossClass(loss, i);
      const span = element('span', bar === '' ? `tok m-${state}` : `tok m-${state} ${bar}`);
      span.setAttribute('data-i', String(i));
      if (text === '') span.classList.add('byte');
      else if (part.control[i]) {
        span.classList.add('ctl');
        span.textContent = text;
      } else putText(span, text, showSpace);
      blocks.append(span);
      measure(text);
      if (tokens >= BLOCK && text.endsWith('\n')) blocks.close();
      return span;
    },
    cut: (label) => blocks.cut(label),
    fold: (label) => blocks.fold(label),
    unfold: () => blocks.unfold(),
    rest: () => blocks.estimate(),
  };
};
