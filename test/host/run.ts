import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** What the runner outside reads; the process that holds us ends without a word of its own. */
interface Results {
  readonly passed: number;
  readonly skipped: number;
  readonly failures: readonly { readonly title: string; readonly message: string }[];
}

/** Runs the suites with mocha inside the extension host. Each loader requires one test file. */
export async function runSuites(loaders: readonly (() => unknown)[]): Promise<void> {
  // Mocha is an ES module beside the extension, not part of this bundle.
  const { default: Mocha } = await import('mocha');
  const grep = process.env['SFT_LENS_HOST_GREP'];
  const mocha = new Mocha({
    ui: 'bdd',
    color: false,
    timeout: 30_000,
    reporter: 'spec',
    ...(grep ? { grep: new RegExp(grep, 'i') } : {}),
  });
  mocha.suite.emit('pre-require', globalThis as unknown as Mocha.MochaGlobals, '', mocha);
  for (const load of loaders) load();

  let passed = 0;
  let skipped = 0;
  const failures: { title: string; message: string }[] = [];
  await new Promise<void>((resolve) => {
    const runner = mocha.run(() => resolve());
    runner.on('pass', () => passed++);
    runner.on('pending', () => skipped++);
    runner.on('fail', (test, error: Error) => {
      failures.push({ title: test.fullTitle(), message: error.stack ?? error.message });
    });
  });
  writeResults({ passed, skipped, failures });
  if (failures.length > 0) throw new Error(`${failures.length} failed`);
}

function writeResults(results: Results): void {
  const file = process.env['SFT_LENS_HOST_RESULTS'];
  if (!file) throw new Error('SFT_LENS_HOST_RESULTS is not set: start these tests with npm test -- host.');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(results, null, 2));
}
