import { basename } from 'node:path';
import { ProgressLocation, window } from 'vscode';
import type { CompareResult, Figure } from '../../core/runs/events.ts';
import { RUN_FILES } from '../../core/runs/folder.ts';
import { numberOf, readCompare, readEvalRows } from '../../core/runs/read-events.ts';
import type { Runner } from '../../node/runs/runner.ts';
import type { DatasetDocument } from '../dataset-document.ts';
import { currentRow } from '../navigation.ts';
import type { LossSource, TokenLosses } from '../token-losses.ts';
import type { FollowedRun } from './followed-run.ts';
import { layersOf, type RowLosses } from './loss-layers.ts';
import { runOf } from './pick-run.ts';
import type { RunActions } from './run-actions.ts';
import type { RunManager } from './run-manager.ts';
import { trusted } from './trust.ts';

type Split = 'train' | 'eval';

export interface TokenLossParts {
  readonly manager: RunManager;
  readonly actions: RunActions;
  readonly losses: TokenLosses;
}

/** Lays the losses of a run over the row of the cursor; computes them on the run's target where they are missing. */
export async function showTokenLoss(parts: TokenLossParts, dataset: DatasetDocument, argument: unknown): Promise<void> {
  const path = dataset.document.uri.fsPath;
  const run = await runOf(parts.manager, argument, 'Token loss of which run?', ({ record }) =>
    [record.trainPath, record.evalPath].includes(path),
  );
  if (run === undefined) return;
  await run.load();
  const row = currentRow(dataset);
  const line = dataset.rows.lineOf(row) + 1;
  const results = new Results(run, parts.actions);
  if (!(await results.has(path, line))) await compute(parts, run, results, path, line);
  if (!(await results.has(path, line))) return;
  parts.losses.show(sourceOf(run, results));
  await parts.actions.host.inspector.show(dataset, row);
}

/** The figures of a run for any row of its files. */
function sourceOf(run: FollowedRun, results: Results): LossSource {
  return async (dataset, row, detail) => {
    const path = dataset.document.uri.fsPath;
    const found = await results.of(path, dataset.rows.lineOf(row) + 1);
    const tokens = detail.parts[0]?.ids.length ?? 0;
    // Of more tokens than there are: the row was another one then.
    if (found === null || found.tuned.length > tokens) return null;
    return { run: run.id, name: run.record.name, from: found.from, layers: layersOf(found, tokens) };
  };
}

interface Found extends RowLosses {
  readonly from: string;
}

/** What a run recorded or computed token by token. */
class Results {
  readonly #run: FollowedRun;
  readonly #actions: RunActions;
  #compared: { readonly key: string; readonly result: Promise<CompareResult | null> } | null = null;

  constructor(run: FollowedRun, actions: RunActions) {
    this.#run = run;
    this.#actions = actions;
  }

  async has(path: string, line: number): Promise<boolean> {
    return (await this.of(path, line)) !== null;
  }

  async of(path: string, line: number): Promise<Found | null> {
    const compared = await this.compared();
    const splits = this.#splits(path);
    const row = compared?.rows.find((one) => one.line === line && splits.includes(one.split));
    if (compared !== null && row !== undefined) {
      const { base, tuned } = row;
      return {
        from: `${compared.checkpoint === '' ? 'the tuned model' : basename(compared.checkpoint)} against the base model`,
        base: base.map(plain),
        tuned: tuned.map(plain),
      };
    }
    return splits.includes('train') ? this.#watched(line) : null;
  }

  /** Read once for each comparison. */
  compared(): Promise<CompareResult | null> {
    const run = this.#run;
    if (!run.mayBeCompared) return Promise.resolve(null);
    const event = run.events.facts.compare;
    const key = `${event?.seq}:${run.comparisons}`;
    if (this.#compared?.key !== key) this.#compared = { key, result: this.#read(event?.file ?? RUN_FILES.compare) };
    return this.#compared.result;
  }

  /** The row of the Arrow file that a line became; null where the run did not use it. */
  async place(
    runner: Runner,
    path: string,
    line: number,
  ): Promise<{ readonly split: Split; readonly row: number } | null> {
    const splits = this.#splits(path);
    const { events, record } = this.#run;
    if (splits.includes('train')) {
      for (const { rows } of events.reducer.batches.between(0, events.step)) {
        const found = rows.find((row) => row.line === line);
        if (found !== undefined) return { split: 'train', row: found.row };
      }
    }
    const last = events.facts.evals.at(-1);
    const bytes = last === undefined || !splits.includes('eval') ? null : await runner.read(record, last.file);
    const held = bytes === null ? [] : readEvalRows(new TextDecoder().decode(bytes));
    const found = held.find((row) => row.line === line);
    return found === undefined ? null : { split: 'eval', row: found.row };
  }

  /** Rows that are held out stand in the training file where the eval set is a share of it. */
  #splits(path: string): readonly Split[] {
    const { trainPath, evalPath } = this.#run.record;
    return [
      ...(path === trainPath ? (['train'] as const) : []),
      ...(path === (evalPath ?? trainPath) ? (['eval'] as const) : []),
    ];
  }

  async #read(file: string): Promise<CompareResult | null> {
    const { record } = this.#run;
    const bytes = await (await this.#actions.runnerOf(this.#run))?.read(record, file);
    return bytes ? readCompare(new TextDecoder().decode(bytes)) : null;
  }

  /** From the last step that trained the row, if it was watched. */
  #watched(line: number): Found | null {
    const { batches } = this.#run.events.reducer;
    const rows = new Set(
      this.#run.record.spec.record.watch.includes(line)
        ? batches
            .between(0, this.#run.events.step)
            .flatMap(({ rows }) => rows.filter((row) => row.line === line).map(({ row }) => row))
        : [],
    );
    for (const row of rows) {
      const last = batches.watched(row).at(-1);
      if (last === undefined) continue;
      const losses = [...new Array<number>(last.from).fill(Number.NaN), ...last.loss];
      return { from: `step ${last.step} of the training`, base: null, tuned: losses };
    }
    return null;
  }
}

const plain = (loss: Figure | null): number => (loss === null ? Number.NaN : numberOf(loss));

/** Asks the run's target: a comparison of one row more, which is added to those that are there. */
async function compute(
  { actions }: TokenLossParts,
  run: FollowedRun,
  results: Results,
  path: string,
  line: number,
): Promise<void> {
  if (!trusted()) return;
  const runner = await actions.runnerOf(run);
  const place = runner === null ? null : await results.place(runner, path, line);
  if (runner === null || place === null) {
    void window.showInformationMessage(
      `Run ${run.record.name} has no figures of line ${line}: it did not train on it. Choose a row of one of its steps.`,
    );
    return;
  }
  const checkpoint = run.status.state === 'succeeded' ? null : (run.events.facts.saves.at(-1)?.path ?? null);
  if (checkpoint === null && run.status.state !== 'succeeded') {
    void window.showInformationMessage(
      `Run ${run.record.name} has saved no checkpoint yet. Stop it with a checkpoint first.`,
    );
    return;
  }
  await window.withProgress(
    { location: ProgressLocation.Notification, title: `Computing token losses of line ${line}`, cancellable: true },
    (_, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      return runner.compare(
        run.record,
        {
          checkpoint,
          prompts: [],
          rows: [place],
          maxNewTokens: run.record.spec.compare.maxNewTokens,
        },
        abort.signal,
      );
    },
  );
  run.compared();
}
