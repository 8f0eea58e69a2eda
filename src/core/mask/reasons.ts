import { REASONS, type Reason } from './policy.ts';

/** Index of each reason in `REASONS`. */
export const REASON_INDEX = Object.fromEntries(REASONS.map((reason, i) => [reason, i])) as Readonly<
  Record<Reason, number>
>;

/** State word and sentence of a reason. `{role}` and `{maxLength}` are filled in by `describeReason`. */
export const REASON_TEXT: Readonly<Record<Reason, { readonly word: string; readonly sentence: string }>> = {
  'assistant-content': { word: 'Trained', sentence: 'Assistant content.' },
  'assistant-reasoning': { word: 'Trained', sentence: 'Assistant reasoning.' },
  'tool-call': { word: 'Trained', sentence: 'Assistant tool call.' },
  'end-of-turn': { word: 'Trained', sentence: 'End of turn: the model learns to stop here.' },
  'after-end-of-turn': { word: 'Trained', sentence: 'Template text after the end of turn.' },
  'template-text': { word: 'Trained', sentence: 'Template text inside the assistant’s turn.' },
  'empty-think': { word: 'Trained, check', sentence: 'Empty think block: the model learns to skip thinking.' },
  'role-header': { word: 'Trained', sentence: 'Role header: the model learns to write it.' },
  everything: { word: 'Trained', sentence: 'Every token of the row is trained.' },
  completion: { word: 'Trained', sentence: 'Completion.' },
  'chosen-answer': { word: 'Trained', sentence: 'Chosen answer.' },
  label: { word: 'Trained', sentence: 'The row’s own label.' },
  'trained-context': { word: 'Trained, check', sentence: 'Turn of the {role}: the trainer trains it too.' },
  'trained-by-defect': {
    word: 'Trained, check',
    sentence: 'Not meant to be trained: a defect of transformers’ token mask reaches it.',
  },
  'masked-header': { word: 'Not trained', sentence: 'Role header: given to the model, not learned.' },
  'masked-content': { word: 'Not trained', sentence: 'Assistant content: the mask leaves it out.' },
  'masked-role': { word: 'Not trained', sentence: 'Turn of the {role}: context only.' },
  'masked-template': { word: 'Not trained', sentence: 'Template text: given to the model, not learned.' },
  'masked-end-of-turn': { word: 'Not trained', sentence: 'End of turn: the mask leaves it out.' },
  'masked-after-end-of-turn': {
    word: 'Not trained',
    sentence: 'Template text after the end of turn: given to the model, not learned.',
  },
  'masked-thinking': { word: 'Not trained', sentence: 'Reasoning: the mask leaves it out.' },
  'masked-tool-call': { word: 'Not trained', sentence: 'Tool call: the mask leaves it out.' },
  'weight-0': { word: 'Not trained', sentence: 'The row switches this message off (weight 0).' },
  'earlier-turn': { word: 'Not trained', sentence: 'Earlier turn: only the last one is trained.' },
  prompt: { word: 'Not trained', sentence: 'Prompt: context only.' },
  'rejected-answer': { word: 'Not trained', sentence: 'Rejected answer: only the chosen one is trained.' },
  'outside-generation': {
    word: 'Not trained',
    sentence: 'Outside the template’s generation block: context only.',
  },
  'mask-defect': {
    word: 'Not trained, expected',
    sentence: 'Meant to be trained: a defect of transformers’ token mask loses it.',
  },
  'masked-label': { word: 'Not trained', sentence: 'The row’s own label is -100.' },
  'after-max-length': { word: 'Cut', sentence: 'Past max length {maxLength}: the trainer never sees it.' },
};

export interface ReasonFacts {
  /** Role of the token's message. */
  readonly role?: string | undefined;
  /** Tokens. */
  readonly maxLength?: number | undefined;
}

const number = (value: number): string => value.toLocaleString('en-US');

/** The sentence for a token: "Turn of the user: context only." */
export function describeReason(reason: Reason, { role, maxLength }: ReasonFacts = {}): string {
  switch (reason) {
    case 'masked-role':
      return role === undefined || role === ''
        ? REASON_TEXT['masked-template'].sentence
        : `Turn of the ${role}: context only.`;
    case 'trained-context':
      return role === undefined || role === ''
        ? 'Template text: the trainer trains it too.'
        : `Turn of the ${role}: the trainer trains it too.`;
    case 'assistant-content':
      return role === undefined || role === 'assistant' || role === ''
        ? 'Assistant content.'
        : `Content of the ${role}.`;
    case 'after-max-length':
      return maxLength === undefined
        ? 'Past max length: the trainer never sees it.'
        : `Past max length ${number(maxLength)}: the trainer never sees it.`;
    default:
      return REASON_TEXT[reason].sentence;
  }
}
