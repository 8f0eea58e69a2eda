import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CHECKS, checkInfo } from './registry.ts';

const ROOT = new URL('../../../', import.meta.url);
const PAGES = new URL('docs/checks/', ROOT);

test('codes are group/name and stand once', () => {
  const codes = CHECKS.map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
  for (const code of codes) expect(code).toMatch(/^[a-z]+\/[a-z]+(-[a-z]+)*$/);
});

test('every check has a page and every page a check', () => {
  for (const { docs } of checkInfo()) expect(existsSync(new URL(docs, ROOT)), docs).toBe(true);
  const pages = readdirSync(PAGES).filter((name) => name !== 'README.md');
  expect(pages.map((name) => `docs/checks/${name}`).sort()).toEqual(
    checkInfo()
      .map(({ docs }) => docs)
      .sort(),
  );
});

test('a page says the code, the severity and the title that the check has', () => {
  for (const { docs, code, severity, title, fixable } of checkInfo()) {
    const page = readFileSync(new URL(docs, ROOT), 'utf8');
    expect(page.startsWith(`# ${title}\n\n\`${code}\` · ${severity}${fixable ? ' · quick fix' : ''}\n`), docs).toBe(
      true,
    );
    // What no row is read for cannot be turned off, and says so.
    expect(page.includes(`"checks": {"${code}": "off"}`) || page.includes('It cannot be turned off'), docs).toBe(true);
  }
});

test('the index of the pages lists every check', () => {
  const index = readFileSync(new URL('README.md', PAGES), 'utf8');
  for (const { code } of checkInfo()) expect(index).toContain(`| [\`${code}\`]`);
  expect(index.match(/^\| \[/gm)?.length).toBe(CHECKS.length);
});
