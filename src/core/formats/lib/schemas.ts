/** Schemas that several formats share. Draft 2020-12; what trainers accept is accepted, so extra keys are. */

export const textOrNull = { type: ['string', 'null'] } as const;

/** `content`: text, a list of parts, or null where tools are called. */
export const content = {
  type: ['string', 'array', 'null'],
  items: {
    type: ['object', 'string'],
    properties: { type: { type: 'string' }, text: { type: 'string' } },
  },
} as const;

const flag = { type: ['number', 'boolean', 'null'] } as const;

export const toolCalls = {
  type: ['array', 'null'],
  items: {
    type: 'object',
    required: ['function'],
    properties: {
      id: textOrNull,
      function: {
        type: 'object',
        required: ['name'],
        properties: { name: { type: 'string' }, arguments: { type: ['string', 'object', 'null'] } },
      },
    },
  },
} as const;

export const message = {
  type: 'object',
  required: ['role'],
  properties: {
    role: { type: 'string' },
    content,
    name: textOrNull,
    tool_call_id: textOrNull,
    tool_calls: toolCalls,
    reasoning_content: textOrNull,
    thinking: textOrNull,
    reasoning: textOrNull,
    weight: flag,
    train: flag,
    training: flag,
    trainable: flag,
    loss: flag,
    loss_weight: flag,
    loss_scale: flag,
  },
} as const;

export const messageList = { type: 'array', minItems: 1, items: message } as const;

/** A list of functions, or that list as a JSON string. */
export const tools = { type: ['array', 'string', 'null'], items: { type: 'object' } } as const;

export const turn = {
  type: 'object',
  required: ['from', 'value'],
  properties: { from: { type: 'string' }, value: { type: ['string', 'null'] }, weight: flag, train: flag, loss: flag },
} as const;
