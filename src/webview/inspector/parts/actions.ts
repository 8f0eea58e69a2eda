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
  /** Which figures of a run are drawn over the tokens. */
  lossLayer(name: LossName | 'off'): void;
}
