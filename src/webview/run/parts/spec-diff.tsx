import type { Overlay } from '../../../core/run-protocol.ts';
import { differenceSentence } from '../../../core/runs/spec-diff.ts';
import { LinkButton } from '../../ui/button.tsx';
import type { Actions } from '../actions.ts';

interface SpecDiffProps {
  /** Name of the run of the page. */
  readonly name: string;
  readonly overlay: Overlay;
  readonly actions: Actions;
}

/** What two runs were told differently, and nothing else. */
export const SpecDiff = ({ name, overlay, actions }: SpecDiffProps) => (
  <section class="specdiff" aria-labelledby={`spec-${overlay.id}`}>
    <div class="plot-head">
      <h2 id={`spec-${overlay.id}`}>Spec against {overlay.name}</h2>
      <span class="dim small num">{differenceSentence(overlay.differences.length, overlay.values)}</span>
      <span class="push" />
      <LinkButton label={`Open both specs, this one and ${overlay.name}`} onClick={() => actions.openSpecs(overlay.id)}>
        Open both
      </LinkButton>
    </div>
    {overlay.differences.length === 0 ? null : (
      <table class="fields">
        <thead>
          <tr>
            <th scope="col">Value</th>
            <th scope="col">{name}</th>
            <th scope="col">{overlay.name}</th>
          </tr>
        </thead>
        <tbody>
          {overlay.differences.map(({ key, values: [own = '', other = ''] }) => (
            <tr key={key}>
              <th scope="row">
                <code>{key}</code>
              </th>
              <td class="num">{own === '' ? <span class="dim">not set</span> : <ins>{own}</ins>}</td>
              <td class="num">{other === '' ? <span class="dim">not set</span> : <del>{other}</del>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    )}
  </section>
);
