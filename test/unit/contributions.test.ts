import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  COMMANDS,
  CONTEXT_KEYS,
  INSPECTOR_VIEW_TYPE,
  RESTRICTED_SETTINGS,
  RUN_VIEW_TYPE,
  RUNS_VIEW_ID,
  SETTINGS,
  WALKTHROUGH_ID,
} from '../../src/extension/contributions.ts';

interface Property {
  readonly type?: unknown;
  readonly enum?: unknown;
  readonly default?: unknown;
  readonly description?: string;
  readonly markdownDescription?: string;
  readonly scope?: string;
}
interface Manifest {
  readonly name: string;
  readonly publisher: string;
  readonly activationEvents: readonly string[];
  readonly capabilities: { readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] } };
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string; readonly category?: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, Property>> };
    readonly menus?: Readonly<Record<string, readonly { readonly command?: string; readonly when?: string }[]>>;
    readonly keybindings?: readonly { readonly command: string; readonly when?: string }[];
    readonly views?: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly walkthroughs?: readonly { readonly id: string }[];
  };
}

const root = join(import.meta.dirname, '../..');
const text = readFileSync(join(root, 'package.json'), 'utf8');
const manifest: Manifest = JSON.parse(text);
const { commands, configuration, menus = {}, keybindings = [], views = {}, walkthroughs = [] } = manifest.contributes;
const sorted = (values: Iterable<string>) => [...values].sort();

describe('package.json and the typed map name the same', () => {
  it('commands', () => {
    expect(sorted(commands.map(({ command }) => command))).toEqual(sorted(Object.values(COMMANDS)));
  });

  it('settings', () => {
    expect(sorted(Object.keys(configuration.properties))).toEqual(sorted(Object.values(SETTINGS)));
  });

  it('settings that an untrusted workspace may not set', () => {
    const restricted = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations;
    expect(sorted(restricted)).toEqual(sorted(RESTRICTED_SETTINGS));
  });

  it('context keys', () => {
    const clauses = [...text.matchAll(/"when":\s*"((?:[^"\\]|\\.)*)"/g)].map((match) => match[1] ?? '');
    // A setting in a clause is written config.NAME, webviews and views are compared by name: none is a context key.
    const keys = clauses.flatMap((clause) =>
      [...clause.matchAll(/(?<![\w.'\\])sftLens(?:\.\w+)+/g)]
        .map(([key]) => key)
        .filter((key) => key !== INSPECTOR_VIEW_TYPE && key !== RUNS_VIEW_ID),
    );
    expect(sorted(new Set(keys))).toEqual(sorted(Object.values(CONTEXT_KEYS)));
    const settings = clauses.flatMap((clause) =>
      [...clause.matchAll(/config\.(sftLens(?:\.\w+)+)/g)].map((match) => match[1]),
    );
    expect(Object.values(SETTINGS) as string[]).toEqual(expect.arrayContaining(settings));
  });

  it('the webviews, the view and the walkthrough', () => {
    expect(manifest.activationEvents).toContain(`onWebviewPanel:${INSPECTOR_VIEW_TYPE}`);
    expect(manifest.activationEvents).toContain(`onWebviewPanel:${RUN_VIEW_TYPE}`);
    expect(Object.values(views).flatMap((list) => list.map(({ id }) => id))).toEqual([RUNS_VIEW_ID]);
    const ids = walkthroughs.map(({ id }) => `${manifest.publisher}.${manifest.name}#${id}`);
    expect(ids).toEqual([WALKTHROUGH_ID]);
  });
});

describe('package.json', () => {
  it('puts every command into one category', () => {
    expect(commands.filter(({ category }) => category !== 'SFT Lens')).toEqual([]);
  });

  it('describes every setting and gives its default and type', () => {
    const incomplete = Object.entries(configuration.properties).filter(
      ([, property]) =>
        !(property.description ?? property.markdownDescription) ||
        property.default === undefined ||
        (property.type === undefined && property.enum === undefined),
    );
    expect(incomplete.map(([name]) => name)).toEqual([]);
  });

  it('has only commands of its own in menus and key bindings', () => {
    const known = new Set<string>(Object.values(COMMANDS));
    const named = [...Object.values(menus).flat(), ...keybindings].flatMap(({ command }) => command ?? []);
    expect(named.filter((command) => command.startsWith('sftLens') && !known.has(command))).toEqual([]);
  });

  it('names only files that are there', () => {
    // What the build makes is not in a fresh clone.
    const files = [...text.matchAll(/"(?:\.\/)?((?:media|syntaxes|samples|schemas|docs)\/[^"*?#]+)"/g)].map(
      (match) => match[1] ?? '',
    );
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });
});
