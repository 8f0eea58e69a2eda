import { definitionOfClass } from './class-definitions.ts';
import { definitionOfFile, type TokenizerDefinition } from './definition.ts';
import type { JsonObject } from './json.ts';
import { giveSameIds } from './same-ids.ts';
import { type ClassEvidence, transformersClass } from './transformers-class.ts';

/** Whose tokenizer is shown: that of tokenizer.json, or the one that transformers 5 builds from the same files. */
export const TOKENIZER_CLASSES = ['file', 'transformers-5'] as const;
export type TokenizerClass = (typeof TOKENIZER_CLASSES)[number];

export interface ChosenTokenizer {
  readonly definition: TokenizerDefinition;
  /** A sentence where transformers 5 would give other ids than the ones that are shown; null where it would not. */
  readonly notice: string | null;
  /** The rules that would give those other ids, where they are known. */
  readonly offered: TokenizerClass | null;
}

/**
 * The tokenizer of the files by the rules of `wanted`. Since version 5 transformers builds some classes anew and takes only
 * vocabulary, merges and post-processor from tokenizer.json; version 4 and tokenizers itself take the file as it is.
 *
 * @throws TokenizerError where the files are broken.
 */
export function chooseTokenizer(root: JsonObject, evidence: ClassEvidence, wanted: TokenizerClass): ChosenTokenizer {
  const config = evidence.tokenizerConfig;
  const ofFile = definitionOfFile(root, config);
  const name = transformersClass(evidence);
  if (name === null) return { definition: ofFile, notice: null, offered: null };
  const ofClass = definitionOfClass(name, root, config);
  if (ofClass === null)
    return {
      definition: ofFile,
      notice: `transformers 5 builds its own ${name} from these files, whose rules are not known here: its ids may be others than those of tokenizer.json, which are shown.`,
      offered: null,
    };
  if (wanted === 'transformers-5') return { definition: ofClass, notice: null, offered: null };
  if (giveSameIds(ofFile, ofClass)) return { definition: ofFile, notice: null, offered: null };
  return {
    definition: ofFile,
    notice: `transformers 5 builds its own ${name} from these files, and that one gives other ids than tokenizer.json, which are shown. If the trainer runs on transformers 5, set "tokenizerClass": "transformers-5" in sft-lens.json.`,
    offered: 'transformers-5',
  };
}
