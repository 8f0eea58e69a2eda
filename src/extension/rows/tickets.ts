import { IntList } from './int-list.ts';

/** Rows that were sent away to be analysed. */
export interface Ticket {
  readonly rows: readonly number[];
  readonly stamps: readonly number[];
  readonly generation: number;
}

/**
 * Says, when an answer comes back, which rows it is about now. Rows move while they are analysed: each row that is sent
 * gets a stamp, an edited row loses it, and a stamp is found again wherever its row went.
 */
export class Tickets {
  /** 0: not sent; positive: in the background; negative: urgent. */
  readonly #stamps = new IntList();
  #next = 1;
  /** Rows before this one are sent or known. */
  #cursor = 0;
  /** Counts the splices: while it stays, rows are where they were. */
  #generation = 0;

  get length(): number {
    return this.#stamps.length;
  }

  splice(from: number, removed: number, added: number): void {
    this.#stamps.splice(from, removed, added);
    this.#cursor = Math.min(this.#cursor, from);
    this.#generation++;
  }

  /** Nothing is under way any more. */
  reset(): void {
    this.splice(0, this.length, this.length);
  }

  isUrgent(row: number): boolean {
    return this.#stamps.get(row) < 0;
  }

  /** The next rows, from the top, that are not under way and that `wanted` says yes to. */
  take(most: number, wanted: (row: number) => boolean): readonly number[] {
    const rows: number[] = [];
    for (; this.#cursor < this.length && rows.length < most; this.#cursor++) {
      if (this.#stamps.get(this.#cursor) === 0 && wanted(this.#cursor)) rows.push(this.#cursor);
    }
    return rows;
  }

  issue(rows: readonly number[], urgent: boolean): Ticket {
    const stamps = rows.map((row) => {
      const stamp = urgent ? -this.#next : this.#next;
      this.#next = this.#next === 0x7fffffff ? 1 : this.#next + 1;
      this.#stamps.set(row, stamp);
      return stamp;
    });
    return { rows, stamps, generation: this.#generation };
  }

  /** Calls `take` for each row of the ticket whose text is still the one that was sent. */
  settle(ticket: Ticket, take: (row: number, index: number) => void): void {
    const places = ticket.generation === this.#generation ? null : this.#places();
    ticket.stamps.forEach((stamp, index) => {
      const row = places === null ? ticket.rows[index] : places.get(stamp);
      if (row === undefined || this.#stamps.get(row) !== stamp) return;
      this.#stamps.set(row, 0);
      take(row, index);
    });
  }

  #places(): ReadonlyMap<number, number> {
    const places = new Map<number, number>();
    for (let row = 0; row < this.length; row++) {
      const stamp = this.#stamps.get(row);
      if (stamp !== 0) places.set(stamp, row);
    }
    return places;
  }
}
