import { DETECTION_SAMPLE } from '../../core/detect.ts';
import type { Rows } from './rows.ts';

/** UTF-16 units that a sample may have in all: it is read on the host's own thread. */
const MAX_UNITS = 400_000;

/** Row texts to tell a file's format by: from the start, where a person looks, then spread over the file. */
export function sampleOf(rows: Pick<Rows, 'count' | 'text'>): readonly string[] {
  const head = Math.min(rows.count, DETECTION_SAMPLE / 2);
  const picked = new Set<number>();
  for (let row = 0; row < head; row++) picked.add(row);
  const spread = Math.min(rows.count - head, DETECTION_SAMPLE / 2);
  for (let at = 1; at <= spread; at++) picked.add(head + Math.floor(((rows.count - head - 1) * at) / spread));
  const sample: string[] = [];
  let units = 0;
  for (const row of picked) {
    const text = rows.text(row);
    if (sample.length > 0 && units + text.length > MAX_UNITS) continue;
    units += text.length;
    sample.push(text);
  }
  return sample;
}
