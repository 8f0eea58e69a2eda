/** What the row logic needs of a text document: a subset of VS Code's `TextDocument`, so that tests need no editor. */
export interface Place {
  readonly line: number;
  /** UTF-16 units. */
  readonly character: number;
}
export interface Span {
  readonly start: Place;
  readonly end: Place;
}
export interface TextSource {
  readonly lineCount: number;
  lineAt(line: number): { readonly text: string };
  getText(): string;
  offsetAt(place: Place): number;
  positionAt(offset: number): Place;
}

/** One replacement; `text` stands where `range` stood. Offsets in UTF-16 units of the document before it. */
export interface TextChange {
  readonly range: Span;
  readonly rangeOffset: number;
  readonly rangeLength: number;
  readonly text: string;
}
