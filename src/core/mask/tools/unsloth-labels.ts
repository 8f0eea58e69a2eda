import type { ChatTemplate } from '../../template/chat-template.ts';
import type { Tokenizer } from '../../tokenizer/encoding.ts';
import { tokenId } from '../token-id.ts';
import type { ToolInput, ToolLabels, ToolOptions } from './tool.ts';
import { coreOf, holdsAt, idsOf, type Marker } from './unsloth-cores.ts';
import { findParts, type Parts } from './unsloth-markers.ts';
import { type Boundaries, responseSpans } from './unsloth-spans.ts';

/** The markers of a row's template, tokenizer and options, or why there are none. */
type Search =
  | { readonly instruction: Marker; readonly response: Marker; readonly boundaries: Boundaries | null }
  | string;

export function unslothLabels(input: ToolInput, options: ToolOptions, version: string): ToolLabels {
  const { ids } = input.encoding;
  const trained = new Uint8Array(ids.length);
  const recent = version !== '2026.9';
  const search = searchFor(input, options, recent);
  if (typeof search === 'string') return { trained, refused: search };
  const spans = responseSpans(ids, search.instruction, search.response, search.boundaries);
  for (const [start, end] of options['last_response_only'] === true ? spans.slice(-1) : spans)
    trained.fill(1, start, end);
  const texts = options['mask_out_tokens'];
  if (recent && Array.isArray(texts)) maskOut(trained, ids, texts.map(String), input.tokenizer);
  return { trained };
}

const SEARCHES = new WeakMap<ChatTemplate, WeakMap<Tokenizer, Map<string, Search>>>();

function searchFor(input: ToolInput, options: ToolOptions, recent: boolean): Search {
  const { template, tokenizer } = input;
  let ofTemplate = SEARCHES.get(template);
  if (ofTemplate === undefined) SEARCHES.set(template, (ofTemplate = new WeakMap()));
  let known = ofTemplate.get(tokenizer);
  if (known === undefined) ofTemplate.set(tokenizer, (known = new Map()));
  const key = JSON.stringify([options['instruction_part'], options['response_part'], recent]);
  let search = known.get(key);
  if (search === undefined) known.set(key, (search = newSearch(input, options, recent)));
  return search;
}

function newSearch(input: ToolInput, options: ToolOptions, recent: boolean): Search {
  const { template, tokenizer, specialTokens } = input;
  const { instruction_part: instruction = null, response_part: response = null } = options;
  if ((instruction === null) !== (response === null))
    return 'Unsloth takes both `instruction_part` and `response_part`, or neither. Set the other one too.';
  const parts: Parts | null =
    instruction === null
      ? findParts({ template, tokenizer, specialTokens, recent })
      : { instruction: String(instruction), response: String(response) };
  if (parts === null)
    return 'Unsloth finds no markers of turns in this chat template and stops. Set `instruction_part` and `response_part`.';
  const question = coreOf(tokenizer, parts.instruction, recent);
  const answer = coreOf(tokenizer, parts.response, recent);
  if (question === null || answer === null)
    return `Unsloth stops: \`${question === null ? 'instruction_part' : 'response_part'}\` makes no token. Give another text.`;
  if (!recent) return { instruction: question, response: answer, boundaries: null };
  const opens = apart(answer, question);
  const asks = apart(question, opens);
  return { instruction: asks, response: opens, boundaries: boundariesOf(input, asks, opens) };
}

/** A marker that is no more than the beginning of the other one takes its right part in again. */
const apart = (marker: Marker, other: Marker): Marker =>
  marker.right.length > 0 && marker.core.length <= other.core.length && holdsAt(other.core, marker.core, 0)
    ? { ...marker, core: [...marker.core, ...marker.right], right: [] }
    : marker;

function boundariesOf({ tokenizer, specialTokens }: ToolInput, instruction: Marker, response: Marker): Boundaries {
  const opener: number[] = [];
  for (const [i, id] of instruction.core.entries()) {
    if (response.core[i] !== id) break;
    opener.push(id);
  }
  const named = Object.values(specialTokens).map((token) => tokenId(tokenizer, token));
  const special = new Set([...tokenizer.addedTokens.filter((token) => token.special).map(({ id }) => id), ...named]);
  const visible = (id: number): boolean =>
    tokenizer.addedTokens.some((token) => token.id === id && token.content.trim() !== '');
  return {
    eos: tokenId(tokenizer, specialTokens['eos_token']),
    bos: tokenId(tokenizer, specialTokens['bos_token']),
    opener: opener.every((id) => special.has(id)) && opener.some(visible) ? opener : [],
  };
}

function maskOut(trained: Uint8Array, ids: Int32Array, texts: readonly string[], tokenizer: Tokenizer): void {
  for (const text of texts) {
    const bare = idsOf(tokenizer, text);
    const spaced = idsOf(tokenizer, ` ${text}`);
    // The space is its own token: the text alone is matched, and the space stays trained.
    const apartFromSpace = spaced.some((_, at) => holdsAt(spaced, bare, at));
    for (const sequence of apartFromSpace ? [bare] : [bare, spaced]) {
      if (sequence.length === 0) continue;
      for (let at = 0; at < ids.length; at++) if (holdsAt(ids, sequence, at)) trained.fill(0, at, at + sequence.length);
    }
  }
}
