/**
 * Schemas that several formats share, as references into `SHARED` (compiled once). What trainers accept is accepted, so extra
 * keys are.
 */

export const textOrNull = { type: ['string', 'null'] } as const;

const ref = <T extends string>(name: T) => ({ $ref: `shared#/definitions/${name}` as const });

/** A message of `role` and `content`. */
export const message = ref('message');
/** A turn of `from` and `value`. */
export const turn = ref('turn');
/** A turn in either shape. */
export const turnOrMessage = ref('turnOrMessage');
/** At least one message. */
export const messageList = ref('messageList');
/** A list of functions, or that list as a JSON string. */
export const tools = ref('tools');
/** Text, one turn or a list of turns. */
export const side = ref('side');
/** A message of an OpenAssistant tree. */
export const treeMessage = ref('treeMessage');
/** 0 or 1 for each token. */
export const tokenFlags = ref('tokenFlags');

const flag = { type: ['number', 'boolean', 'null'] } as const;

export const SHARED = {
  $id: 'shared',
  definitions: {
    message: {
      type: 'object',
      required: ['role'],
      properties: {
        role: { type: 'string' },
        // Null where tools are called.
        content: {
          type: ['string', 'array', 'null'],
          items: { type: ['object', 'string'], properties: { type: { type: 'string' }, text: { type: 'string' } } },
        },
        name: textOrNull,
        tool_call_id: textOrNull,
        tool_calls: {
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
        },
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
      if: { not: { anyOf: [{ required: ['tool_calls'] }, { required: ['function_call'] }] } },
      // biome-ignore lint/suspicious/noThenProperty: JSON Schema's keyword
      then: { required: ['content'] },
    },
    turn: {
      type: 'object',
      required: ['from', 'value'],
      properties: { from: { type: 'string' }, value: textOrNull, weight: flag, train: flag, loss: flag },
    },
    turnOrMessage: {
      type: 'object',
      // Which of the two a turn is, is told by what it holds, so that an error names one key and not two shapes.
      if: { anyOf: [{ required: ['from'] }, { required: ['value'] }] },
      // biome-ignore lint/suspicious/noThenProperty: JSON Schema's keyword
      then: { $ref: '#/definitions/turn' },
      else: { $ref: '#/definitions/message' },
    },
    messageList: { type: 'array', minItems: 1, items: { $ref: '#/definitions/message' } },
    tools: { type: ['array', 'string', 'null'], items: { type: 'object' } },
    side: {
      type: ['string', 'array', 'object'],
      items: { $ref: '#/definitions/turnOrMessage' },
      if: { type: 'object' },
      // biome-ignore lint/suspicious/noThenProperty: JSON Schema's keyword
      then: { $ref: '#/definitions/turnOrMessage' },
    },
    treeMessage: {
      type: 'object',
      required: ['text', 'role'],
      properties: {
        text: { type: 'string' },
        role: { enum: ['prompter', 'assistant'] },
        rank: { type: ['number', 'null'] },
        deleted: { type: ['boolean', 'null'] },
        review_result: { type: ['boolean', 'null'] },
        replies: { type: ['array', 'null'], items: { $ref: '#/definitions/treeMessage' } },
        parent_id: textOrNull,
      },
    },
    tokenFlags: { type: ['array', 'null'], items: { type: ['integer', 'boolean'] } },
  },
} as const;
