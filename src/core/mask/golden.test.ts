import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  casesFolder,
  type GoldenCase,
  goldenCase,
  masked,
  ownTemplates,
  readConversations,
  readTemplate,
  readTokenizer,
} from '../../../test/parity/masks/cases.ts';
import { TemplateError } from '../template/chat-template.ts';

const root = process.cwd();
const golden = JSON.parse(readFileSync(join(casesFolder(root), 'golden.json'), 'utf8')) as Record<
  string,
  Record<string, GoldenCase | null>
>;
const tokenizer = readTokenizer(root);
const conversations = readConversations(root);

/** Answers of transformers 5.23.0 `apply_chat_template(return_assistant_tokens_mask=True)`; `npm run parity` compares them with Python. */
describe('masks of the project’s own templates equal transformers’', () => {
  for (const path of ownTemplates(root)) {
    const cases = golden[basename(path)];
    if (cases === undefined) continue;
    it(basename(path), () => {
      const template = readTemplate(path);
      const found: Record<string, GoldenCase | null> = {};
      for (const name of Object.keys(cases)) {
        try {
          const { encoding, mask } = masked(template, conversations.get(name)!, tokenizer, {
            preset: 'trl-assistant',
            markers: 'require',
          });
          found[name] = goldenCase(encoding.ids, mask.trained);
        } catch (error) {
          if (!(error instanceof TemplateError)) throw error;
          found[name] = null;
        }
      }
      expect(found).toEqual(cases);
    });
  }
});
