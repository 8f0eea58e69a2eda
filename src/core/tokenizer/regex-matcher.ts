import { type CodePointSet, has } from './code-point-set.ts';
import { TokenizerError } from './errors.ts';
import type { Node, Place } from './regex-syntax.ts';
import { property } from './unicode-sets.ts';

/** The first match of `text` at unit `from` or later: start and end; null where there is none. Asked from 0 on for a new text. */
export type Matcher = (text: string, from: number) => readonly [number, number] | null;

/** Goes on behind a part that has matched; where the whole ends, or -1. */
type Next = (at: number) => number;
type Step = (at: number, next: Next) => number;

/** Steps for all matches of a text: so many, and so many more for each unit. Oniguruma gives up as well, after 10 million. */
const MOST_STEPS = 2_000_000;
const STEPS_OF_UNIT = 100;
const FAILED = -1;

let left = 0;
let isShared = false;

const refill = (length: number): void => {
  left = MOST_STEPS + STEPS_OF_UNIT * length;
};

/** All that is matched until `endText` shares the steps of one text of so many units: its sections may be many. */
export function beginText(length: number): void {
  refill(length);
  isShared = true;
}

export function endText(): void {
  isShared = false;
}

/**
 * A backtracking matcher that gives up where a pattern tries too much; for the few patterns that could.
 *
 * @throws TokenizerError from the matcher, which names the pattern.
 */
export function createMatcher(root: Node, pattern: string): Matcher {
  let text = '';
  const start = compile(root);

  return (input, from) => {
    // The matches of a text are asked for from its beginning on.
    if (from === 0) {
      text = input;
      if (!isShared) refill(text.length);
    }
    try {
      for (let at = from; at <= text.length; at += widthAt(at)) {
        const end = start(at, (place) => place);
        if (end !== FAILED) return [at, end];
      }
      return null;
    } catch (error) {
      if (error instanceof RangeError) tooMuch();
      throw error;
    }
  };

  function tooMuch(): never {
    throw new TokenizerError(
      `the pattern ${JSON.stringify(pattern.slice(0, 200))} tries too many ways to match this text. Choose a tokenizer with a plainer one.`,
    );
  }

  function count(): void {
    if (--left < 0) tooMuch();
  }

  function widthAt(at: number): number {
    return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  }

  function compile(node: Node): Step {
    switch (node.kind) {
      case 'set':
        return (at, next) => {
          count();
          const code = text.codePointAt(at);
          return code !== undefined && has(node.set, code) ? next(at + (code > 0xffff ? 2 : 1)) : FAILED;
        };
      case 'sequence': {
        const items = node.items.map(compile);
        const from = (i: number, at: number, next: Next): number =>
          i === items.length ? next(at) : items[i]!(at, (place) => from(i + 1, place, next));
        return (at, next) => from(0, at, next);
      }
      case 'choice': {
        const options = node.options.map(compile);
        return (at, next) => {
          for (const option of options) {
            const end = option(at, next);
            if (end !== FAILED) return end;
          }
          return FAILED;
        };
      }
      case 'repeat':
        return compileRepeat(node);
      case 'atomic': {
        const body = compile(node.body);
        return (at, next) => {
          const end = body(at, (place) => place);
          return end === FAILED ? FAILED : next(end);
        };
      }
      case 'look':
        return compileLook(node);
      case 'at':
        return (at, next) => (isAt(node.place, at) ? next(at) : FAILED);
    }
  }

  function compileRepeat({ body, min, max, lazy }: Node & { kind: 'repeat' }): Step {
    if (body.kind === 'set' && !lazy) return compileRun(body.set, min, max);
    const step = compile(body);
    const again = (times: number, at: number, next: Next): number => {
      count();
      const more = (): number =>
        times < max
          ? // A turn that takes nothing is the last one.
            step(at, (place) => (place === at && times >= min ? next(place) : again(times + 1, place, next)))
          : FAILED;
      if (times < min) return more();
      if (lazy) {
        const end = next(at);
        return end === FAILED ? more() : end;
      }
      const end = more();
      return end === FAILED ? next(at) : end;
    };
    return (at, next) => again(0, at, next);
  }

  /** A run of characters of one set, without a call for each. */
  function compileRun(set: CodePointSet, min: number, max: number): Step {
    return (from, next) => {
      let at = from;
      let times = 0;
      while (times < max && at < text.length && has(set, text.codePointAt(at)!)) {
        count();
        at += widthAt(at);
        times++;
      }
      for (; times >= min; times--) {
        count();
        const end = next(at);
        if (end !== FAILED) return end;
        at -= at - from >= 2 && widthAt(at - 2) === 2 ? 2 : 1;
      }
      return FAILED;
    };
  }

  function compileLook({ body, behind, negated }: Node & { kind: 'look' }): Step {
    const step = compile(body);
    return (at, next) => {
      let holds = false;
      if (behind) {
        for (let from = at; from >= 0 && !holds; from--) {
          count();
          holds = step(from, (place) => (place === at ? place : FAILED)) !== FAILED;
        }
      } else holds = step(at, (place) => place) !== FAILED;
      return holds === negated ? FAILED : next(at);
    };
  }

  function isAt(place: Place, at: number): boolean {
    switch (place) {
      case 'text start':
        return at === 0;
      case 'text end':
        return at === text.length;
      case 'last line end':
        return at === text.length || (at === text.length - 1 && text[at] === '\n');
      case 'line start':
        return at === 0 || (text[at - 1] === '\n' && at < text.length);
      case 'line end':
        return at === text.length || text[at] === '\n';
      case 'word edge':
        return isWordBefore(at) !== isWordAt(at);
      case 'no word edge':
        return isWordBefore(at) === isWordAt(at);
    }
  }

  function isWordAt(at: number): boolean {
    return at < text.length && has(property('word'), text.codePointAt(at)!);
  }

  function isWordBefore(at: number): boolean {
    if (at === 0) return false;
    const isPair = at >= 2 && (text.codePointAt(at - 2) ?? 0) > 0xffff;
    return isWordAt(isPair ? at - 2 : at - 1);
  }
}
