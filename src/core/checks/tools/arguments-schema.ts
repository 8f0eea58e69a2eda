import { Float, isArray, isObject, type Pointer, pointerOf, type Value } from '../../jsonl/value.ts';
import type { Check, Finding } from '../check.ts';
import { argumentsOf, type CallArguments } from '../lib/arguments.ts';
import { toolSchemas } from '../lib/tools.ts';
import { callsOf, chatsOf, turnName } from '../lib/turns.ts';
import { listed, nearest, quoted } from '../lib/words.ts';

export const toolsArgumentsSchema: Check = {
  code: 'tools/arguments-schema',
  severity: 'warning',
  title: 'Tool arguments do not fit the schema',
  stage: 'conversation',
  fixable: true,
  only: 'tools',
  run: (context) =>
    chatsOf(context).flatMap(({ conversation, turns }) => {
      const schemas = new Map(toolSchemas(conversation.tools).map((tool) => [tool.name, tool]));
      if (schemas.size === 0) return [];
      return turns.flatMap((turn) =>
        callsOf(turn).flatMap((call) => {
          const parameters = call.name === null ? null : schemas.get(call.name)?.parameters;
          const args = parameters ? argumentsOf(turn, call, context.row) : null;
          if (!parameters || !args) return [];
          return misfits(args, parameters, `${quoted(call.name ?? '')} in ${turnName(turn.index)}`);
        }),
      );
    }),
};

function misfits(args: CallArguments, parameters: ReadonlyMap<string, Value>, call: string): Finding[] {
  const findings: Finding[] = [];
  const required = parameters.get('required');
  const missing = isArray(required) ? required.filter((key) => typeof key === 'string' && !args.value.has(key)) : [];
  if (missing.length > 0)
    findings.push({
      message: `${listed(missing.map((key) => quoted(String(key))))} ${missing.length === 1 ? 'is' : 'are'} required by ${call} and missing. Add ${missing.length === 1 ? 'it' : 'them'}.`,
      ...args.place(''),
    });
  const properties = parameters.get('properties');
  if (!isObject(properties)) return findings;
  for (const [key, value] of args.value) {
    const pointer = pointerOf('', key);
    const schema = properties.get(key);
    if (schema === undefined) findings.push(...unknownKey(args, pointer, key, parameters, properties, call));
    else if (isObject(schema)) findings.push(...misfit(args, pointer, key, value, schema));
  }
  return findings;
}

function unknownKey(
  args: CallArguments,
  pointer: Pointer,
  key: string,
  parameters: ReadonlyMap<string, Value>,
  properties: ReadonlyMap<string, Value>,
  call: string,
): Finding[] {
  const closed = parameters.get('additionalProperties') === false;
  const unused = [...properties.keys()].filter((name) => !args.value.has(name));
  const meant = nearest(key, unused);
  // An open schema allows any key, so only a likely slip is worth a word.
  if (!closed && (meant === null || properties.size === 0)) return [];
  return [
    {
      message: `${quoted(key)} is no parameter of ${call}. ${meant === null ? 'Remove it or add it to the schema.' : `Did you mean ${quoted(meant)}?`}`,
      severity: closed ? 'warning' : 'information',
      ...args.place(pointer),
    },
  ];
}

function misfit(
  args: CallArguments,
  pointer: Pointer,
  key: string,
  value: Value,
  schema: ReadonlyMap<string, Value>,
): Finding[] {
  const type = schema.get('type');
  const types =
    typeof type === 'string' ? [type] : isArray(type) ? type.filter((name) => typeof name === 'string') : [];
  const known = types.filter((name) => name in ARTICLES);
  // Null stands for "not given" in much of the data; a type that is no JSON Schema type ("int") cannot be checked.
  if (known.length > 0 && known.length === types.length && value !== null && !known.some((name) => fits(value, name))) {
    const change = known.length === 1 ? converted(value, known[0] ?? '') : null;
    const edit = change === null ? null : args.replace(pointer, change);
    return [
      {
        message: `${quoted(key)} must be ${known.map((name) => ARTICLES[name]).join(' or ')}. It is ${spelled(value)}.`,
        ...args.place(pointer),
        fixes: edit && change !== null ? [{ scope: 'row', title: `Change to ${change}`, edits: [edit] }] : [],
      },
    ];
  }
  const choices = schema.get('enum');
  if (
    isArray(choices) &&
    typeof value === 'string' &&
    choices.every((choice) => typeof choice === 'string') &&
    !choices.includes(value)
  ) {
    const meant = nearest(value, choices as readonly string[]);
    const edit = meant === null ? null : args.replace(pointer, JSON.stringify(meant));
    return [
      {
        message: `${quoted(key)} must be ${choices.length > 6 ? `one of ${choices.length} values` : choices.map((choice) => `\`"${String(choice)}"\``).join(' or ')}. It is ${spelled(value)}.`,
        ...args.place(pointer),
        fixes: edit ? [{ scope: 'row', title: `Change to "${meant ?? ''}"`, edits: [edit] }] : [],
      },
    ];
  }
  return [];
}

const ARTICLES: Readonly<Record<string, string>> = {
  string: 'a string',
  integer: 'an integer',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  null: 'null',
};

const isNumber = (value: Value): boolean =>
  typeof value === 'number' || typeof value === 'bigint' || value instanceof Float;

function fits(value: Value, type: string): boolean {
  switch (type) {
    case 'string':
      return typeof value === 'string';
    case 'integer':
      // JSON Schema: 1.0 is an integer.
      return isNumber(value) && !(value instanceof Float && !Number.isInteger(value.value));
    case 'number':
      return isNumber(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'array':
      return isArray(value);
    case 'object':
      return isObject(value);
    default:
      return value === null;
  }
}

/** The same value in the right type as JSON, where nobody can doubt it. */
function converted(value: Value, type: string): string | null {
  if (typeof value === 'string') {
    if (type === 'integer') return /^-?(?:0|[1-9]\d{0,14})$/.test(value) ? value : null;
    if (type === 'number') return /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/.test(value) ? value : null;
    if (type === 'boolean') return value === 'true' || value === 'false' ? value : null;
  }
  if (type === 'string' && typeof value === 'number') return JSON.stringify(String(value));
  return null;
}

function spelled(value: Value): string {
  if (typeof value === 'string') return `the string ${quoted(JSON.stringify(value))}`;
  if (value instanceof Float) return `the number \`${value.value}\``;
  if (typeof value === 'number' || typeof value === 'bigint') return `the number \`${value}\``;
  if (typeof value === 'boolean') return `\`${value}\``;
  return isArray(value) ? 'a list' : 'an object';
}
