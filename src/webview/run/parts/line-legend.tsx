import { IconButton } from '../../ui/button.tsx';
import type { Actions } from '../actions.ts';
import { counted } from '../model/format.ts';
import { evalLoss, MOST_OTHERS } from '../model/lines.ts';
import type { ViewState } from '../view-state.ts';
import { ComparePicker } from './compare-picker.tsx';

/** What each line and mark of the plot is: those that are there. */
export function LineLegend({ view, actions }: { view: ViewState; actions: Actions }) {
  const { series, overlays, smoothing, head } = view;
  const loss = series.columns['loss'];
  const odd = loss === undefined ? 0 : oddCount(loss);
  return (
    <ul class="series small" aria-label="Lines">
      {loss === undefined ? null : (
        <li>
          <i class="l train" aria-hidden="true" />
          {smoothing > 0 ? 'train, smoothed' : 'train'}
        </li>
      )}
      {loss === undefined || smoothing === 0 ? null : (
        <li>
          <i class="l raw" aria-hidden="true" />
          train, raw
        </li>
      )}
      {evalLoss(series).some(Number.isFinite) ? (
        <li>
          <i class="l eval" aria-hidden="true" />
          eval
        </li>
      ) : null}
      {series.saves.length === 0 ? null : (
        <li>
          <i class="tri" aria-hidden="true" />
          checkpoint
        </li>
      )}
      {series.attempts.length === 0 ? null : (
        <li>
          <i class="l attempt" aria-hidden="true" />
          new attempt
        </li>
      )}
      {odd === 0 ? null : (
        <li>
          <i class="nan" aria-hidden="true" />
          NaN, {counted(odd, 'point')}
        </li>
      )}
      {overlays.map(({ id, name }, i) => (
        <li key={id}>
          <i class={`l other other${i % MOST_OTHERS}`} aria-hidden="true" />
          {name}, train
          <IconButton icon="close" label={`Remove ${name} from the plot`} onClick={() => actions.toggleOverlay(id)} />
        </li>
      ))}
      <li>
        <ComparePicker runs={view.runs} own={head?.record.id ?? null} overlays={overlays} actions={actions} />
      </li>
    </ul>
  );
}

function oddCount(values: Float64Array): number {
  let odd = 0;
  for (const value of values) if (!Number.isFinite(value)) odd++;
  return odd;
}
