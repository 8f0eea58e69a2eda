import { type LanguageStatusItem, LanguageStatusSeverity, languages, window } from 'vscode';
import type { Resolved } from '../core/service-types.ts';
import { COMMANDS, type CommandId } from './contributions.ts';
import type { Analysis, DatasetDocument } from './dataset-document.ts';
import type { Datasets } from './datasets.ts';
import { Disposables } from './disposables.ts';
import { maskName, plainName } from './options.ts';
import { count } from './rows/words.ts';
import { SELECTOR } from './selector.ts';
import type { Services } from './services.ts';
import { Throttled } from './timing.ts';

/** Milliseconds between two updates. */
const INTERVAL = 300;

/** What the active file is measured with, and how far the check is: in the language status of the editor. */
export class LanguageStatus {
  readonly #datasets: Datasets;
  readonly #services: Services;
  readonly #owned = new Disposables();
  readonly #model = this.#item('model', 'Tokenizer and chat template', COMMANDS.selectTokenizer, 'Select…');
  readonly #mask = this.#item('mask', 'Loss mask and max length', COMMANDS.selectMask, 'Select…');
  readonly #check = this.#item('check', 'Checks', COMMANDS.nextProblem, 'Next problem');
  #resolvedFor: Analysis | null = null;
  #resolved: Resolved | null = null;

  constructor(datasets: Datasets, services: Services) {
    this.#datasets = datasets;
    this.#services = services;
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
    if (this.#resolvedFor !== analysis) void this.#resolve(analysis);
    const problems = this.#resolvedFor === analysis ? (this.#resolved?.problems ?? []) : [];
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
      this.#check.text = `Checked ${count(totals.rows)} rows: ${count(error)} errors, ${count(warning)} warnings`;
    }
  }

  async #resolve(analysis: Analysis): Promise<void> {
    this.#resolvedFor = analysis;
    this.#resolved = null;
    try {
      this.#resolved = await this.#services.get().resolve(analysis.project.settings);
    } catch {
      // The check of the rows tells it.
    }
    if (this.#resolvedFor === analysis) this.#update();
  }
}
