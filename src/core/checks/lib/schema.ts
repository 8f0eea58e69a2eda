import { type SchemaFinding, schemaFindings } from '../../schema/findings.ts';
import { toPlain } from '../../schema/plain.ts';
import type { CheckContext } from '../check.ts';

const cache = new WeakMap<CheckContext, readonly SchemaFinding[]>();

/** What the row's format refuses in it. */
export function schemaFindingsOf(context: CheckContext): readonly SchemaFinding[] {
  const { object, rowFormat } = context;
  if (object === null || rowFormat === null) return [];
  let findings = cache.get(context);
  if (!findings) cache.set(context, (findings = schemaFindings(rowFormat, toPlain(object))));
  return findings;
}
