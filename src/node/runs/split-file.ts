import { join } from 'node:path';
import type { SplitManifest } from '../../core/runs/folder.ts';
import { arrowSink, type Columns, type RowOf, type RowSink } from '../token-sink.ts';
import { countRow, noCounts, type TrainCounts, type TrainRow } from '../train-rows.ts';

/** train.arrow or eval.arrow while it is written. */
export interface SplitFile<R> {
  readonly counts: TrainCounts;
  /** Lines of the dataset file -> rows of this one, for the lines that were asked for. */
  readonly rowOfLine: ReadonlyMap<number, number>;
  add(row: TrainRow<R>): void;
  /** Writes what was added. */
  flush(): Promise<void>;
  close(source: string, sha256: string): Promise<SplitManifest>;
  abandon(): Promise<void>;
}

export async function splitFile<C extends Columns & { readonly source_line: 'number' }>(
  folder: string,
  name: string,
  columns: C,
  watch: ReadonlySet<number>,
): Promise<SplitFile<RowOf<C>>> {
  const sink: RowSink<RowOf<C>> = await arrowSink(join(folder, name), columns);
  const counts = noCounts();
  const rowOfLine = new Map<number, number>();
  let waiting: RowOf<C>[] = [];
  const flush = async (): Promise<void> => {
    const rows = waiting;
    waiting = [];
    await sink.write(rows);
  };
  return {
    counts,
    rowOfLine,
    flush,
    add(row) {
      const line = row.row.source_line as number;
      if (watch.has(line)) rowOfLine.set(line, counts.written);
      countRow(counts, row);
      waiting.push(row.row);
    },
    async close(source, sha256) {
      await flush();
      const { sha256: arrowSha256 } = await sink.close();
      return { file: name, source, sha256, arrowSha256, ...counts };
    },
    abandon: () => sink.abandon(),
  };
}
