import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bundleOf } from './bundle.ts';
import { transformersClass } from './transformers-class.ts';

const folder = join(dirname(fileURLToPath(import.meta.url)), '../../../test/fixtures/tokenizers');
const read = (name: string) => readFileSync(join(folder, `${name}.json`), 'utf8');
const load = (name: string, config: object, tokenizerClass?: 'file' | 'transformers-5') =>
  bundleOf({ id: name, tokenizerJson: read(name), tokenizerConfig: JSON.stringify(config) }, tokenizerClass);

describe('transformersClass', () => {
  const classOf = (tokenizerClass: string | null, modelType: string | null, hasByteLevel = false) =>
    transformersClass({
      tokenizerConfig: tokenizerClass === null ? {} : { tokenizer_class: tokenizerClass },
      modelConfig: modelType === null ? null : { model_type: modelType },
      hasByteLevel,
    });

  it('takes the class of the config, unless the model type knows better', () => {
    expect(classOf('LlamaTokenizerFast', null)).toBe('LlamaTokenizer');
    expect(classOf('GPT2Tokenizer', 'qwen2')).toBe('Qwen2Tokenizer');
    expect(classOf('LlamaTokenizer', 'mistral')).toBeNull();
    expect(classOf('LlamaTokenizer', 'llama', true)).toBeNull();
    expect(classOf(null, 'qwen3')).toBe('Qwen2Tokenizer');
    expect(classOf('PreTrainedTokenizerFast', 'llama')).toBeNull();
    expect(classOf('UnheardOfTokenizer', null)).toBeNull();
  });
});

describe('bundleOf', () => {
  it('says that transformers 5 gives other ids, and gives them where it is asked to', () => {
    const config = { tokenizer_class: 'LlamaTokenizer' };
    const ofFile = load('chars-llama', config);
    expect(ofFile.notices).toEqual([
      'transformers 5 builds its own LlamaTokenizer from these files, and that one gives other ids than tokenizer.json, which are shown. If the trainer runs on transformers 5, set "tokenizerClass": "transformers-5" in sft-lens.json.',
    ]);
    const ofClass = load('chars-llama', config, 'transformers-5');
    expect(ofClass.notices).toEqual([]);
    const text = '<s>the end';
    // The file puts a space in front of every part, the class in front of the text only.
    expect(ofClass.tokenizer.encode(text).ids).not.toEqual(ofFile.tokenizer.encode(text).ids);
    expect(ofClass.tokenizer.encode('the end').ids).toEqual(ofFile.tokenizer.encode('the end').ids);
  });

  it('says nothing where the ids are the same', () => {
    expect(load('bytes-qwen', { tokenizer_class: 'Qwen2Tokenizer', unk_token: null }).notices).toEqual([]);
    expect(load('bytes-gpt2', { tokenizer_class: 'PreTrainedTokenizerFast' }).notices).toEqual([]);
  });

  it('says where the rules of a class are not known', () => {
    expect(load('bytes-gpt2', { tokenizer_class: 'WhisperTokenizer' }).notices?.[0]).toContain(
      'whose rules are not known here',
    );
  });
});
