import { TokenizerError, UnsupportedComponent } from './errors.ts';
import { arrayAt, flag, idAt, isObject, type JsonObject, objectAt, stringAt, typeOf } from './json.ts';

/** One step after the model, as in tokenizers 0.23 (processors/*.rs), for a single sequence. */
export type PostStep =
  /** Takes white space off both ends of every span. */
  | { readonly kind: 'trim'; readonly addPrefixSpace: boolean }
  /** Special tokens around the text; only where they are asked for. */
  | { readonly kind: 'template'; readonly parts: readonly TemplatePart[] };

/** The text itself, or ids that stand for no text (span 0 to 0). */
export type TemplatePart = 'text' | readonly number[];

export function compilePostProcessor(spec: JsonObject | null, place: string): PostStep[] {
  if (spec === null) return [];
  const type = typeOf(spec, place);
  switch (type) {
    case 'Sequence':
      return arrayAt(spec['processors'], `${place}.processors`).flatMap((step, i) =>
        compilePostProcessor(objectAt(step, `${place}.processors[${i}]`), `${place}.processors[${i}]`),
      );
    case 'ByteLevel':
      return trimStep(spec);
    case 'RobertaProcessing':
      return [...trimStep(spec), around(spec, place)];
    case 'BertProcessing':
      return [around(spec, place)];
    case 'TemplateProcessing':
      return [{ kind: 'template', parts: templateParts(spec, place) }];
    default:
      throw new UnsupportedComponent(`${place}: ${type}`);
  }
}

function trimStep(spec: JsonObject): PostStep[] {
  if (!flag(spec['trim_offsets'], true)) return [];
  return [{ kind: 'trim', addPrefixSpace: flag(spec['add_prefix_space'], true) }];
}

function around(spec: JsonObject, place: string): PostStep {
  const idOf = (key: string) => [idAt(arrayAt(spec[key], `${place}.${key}`)[1], `${place}.${key}[1]`)];
  return { kind: 'template', parts: [idOf('cls'), 'text', idOf('sep')] };
}

function templateParts(spec: JsonObject, place: string): TemplatePart[] {
  const specials = objectAt(spec['special_tokens'], `${place}.special_tokens`);
  const single = spec['single'];
  const pieces = typeof single === 'string' ? single.split(' ') : arrayAt(single, `${place}.single`);
  return pieces.map((piece, i) => {
    const at = `${place}.single[${i}]`;
    const name = typeof piece === 'string' ? pieceName(piece) : namedPiece(piece, at);
    if (name === null) return 'text';
    const special = specials[name];
    if (!isObject(special))
      throw new TokenizerError(`${at} names ${JSON.stringify(name)}, which is not among ${place}.special_tokens.`);
    return arrayAt(special['ids'], `${place}.special_tokens.${name}.ids`).map((id) => idAt(id, `${at} id`));
  });
}

/** The special token that `"[CLS]:0"` names; null for the text, `"$A"`. */
function pieceName(piece: string): string | null {
  return piece.startsWith('$') ? null : piece.replace(/:\d+$/, '');
}

function namedPiece(piece: unknown, at: string): string | null {
  const object = objectAt(piece, at);
  if (isObject(object['Sequence'])) return null;
  return stringAt(objectAt(object['SpecialToken'], `${at}.SpecialToken`)['id'], `${at}.SpecialToken.id`);
}

/** White space that a token's spelling begins and ends with, in characters. */
export interface Edges {
  readonly leading: number;
  readonly trailing: number;
}

const leadingSpace = /^[\u0120\p{White_Space}]*/u;
const trailingSpace = /[\u0120\p{White_Space}]*$/u;

/** `Ġ` counts as the space that it spells. */
export function edgesOf(token: string): Edges {
  return {
    leading: leadingSpace.exec(token)?.[0].length ?? 0,
    trailing: trailingSpace.exec(token)?.[0].length ?? 0,
  };
}
