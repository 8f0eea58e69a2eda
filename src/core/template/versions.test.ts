import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compareCase, type Reference, readConversations } from '../../../test/parity/templates/compare.ts';
import { VERSION_TEMPLATES } from '../../../test/parity/templates/version-templates.ts';
import { TRANSFORMERS_RULES } from '../config.ts';
import { compileTemplate } from './compile-template.ts';
import { canDiffer } from './prepare.ts';

const at = (path: string): string =>
  readFileSync(new URL(`../../../test/parity/templates/${path}`, import.meta.url), 'utf8');

/** What `apply_chat_template` of each version printed: `npm run parity -- versions` compares every template at hand. */
const golden = JSON.parse(at('golden/versions.json')) as Record<string, Record<string, Record<string, Reference>>>;
const rows = at('conversations-versions.json');

describe.each(TRANSFORMERS_RULES)('rules of transformers %s', (rules) => {
  const conversations = readConversations(rows, rules);
  it.each(VERSION_TEMPLATES.map(({ name, source }) => [name, source] as const))('%s', (name, source) => {
    const template = compileTemplate(name, source);
    const references = Object.entries(golden[rules]?.[name] ?? {});
    expect(references.length).toBe(conversations.size);
    for (const [key, reference] of references) {
      expect(compareCase(template, conversations.get(key)!, reference, false), key).toBeNull();
    }
  });
});

describe('canDiffer', () => {
  it('says no only where every version prints the same messages', () => {
    for (const [key, { original }] of readConversations(rows)) {
      const texts = TRANSFORMERS_RULES.map((rules) => golden[rules]?.['own:messages']?.[key]?.text);
      if (!canDiffer(original)) expect(new Set(texts).size, key).toBe(1);
    }
  });
});
