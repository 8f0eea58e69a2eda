import type { SchemaFinding } from '../../schema/findings.ts';
import type { MaskedPart } from './trained.ts';
import type { ChatPart, ChatTurn } from './turns.ts';

/** What checks share of one row; each field is filled by the function that gives it. A weak map per row costs more than it. */
export interface Memo {
  chats?: readonly ChatPart[];
  turns?: readonly ChatTurn[];
  schemaFindings?: readonly SchemaFinding[];
  trainedParts?: readonly MaskedPart[];
}
