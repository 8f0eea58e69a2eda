import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../core/config.ts';
import { findTrl } from './find-trl.ts';
import { swapForTrl } from './swap.ts';
import { trainingTemplates } from './training-templates.ts';

const root = mkdtempSync(join(tmpdir(), 'trl-'));
afterAll(() => rmSync(root, { recursive: true }));

function environment(name: string, library: string): { readonly folder: string; readonly templates: string } {
  const folder = join(root, name);
  const templates = join(folder, library, 'trl', 'chat_templates');
  mkdirSync(templates, { recursive: true });
  return { folder, templates };
}

const unix = environment('unix', 'lib/python3.12/site-packages');
const windows = environment('windows', 'Lib/site-packages');
writeFileSync(join(unix.templates, 'one.jinja'), 'one\r\n');
writeFileSync(join(unix.templates, 'one_training.jinja'), '{% generation %}one{% endgeneration %}');
writeFileSync(join(unix.templates, 'lonely_training.jinja'), 'lonely');
writeFileSync(join(unix.templates, 'two.jinja'), 'two');

describe('findTrl', () => {
  it('looks where environments keep packages, from the folder or the interpreter', async () => {
    expect(await findTrl([unix.folder])).toBe(unix.templates);
    expect(await findTrl([join(unix.folder, 'bin', 'python3.12')])).toBe(unix.templates);
    expect(await findTrl([join(windows.folder, 'Scripts', 'python.exe')])).toBe(windows.templates);
  });
  it('takes the first that has it', async () => {
    expect(await findTrl([join(root, 'absent'), windows.folder, unix.folder])).toBe(windows.templates);
    expect(await findTrl([join(root, 'absent')])).toBeNull();
    expect(await findTrl([])).toBeNull();
  });
});

it('pairs templates with their training versions, line breaks as Python reads them', async () => {
  const pairs = await trainingTemplates(unix.templates);
  expect([...pairs].map(([base, { name }]) => [base, name])).toEqual([['one\n', 'one_training.jinja']]);
});

describe('swapForTrl', () => {
  const sources = (template: string) => ({ name: 'own', byKind: { default: template, tool_use: 'tools' } });
  const settings = { ...DEFAULT_SETTINGS, trlTemplates: unix.templates };

  it('swaps a template that TRL knows by its text, for rows with tools, too', async () => {
    const { sources: swapped, note } = await swapForTrl(sources('one\n'), settings);
    expect(swapped.name).toBe('one_training.jinja');
    expect(Object.keys(swapped.byKind)).toEqual(['default']);
    expect(note).toContain('`one_training.jinja`');
  });
  it('leaves all others, and says that TRL stops', async () => {
    const given = sources('one ');
    const { sources: kept, note } = await swapForTrl(given, settings);
    expect(kept).toBe(given);
    expect(note).toContain('stops with `assistant_only_loss`');
  });
  it('says nothing of templates with generation blocks and of other masks', async () => {
    const marked = sources('{%- generation -%}one{%- endgeneration -%}');
    expect(await swapForTrl(marked, settings)).toEqual({ sources: marked, note: null });
    for (const mask of ['full', 'trl-default', 'trl-completion', { roles: ['user'] }] as const)
      expect((await swapForTrl(sources('one\n'), { ...settings, mask })).note).toBeNull();
    const both = { preset: 'trl-completion', assistant_only_loss: true } as const;
    expect((await swapForTrl(sources('one\n'), { ...settings, mask: both })).note).not.toBeNull();
  });
});
