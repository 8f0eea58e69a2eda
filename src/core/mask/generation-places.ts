import { parse } from '../jinja/parser.ts';
import type { Range } from '../jsonl/value.ts';
import type { Rendering } from '../origin/segment.ts';
import type { ChatTemplate, RenderContext } from '../template/chat-template.ts';
import { compileTemplate } from '../template/compile-template.ts';
import { unlessRefused } from './prefixes.ts';

/** Characters for private use that stand around what a block prints. */
const OPEN = '\ue0f0';
const CLOSE = '\ue0f1';

/**
 * Where generation blocks really lie. transformers counts a block's place from what the template itself has printed so far;
 * inside a macro, a set block or another buffer that is the wrong place (B6). A second render with a mark around each block
 * shows the right one. Null where all blocks print straight into the text, and where the marks change what is printed.
 */
export function generationPlaces(
  template: ChatTemplate,
  context: RenderContext,
  rendering: Rendering,
): readonly Range[] | null {
  const { text, generation } = rendering;
  if (generation === null || generation.length === 0 || text.includes(OPEN) || text.includes(CLOSE)) return null;
  const marked = markedTemplate(template);
  if (marked === null) return null;
  const places = unlessRefused(() => readMarks(marked.plain(context).text, text));
  return places === null || places.length !== generation.length ? null : places;
}

const MARKED = new WeakMap<ChatTemplate, { readonly template: ChatTemplate | null }>();

/** The template with marks; null where no block needs them. */
function markedTemplate(template: ChatTemplate): ChatTemplate | null {
  let known = MARKED.get(template);
  if (known === undefined) {
    const needed = template.hasGeneration && isBuffered(parse(template.source), false);
    known = {
      template: needed ? unlessRefused(() => compileTemplate(template.name, withMarks(template.source))) : null,
    };
    MARKED.set(template, known);
  }
  return known.template;
}

const BUFFERS = new Set(['macro', 'set-block', 'call-block', 'filter-block', 'generation']);

/** Whether a generation block stands inside something that prints into a buffer of its own. */
function isBuffered(node: unknown, inBuffer: boolean): boolean {
  if (Array.isArray(node)) return node.some((item) => isBuffered(item, inBuffer));
  if (typeof node !== 'object' || node === null) return false;
  const kind = 'kind' in node ? node.kind : null;
  if (kind === 'generation' && inBuffer) return true;
  const inside = inBuffer || BUFFERS.has(String(kind));
  return Object.values(node).some((item) => isBuffered(item, inside));
}

const TAG = /\{%([-+]?)\s*(end)?generation\s*([-+]?)%\}/g;

/**
 * Marks just inside each block. White space that the block's tags take away (`-`, `trim_blocks`, `lstrip_blocks`) is taken
 * away here, since the marks stand between.
 */
function withMarks(source: string): string {
  let marked = '';
  let from = 0;
  /** What the tag before does to the text behind it, where that is inside a block. */
  let after: string | null = null;
  const inside = (data: string): string => {
    if (after === null) return data;
    const rest = after === '-' ? data.trimStart() : after === '+' ? data : data.replace(/^\n/, '');
    return `{{ '${OPEN}' }}${rest}`;
  };
  for (const { 0: tag, 1: left, 2: end, 3: right, index } of source.matchAll(TAG)) {
    let data = inside(source.slice(from, index));
    if (end !== undefined) {
      if (left === '-') data = data.trimEnd();
      else if (left === '') data = data.replace(/(^|\n)[ \t]+$/, '$1');
      data += `{{ '${CLOSE}' }}`;
    }
    marked += data + tag;
    after = end === undefined ? (right ?? '') : null;
    from = index + tag.length;
  }
  return marked + inside(source.slice(from));
}

/** The ranges between the marks, in `text`, which is `marked` without them; null where it is not. */
function readMarks(marked: string, text: string): Range[] | null {
  const places: [number, number][] = [];
  const open: [number, number][] = [];
  let plain = '';
  for (const character of marked) {
    if (character === OPEN) {
      const place: [number, number] = [plain.length, -1];
      open.push(place);
      places.push(place);
    } else if (character === CLOSE) {
      const place = open.pop();
      if (place === undefined) return null;
      place[1] = plain.length;
    } else plain += character;
  }
  return open.length === 0 && plain === text ? places : null;
}
