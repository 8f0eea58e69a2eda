import { barScale, stateStretches, turnBlocks } from '../model/lanes.ts';
import type { RowModel } from '../model/row-model.ts';
import { contextSentence, counted, fill, inside, number, percent, roleShares } from '../model/words.ts';

/** One line of plain numbers, in the words of the status bar. */
export function Figures({ model }: { model: RowModel }) {
  const { counts } = model.part;
  return (
    <p class="figures num">
      <span>
        <b>{number(counts.tokens)}</b> {counts.tokens === 1 ? 'token' : 'tokens'}
      </span>
      <span>
        <b>{number(counts.trained)}</b> trained ({percent(counts.trained, inside(counts))})
      </span>
      {counts.truncated > 0 ? (
        <span>
          <b>{number(counts.truncated)}</b> cut
        </span>
      ) : null}
      <span class="dim">{fill(counts, model.maxLength)}</span>
    </p>
  );
}

/** The context window: turns above, what is trained below, and where max length cuts. */
export function ContextBar({ model }: { model: RowModel }) {
  const { part, maxLength, total } = model;
  const { tokens: scale, broken } = barScale(total, maxLength);
  const at = (tokens: number): string => `${(100 * tokens) / scale}%`;
  const cut = total > maxLength;
  const free = maxLength - total;
  return (
    <figure class="window" role="img" aria-label={contextSentence(part.counts, maxLength, part.perRole)}>
      <div class="lane" aria-hidden="true">
        {turnBlocks(model.groups, scale).map(({ group, label, size }) => (
          <span
            key={group.from}
            class={size}
            style={{ left: at(group.from), width: at(group.to - group.from) }}
            title={`${group.turn < 0 ? 'Before turn 1' : `Turn ${group.turn + 1}, ${group.role}`}: ${counted(group.to - group.from, 'token')}`}
          >
            {label}
          </span>
        ))}
      </div>
      <div class="lane2" aria-hidden="true">
        {stateStretches(model.states, scale).map(({ state, from, to }) => (
          <i key={from} class={`s-${state}`} style={{ left: at(from), width: at(to - from) }} />
        ))}
      </div>
      {broken ? <i class="break" /> : null}
      {cut ? <i class="cutline" style={{ left: at(maxLength) }} /> : null}
      <span class="share num">{roleShares(part.perRole, part.counts.tokens)}</span>
      <span class="cutlabel num">{cut || free === 0 ? `max length ${number(maxLength)}` : `${number(free)} free`}</span>
    </figure>
  );
}
