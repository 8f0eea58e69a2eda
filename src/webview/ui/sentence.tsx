import { codePieces } from './code-pieces.ts';

/** A sentence whose backticks are code. */
export const Sentence = ({ text }: { text: string }) => (
  <>{codePieces(text).map(({ text: piece, code }, i) => (code ? <code key={i}>{piece}</code> : piece))}</>
);
