import { type SchemaFinding, schemaFindings } from '../../schema/findings.ts';
import { toPlain } from '../../schema/plain.ts';
import type { CheckContext } from '../check.ts';

/** What the row's format refuses in it. */
export function schemaFindingsOf(context: CheckContext): readonly SchemaFinding[] {
  const { object, rowFormat, memo } = context;
  if (object === null || rowFormat === null) return [];
  return (memo.schemaFindings ??= schemaFindings(rowFormat, toPlain(object)));
}
