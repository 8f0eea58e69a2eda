import { ASSISTANT_TURNS } from '../policy.ts';
import type { MaskTool } from './tool.ts';

/**
 * ms-swift 4.6. Its template is a list of contexts: answers and the suffix behind the last one are trained; what else
 * begins with the suffix's tokens right behind a trained token is trained, too; the row's first token never is.
 */
export const msSwift: MaskTool = {
  preset: 'ms-swift',
  title: 'ms-swift',
  summary: 'ms-swift: every answer and what ends it, by loss_scale',
  versions: ['4.6'],
  options: {
    template: {
      description: 'Name of ms-swift’s template. null: by the type of the model.',
      type: ['string', 'null'],
      default: null,
    },
    agent_template: {
      description: 'How tools, calls and results are written. null: as the template says.',
      type: ['string', 'null'],
      default: null,
    },
    loss_scale: {
      description:
        'default, last_round or all, then scales joined by +: ignore_empty_think, ignore_think_prefix, react, hermes, qwen, agentflan, alpha_umi. A weight above 0 counts as trained.',
      type: 'string',
      default: 'default',
    },
    disable_ignore_empty_think: {
      description: 'Keep the command line from adding ignore_empty_think for hybrid thinking models.',
      type: 'boolean',
      default: false,
    },
    template_backend: {
      description: 'jinja: the chat template itself; everything but the first token is trained.',
      enum: ['swift', 'jinja'],
      default: 'swift',
    },
  },
  policy: ({ loss_scale, template_backend }) => ({
    ...ASSISTANT_TURNS,
    markers: 'ignore',
    afterEndOfTurn: true,
    turns: String(loss_scale).startsWith('last_round') ? 'last' : 'all',
    thinking: String(loss_scale).includes('ignore_empty_think') ? 'mask-empty' : 'train',
    scope: template_backend === 'jinja' || String(loss_scale).startsWith('all') ? 'everything' : 'turns',
  }),
  ownText: 'ms-swift writes the text by a template of its own. The mask holds where its tokens are those shown here.',
};
