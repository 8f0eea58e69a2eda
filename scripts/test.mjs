// npm test [-- TIER... [WORD...]]: installs what is missing, then runs the tiers in order.
// A word that is no tier narrows the tests: files whose path contains it (host: titles).
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { mainProgram, resultsDir, root, run, Stop, seconds } from './lib/run.mjs';
import { chromium, clusterPrograms, codeServer, npmPackages, trainer } from './setup.mjs';

const bin = (name) => join(root, 'node_modules/.bin', name);

/** Commands that pass or fail as a whole. */
async function commands(list) {
  const result = { passed: 0, skipped: 0, failures: [] };
  for (const [title, ...command] of list) {
    const { ok, output } = await run(command[0], command.slice(1), { quiet: true });
    if (ok) result.passed++;
    else result.failures.push({ title, message: output });
  }
  return result;
}

const staticChecks = () =>
  commands([
    ['types of core', bin('tsc'), '-p', 'src/core/tsconfig.json'],
    ['types of everything but the webview', bin('tsc'), '-p', 'tsconfig.json'],
    ['types of the webview', bin('tsc'), '-p', 'src/webview/tsconfig.json'],
    ['lint and format', bin('biome'), 'ci', '--colors=off', '--error-on-warnings', '--max-diagnostics=50', '.'],
  ]);

/** Runs vitest and reads its own report. */
async function vitest(name, args) {
  const report = join(resultsDir, `${name}.json`);
  rmSync(report, { force: true });
  const { output } = await run(
    bin('vitest'),
    ['run', '--passWithNoTests', '--reporter=dot', '--reporter=json', `--outputFile.json=${report}`, ...args],
    { quiet: true },
  );
  if (!existsSync(report)) return { passed: 0, skipped: 0, failures: [{ title: name, message: output }] };
  const { numPassedTests, numPendingTests, numTodoTests, testResults, success } = JSON.parse(
    readFileSync(report, 'utf8'),
  );
  const failures = testResults.flatMap((file) => {
    const path = file.name.replace(`${root}/`, '');
    const failed = file.assertionResults.filter((test) => test.status === 'failed');
    // A file that does not even load has a message and no failed test.
    if (file.status === 'failed' && failed.length === 0) return [{ title: path, message: file.message }];
    return failed.map((test) => ({ title: `${path}: ${test.fullName}`, message: test.failureMessages.join('\n') }));
  });
  if (!success && failures.length === 0) failures.push({ title: name, message: output });
  for (const { assertionResults } of testResults)
    for (const { status, fullName, failureMessages } of assertionResults)
      if (status === 'passed' && failureMessages.length > 0)
        console.log(`passed at the second try: ${fullName}: ${failureMessages[0].split('\n')[0]}`);
  return { passed: numPassedTests, skipped: numPendingTests + numTodoTests, failures };
}

const browserTier = (name, folder, needs = []) => ({
  name,
  workbench: true,
  needs,
  run: (words) => vitest(name, ['--config', 'vitest.e2e.config.ts', ...pathsOf(folder, words)]),
});

const pathsOf = (folder, words) => (words.length > 0 ? words.map((word) => `${folder}/${word}`) : [`${folder}/`]);

const INSTALL = { cluster: clusterPrograms, trainer };
const NEEDED_FOR = { cluster: 'an ssh server and Slurm', trainer: 'the trainer' };

/**
 * Training runs are tested for real: with TRL, through an ssh server, on a Slurm cluster. Where a machine cannot have these,
 * their tests are skipped and the reason is said; nothing stands in for them.
 */
async function installForRuns(names) {
  const without = [];
  for (const name of new Set(names)) {
    const reason = await INSTALL[name]().then(
      () => null,
      (error) => (error instanceof Stop ? error.message : String(error)).split('\n')[0],
    );
    if (reason === null) continue;
    without.push(name);
    console.log(`Tests that need ${NEEDED_FOR[name]} are skipped: ${reason}`);
  }
  process.env.SFT_LENS_RUNS_WITHOUT = without.join(',');
}

const tiers = [
  { name: 'static', run: staticChecks },
  { name: 'unit', build: true, run: (words) => vitest('unit', words) },
  {
    name: 'runs',
    build: true,
    needs: ['cluster', 'trainer'],
    run: (words) => vitest('runs', ['--config', 'vitest.runs.config.ts', ...pathsOf('test/runs', words)]),
  },
  {
    name: 'host',
    workbench: true,
    needs: ['trainer'],
    run: async (words) => (await import('./host.mjs')).hostTests(words),
  },
  browserTier('e2e', 'test/e2e', ['cluster', 'trainer']),
  browserTier('a11y', 'test/a11y'),
  browserTier('package', 'test/package'),
];

const line = ({ name, result, time }) =>
  `${name}: ${result.passed} passed, ${result.failures.length} failed${result.skipped ? `, ${result.skipped} skipped` : ''} (${time})`;

function printFailures(done) {
  for (const { name, result } of done) {
    for (const { title, message } of result.failures) {
      console.log(`\nFAILED ${name}: ${title}\n${message.trim().replace(/^/gm, '    ')}`);
    }
  }
}

async function runTier(tier, words) {
  const start = performance.now();
  console.log(`\n== ${tier.name}`);
  const result = await tier.run(words).catch((error) => ({
    passed: 0,
    skipped: 0,
    failures: [{ title: tier.name, message: error.stack ?? String(error) }],
  }));
  const entry = { name: tier.name, result, time: seconds(start) };
  console.log(line(entry));
  return entry;
}

await mainProgram(async () => {
  const names = process.argv.slice(2);
  const words = names.filter((name) => !tiers.some((tier) => tier.name === name));
  const named = tiers.filter((tier) => names.includes(tier.name));
  const chosen = named.length > 0 ? named : tiers;
  mkdirSync(resultsDir, { recursive: true });
  await npmPackages();
  if (chosen.some((tier) => tier.workbench)) {
    await chromium();
    await codeServer();
  }
  await installForRuns(chosen.flatMap((tier) => tier.needs ?? []));
  if (chosen.some((tier) => tier.workbench || tier.build)) {
    const { build } = await import('./build.mjs');
    await build({ production: true });
  }
  const done = [];
  for (const tier of chosen) done.push(await runTier(tier, words));
  printFailures(done);
  console.log(`\n${done.map(line).join('\n')}`);
  const passed = done.reduce((sum, { result }) => sum + result.passed, 0);
  const failed = done.reduce((sum, { result }) => sum + result.failures.length, 0);
  console.log(`${passed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
});
