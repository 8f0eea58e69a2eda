import { isArray, isObject, type Pointer, pointerOf, type Value } from '../../jsonl/value.ts';

/** A function that the row offers. */
export interface ToolSchema {
  readonly name: string;
  /** Pointer in the conversation. */
  readonly pointer: Pointer;
  /** JSON Schema of the arguments, or null where the tool has none. */
  readonly parameters: ReadonlyMap<string, Value> | null;
}

/** The row's tools; both `{type, function: {name, parameters}}` and `{name, parameters}` are in use. */
export function toolSchemas(tools: Value): readonly ToolSchema[] {
  if (!isArray(tools)) return [];
  return tools.flatMap((tool, i) => {
    if (!isObject(tool)) return [];
    const inner = tool.get('function');
    const body = isObject(inner) ? inner : tool;
    const name = body.get('name');
    const parameters = body.get('parameters');
    if (typeof name !== 'string') return [];
    return [{ name, pointer: pointerOf('/tools', i), parameters: isObject(parameters) ? parameters : null }];
  });
}
