import type { Place, TextChange, TextSource } from './text-source.ts';

/** A text document without an editor. Line breaks are `\n`. */
export class FakeDocument implements TextSource {
  #text: string;
  #lines: readonly string[];

  constructor(text: string) {
    this.#text = text;
    this.#lines = text.split('\n');
  }

  get lineCount(): number {
    return this.#lines.length;
  }

  lineAt(line: number): { text: string } {
    const text = this.#lines[line];
    if (text === undefined) throw new Error('Illegal value for `line`');
    return { text };
  }

  getText(): string {
    return this.#text;
  }

  offsetAt({ line, character }: Place): number {
    let offset = 0;
    for (let before = 0; before < line; before++) offset += (this.#lines[before]?.length ?? 0) + 1;
    return offset + character;
  }

  positionAt(offset: number): Place {
    const before = this.#text.slice(0, offset).split('\n');
    return { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
  }

  /** Replaces `[start, end)` by text, each in offsets of before; gives what VS Code's change event would, last first. */
  edit(edits: readonly (readonly [start: number, end: number, text: string])[]): TextChange[] {
    const changes = edits.map(([start, end, text]) => ({
      range: { start: this.positionAt(start), end: this.positionAt(end) },
      rangeOffset: start,
      rangeLength: end - start,
      text,
    }));
    changes.sort((a, b) => b.rangeOffset - a.rangeOffset);
    let text = this.#text;
    for (const change of changes) {
      text = text.slice(0, change.rangeOffset) + change.text + text.slice(change.rangeOffset + change.rangeLength);
    }
    this.#text = text;
    this.#lines = text.split('\n');
    return changes;
  }
}
