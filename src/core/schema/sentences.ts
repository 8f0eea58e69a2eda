import type { ValidationError } from './generated/validator.js';

/** What a JSON value is, in a sentence. */
export function kindOf(value: unknown): string {
  if (value === null) return '`null`';
  if (typeof value === 'string') return value === '' ? 'empty text' : `the text ${cut(JSON.stringify(value))}`;
  if (typeof value === 'number') return `the number ${value}`;
  if (typeof value === 'boolean') return `\`${value}\``;
  return Array.isArray(value) ? 'a list' : 'an object';
}

function cut(text: string): string {
  const points = [...text];
  return `\`${points.length > 40 ? `${points.slice(0, 39).join('')}…` : text}\``;
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  array: 'a list',
  object: 'an object',
  number: 'a number',
  integer: 'a whole number',
  boolean: '`true` or `false`',
  null: '`null`',
};

/** "text", "text or a list", "text, a list or an object". `null` is allowed more often than meant: it is named only alone. */
function typesOf(types: string | readonly string[], key: string): string {
  const list = typeof types === 'string' ? [types] : types;
  const meant = list.length > 1 ? list.filter((type) => type !== 'null') : list;
  return or(meant.map((type) => (type === 'array' && LISTS[key] ? LISTS[key] : (TYPES[type] ?? type))));
}

function or(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

const LISTS: Readonly<Record<string, string>> = {
  content: 'a list of parts',
  messages: 'a list of turns',
  conversations: 'a list of turns',
  tool_calls: 'a list of calls',
  tools: 'a list of functions',
};

/** What one item of a list is called. */
const ITEMS: Readonly<Record<string, string>> = {
  messages: 'turn',
  conversations: 'turn',
  chosen: 'turn',
  rejected: 'turn',
  prompt: 'turn',
  completion: 'turn',
  thread: 'turn',
  replies: 'reply',
  content: 'part',
  tool_calls: 'tool call',
  tools: 'tool',
  history: 'pair',
  files: 'entry',
};
/** "turn 2", not "turn 2 of `messages`". */
const SAID_BY_ITEM = new Set(['messages', 'conversations', 'tools']);

const steps = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));

/** "`content` of turn 2", "`name` of tool call 1 of turn 3", "tool 2"; '' for the whole. */
export function placeName(pointer: string): string {
  const names: string[] = [];
  const path = steps(pointer);
  for (let i = path.length - 1; i >= 0; i--) {
    const step = path[i] ?? '';
    const parent = path[i - 1];
    if (parent !== undefined && /^\d+$/.test(step)) {
      names.push(`${ITEMS[parent] ?? 'item'} ${Number(step) + 1}`);
      // The list itself is named where its items' name does not say it.
      if (SAID_BY_ITEM.has(parent) || (ITEMS[parent] !== undefined && i - 1 > 0)) i--;
    } else if (step !== 'function') names.push(`\`${step}\``);
  }
  return names.join(' of ');
}

/** Keywords that say something else each time: which key is missing or too much. */
const MANY_AT_ONE_PLACE = new Set(['required', 'additionalProperties', 'propertyNames']);

/** Of several errors about one value only the first: what fails in two branches, or has the wrong type, fails in many ways. */
export function* withoutEchoes(errors: readonly ValidationError[]): Generator<ValidationError> {
  const seen = new Set<string>();
  for (const error of errors) {
    const id = MANY_AT_ONE_PLACE.has(error.keyword)
      ? `${error.instancePath}?${JSON.stringify(error.params)}`
      : error.instancePath;
    if (seen.has(id) || SILENT.has(error.keyword)) continue;
    seen.add(id);
    yield error;
  }
}

/** What is inside these says more. */
const SILENT = new Set(['if', 'anyOf', 'oneOf', 'allOf', 'not']);

/** What a pointer of a validator leads to. */
export function valueAt(root: unknown, pointer: string): unknown {
  let value = root;
  for (const step of steps(pointer)) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[step];
  }
  return value;
}

const upper = (text: string): string => (text === '' ? text : (text[0] ?? '').toUpperCase() + text.slice(1));

/**
 * A validator's error about `root` as a sentence: what is, then what to do.  `whole`:
 * what the root is called, "The row".
 */
export function sentenceOf(error: ValidationError, root: unknown, whole: string): string {
  const { instancePath, keyword, params } = error;
  const data = valueAt(root, instancePath);
  const place = placeName(instancePath);
  const subject = place === '' ? whole : upper(place);
  const key = steps(instancePath).at(-1) ?? '';
  switch (keyword) {
    case 'type':
      return `${subject} must be ${typesOf(params['type'] as string | string[], key)}. It is ${kindOf(data)}.`;
    case 'required': {
      const missing = String(params['missingProperty']);
      return place === '' ? `\`${missing}\` is missing. Add it.` : `\`${missing}\` is missing in ${place}. Add it.`;
    }
    case 'enum':
    case 'const': {
      const allowed = keyword === 'const' ? [params['allowedValue']] : (params['allowedValues'] as unknown[]);
      return `${subject} must be ${or(allowed.map((value) => `\`${String(value)}\``))}. It is ${kindOf(data)}.`;
    }
    case 'minItems':
      return params['limit'] === 1
        ? `${subject} is empty. Give it at least one ${ITEMS[key] ?? 'item'}.`
        : `${subject} has ${count(data)}. Give it ${String(params['limit'])}.`;
    case 'maxItems':
      return `${subject} has ${count(data)}. Keep ${String(params['limit'])}.`;
    case 'minLength':
      return `${subject} is empty. Write it.`;
    case 'minimum':
      return `${subject} must be ${String(params['limit'])} or more. It is ${kindOf(data)}.`;
    case 'maximum':
      return `${subject} must be ${String(params['limit'])} or less. It is ${kindOf(data)}.`;
    case 'pattern':
      return `${subject} is not spelled as it must be. It is ${kindOf(data)}.`;
    default:
      return `${subject} ${error.message ?? 'is not valid'}.`;
  }
}

const count = (data: unknown): string => {
  const length = Array.isArray(data) ? data.length : 0;
  return `${length} item${length === 1 ? '' : 's'}`;
};
