import { type ExtensionContext, languages, window } from 'vscode';
import { apiOf, type SftLensApi } from './api.ts';
import { BigFiles } from './big-files.ts';
import { QuickFixes } from './code-actions.ts';
import { registerCommands } from './commands.ts';
import { Datasets } from './datasets.ts';
import { Details } from './details.ts';
import { DiagnosticPublisher } from './diagnostics.ts';
import { TokenHover } from './hover.ts';
import { Inspector } from './inspector.ts';
import { LanguageStatus } from './language-status.ts';
import { TotalsLens } from './lens.ts';
import { Projects } from './projects.ts';
import { RunsShell } from './runs/shell.ts';
import { SELECTOR } from './selector.ts';
import { Services } from './services.ts';
import { RowStatus } from './status-bar.ts';
import { TokenLosses } from './token-losses.ts';

export function activate(context: ExtensionContext): SftLensApi {
  const { extensionUri } = context;
  const own = <T extends { dispose(): unknown }>(part: T): T => {
    context.subscriptions.push(part);
    return part;
  };
  const log = own(window.createOutputChannel('SFT Lens', { log: true }));
  const services = own(new Services(context));
  const projects = own(new Projects(log));
  const publisher = own(new DiagnosticPublisher(extensionUri));
  const parts = { services, projects, publisher, log };
  const datasets = own(new Datasets(parts));
  const details = new Details(services);
  const losses = own(new TokenLosses());
  const inspector = own(new Inspector(extensionUri, datasets, details, losses));
  own(new BigFiles(parts));
  own(new RowStatus(datasets));
  own(new LanguageStatus(datasets));
  own(languages.registerHoverProvider(SELECTOR, new TokenHover(datasets, details)));
  own(languages.registerCodeLensProvider(SELECTOR, own(new TotalsLens(datasets))));
  own(languages.registerCodeActionsProvider(SELECTOR, new QuickFixes(datasets)));
  const storage = context.globalStorageUri;
  const lens = { extensionUri, storage, log, services, projects, datasets, details, inspector };
  registerCommands(lens).forEach(own);
  const runs = own(new RunsShell({ ...lens, context, losses }));
  return apiOf({ datasets, details, losses, runs });
}
