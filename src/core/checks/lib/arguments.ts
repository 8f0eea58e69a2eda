import { parseRow } from '../../jsonl/parse.ts';
import type { ParsedRow } from '../../jsonl/parsed-row.ts';
import { isObject, type Pointer, type Range, type Value } from '../../jsonl/value.ts';
import type { Edit } from '../problem.ts';
import { replaceValue, replaceWithin } from './edits.ts';
import { type Place, placeOf, valueAt } from './place.ts';
import type { ChatTurn, ToolCall } from './turns.ts';

/** The arguments of a call as an object, with the way back to each of them, whether they are JSON text or an object. */
export interface CallArguments {
  readonly value: ReadonlyMap<string, Value>;
  /** Where an argument (a pointer into the arguments) stands in the row. */
  place(pointer: Pointer): Place;
  /** Writes `json` in place of an argument; null where it has no place of its own in the row. */
  replace(pointer: Pointer, json: string): Edit | null;
}

/** Null where they are no object. */
export function argumentsOf(turn: ChatTurn, call: ToolCall, row: ParsedRow): CallArguments | null {
  const { args, argumentsPointer } = call;
  const { conversation } = turn;
  if (isObject(args)) {
    const place = (pointer: Pointer): Place => placeOf(conversation, argumentsPointer + pointer);
    return {
      value: args,
      place,
      replace: (pointer, json) => replaceValue(row, place(pointer).pointer, valueAt(args, pointer) ?? null, json),
    };
  }
  if (typeof args !== 'string') return null;
  const inner = parseRow(args);
  if (!isObject(inner.value)) return null;
  const rangeOf = (pointer: Pointer): Range => inner.locate(pointer) ?? [0, args.length];
  const place = (pointer: Pointer): Place => placeOf(conversation, argumentsPointer, rangeOf(pointer));
  return {
    value: inner.value,
    place,
    replace(pointer, json) {
      const found = place(pointer);
      return found.within ? replaceWithin(row, found.pointer, found.within, json) : null;
    },
  };
}
