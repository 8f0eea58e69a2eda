import type { Part } from '../../../core/formats/conversation.ts';
import type { Pointer } from '../../../core/jsonl/value.ts';
import type { InspectorRequests, PickerName } from '../../../core/protocol.ts';
import type { LossName } from '../model/loss.ts';
import type { TabName } from '../view-state.ts';

/** All that a person can ask for on this page. */
export interface Actions {
  pick(picker: PickerName, value: string): void;
  go(to: InspectorRequests['go']['request']['to']): void;
  follow(on: boolean): void;
  command(command: InspectorRequests['command']['request']['command'], argument?: string): void;
  showProblem(index: number): void;
  applyFix(index: number, fix: number): void;
  reveal(pointer: Pointer): void;
  tab(tab: TabName): void;
  part(part: Part): void;
  toggleSpace(): void;
  /** Another mask on one side of the Diff view. */
  compare(side: 'first' | 'second', value: string): void;
  fileDiff(what: InspectorRequests['fileDiff']['request']['what']): void;
  hideEqual(on: boolean): void;
  /** To the next difference, or the one before. */
  step(by: 1 | -1): void;
  /** Which figures of a run are drawn over the tokens. */
  lossLayer(name: LossName | 'off'): void;
}
