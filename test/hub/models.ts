import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StandInModel } from './stand-in.ts';

const TEMPLATE =
  "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

/** A small tokenizer that was trained for the tests, as a model of the Hub. */
export function smallModel(root: string, more: Partial<StandInModel> = {}): StandInModel {
  return {
    id: 'tests/small',
    ...more,
    files: {
      'README.md': '# A model\n',
      'config.json': '{"model_type": "qwen2"}',
      'tokenizer.json': readFileSync(join(root, 'test/fixtures/tokenizers/bytes-qwen.json'), 'utf8'),
      'tokenizer_config.json': '{"eos_token": "<|im_end|>", "chat_template": "not this one"}',
      'chat_template.jinja': TEMPLATE,
      'additional_chat_templates/tool_use.jinja': `{# tools #}${TEMPLATE}`,
      'model.safetensors': 'x'.repeat(2000),
      ...more.files,
    },
  };
}
