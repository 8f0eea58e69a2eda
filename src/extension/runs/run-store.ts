import type { Memento } from 'vscode';
import type { RunRecord } from '../../core/runs/folder.ts';
import { isOver, type RunStatus } from '../../core/runs/state.ts';

/** What a window remembers of a run: enough for the tree before any target is asked. */
export interface StoredRun {
  readonly record: RunRecord;
  readonly status: RunStatus;
  readonly step: number;
  readonly maxSteps: number | null;
  /** The last training loss. */
  readonly loss: number | null;
  /** A person was told that it ended. */
  readonly told: boolean;
}

const KEY = 'sftLens.runs';
/** The oldest that are over are forgotten first; their folders stay where they are. */
const MOST = 200;

/** The known runs, in VS Code's own storage of this machine: the newest first. */
export class RunStore {
  readonly #memento: Memento;

  constructor(memento: Memento) {
    this.#memento = memento;
  }

  get all(): readonly StoredRun[] {
    return this.#memento.get<readonly StoredRun[]>(KEY, []);
  }

  /** Other windows write here too: what is kept is read again before each change. */
  async put(run: StoredRun): Promise<void> {
    const others = this.all.filter(({ record }) => record.id !== run.record.id);
    // Another window may have told it; a run that goes on again is to be told again.
    const known = this.all.some(({ record, told }) => record.id === run.record.id && told);
    const told = isOver(run.status.state) && (run.told || known);
    await this.#memento.update(KEY, limited([{ ...run, told }, ...others]));
  }

  async remove(id: string): Promise<void> {
    await this.#memento.update(
      KEY,
      this.all.filter(({ record }) => record.id !== id),
    );
  }
}

/** Whether a window must follow any of them. */
export const hasActive = (memento: Memento): boolean =>
  new RunStore(memento).all.some(({ status, told }) => !isOver(status.state) || !told);

export const hasAny = (memento: Memento): boolean => new RunStore(memento).all.length > 0;

function limited(runs: readonly StoredRun[]): readonly StoredRun[] {
  const sorted = [...runs].sort((a, b) => b.record.created - a.record.created);
  let room = MOST - sorted.filter(({ status }) => !isOver(status.state)).length;
  return sorted.filter(({ status }) => !isOver(status.state) || room-- > 0);
}
