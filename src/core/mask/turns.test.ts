import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  jinjaFiles,
  masked,
  ownTemplates,
  readConversations,
  readTemplate,
  readTokenizer,
  SPECIAL_TOKENS,
} from '../../../test/parity/masks/cases.ts';
import { isArray, isObject, type Range, type Value } from '../jsonl/value.ts';
import { type ChatTemplate, TemplateError } from '../template/chat-template.ts';
import { compileTemplate } from '../template/compile-template.ts';
import { assistant, show, user } from './fixtures.ts';
import { markersFor } from './markers.ts';
import { REASONS } from './policy.ts';
import { printedOf } from './printed.ts';
import { turnsOf } from './turns.ts';

const root = process.cwd();
const data = process.env['SFT_LENS_DATA'] ?? join(root, '../shared/data');
const trl = join(data, 'chat_templates/trl');
const conversations = readConversations(root);
const tokenizer = readTokenizer(root);
const bundled = ownTemplates(root).filter((path) => path.includes('bundled'));

function turnsBothWays(template: ChatTemplate, row: ReadonlyMap<string, Value>): { fast: unknown; thorough: unknown } {
  const given = row.get('messages');
  const messages = isArray(given) ? given.filter(isObject) : [];
  const args = new Map<string, Value>(Object.entries(SPECIAL_TOKENS));
  const context = { messages, tools: row.get('tools') ?? null, args, addGenerationPrompt: false };
  const rendering = template.traced(context);
  const input = {
    template,
    context,
    rendering,
    markers: markersFor(template, SPECIAL_TOKENS),
    pieces: printedOf(rendering),
    roles: messages.map((message) => String(message.get('role'))),
    trainedRoles: ['assistant'],
  };
  const how = ({ how: _, ...turn }: ReturnType<typeof turnsOf>[number]): unknown => turn;
  return {
    fast: turnsOf(input).map(how),
    thorough: turnsOf({ ...input, context: { ...context }, thorough: true }).map(how),
  };
}

function forEachRow(visit: (name: string, row: ReadonlyMap<string, Value>) => void): number {
  let visited = 0;
  for (const [name, row] of conversations)
    try {
      visit(name, row);
      visited++;
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
    }
  return visited;
}

describe('the short way finds what the proofs find', () => {
  // training versions print the same turns
  const published = jinjaFiles(trl).filter((path) => !path.endsWith('_training.jinja'));
  const paths = [...ownTemplates(root), ...published];
  it(`on ${paths.length} templates${existsSync(trl) ? '' : ' (TRL’s are not here)'}`, () => {
    const wrong: string[] = [];
    let rows = 0;
    for (const path of paths) {
      const template = readTemplate(path);
      rows += forEachRow((name, row) => {
        const { fast, thorough } = turnsBothWays(template, row);
        if (JSON.stringify(fast) !== JSON.stringify(thorough)) wrong.push(`${basename(path)} ${name}`);
      });
    }
    expect(wrong).toEqual([]);
    expect(rows).toBeGreaterThan(400);
  }, 60_000);
});

describe('the message of each token', () => {
  it.each(bundled.map((path) => [basename(path), path] as const))('%s: remembered = proven by prefixes', (_, path) => {
    const template = readTemplate(path);
    const rows = forEachRow((name, row) => {
      const remembered = masked(template, row, tokenizer, 'trl-assistant').mask.turns;
      const proven = masked(template, row, tokenizer, 'trl-assistant', { exactTurns: true }).mask.turns;
      expect([...remembered], name).toEqual([...proven]);
    });
    expect(rows).toBeGreaterThan(20);
  });

  it.each(bundled.map((path) => [basename(path), path] as const))('%s: every message has its own text', (_, path) => {
    const template = readTemplate(path);
    const row = {
      messages: [
        user('first question'),
        assistant('first answer'),
        user('second question'),
        assistant('second answer'),
      ],
    };
    const { runs } = show(template, row, 'trl-assistant');
    const textOf = (message: number): string => runs.flatMap(([at, , text]) => (at === message ? [text] : [])).join('');
    expect(textOf(-1)).toBe('');
    ['first question', 'first answer', 'second question', 'second answer'].forEach((text, message) => {
      expect(textOf(message)).toContain(text);
    });
    for (const [message, reason] of runs) if (reason === 'assistant-content') expect(message % 2).toBe(1);
  });

  it('leaves a default system turn to nobody', () => {
    const template = compileTemplate(
      'default-system',
      `{{- '<|im_start|>system\\nBe good.<|im_end|>\\n' }}{% for m in messages %}{{- '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>\\n' }}{% endfor %}{% if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{% endif %}`,
    );
    const { runs } = show(template, { messages: [user('hi'), assistant('one')] }, 'trl-assistant');
    expect(runs[0]).toEqual([-1, 'masked-template', '<|im_start|>system\nBe good.<|im_end|>\n']);
    expect(runs[1]).toEqual([0, 'masked-role', '<|im_start|>user\nhi<|im_end|>\n']);
  });
});

/** Our own templates wrap in generation blocks what the model writes: turns without blocks must find the same spans. */
describe('turns of the bundled templates equal their generation blocks', () => {
  it.each(bundled.map((path) => [basename(path), path] as const))('%s', (_, path) => {
    const template = readTemplate(path);
    // Phi's generation blocks hold the row's final EOS too, which stands behind the end of turn
    const apart = basename(path) === 'phi.jinja' ? SPECIAL_TOKENS.eos_token : '';
    const wrong: string[] = [];
    forEachRow((name, row) => {
      const { rendering, mask } = masked(template, row, tokenizer, { markers: 'ignore' });
      const textOf = ([start, end]: Range): string => rendering.text.slice(start, end).trim();
      const marked = (rendering.generation ?? []).map(textOf).filter((text) => text !== '' && text !== apart);
      if (mask.spans.map(textOf).join('|') !== marked.join('|')) wrong.push(name);
    });
    expect(wrong).toEqual([]);
  });
});

it('every trained token has a reason for it', () => {
  const wrong: string[] = [];
  const untrained = new Set(REASONS.slice(REASONS.indexOf('masked-header')));
  for (const path of bundled) {
    const template = readTemplate(path);
    for (const spec of ['trl-assistant', 'openai', 'axolotl', 'full', 'trl-default'] as const)
      forEachRow((name, row) => {
        const { mask } = masked(template, row, tokenizer, spec);
        mask.trained.forEach((bit, token) => {
          const reason = REASONS[mask.reasons[token]!]!;
          if (untrained.has(reason) !== (bit === 0)) wrong.push(`${basename(path)} ${name} ${spec} ${token} ${reason}`);
        });
      });
  }
  expect(wrong).toEqual([]);
});
