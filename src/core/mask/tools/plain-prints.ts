import type { Value } from '../../jsonl/value.ts';
import type { ChatTemplate } from '../../template/chat-template.ts';
import type { Tokenizer } from '../../tokenizer/encoding.ts';
import { commonPrefix } from '../markers.ts';
import { unlessRefused } from '../prefixes.ts';
import type { ToolInput } from './tool.ts';

/** How a chat template prints the smallest conversations, with no other arguments than special tokens. */
export interface PlainPrints {
  /** What it prints of an answer behind its generation prompt: trainers see in it whether thoughts are put into answers. */
  readonly answer: string;
  /** What its generation prompt adds. */
  readonly header: string;
  /** Whether LLaMA-Factory can read a template off it (`parse_template`): a content in each of its three slots. */
  readonly readable: boolean;
}

const PRINTS = new WeakMap<ChatTemplate, PlainPrints>();
const CONTENT = '{{content}}';

export function plainPrints({ template, specialTokens, tokenizer }: ToolInput): PlainPrints {
  let prints = PRINTS.get(template);
  if (prints === undefined) PRINTS.set(template, (prints = printsOf(template, specialTokens, startOf(tokenizer))));
  return prints;
}

/** What the tokenizer puts before every text. */
const startOf = (tokenizer: Tokenizer): string =>
  Array.from(tokenizer.encode('', { addSpecialTokens: true }).ids, (id) => tokenizer.tokenText(id)).join('');

function printsOf(template: ChatTemplate, specialTokens: ToolInput['specialTokens'], start: string): PlainPrints {
  const args = new Map(Object.entries(specialTokens));
  const print = (turns: readonly (readonly [role: string, content: string])[], prompt: boolean): string | null => {
    const messages = turns.map(
      ([role, content]) =>
        new Map<string, Value>([
          ['role', role],
          ['content', content],
        ]),
    );
    return unlessRefused(() => template.plain({ messages, tools: null, args, addGenerationPrompt: prompt }).text);
  };
  const user = ['user', CONTENT] as const;
  const asked = print([user], true);
  const answered = print([user, ['assistant', CONTENT]], false);
  const system = print([['system', CONTENT]], false);
  const both = print([['system', ''], user], true);
  const closed = print([user], false) ?? '';
  return {
    answer: asked === null || answered === null ? '' : answered.slice(asked.length),
    header: asked === null ? '' : asked.slice(commonPrefix(asked, closed)),
    readable:
      asked !== null &&
      answered !== null &&
      system !== null &&
      both !== null &&
      slotsHold(start.length, asked, answered, system, both),
  };
}

const PLACEHOLDER = /\{\{[a-zA-Z_][a-zA-Z0-9_]*\}\}/;

function slotsHold(start: number, asked: string, answered: string, system: string, both: string): boolean {
  const systemSlot = system.slice(start);
  const withSystem = both.slice(start);
  let userSlot = asked.slice(start);
  if (userSlot.length > withSystem.length) {
    const sole = systemSlot.replace(CONTENT, () => addedTo(withSystem, asked.slice(start)));
    userSlot = userSlot.slice(sole.length);
  }
  return [systemSlot, userSlot, answered.slice(asked.length)].every((slot) => PLACEHOLDER.test(slot));
}

/** The characters of the longer text that the shorter one lacks, as LLaMA-Factory finds them. */
function addedTo(shorter: string, longer: string): string {
  let at = 0;
  let added = '';
  for (const character of longer) {
    if (at >= shorter.length) break;
    if (shorter.startsWith(character, at)) at += character.length;
    else added += character;
  }
  return added;
}
