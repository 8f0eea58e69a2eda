import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWorkbench, root, until, type Workbench } from '../e2e/workbench.ts';

/** The extension as users get it, in a VS Code that has nothing else. */
const vsix = join(root, 'sft-lens.vsix');
let workbench: Workbench;

beforeAll(async () => {
  // Stops at any warning of the packager.
  execFileSync(process.execPath, [join(root, 'scripts/package.mjs'), '--built'], { cwd: root, stdio: 'pipe' });
  workbench = await openWorkbench({
    name: 'package',
    vsix,
    files: { 'rows.jsonl': '{"messages": [{"role": "user", "content": "hi"}]}\n{"messages": [\n' },
  });
});
afterAll(() => workbench?.close());

it('holds what it needs and nothing else', () => {
  const files = execFileSync('python3', ['-m', 'zipfile', '-l', vsix], { encoding: 'utf8' })
    .split('\n')
    .slice(1)
    .map((line) => line.split(/\s{2,}/)[0] ?? '')
    .filter((name) => name !== '');
  const manifest: { main: string; icon: string } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  for (const part of [manifest.main.slice(2), manifest.icon, 'LICENSE.txt', 'changelog.md', 'package.json']) {
    expect(files).toContain(`extension/${part}`);
  }
  expect(
    files.filter((name) => /\.(map|ts|tsx|mts)$|node_modules|\/(src|test|scripts|bench|tools)\//.test(name)),
  ).toEqual([]);
});

it('keeps its size budget', () => {
  const budgets: Record<string, number> = JSON.parse(readFileSync(join(root, 'scripts/budgets.json'), 'utf8'));
  expect(statSync(vsix).size).toBeLessThanOrEqual(budgets['sft-lens.vsix'] ?? 0);
});

it('activates in a clean VS Code and checks a file', async () => {
  await workbench.openFile('rows.jsonl');
  await until('activation', async () => workbench.activatedExtensions().includes('sft-lens.sft-lens'));
  await until('a squiggle under the broken row', async () => (await workbench.squiggles()).error > 0, 20_000);
  await workbench.screenshot('package-diagnostics');
  expect((await workbench.problemCounts()).errors).toBeGreaterThan(0);
});
