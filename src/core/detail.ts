import { countsOf, type RowAnalysis, summaryOf } from './analysis.ts';
import type { FieldCount, MessageCount, PartAnalysis, PartDetail, RowDetail } from './analysis-types.ts';
import type { Engine } from './engine.ts';
import type { Conversation } from './formats/conversation.ts';
import type { ParsedRow } from './jsonl/parsed-row.ts';
import { isArray, isObject, type Pointer, pointerOf, type Value } from './jsonl/value.ts';
import type { Rendering } from './origin/segment.ts';
import { toRow } from './template/to-row.ts';

/** All of an analysis that a person may look at, in a shape that travels between threads and into a webview. */
export function detailOf(analysis: RowAnalysis, engine: Engine): RowDetail {
  const failed = analysis.parts.find((part) => part.error !== null)?.error ?? null;
  return {
    ...summaryOf(analysis, engine.settings.maxLength),
    parts: analysis.parts.flatMap((part) => partDetail(part, analysis.row, engine) ?? []),
    templateError: failed === null ? null : { message: failed.message, line: failed.line, kind: failed.kind },
    messages: plainMessages(analysis.parts[0]?.conversation),
  };
}

function partDetail(part: PartAnalysis, row: ParsedRow, engine: Engine): PartDetail | null {
  const { encoding, mask, conversation } = part;
  if (!part.rendering || !encoding || !mask) return null;
  const rendering = conversation.kind === 'chat' ? toRow(part.rendering, conversation.sources) : part.rendering;
  const control = new Set(engine.bundle.tokenizer.addedTokens.map((token) => token.id));
  const { roles, pointers: messagePointers } = turnNames(conversation);
  const limit = engine.settings.maxLength;
  return {
    part: part.part,
    text: rendering.text,
    ids: encoding.ids,
    starts: encoding.starts,
    ends: encoding.ends,
    trained: mask.trained,
    intended: mask.intended,
    reasons: mask.reasons,
    turns: mask.turns,
    control: Uint8Array.from(encoding.ids, (id) => (control.has(id) ? 1 : 0)),
    roles,
    messagePointers,
    ...packSegments(rendering),
    generation: rendering.generation,
    counts: countsOf(part, limit),
    perRole: perRole(mask.turns, roles),
    perMessage: perMessage(mask, roles, messagePointers, limit),
    fields: fieldCounts(row, rendering, encoding, mask.trained, limit),
    maskFrom: mask.from,
  };
}

function turnNames(conversation: Conversation): { roles: string[]; pointers: Pointer[] } {
  switch (conversation.kind) {
    case 'chat':
      return {
        roles: conversation.messages.map(roleOf),
        pointers: conversation.messages.map((_, i) => messagePointer(conversation.sources, i)),
      };
    case 'text':
      return {
        roles: conversation.segments.map((segment) => segment.role),
        pointers: conversation.segments.map(
          (segment) => segment.pieces.find((piece) => piece.pointer !== null)?.pointer ?? '',
        ),
      };
    case 'tokens':
      return { roles: ['tokens'], pointers: ['/input_ids'] };
  }
}

const roleOf = (message: ReadonlyMap<string, Value>): string => {
  const role = message.get('role');
  return typeof role === 'string' ? role : 'no role';
};

/** Where a message stands in the row: as a whole, or at least its text. */
function messagePointer(
  sources: ReadonlyMap<Pointer, Pointer | readonly { pointer: Pointer | null }[]>,
  index: number,
): Pointer {
  const whole = pointerOf('/messages', index);
  for (const key of [whole, `${whole}/content`]) {
    const source = sources.get(key);
    if (typeof source === 'string') return source;
    if (source) return source.find((piece) => piece.pointer !== null)?.pointer ?? '';
  }
  const all = sources.get('/messages');
  return typeof all === 'string' ? pointerOf(all, index) : '';
}

function packSegments(
  rendering: Rendering,
): Pick<PartDetail, 'pointers' | 'segmentStarts' | 'segmentPointer' | 'segmentOffset' | 'segmentLength'> {
  const { segments } = rendering;
  const index = new Map<Pointer, number>();
  const indexOf = (pointer: Pointer | null): number => {
    if (pointer === null) return -1;
    let i = index.get(pointer);
    if (i === undefined) index.set(pointer, (i = index.size));
    return i;
  };
  return {
    segmentStarts: Int32Array.from(segments, (segment) => segment.start),
    segmentPointer: Int32Array.from(segments, (segment) => indexOf(segment.pointer)),
    segmentOffset: Int32Array.from(segments, (segment) => segment.offset),
    segmentLength: Int32Array.from(segments, (segment) => segment.length),
    pointers: [...index.keys()],
  };
}

