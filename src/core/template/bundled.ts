import chatml from './bundled/chatml.jinja';
import gemma from './bundled/gemma.jinja';
import llama2 from './bundled/llama-2.jinja';
import llama3 from './bundled/llama-3.jinja';
import mistral from './bundled/mistral.jinja';
import phi from './bundled/phi.jinja';
import zephyr from './bundled/zephyr.jinja';

export interface BundledTemplate {
  /** What follows `bundled:`. */
  readonly name: string;
  readonly title: string;
  readonly source: string;
}

/** Our own chat templates, with `{% generation %}` blocks around what the model writes. */
export const BUNDLED_TEMPLATES: readonly BundledTemplate[] = [
  { name: 'chatml', title: 'ChatML', source: chatml },
  { name: 'llama-3', title: 'Llama 3', source: llama3 },
  { name: 'llama-2', title: 'Llama 2', source: llama2 },
  { name: 'mistral', title: 'Mistral Instruct', source: mistral },
  { name: 'zephyr', title: 'Zephyr', source: zephyr },
  { name: 'gemma', title: 'Gemma', source: gemma },
  { name: 'phi', title: 'Phi 3', source: phi },
];
