import type { Range } from '../../jsonl/value.ts';

export type BaseStrategy = 'default' | 'last_round' | 'all';

/** `loss_scale` of ms-swift: which contexts are trained, and the scales that an answer goes through. */
export interface LossScale {
  readonly base: BaseStrategy;
  readonly scales: readonly Scale[];
}

/** What a scale makes of a text: stretches in order, and whether each has a weight above 0. */
type Scale = (text: string, query: string | null) => readonly (readonly [text: string, trained: boolean])[];

const BASES: readonly BaseStrategy[] = ['default', 'last_round', 'all'];

/** Python's `\s`, which has some controls more than JavaScript's and no byte order mark. */
const SPACE = String.raw`(?:(?!\uFEFF)[\s\x1c-\x1f\x85])`;

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Each keyword begins a stretch of its own; what follows `untrained` ones carries no loss. */
function byKeywords(keywords: readonly string[], untrained: readonly string[]): Scale {
  const pattern = new RegExp(`(${[...keywords, ...untrained].map(literal).join('|')})`);
  return (text) => {
    const [before = '', ...rest] = text.split(pattern);
    const parts: [string, boolean][] = [[before, true]];
    for (let i = 0; i < rest.length; i += 2)
      parts.push([rest[i]!, true], [rest[i + 1]!, !untrained.includes(rest[i]!)]);
    return parts.filter(([part]) => part !== '');
  };
}

/**
 * Stretches that a pattern matches carry no loss. As in ms-swift a stretch counts as matched where a pattern matches at
 * its begin, be it longer.
 */
function byPatterns(patterns: readonly string[]): Scale {
  const split = new RegExp(`(${patterns.join('|')})`, 's');
  const begin = new RegExp(`^(?:${patterns.join('|')})`, 's');
  return (text) =>
    text
      .split(split)
      .filter((part) => part !== '')
      .map((part) => [part, !begin.test(part)]);
}

const everything: Scale = (text) => [[text, true]];

const AGENT_FLAN = byKeywords(
  [
    'Name:',
    'Action:',
    'ACTION:',
    'Tool:',
    'Command',
    'Arguments:',
    'action input',
    'ACTION_INPUT:',
    'Action Input:',
    'Thought:',
    'Final Answer:',
  ],
  ['Observation:'],
);
/** Questions after which agentflan trains the whole answer. */
const AGENT_FLAN_QUESTIONS = [
  'What is the tool you want to use',
  'What are the required parameter names',
  'What is the value of',
];

/** Scales of ms-swift 4.6 by name. Only whether a weight is 0 matters here; hermes and the like give others, all above 0. */
const SCALES: Readonly<Record<string, Scale>> = {
  base: everything,
  ignore_empty_think: byPatterns([
    `^<think>${SPACE}*</think>${SPACE}*`,
    `^<seed:think><seed:cot_budget_reflect>The current thinking budget is 0, so I will directly start answering the question.</seed:cot_budget_reflect>\\n</seed:think>${SPACE}*`,
    `^</think>${SPACE}*`,
    '^<\\|channel>thought\\n<channel\\|>',
    `^</mm:think>${SPACE}*`,
  ]),
  ignore_think_prefix: byPatterns(['^<think>\\n?']),
  react: byKeywords(['Action:', 'Action Input:', 'Thought:', 'Final Answer:'], ['Observation:']),
  hermes: everything,
  qwen: byKeywords(['✿FUNCTION✿:', '✿ARGS✿:', '✿RETURN✿:'], ['✿RESULT✿:']),
  agentflan: (text, query) =>
    query !== null && AGENT_FLAN_QUESTIONS.some((question) => query.includes(question))
      ? everything(text, query)
      : AGENT_FLAN(text, query),
  alpha_umi: byKeywords(['Action:', 'Action Input:', 'Thought:', 'Final Answer:', 'Next:'], ['Observation:']),
};

/** `last_round+hermes+ignore_empty_think`; null where ms-swift knows no such name. */
export function lossScaleOf(spelled: string): LossScale | null {
  const [first = '', ...rest] = spelled.split('+');
  const base = BASES.find((name) => name === first);
  const names = base === undefined ? [first, ...rest] : rest;
  const scales = names.map((name) => (Object.hasOwn(SCALES, name) ? SCALES[name]! : null));
  return scales.includes(null) ? null : { base: base ?? 'default', scales: scales.filter((scale) => scale !== null) };
}

/** The stretches of an answer that carry loss. Each scale goes over the stretches of the one before. */
export function scaledRanges({ scales }: LossScale, text: string, query: string | null): Range[] {
  let parts: readonly (readonly [string, boolean])[] = [[text, true]];
  for (const scale of scales)
    parts = parts.flatMap(([part, trained]) =>
      scale(part, query).map(([inner, kept]): readonly [string, boolean] => [inner, trained && kept]),
    );
  const ranges: Range[] = [];
  let at = 0;
  for (const [part, trained] of parts) {
    if (trained) ranges.push([at, at + part.length]);
    at += part.length;
  }
  return ranges;
}
