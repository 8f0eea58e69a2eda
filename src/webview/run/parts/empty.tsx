import { Button, LinkButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import type { Actions } from '../actions.ts';

interface EmptyProps {
  /** Name of the dataset that a new run would train on; null: none is open. */
  readonly dataset: string | null;
  readonly actions: Actions;
}

/** No run yet. */
export const Empty = ({ dataset, actions }: EmptyProps) => (
  <div class="rest">
    <h1>No runs yet.</h1>
    <p class="rest-acts">
      <Button primary onClick={() => actions.command('new-run')}>
        {dataset === null ? 'New run' : `New run from ${dataset}`}
      </Button>
      <Button onClick={() => actions.command('demo-run')}>Demo run</Button>
    </p>
    <p class="dim small">
      The demo trains a tiny random model on this computer, without a download, in about a minute.
    </p>
  </div>
);

/** The workspace is not trusted. */
export const Restricted = ({ actions }: { actions: Actions }) => (
  <>
    <header class="top">
      <div class="state">
        <Icon name="workspace-untrusted" tone="ic-info" />
        <h1>Runs need a trusted workspace</h1>
        <span class="push buttons">
          <LinkButton onClick={() => actions.command('manage-trust')}>Manage trust</LinkButton>
        </span>
      </div>
    </header>
    <div class="notes">
      <p>A run starts programs named in this folder. Past runs can be read.</p>
      <p>
        <Button disabled onClick={() => undefined}>
          New run
        </Button>
      </p>
    </div>
  </>
);