function perRole(turns: Int16Array, roles: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const turn of turns) {
    const role = roles[turn] ?? 'template';
    counts[role] = (counts[role] ?? 0) + 1;
  }
  return counts;
}

function perMessage(
  mask: { readonly turns: Int16Array; readonly trained: Uint8Array },
  roles: readonly string[],
  pointers: readonly Pointer[],
  limit: number,
): MessageCount[] {
  const tokens = new Int32Array(roles.length);
  const trained = new Int32Array(roles.length);
  mask.turns.forEach((turn, i) => {
    if (turn < 0 || turn >= roles.length) return;
    tokens[turn]! += 1;
    if (i < limit && mask.trained[i]) trained[turn]! += 1;
  });
  return roles.map((role, index) => ({
    index,
    role,
    pointer: pointers[index] ?? '',
    tokens: tokens[index] ?? 0,
    trained: trained[index] ?? 0,
  }));
}

/** A tool's definition and a call's arguments count as one field each, however deep they are. */
function fieldOf(pointer: Pointer): Pointer {
  const tool = /^\/tools\/\d+/.exec(pointer);
  if (tool) return tool[0];
  const call = /^(.*\/(?:arguments|parameters))(?:\/|$)/.exec(pointer);
  return call?.[1] ?? pointer;
}

/**
 * The row's text fields with the tokens they became. A token belongs to the first field that it overlaps; fields that no
 * token shows were never printed.
 */
function fieldCounts(
  row: ParsedRow,
  rendering: Rendering,
  encoding: { readonly starts: Int32Array; readonly ends: Int32Array },
  trained: Uint8Array,
  limit: number,
): FieldCount[] {
  const fields = new Map<Pointer, { characters: number; tokens: number; trained: number; printed: boolean }>();
  const field = (pointer: Pointer) => {
    const key = fieldOf(pointer);
    let entry = fields.get(key);
    if (!entry) fields.set(key, (entry = { characters: 0, tokens: 0, trained: 0, printed: false }));
    return entry;
  };
  const visit = (value: Value | undefined, pointer: Pointer): void => {
    if (typeof value === 'string') field(pointer).characters += value.length;
    else if (isArray(value)) for (const [i, item] of value.entries()) visit(item, pointerOf(pointer, i));
    else if (isObject(value)) for (const [key, item] of value) visit(item, pointerOf(pointer, key));
  };
  visit(row.value, '');
  for (const anchor of rendering.anchors) if (!anchor.key) field(anchor.pointer).printed = true;

  const { segments } = rendering;
  for (const segment of segments) if (segment.pointer !== null && !segment.key) field(segment.pointer).printed = true;
  let k = 0;
  for (let i = 0; i < encoding.starts.length; i++) {
    const start = encoding.starts[i] ?? 0;
    const end = encoding.ends[i] ?? 0;
    while (k < segments.length && (segments[k]?.end ?? 0) <= start) k++;
    for (let j = k; j < segments.length && (segments[j]?.start ?? 0) < end; j++) {
      const pointer = segments[j]?.pointer ?? null;
      if (pointer === null) continue;
      const entry = field(pointer);
      entry.tokens++;
      if (i < limit && trained[i]) entry.trained++;
      break;
    }
  }
  return [...fields].map(([pointer, counts]) => ({ pointer, ...counts }));
}

function plainMessages(conversation: Conversation | undefined): RowDetail['messages'] {
  if (conversation === undefined || conversation.kind === 'tokens') return [];
  if (conversation.kind === 'text')
    return conversation.segments.map((segment) => ({
      role: segment.role,
      text: segment.pieces.map((piece) => piece.text).join(''),
      pointer: segment.pieces.find((piece) => piece.pointer !== null)?.pointer ?? '',
    }));
  return conversation.messages.map((message, i) => ({
    role: roleOf(message),
    text: plainText(message.get('content')),
    pointer: messagePointer(conversation.sources, i),
  }));
}

function plainText(content: Value | undefined): string {
  if (typeof content === 'string') return content;
  if (isArray(content))
    return content.map((part) => (isObject(part) ? plainText(part.get('text')) : plainText(part))).join('');
  return '';
}
