/**
 * Everything that package.json contributes by name, once. A test compares both ways, so that neither can drift.
 * Nothing here imports `vscode`: the typed helpers over it are in `editor-api.ts`.
 */
import type { CheckLevel, MaskSpec, TransformersRules } from '../core/config.ts';
import type { FormatName } from '../core/formats/format.ts';
import type { SlurmOptions } from '../core/runs/target.ts';

/** Commands of the palette. */
export const COMMANDS = {
  inspectRow: 'sftLens.inspectRow',
  selectTokenizer: 'sftLens.selectTokenizer',
  pinTokenizer: 'sftLens.pinTokenizer',
  selectChatTemplate: 'sftLens.selectChatTemplate',
  selectMask: 'sftLens.selectMask',
  selectFormat: 'sftLens.selectFormat',
  setMaxLength: 'sftLens.setMaxLength',
  validateDataset: 'sftLens.validateDataset',
  nextProblem: 'sftLens.nextProblem',
  previousProblem: 'sftLens.previousProblem',
  nextRow: 'sftLens.nextRow',
  previousRow: 'sftLens.previousRow',
  showTokenCounts: 'sftLens.showTokenCounts',
  compareMasks: 'sftLens.compareMasks',
  listMaskDifferences: 'sftLens.listMaskDifferences',
  exportTokens: 'sftLens.exportTokens',
  createConfig: 'sftLens.createConfig',
  openSamples: 'sftLens.openSamples',
  showCheckDocumentation: 'sftLens.showCheckDocumentation',
  reloadTokenizers: 'sftLens.reloadTokenizers',
  restartWorker: 'sftLens.restartWorker',
  openWalkthrough: 'sftLens.openWalkthrough',
  showLog: 'sftLens.showLog',
  newRun: 'sftLens.newRun',
  startRun: 'sftLens.startRun',
  dryRun: 'sftLens.dryRun',
  openRun: 'sftLens.openRun',
  stopRun: 'sftLens.stopRun',
  killRun: 'sftLens.killRun',
  resumeRun: 'sftLens.resumeRun',
  removeRun: 'sftLens.removeRun',
  demoRun: 'sftLens.demoRun',
  importRun: 'sftLens.importRun',
  compareRun: 'sftLens.compareRun',
  showTokenLoss: 'sftLens.showTokenLoss',
  fetchModel: 'sftLens.fetchModel',
  refreshRuns: 'sftLens.refreshRuns',
  checkTarget: 'sftLens.checkTarget',
  setToken: 'sftLens.setHuggingFaceToken',
  clearToken: 'sftLens.clearHuggingFaceToken',
} as const;
export type CommandId = (typeof COMMANDS)[keyof typeof COMMANDS];

/** Commands of training runs: their code is loaded with the first of them. */
export const RUN_COMMANDS = [
  COMMANDS.newRun,
  COMMANDS.startRun,
  COMMANDS.dryRun,
  COMMANDS.openRun,
  COMMANDS.stopRun,
  COMMANDS.killRun,
  COMMANDS.resumeRun,
  COMMANDS.removeRun,
  COMMANDS.demoRun,
  COMMANDS.importRun,
  COMMANDS.compareRun,
  COMMANDS.showTokenLoss,
  COMMANDS.fetchModel,
  COMMANDS.refreshRuns,
  COMMANDS.checkTarget,
] as const;
export type RunCommandId = (typeof RUN_COMMANDS)[number];

/** Commands that only our own links and quick fixes call; package.json does not know them. */
export const INTERNAL_COMMANDS = {
  setConfig: 'sftLens.internal.setConfig',
} as const;
export type InternalCommandId = (typeof INTERNAL_COMMANDS)[keyof typeof INTERNAL_COMMANDS];

export const SETTINGS = {
  tokenizer: 'sftLens.tokenizer',
  chatTemplate: 'sftLens.chatTemplate',
  templateArgs: 'sftLens.templateArgs',
  transformers: 'sftLens.transformers',
  sanitizeControlTokens: 'sftLens.sanitizeControlTokens',
  mask: 'sftLens.mask',
  maxLength: 'sftLens.maxLength',
  format: 'sftLens.format',
  columns: 'sftLens.columns',
  checks: 'sftLens.checks',
  diagnosticsEnabled: 'sftLens.diagnostics.enabled',
  hoverEnabled: 'sftLens.hover.enabled',
  lensEnabled: 'sftLens.lens.enabled',
  threads: 'sftLens.threads',
  targets: 'sftLens.targets',
  python: 'sftLens.python',
} as const;
export type SettingId = (typeof SETTINGS)[keyof typeof SETTINGS];

export interface SettingTypes {
  'sftLens.tokenizer': string;
  'sftLens.chatTemplate': string | null;
  'sftLens.templateArgs': Readonly<Record<string, unknown>>;
  'sftLens.transformers': TransformersRules;
  'sftLens.sanitizeControlTokens': boolean;
  'sftLens.mask': MaskSpec;
  /** Tokens. */
  'sftLens.maxLength': number;
  'sftLens.format': FormatName | 'auto';
  'sftLens.columns': Readonly<Record<string, string>>;
  'sftLens.checks': Readonly<Record<string, CheckLevel>>;
  'sftLens.diagnostics.enabled': boolean;
  'sftLens.hover.enabled': boolean;
  'sftLens.lens.enabled': boolean;
  /** Worker threads; 0: as many as the machine has cores, at most 8. */
  'sftLens.threads': number;
  'sftLens.targets': readonly TargetSetting[];
  'sftLens.python': string | null;
}

/** An entry of `sftLens.targets` as a person writes it; `src/extension/runs/targets.ts` fills in the rest. */
export interface TargetSetting {
  readonly name: string;
  readonly ssh?: string | null;
  readonly workdir?: string;
  readonly setup?: readonly string[];
  readonly python?: string | null;
  readonly slurm?: SlurmOptions | null;
}

/** Settings that name a file, a folder or a machine: without trust the workspace's values of them are not read. */
export const RESTRICTED_SETTINGS = [
  SETTINGS.tokenizer,
  SETTINGS.chatTemplate,
  SETTINGS.targets,
  SETTINGS.python,
] as const satisfies readonly SettingId[];

export const CONTEXT_KEYS = {
  /** The active editor shows a dataset that is analysed. */
  active: 'sftLens.active',
  /** The inspector has the focus. */
  inspectorActive: 'sftLens.inspectorActive',
  /** At least one run is known. */
  hasRuns: 'sftLens.hasRuns',
} as const;
export interface ContextKeyTypes {
  'sftLens.active': boolean;
  'sftLens.inspectorActive': boolean;
  'sftLens.hasRuns': boolean;
}
export type ContextKey = keyof ContextKeyTypes;

export const INSPECTOR_VIEW_TYPE = 'sftLens.inspector';
export const RUN_VIEW_TYPE = 'sftLens.run';
/** The tree of runs in the side bar. */
export const RUNS_VIEW_ID = 'sftLens.runs';
export const WALKTHROUGH_ID = 'sft-lens.sft-lens#sftLens.start';
export const DIAGNOSTIC_SOURCE = 'SFT Lens';
export const CONFIG_FILE = 'sft-lens.json';
export const RUN_SPEC_SUFFIX = '.sftrun.json';
