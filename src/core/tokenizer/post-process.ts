import { TokenizerError } from './errors.ts';
import { arrayAt, flagAt, idAt, isObject, type JsonObject, objectAt, stringAt, typeOf } from './json.ts';
import { isWhiteSpace } from './white-space.ts';

/** One step after the model, as in tokenizers 0.23 (processors/*.rs), for a single sequence. */
export type PostStep =
  /** Takes white space off both ends of every span. */
  | { readonly kind: 'trim'; readonly addPrefixSpace: boolean }
  /** The text and special tokens around it, which only come where they are asked for. */
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
      return trimStep(spec, place);
    case 'RobertaProcessing':
      return [...trimStep(spec, place), around(spec, place)];
    case 'BertProcessing':
      return [around(spec, place)];
    case 'TemplateProcessing':
      return [{ kind: 'template', parts: templateParts(spec, place) }];
    default:
      throw new TokenizerError(`${place}.type ${JSON.stringify(type)} is not known.`);
  }
}

function trimStep(spec: JsonObject, place: string): PostStep[] {
  const addPrefixSpace = flagAt(spec['add_prefix_space'], `${place}.add_prefix_space`);
  return flagAt(spec['trim_offsets'], `${place}.trim_offsets`) ? [{ kind: 'trim', addPrefixSpace }] : [];
}

function around(spec: JsonObject, place: string): PostStep {
  const idOf = (key: string) => [idAt(arrayAt(spec[key], `${place}.${key}`)[1], `${place}.${key}[1]`)];
  return { kind: 'template', parts: [idOf('cls'), 'text', idOf('sep')] };
}

function templateParts(spec: JsonObject, place: string): TemplatePart[] {
  const specials = objectAt(spec['special_tokens'], `${place}.special_tokens`);
  return arrayAt(spec['single'], `${place}.single`).map((value, i) => {
    const at = `${place}.single[${i}]`;
    const piece = objectAt(value, at);
    const sequence = piece['Sequence'];
    if (isObject(sequence)) {
      if (sequence['id'] !== 'A') throw new TokenizerError(`${at} is not the text, "A", but a second one.`);
      return 'text';
    }
    const name = stringAt(objectAt(piece['SpecialToken'], `${at}.SpecialToken`)['id'], `${at}.SpecialToken.id`);
    const special = Object.hasOwn(specials, name) ? specials[name] : undefined;
    if (!isObject(special))
      throw new TokenizerError(`${at} names ${JSON.stringify(name)}, which is not among ${place}.special_tokens.`);
    return arrayAt(special['ids'], `${place}.special_tokens.${name}.ids`).map((id) => idAt(id, `${at} id`));
  });
}

/** White space that a token's spelling begins and ends with, in characters. */
export interface Edges {
  readonly leading: number;
  readonly trailing: number;
}

const NO_EDGES: Edges = { leading: 0, trailing: 0 };

/** `Ġ` counts as the space that it spells. */
export function edgesOf(token: string): Edges {
  let leading = 0;
  while (leading < token.length && isEdge(token[leading]!)) leading++;
  let end = token.length;
  while (end > 0 && isEdge(token[end - 1]!)) end--;
  return leading === 0 && end === token.length ? NO_EDGES : { leading, trailing: token.length - end };
}

const isEdge = (unit: string): boolean => unit === '\u0120' || isWhiteSpace(unit);
