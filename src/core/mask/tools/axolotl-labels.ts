import { Float, isArray, type Range, type Value } from '../../jsonl/value.ts';
import { TemplateError } from '../../template/chat-template.ts';
import { tokenId } from '../token-id.ts';
import { detailTokens, partText, type TrainDetail, trainDetails } from './axolotl-detail.ts';
import { asAxolotlReads, Raised } from './axolotl-row.ts';
import { turnByText, turnByTokens } from './axolotl-turn.ts';
import type { OptionValue, ToolInput, ToolLabels, ToolOptions } from './tool.ts';

/** An end token further behind a turn than this many tokens is not the turn's own. */
const REACH = 3;

/** Other names of roles, which axolotl maps before all else. */
const ROLES: Readonly<Record<string, string>> = { human: 'user', gpt: 'assistant' };
const mappedRole = (role: string): string => ROLES[role] ?? role;

/** Ids of one kind of end token, and which of them are trained. */
interface Ends {
  readonly ids: ReadonlySet<number>;
  readonly when: OptionValue;
  /** The last one that was found behind a turn. */
  last: number;
}

/** The labels of axolotl 0.18 and 0.19 (`type: chat_template`, `chat_template: tokenizer_default`). */
export function axolotlLabels(row: ToolInput, options: ToolOptions, version: string): ToolLabels {
  try {
    const input = asAxolotlReads(row);
    return { trained: isLegacy(options) ? legacyMask(input, options) : turnsMask(input, options, version) };
  } catch (error) {
    const why =
      error instanceof TemplateError && error.kind !== 'limit'
        ? `it renders the row without members that have no value, and with another text in a message’s place, and the template refuses that (${error.message})`
        : error instanceof Raised
          ? error.message
          : null;
    if (why === null) throw error;
    return {
      trained: new Uint8Array(row.encoding.ids.length),
      refused: `axolotl ${version} stops at this row: ${why}. Change the row or the options, or choose another mask.`,
    };
  }
}

/** Nothing says what to train: all after the last message's prompt. */
const isLegacy = (options: ToolOptions): boolean =>
  !truthy(options['roles_to_train']) &&
  !truthy(options['train_on_eos']) &&
  !truthy(options['train_on_eot']) &&
  !truthy(options['message_field_training']) &&
  !truthy(options['message_field_training_detail']);

function legacyMask({ template, context, tokenizer, encoding }: ToolInput, options: ToolOptions): Uint8Array {
  const trained = new Uint8Array(encoding.ids.length).fill(1);
  const messages = context.messages.slice(0, -1);
  if (messages.length === 0) throw new Raised('nothing stands before its last message');
  const prompt = template.plain({ ...context, messages, tools: null, addGenerationPrompt: true }).text;
  return options['train_on_inputs'] === true ? trained : trained.fill(0, 0, tokenizer.encode(prompt).ids.length);
}

function turnsMask(input: ToolInput, options: ToolOptions, version: string): Uint8Array {
  const { ids } = input.encoding;
  const trained = new Uint8Array(ids.length);
  const ends = endsOf(input, options);
  const everyEnd = ends.some(({ when }) => when === 'all');
  const roles = listOf(options['roles_to_train']).map(mappedRole);
  const trainsRole = (role: string): boolean => options['train_on_inputs'] === true || roles.includes(mappedRole(role));

  input.conversation.messages.forEach((message, index) => {
    const flag = fieldOf(message, options['message_field_training']);
    const detail = trainDetails(message.get('content'), fieldOf(message, options['message_field_training_detail']));
    const isTrained =
      flag !== null ? truthy(flag) : detail !== null ? detail.length > 0 : trainsRole(input.roles[index] ?? '');
    if (!isTrained && !everyEnd) return;

    const hasDetail = detail !== null && detail.length > 0;
    const reasoning = message.get('reasoning_content') ?? null;
    const turn = turnOf(input, index, hasDetail && reasoning !== null ? reasoning : null, version);
    if (isTrained && turn !== null)
      if (hasDetail) trainDetail(input, trained, turn[0], detail, message.get('content'));
      else trained.fill(1, turn[0], turn[1]);

    // a turn that was not found ends at -1, for all that follows, too
    if (ids.length === 0) throw new Raised('it has no text');
    const end = turn?.[1] ?? -1;
    for (const kind of ends) {
      const at = firstFrom(ids, kind.ids, end);
      if (at < 0 || Math.abs(at - end) > REACH) continue;
      kind.last = at;
      if (kind.when === 'all' || (kind.when === 'turn' && isTrained)) trained[at] = 1;
    }
  });
  for (const { when, last } of ends) if (when === 'last' && last >= 0) trained[last] = 1;
  return trained;
}

