import type { LogOutputChannel, SecretStorage, Uri } from 'vscode';
import type { Datasets } from './datasets.ts';
import type { Details } from './details.ts';
import type { HubTokenizers } from './hub/hub-tokenizers.ts';
import type { Inspector } from './inspector.ts';
import type { Projects } from './projects.ts';
import type { Services } from './services.ts';

/** What the commands work with. */
export interface Lens {
  readonly extensionUri: Uri;
  /** A folder of our own on this machine. */
  readonly storage: Uri;
  readonly secrets: SecretStorage;
  readonly log: LogOutputChannel;
  readonly services: Services;
  readonly projects: Projects;
  readonly hub: HubTokenizers;
  readonly datasets: Datasets;
  readonly details: Details;
  readonly inspector: Inspector;
}
