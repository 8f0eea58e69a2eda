import { strict as assert } from 'node:assert';
import { extensions, type Uri } from 'vscode';
import type { DatasetReport, SftLensApi } from '../../src/extension/api.ts';
import { until } from './helpers.ts';

/** What the extension says of an open document; null where it is no dataset. */
export async function reportOf(uri: Uri): Promise<DatasetReport | null> {
  const extension = extensions.getExtension<SftLensApi>('sft-lens.sft-lens');
  assert.ok(extension, 'the extension is not there');
  return (await extension.activate()).report(uri);
}

/** Waits until nothing more will be said of the document. Times in milliseconds. */
export const checked = (uri: Uri, timeout: number): Promise<DatasetReport | 'no dataset'> =>
  until(
    `the check of ${uri.path}`,
    async () => {
      const report = await reportOf(uri);
      if (report === null) return 'no dataset';
      assert.notEqual(report.state, 'failed', `The check of ${uri.path} stopped`);
      return report.state === 'checked' || report.state === 'other' ? report : null;
    },
    timeout,
  );
