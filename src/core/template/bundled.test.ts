import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compareCase, type Reference, readConversations } from '../../../test/parity/templates/compare.ts';
import { BUNDLED_TEMPLATES } from './bundled.ts';
import { compileTemplate } from './compile-template.ts';

const at = (path: string): string =>
  readFileSync(new URL(`../../../test/parity/templates/${path}`, import.meta.url), 'utf8');

/** Written by `test/parity/templates.ts --golden` from transformers 5.23. */
const golden = JSON.parse(at('golden/bundled.json')) as Record<string, Record<string, Reference>>;
const conversations = readConversations(at('conversations.json'));

describe('bundled chat templates print what Python prints', () => {
  for (const { name, source } of BUNDLED_TEMPLATES) {
    it(name, () => {
      const template = compileTemplate(`bundled:${name}`, source);
      const references = Object.entries(golden[`bundled:${name}`] ?? {});
      expect(references.length).toBe(conversations.size);
      for (const [key, reference] of references) {
        expect(compareCase(template, conversations.get(key)!, reference), key).toBeNull();
      }
    });
  }
});
