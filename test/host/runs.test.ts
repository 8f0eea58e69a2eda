import { strict as assert } from 'node:assert';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationTarget, commands, extensions, Selection, Uri, window, workspace } from 'vscode';
import type { RunReport, RunsReport, SftLensApi } from '../../src/extension/api.ts';
import { COMMANDS, SETTINGS } from '../../src/extension/contributions.ts';
import { folderWith, openFile, row } from './dataset.ts';
import { until } from './helpers.ts';

const root = process.env['SFT_LENS_ROOT'] ?? '';
/** A Python with the trainer's packages. */
const python = process.env['SFT_LENS_TRAINER_PYTHON'] ?? join(root, '.cache/trainer/venv/bin/python');

const api = async (): Promise<SftLensApi> =>
  (await extensions.getExtension<SftLensApi>('sft-lens.sft-lens')?.activate()) ?? assert.fail('It is not installed.');
const report = async (): Promise<RunsReport> => (await api()).runs();

async function newest(name: string): Promise<RunReport> {
  return (await report()).runs.find((run) => run.name === name) ?? assert.fail(`There is no run ${name}.`);
}

/** Waits for a run in that state; one that failed instead fails the test with its reason. */
const inState = (name: string, state: RunReport['state'], timeout: number): Promise<RunReport> =>
  until(
    `${name} ${state}`,
    async () => {
      const run = await newest(name);
      if (state !== 'failed' && run.state === 'failed') assert.fail(`The run failed: ${run.reason}`);
      return run.state === state ? run : null;
    },
    timeout,
  );

/** The folder of local runs: the extension's own on this machine. */
const folderOfRuns = (): string => join(root, 'test-results/host/data/User/globalStorage/sft-lens.sft-lens/runs');

const SLOW = {
  num_train_epochs: 5,
  per_device_train_batch_size: 1,
  gradient_accumulation_steps: 1,
  eval_strategy: 'no',
};

