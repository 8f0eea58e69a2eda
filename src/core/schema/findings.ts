import type { RowFormat } from '../formats/format.ts';
import type { Pointer } from '../jsonl/value.ts';
import { rows } from './generated/rows.js';
import { sentenceOf, withoutEchoes } from './sentences.ts';

/** What a schema says about a place in the row. */
export interface SchemaFinding {
  /** The value that is wrong; where a key is missing, the object that lacks it. */
  readonly pointer: Pointer;
  readonly message: string;
}

/** More than these of one row help nobody. */
const MOST = 20;

/** What a row's format refuses in it, in few sentences. `row`: plain, of `toPlain`. Mapped columns must be there. */
export function schemaFindings(format: Pick<RowFormat, 'name' | 'schema'>, row: unknown): readonly SchemaFinding[] {
  if (format.name === 'columns') return missingColumns(format.schema, row);
  const validate = rows[format.name];
  if (validate === undefined || validate(row)) return [];
  const findings: SchemaFinding[] = [];
  for (const error of withoutEchoes(validate.errors ?? [])) {
    findings.push({ pointer: error.instancePath, message: sentenceOf(error, row, 'The row') });
    if (findings.length === MOST) break;
  }
  return findings;
}

/** The schema of mapped columns is made of the settings, and so cannot be compiled ahead: it has required keys only. */
function missingColumns(schema: object, row: unknown): SchemaFinding[] {
  const required: unknown = 'required' in schema ? schema.required : [];
  if (!Array.isArray(required) || typeof row !== 'object' || row === null) return [];
  return required
    .filter((key) => typeof key === 'string' && !Object.hasOwn(row, key))
    .map((key) => ({
      pointer: '',
      message: `The column \`${String(key)}\` is missing. Add it, or name another one in \`columns\`.`,
    }));
}
