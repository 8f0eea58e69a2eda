import { type LanguageStatusItem, LanguageStatusSeverity, languages, window } from 'vscode';
import type { PlacedKey } from '../node/project.ts';
import { COMMANDS, CONFIG_FILE, type CommandId } from './contributions.ts';
import type { DatasetDocument, DatasetState } from './dataset-document.ts';
import type { Datasets } from './datasets.ts';
import { Disposables } from './disposables.ts';
import { assign } from './editor-api.ts';
import { maskName, plainName } from './options.ts';
import { count, counted } from './rows/words.ts';
import { SELECTOR } from './selector.ts';
import { Throttled } from './timing.ts';

/**
 * Milliseconds between two updates while a file is checked; the lens counts meanwhile. VS Code moves its icon with each
 * update, which it draws sixty times a second.
 */
const INTERVAL = 5000;

/** What the active file is measured with, and how far the check is: in the language status of the editor. */
export class LanguageStatus {
  readonly #datasets: Datasets;
  readonly #owned = new Disposables();
  // VS Code lists them by id.
  readonly #model = this.#item('1-model', 'Tokenizer and chat template', COMMANDS.selectTokenizer, 'Select…');
  readonly #mask = this.#item('2-mask', 'Loss mask and max length', COMMANDS.selectMask, 'Select…');
  readonly #check = this.#item('3-check', 'Checks', COMMANDS.nextProblem, 'Next problem');

  /** What the check was doing when it was last shown. */
  #shown: DatasetState['kind'] | null = null;

  constructor(datasets: Datasets) {
    this.#datasets = datasets;
    const throttled = this.#owned.add(new Throttled(() => this.#update(), INTERVAL));
    this.#owned.add(
      datasets.onDidChange((dataset) => {
        if (dataset !== datasets.active) return;
        if (dataset.state.kind === 'checking' && this.#shown === 'checking') throttled.schedule();
        else throttled.now();
      }),
    );
    this.#owned.add(window.onDidChangeActiveTextEditor(() => throttled.now()));
    throttled.now();
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #item(id: string, name: string, command: CommandId, title: string): LanguageStatusItem {
    const item = this.#owned.add(languages.createLanguageStatusItem(`sftLens.${id}`, { language: 'none' }));
    item.name = `SFT Lens: ${name}`;
    item.command = { command, title };
    return item;
  }

  #update(): void {
    const dataset = this.#datasets.active;
    const selector = dataset === undefined ? { language: 'none' } : SELECTOR;
    for (const item of [this.#model, this.#mask, this.#check]) assign(item, { selector });
    if (dataset === undefined) return;
    this.#shown = dataset.state.kind;
    assign(this.#check, checkStatus(dataset));
    const { analysis } = dataset;
    if (analysis === null) return;
    const { settings, untrusted, maskFile } = analysis.project;
    assign(this.#mask, {
      text: `${maskName(settings.mask)}, max length ${count(settings.maxLength)}`,
      detail: [
        `format ${analysis.format}`,
        ...(maskFile === null ? [] : [`mask of ${maskFile.origin}`, ...maskFile.notes]),
      ].join('; '),
    });
    const problems = [
      ...(dataset.resolved?.problems ?? []),
      ...(dataset.resolved?.notices ?? []),
      ...analysis.project.configProblems.map(({ message }) => `${CONFIG_FILE}: ${message}`),
    ];
    const notes =
      untrusted.length > 0
        ? [
            `The workspace is not trusted: its own ${untrusted.map((key) => PLACED[key]).join(' and ')} is not used, and nothing is downloaded.`,
          ]
        : [];
    const hub = dataset.resolved?.hub ?? null;
    const commit = hub === null ? [] : [`commit ${hub.commit.slice(0, 7)}`];
    assign(this.#model, {
      text: `${plainName(settings.tokenizer)}${settings.chatTemplate === null ? '' : `, template ${plainName(settings.chatTemplate)}`}`,
      detail: [...commit, ...notes, ...problems].join(' '),
      severity:
        problems.length + notes.length > 0 ? LanguageStatusSeverity.Warning : LanguageStatusSeverity.Information,
    });
  }
}

const PLACED: Readonly<Record<PlacedKey, string>> = {
  tokenizer: 'tokenizer',
  chatTemplate: 'chat template',
  mask: 'mask',
};

type CheckStatus = Pick<LanguageStatusItem, 'severity' | 'text' | 'detail' | 'command'>;

/**
 * Turns in the hover only, where the counts stand. The item's `busy` would turn in the status bar all the time: without a
 * graphics processor that takes from the check itself.
 */
const WORKING = '$(sync~spin)';

/** How far the check of the file is. */
function checkStatus({ state, totals, analysis }: DatasetDocument): CheckStatus {
  const status: CheckStatus = {
    severity: LanguageStatusSeverity.Information,
    text: '',
    detail: '',
    command: { command: COMMANDS.nextProblem, title: 'Next problem' },
  };
  if (state.kind === 'failed')
    return {
      ...status,
      severity: LanguageStatusSeverity.Error,
      text: 'The check stopped',
      detail: state.message,
      command: { command: COMMANDS.restartWorker, title: 'Restart' },
    };
  if (totals === null) return { ...status, text: `${WORKING} Loading the tokenizer` };
  if (totals.checked < totals.rows)
    return { ...status, text: `${WORKING} Checked ${count(totals.checked)} of ${count(totals.rows)} rows` };
  if (analysis?.format === 'unknown' && totals.rows > 0)
    return {
      ...status,
      text: 'No known row format',
      command: { command: COMMANDS.selectFormat, title: 'Select…' },
    };
  const { error, warning } = totals.problems;
  return {
    ...status,
    text: `Checked ${counted(totals.rows, 'row')}: ${counted(error, 'error')}, ${counted(warning, 'warning')}`,
  };
}
