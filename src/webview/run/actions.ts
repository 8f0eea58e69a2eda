import type { HealthNotice, RunCommand } from '../../core/run-protocol.ts';
import type { Axis } from './model/axis.ts';
import type { PlotName } from './model/lines.ts';
import type { Section } from './view-state.ts';

/** What a person can do on the page. */
export interface Actions {
  command(command: RunCommand, argument?: string): void;
  axis(axis: Axis): void;
  toggleLogScale(): void;
  /** 0 to below 1. */
  smooth(weight: number): void;
  resetZoom(): void;
  toggleTable(name: PlotName): void;
  section(section: Section): void;
  /** Shows the rows of a step beside the plots; `focus`: and goes there. */
  openStep(step: number, focus?: boolean): void;
  closeStep(): void;
  openRow(step: number, line: number): void;
  openAllRows(step: number): void;
  openLine(split: 'train' | 'eval', line: number): void;
  stepNotice(by: number): void;
  dismiss(notice: HealthNotice): void;
  closeFailure(): void;
  /** Asks for the list of runs. */
  listRuns(): void;
  toggleOverlay(id: string): void;
  openSpecs(id: string): void;
  savePng(): void;
  saveCsv(): void;
}