/** The message's tokens; its thought kept out where `reasoning` is given. Null where axolotl does not find it. */
function turnOf(input: ToolInput, index: number, reasoning: Value, version: string): Range | null {
  const skipsSystem = index === 0 && input.roles[0] === 'system' && /mistral/i.test(input.tokenizer.id);
  if (skipsSystem) return null;
  const found = version === '0.18' ? undefined : turnByText(input, index, reasoning);
  const turn = found === undefined ? turnByTokens(input, index, reasoning) : found;
  return turn !== null && turn[0] < turn[1] ? turn : null;
}

function trainDetail(
  { tokenizer }: ToolInput,
  trained: Uint8Array,
  start: number,
  details: readonly TrainDetail[],
  content: Value | undefined,
): void {
  const text = typeof content === 'string' ? content : isArray(content) ? joined(content) : null;
  if (text === null) throw new Raised('a message with training details has no text');
  if (text === '') throw new Raised('a message with training details is empty');
  detailTokens(tokenizer, text, details).forEach((isTrained, i) => {
    if (isTrained && start + i < trained.length) trained[start + i] = 1;
  });
}

const joined = (parts: readonly Value[]): string => parts.map((part) => partText(part)).join('');

/** End-of-turn tokens first, then end-of-sequence tokens. Throws where axolotl refuses the options. */
function endsOf({ tokenizer, template, specialTokens }: ToolInput, options: ToolOptions): [Ends, Ends] {
  const eos = specialTokens['eos_token'];
  const onEos = options['train_on_eos'] ?? null;
  const onEot = options['train_on_eot'] ?? onEos;
  const given =
    options['eot_tokens'] === null || options['eot_tokens'] === undefined ? null : listOf(options['eot_tokens']);
  let tokens = given ?? (eos === undefined ? [] : [eos]);
  if (!(tokens.length === 1 && tokens[0] === eos)) {
    tokens = tokens.filter((token) => template.source.includes(token));
    const split = tokens.find((token) => tokenizer.encode(token).ids.length !== 1);
    if (split !== undefined) throw new Raised(`the end-of-turn token \`${split}\` is not one token`);
    if (eos !== undefined && tokens.includes(eos) && onEos !== onEot)
      throw new Raised('`eos_token` is among `eot_tokens`, and `train_on_eos` and `train_on_eot` differ');
  }
  const eotIds = tokens.flatMap((token) => [...tokenizer.encode(token).ids]);
  const eosId = tokenId(tokenizer, eos);
  return [
    { ids: new Set(eotIds), when: onEot, last: -1 },
    { ids: new Set(eosId === null ? [] : [eosId]), when: onEos, last: -1 },
  ];
}

/** Python's list reads index -1 as the last element, and so does the search behind a turn that was not found. */
function firstFrom(ids: Int32Array, wanted: ReadonlySet<number>, from: number): number {
  if (from < 0 && wanted.has(ids[ids.length - 1] ?? -1)) return -1;
  for (let i = Math.max(0, from); i < ids.length; i++) if (wanted.has(ids[i]!)) return i;
  return -1;
}

const fieldOf = (message: ReadonlyMap<string, Value>, field: OptionValue | undefined): Value =>
  (typeof field === 'string' ? message.get(field) : null) ?? null;

const listOf = (value: OptionValue | undefined): string[] => (Array.isArray(value) ? value.map(String) : []);

/** What Python takes for true. */
function truthy(value: Value | OptionValue | undefined): boolean {
  if (value instanceof Float) return value.value !== 0;
  if (value instanceof Map) return value.size > 0;
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}
