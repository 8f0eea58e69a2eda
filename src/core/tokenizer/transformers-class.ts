import type { JsonObject } from './json.ts';
import { DISTRUSTED_TYPES, KNOWN_CLASSES, REGISTERED } from './registered-classes.ts';

/** The class that keeps tokenizer.json as it is. */
const BACKEND = 'TokenizersBackend';
/** Other names of it. */
const VERBATIM: ReadonlySet<string> = new Set([
  BACKEND,
  'PythonBackend',
  'PreTrainedTokenizer',
  'PreTrainedTokenizerFast',
  'MistralCommonBackend',
  'BloomTokenizer',
]);
/** Model ids whose `tokenizer_class` transformers knows to be wrong. */
const VERBATIM_IDS =
  /^(?:deepseek-ai\/deepseek-(?:r1-distill-llama|coder)-|allenai\/dolma2-tokenizer$|google\/umt5-small$|naver-clova-ix\/donut-|salesforce\/(?:blip2-(?:opt|flan-t5)|instructblip-flan-t5)-|stepfun-ai\/step-3\.7-)/;

/** What decides over the class, beside tokenizer.json. */
export interface ClassEvidence {
  readonly tokenizerConfig: JsonObject | null;
  /** config.json of the model. */
  readonly modelConfig: JsonObject | null;
  /** tokenizer.json mentions a component `ByteLevel`. */
  readonly hasByteLevel: boolean;
}

/**
 * The class that `AutoTokenizer.from_pretrained` of transformers 5.23 builds from a folder with a tokenizer.json, without
 * `Fast`; null where that is tokenizer.json as it stands (models/auto/tokenization_auto.py).
 */
export function transformersClass({ tokenizerConfig, modelConfig, hasByteLevel }: ClassEvidence): string | null {
  const text = (object: JsonObject | null, key: string): string | null => {
    const value = object?.[key];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const modelType = text(modelConfig, 'model_type');
  const modelName = text(modelConfig, 'model_name');
  const distrusted = [modelType, modelName].some((name) => name !== null && DISTRUSTED_TYPES.has(name));
  const hasOwnCode = tokenizerConfig?.['auto_map'] !== undefined && tokenizerConfig['auto_map'] !== null;
  const registered = modelType === null ? undefined : REGISTERED.get(modelType);
  const declared = text(tokenizerConfig, 'tokenizer_class') ?? text(modelConfig, 'tokenizer_class');
  const hub = declared === null ? null : withoutFast(declared);
  if (!hasOwnCode) {
    if (VERBATIM_IDS.test((text(modelConfig, '_name_or_path') ?? '').toLowerCase())) return null;
    // LlamaTokenizer would put a Metaspace in place of the ByteLevel.
    if (hub === 'LlamaTokenizer' && !distrusted && hasByteLevel) return null;
    if (hub !== null && registered !== undefined && registered !== hub) {
      if (VERBATIM.has(registered)) return null;
      return specialClass(distrusted ? registered : hub);
    }
  }
  return specialClass(hub ?? registered ?? BACKEND);
}

/** A class that builds its tokenizer itself; null for what keeps tokenizer.json, as do names that transformers does not know. */
function specialClass(name: string): string | null {
  return !VERBATIM.has(name) && KNOWN_CLASSES.has(name) ? name : null;
}

const withoutFast = (name: string): string => name.replace(/Fast$/, '');