describe('training runs', function () {
  this.timeout(600_000);

  before(async function () {
    if (!existsSync(python)) {
      console.log(`host: skipped, there is no trainer's Python at ${python}`);
      this.skip();
    }
    await workspace.getConfiguration().update(SETTINGS.python, python, ConfigurationTarget.Global);
  });

  after(async () => {
    // A run outlives the window that started it, and this one is to leave none.
    for (const run of (await report()).runs)
      if (!['succeeded', 'failed', 'stopped', 'lost'].includes(run.state))
        await commands.executeCommand(COMMANDS.killRun, run.id);
    await workspace.getConfiguration().update(SETTINGS.python, undefined, ConfigurationTarget.Global);
    await commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('the demo trains on the processor, and tree and status bar follow it', async () => {
    await commands.executeCommand(COMMANDS.demoRun);
    const first = await newest('demo');
    assert.ok((await report()).dashboards.includes(first.id), 'its dashboard is open');
    await inState('demo', 'running', 200_000);
    const { loss: begin } = await until(
      'the first point',
      async () => {
        const run = await newest('demo');
        return run.points > 0 ? run : null;
      },
      60_000,
    );
    const { tree } = await report();
    assert.match(tree.find(({ group }) => group === 'Running')?.runs[0] ?? '', /^demo \d+ of \d+ · loss \d/);
    await until('the loss in the status bar', async () =>
      /^\$\(graph-line\) \d/.test((await report()).statusBar ?? ''),
    );
    const done = await inState('demo', 'succeeded', 400_000);
    assert.ok(done.points >= 40, `${done.points} points`);
    assert.ok(begin !== null && done.loss !== null && done.loss < begin, `loss ${begin} to ${done.loss}`);
    await until('the tree to follow', async () => {
      const now = await report();
      return (
        now.tree.some(({ group, runs }) => group === 'Ended' && runs.some((text) => text.startsWith('demo loss'))) &&
        now.statusBar === null
      );
    });
  });

  it('lays the losses of its rows over the mask', async () => {
    const { id } = await newest('demo');
    const { document } = await openFile(join(folderOfRuns(), '../demo/support.jsonl'));
    const answers = await api();
    await until('the tokenizer', () => answers.report(document.uri)?.totals ?? null);
    await commands.executeCommand(COMMANDS.showTokenLoss, id);
    const loss = await until('the losses of line 1', () => answers.tokenLoss(document.uri, 0), 120_000);
    const names = loss.layers.map(({ name }) => name);
    assert.ok(names.includes('tuned'), names.join());
    assert.equal(loss.run, id);
    // Another row, which no comparison has had yet.
    const other = await openFile(join(folderOfRuns(), '../demo/support.jsonl'));
    other.selection = new Selection(4, 0, 4, 0);
    await commands.executeCommand(COMMANDS.showTokenLoss, id);
    const computed = await until('the losses of line 5', () => answers.tokenLoss(document.uri, 4), 120_000);
    assert.deepEqual(
      computed.layers.map(({ name }) => name),
      ['tuned', 'base', 'difference'],
    );
    const values = loss.layers[0]?.values ?? new Float64Array(0);
    assert.ok(
      values.some((value) => value > 0),
      'some tokens have a loss',
    );
    assert.ok(Number.isNaN(values[0]), 'the first token is never predicted');
  });

  it('compares base and tuned model on demand', async () => {
    const { id } = await newest('demo');
    await commands.executeCommand(COMMANDS.compareRun, id);
    const { state, reason } = await newest('demo');
    assert.equal(state, 'succeeded', reason ?? '');
    assert.ok((await report()).dashboards.includes(id));
  });

  it('stops with a checkpoint and resumes to the end, each step once', async () => {
    const folder = folderWith({
      'rows.jsonl': `${Array.from({ length: 12 }, (_, i) => row(`Question ${i}?`, `Answer ${i}.`)).join('\n')}\n`,
      'sft-lens.json': '{"tokenizer": "bundled:qwen3", "maxLength": 128}',
      'stopped.sftrun.json': JSON.stringify({
        model: 'bundled:tiny',
        data: { train: 'rows.jsonl' },
        method: 'full',
        args: SLOW,
        gpus: 0,
        compare: { prompts: 0 },
      }),
    });
    const spec = Uri.file(join(folder, 'stopped.sftrun.json'));
    await commands.executeCommand(COMMANDS.startRun, spec.toString());
    const { id } = await until(
      'some steps',
      async () => {
        const run = await newest('stopped');
        assert.notEqual(run.state, 'failed', run.reason ?? '');
        return run.points >= 3 ? run : null;
      },
      120_000,
    );
    await commands.executeCommand(COMMANDS.stopRun, id);
    const stopped = await inState('stopped', 'stopped', 60_000);
    assert.ok(stopped.step > 0 && stopped.step < 60, `stopped at ${stopped.step}`);
    await commands.executeCommand(COMMANDS.resumeRun, id);
    const done = await inState('stopped', 'succeeded', 180_000);
    assert.equal(done.step, 60);
    assert.equal(done.points, 60);
  });

  it('says what is wrong before anything starts', async () => {
    const folder = folderWith({
      'rows.jsonl': `${row('Hi', 'Hello.')}\n`,
      'wrong.sftrun.json': JSON.stringify({ model: 'bundled:tiny', data: { train: 'missing.jsonl' }, gpus: 0 }),
    });
    const before = (await report()).runs.length;
    void commands.executeCommand(COMMANDS.startRun, Uri.file(join(folder, 'wrong.sftrun.json')).toString());
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.equal((await report()).runs.length, before);
    await commands.executeCommand('notifications.clearAll');
  });

  it('a dry run says what would be trained, and starts nothing', async () => {
    const folder = folderWith({
      'rows.jsonl': `${row('Hi', 'Hello.')}\n${row('Bye', '', 'user')}\n`,
      'dry.sftrun.json': JSON.stringify({
        model: 'bundled:tiny',
        data: { train: 'rows.jsonl' },
        method: 'full',
        gpus: 0,
      }),
    });
    const before = (await report()).runs.length;
    await commands.executeCommand(COMMANDS.dryRun, Uri.file(join(folder, 'dry.sftrun.json')).toString());
    const text = await until('the text', () => {
      const document = window.activeTextEditor?.document;
      return document?.uri.scheme === 'sft-lens-run' ? document.getText() : null;
    });
    assert.match(text, /Training\s+1 row of 2, left out: 1 without a label/);
    assert.match(text, /Steps per epoch\s+1/);
    assert.equal((await report()).runs.length, before);
  });

  it('the new spec stands beside the dataset', async () => {
    const folder = folderWith({ 'rows.jsonl': `${row('Hi', 'Hello.')}\n` });
    await openFile(join(folder, 'rows.jsonl'));
    void commands.executeCommand(COMMANDS.newRun);
    const spec = join(folder, 'rows-lora.sftrun.json');
    await until('the spec', async () => {
      // One after the other: the first model that is offered, then LoRA.
      await commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      await new Promise((resolve) => setTimeout(resolve, 300));
      return existsSync(spec);
    });
    assert.match(readFileSync(spec, 'utf8'), /"train": "rows.jsonl"/);
    await until('it to be open', () => window.activeTextEditor?.document.uri.fsPath === spec);
    assert.equal(window.activeTextEditor?.document.languageId, 'jsonc');
  });
});
