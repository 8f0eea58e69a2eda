import { describe, expect, test } from 'vitest';
import { Tickets } from './tickets.ts';

const all = (): boolean => true;

describe('tickets', () => {
  test('rows are taken once, from the top', () => {
    const tickets = new Tickets();
    tickets.splice(0, 0, 5);
    const first = tickets.take(3, all);
    expect(first).toEqual([0, 1, 2]);
    tickets.issue(first, false);
    expect(tickets.take(3, all)).toEqual([3, 4]);
    expect(tickets.take(3, all)).toEqual([]);
  });

  test('an answer finds its rows where they went, and an edited row drops it', () => {
    const tickets = new Tickets();
    tickets.splice(0, 0, 4);
    const ticket = tickets.issue([0, 1, 2, 3], false);
    tickets.splice(1, 1, 3);
    const settled: [number, number][] = [];
    tickets.settle(ticket, (row, index) => settled.push([row, index]));
    expect(settled).toEqual([
      [0, 0],
      [4, 2],
      [5, 3],
    ]);
    expect(tickets.take(9, (row) => row > 0 && row < 4)).toEqual([1, 2, 3]);
  });

  test('an urgent question takes a row over from the background', () => {
    const tickets = new Tickets();
    tickets.splice(0, 0, 2);
    const slow = tickets.issue([0, 1], false);
    const fast = tickets.issue([1], true);
    expect(tickets.isUrgent(1)).toBe(true);
    const settled: string[] = [];
    tickets.settle(fast, (row) => settled.push(`fast ${row}`));
    tickets.settle(slow, (row) => settled.push(`slow ${row}`));
    expect(settled).toEqual(['fast 1', 'slow 0']);
  });

  test('after a reset no answer of before counts', () => {
    const tickets = new Tickets();
    tickets.splice(0, 0, 2);
    const old = tickets.issue([0, 1], false);
    tickets.reset();
    tickets.settle(old, () => expect.unreachable());
    expect(tickets.take(9, all)).toEqual([0, 1]);
  });
});
