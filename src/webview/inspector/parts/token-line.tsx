import { useEffect, useState } from 'preact/hooks';
import { LinkButton } from '../../ui/button.tsx';
import type { Controller } from '../controller.ts';
import { number } from '../model/words.ts';

/** The current token, always at the same place. */
export function TokenLine({ controller }: { controller: Controller }) {
  const [, redraw] = useState(0);
  useEffect(() => controller.subscribe(() => redraw((n) => n + 1)), [controller]);
  const token = controller.current();
  if (token === null) return null;
  return (
    <footer class="tokenline small">
      <span class="dim num position">
        Token {number(token.index + 1)} of {number(controller.total())}
      </span>
      <span class={`tok m-${token.state}${token.control ? ' ctl' : ''}`}>{token.shown}</span>
      <span class="num">id {token.id}</span>
      <span class="why">
        <b>{token.word}</b> · {token.reason}
      </span>
      {token.loss === '' ? null : <span class="num">{token.loss}</span>}
      {token.origin === null ? null : <code class="dim origin">{token.from}</code>}
      <span class="push" />
      {token.goal === null ? null : <LinkButton onClick={() => controller.goToJson()}>Go to JSON</LinkButton>}
    </footer>
  );
}
