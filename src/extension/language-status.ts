import { type LanguageStatusItem, LanguageStatusSeverity, languages, window } from 'vscode';
import { COMMANDS, CONFIG_FILE, type CommandId } from './contributions.ts';
import type { DatasetDocument } from './dataset-document.ts';
import type { Datasets } from './datasets.ts';
import { Disposables } from './disposables.ts';
import { maskName, plainName } from './options.ts';
import { count, counted } from './rows/words.ts';
import { SELECTOR } from './selector.ts';
import { Throttled } from './timing.ts';

/** Milliseconds between two updates. */
const INTERVAL = 300;

/** What the active file is measured with, and how far the check is: in the language status of the editor. */
export class LanguageStatus {
  readonly #datasets: Datasets;
  readonly #owned = new Disposables();
  // VS Code lists them by id.
  readonly #model = this.#item('1-model', 'Tokenizer and chat template', COMMANDS.selectTokenizer, 'Select…');
  readonly #mask = this.#item('2-mask', 'Loss mask and max length', COMMANDS.selectMask, 'Select…');
  readonly #check = this.#item('3-check', 'Checks', COMMANDS.nextProblem, 'Next problem');

  constructor(datasets: Datasets) {
    this.#datasets = datasets;
    const throttled = this.#owned.add(new Throttled(() => this.#update(), INTERVAL));
    this.#owned.add(datasets.onDidChange((dataset) => dataset === datasets.active && throttled.schedule()));
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
    for (const item of [this.#model, this.#mask, this.#check]) item.selector = selector;
    if (dataset === undefined) return;
    this.#showCheck(dataset);
    const { analysis } = dataset;
    if (analysis === null) return;
    const { settings, untrusted } = analysis.project;
    this.#mask.text = `${maskName(settings.mask)}, max length ${count(settings.maxLength)}`;
    this.#mask.detail = `format ${analysis.format}`;
    this.#model.text = `${plainName(settings.tokenizer)}${settings.chatTemplate === null ? '' : `, template ${plainName(settings.chatTemplate)}`}`;
    const problems = [
      ...(dataset.resolved?.problems ?? []),
      ...analysis.project.configProblems.map(({ message }) => `${CONFIG_FILE}: ${message}`),
    ];
    const notes =
      untrusted.length > 0
        ? [
            `The workspace is not trusted: its own ${untrusted.map((key) => (key === 'tokenizer' ? 'tokenizer' : 'chat template')).join(' and ')} is not used.`,
          ]
        : [];
    this.#model.detail = [...notes, ...problems].join(' ');
    this.#model.severity =
      problems.length + notes.length > 0 ? LanguageStatusSeverity.Warning : LanguageStatusSeverity.Information;
  }

  #showCheck(dataset: DatasetDocument): void {
    const { state, totals, analysis } = dataset;
    this.#check.busy = state.kind === 'starting' || state.kind === 'checking';
    this.#check.severity = state.kind === 'failed' ? LanguageStatusSeverity.Error : LanguageStatusSeverity.Information;
    this.#check.detail = '';
    this.#check.command = { command: COMMANDS.nextProblem, title: 'Next problem' };
    if (state.kind === 'failed') {
      this.#check.text = 'The check stopped';
      this.#check.detail = state.message;
      this.#check.command = { command: COMMANDS.restartWorker, title: 'Restart' };
    } else if (totals === null) {
      this.#check.text = 'Loading the tokenizer';
    } else if (totals.checked < totals.rows) {
      this.#check.text = `Checked ${count(totals.checked)} of ${count(totals.rows)} rows`;
    } else if (analysis?.format === 'unknown' && totals.rows > 0) {
      this.#check.text = 'No known row format';
      this.#check.command = { command: COMMANDS.selectFormat, title: 'Select…' };
    } else {
      const { error, warning } = totals.problems;
      this.#check.text = `Checked ${counted(totals.rows, 'row')}: ${counted(error, 'error')}, ${counted(warning, 'warning')}`;
    }
  }
}
