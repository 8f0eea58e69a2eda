import type { RowModel } from '../model/row-model.ts';
import { presentStates, STATE_WORDS } from '../model/states.ts';
import { number } from '../model/words.ts';

/** The states that this row has, each with its count. */
export function Legend({ model }: { model: RowModel }) {
  const counts = model.stateCounts;
  return (
    <p class="legend small">
      {presentStates(counts).map((state) => (
        <span key={state}>
          <span class={`tok m-${state}`} aria-hidden="true">
            abc
          </span>
          {STATE_WORDS[state]} <span class="num">{number(counts[state])}</span>
        </span>
      ))}
      {model.part.control.includes(1) ? (
        <span class="wide">
          <span class="tok ctl" aria-hidden="true">
            {'<|…|>'}
          </span>
          Special token
        </span>
      ) : null}
    </p>
  );
}
