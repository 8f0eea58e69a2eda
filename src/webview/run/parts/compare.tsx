import type { CompareView } from '../../../core/run-protocol.ts';
import { LinkButton } from '../../ui/button.tsx';
import type { Actions } from '../actions.ts';
import { counted, figure, number } from '../model/format.ts';

/** The same prompts answered by the base and the tuned model, and the eval rows that the tuned one knows least. */
export function Compare({ compare, actions }: { compare: CompareView; actions: Actions }) {
  const { checkpoint, prompts, worst } = compare;
  return (
    <div class="compare">
      {prompts.length === 0 ? null : (
        <p class="small dim">
          {counted(prompts.length, 'prompt')} of the eval rows, answered by the base model and by{' '}
          {checkpoint.split('/').at(-1)}.
        </p>
      )}
      {prompts.map(({ line, prompt, expected, base, tuned }) => (
        <section key={line} class="answer" aria-label={`Line ${number(line)}`}>
          <div class="plot-head">
            <h2>
              <LinkButton label={`Line ${number(line)}, open it`} onClick={() => actions.openLine('eval', line)}>
                Line {number(line)}
              </LinkButton>
            </h2>
            <p class="prompt">{prompt}</p>
          </div>
          <div class="answers">
            <Answer title="Expected" text={expected} same={false} />
            <Answer title="Base" text={base} same={base.trim() === expected.trim()} />
            <Answer title="Tuned" text={tuned} same={tuned.trim() === expected.trim()} />
          </div>
        </section>
      ))}
      {worst.length === 0 ? null : (
        <section aria-labelledby="worst-title">
          <div class="plot-head">
            <h2 id="worst-title">Eval rows with the highest loss</h2>
          </div>
          <ol class="rows wide">
            {worst.map(({ line, loss, text }) => (
              <li key={line}>
                <button type="button" class="row" onClick={() => actions.openLine('eval', line)}>
                  <span class="dim num">
                    <span class="sr">Line </span>
                    {number(line)}
                  </span>
                  <span class="t">{text}</span>
                  <span class="loss">
                    <span class="sr">loss </span>
                    {figure(loss)}
                  </span>
                </button>
              </li>
            ))}
          </ol>
        </section>
      )}
    </div>
  );
}

const Answer = ({ title, text, same }: { title: string; text: string; same: boolean }) => (
  <div>
    <h3>
      {title}
      {same ? <span class="dim note"> · as expected</span> : null}
    </h3>
    <p class="body">{text === '' ? <span class="dim">Nothing</span> : seen(text)}</p>
  </div>
);

/** White space alone would look like nothing. */
const seen = (text: string): string =>
  text.trim() === '' ? text.replaceAll('\n', '↵').replaceAll(' ', '·').replaceAll('\t', '→') : text;
