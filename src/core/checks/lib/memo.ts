import type { SchemaFinding } from '../../schema/findings.ts';
import type { LastAnswer } from './last-answer.ts';
import type { MaskedPart } from './trained.ts';
import type { ChatPart, ChatTurn } from './turns.ts';

/** What checks share of one row; each field is filled by the function that gives it. A weak map per row costs more than it. */
export interface Memo {
  chats: readonly ChatPart[] | undefined;
  turns: readonly ChatTurn[] | undefined;
  schemaFindings: readonly SchemaFinding[] | undefined;
  trainedParts: readonly MaskedPart[] | undefined;
  lastAnswers: readonly LastAnswer[] | undefined;
}

/** With all its fields, so that all have one shape for the engine that runs them. */
export const emptyMemo = (): Memo => ({
  chats: undefined,
  turns: undefined,
  schemaFindings: undefined,
  trainedParts: undefined,
  lastAnswers: undefined,
});
