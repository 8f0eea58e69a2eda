/** Text with `code` in backticks, in pieces. */
export const codePieces = (sentence: string): readonly { readonly text: string; readonly code: boolean }[] =>
  sentence
    .split(/`([^`]+)`/)
    .map((text, i) => ({ text, code: i % 2 === 1 }))
    .filter((piece) => piece.text !== '');
