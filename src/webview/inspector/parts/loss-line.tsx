import type { TokenLoss } from '../../../core/protocol.ts';
import { IconButton } from '../../ui/button.tsx';
import { Segments } from '../../ui/segments.tsx';
import { LOSS_WORDS, type LossName, lossSteps, shownLayer } from '../model/loss.ts';
import type { Actions } from './actions.ts';

interface LossLineProps {
  readonly loss: TokenLoss;
  readonly wanted: LossName | 'off' | null;
  readonly actions: Actions;
}

/** What a run's model makes of the tokens: which figures are drawn over them, whose they are, and what the bars mean. */
export function LossLine({ loss, wanted, actions }: LossLineProps) {
  const layer = shownLayer(loss, wanted);
  return (
    <div class="loss-line small">
      <span>Token loss</span>
      <Segments
        label="Token loss"
        value={layer?.name ?? 'off'}
        options={[
          { value: 'off', label: 'Off' },
          ...loss.layers.map(({ name }) => ({ value: name, label: LOSS_WORDS[name] })),
        ]}
        onPick={(value) => actions.lossLayer(value as LossName | 'off')}
      />
      {layer === null ? null : (
        <span class="loss-key num">
          {lossSteps(layer.name).map(({ height, label }) => (
            <span key={height}>
              <span class={`tok loss-${height}`} aria-hidden="true">
                ab
              </span>
              {label}
            </span>
          ))}
          {layer.name === 'difference' ? (
            <span>
              <span class="tok loss-3 loss-worse" aria-hidden="true">
                ab
              </span>
              worse
            </span>
          ) : null}
        </span>
      )}
      <span class="dim from" title={`${loss.name}, ${loss.from}`}>
        {loss.name}, {loss.from}
      </span>
      <IconButton icon="close" label="Hide token loss" onClick={() => actions.command('hide-loss')} />
    </div>
  );
}
