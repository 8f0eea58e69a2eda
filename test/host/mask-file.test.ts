import { strict as assert } from 'node:assert';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspace } from 'vscode';
import { folderWith, noProblem, openFile, problem, problemsOf, row } from './dataset.ts';
import { until } from './helpers.ts';

const CONFIG = (length: number): string =>
  `model_name_or_path: ./model\ndataset_name: x\nassistant_only_loss: true\nmax_length: ${length}\n`;

describe('the config file of a trainer', () => {
  before(() => workspace.getConfiguration('sftLens').update('diagnostics.enabled', true, true));

  it('gives the mask, and is read again when it changes', async () => {
    const folder = folderWith({
      'rows.jsonl': `${row('Is my bike done?', 'Not yet. We are waiting for a part.')}\n`,
      'sft-lens.json': '{"mask": "run.yaml", "tokenizer": "bundled:qwen3"}\n',
      'run.yaml': CONFIG(20),
    });
    const { document } = await openFile(join(folder, 'rows.jsonl'));
    await problem(document, 'length/answer-cut');
    // VS Code does not tell when it begins to watch a folder outside of the workspace: the file is saved until it does.
    const saving = setInterval(() => writeFileSync(join(folder, 'run.yaml'), CONFIG(500)), 500);
    await noProblem(document, 'length/answer-cut').finally(() => clearInterval(saving));
    writeFileSync(join(folder, 'run.yaml'), 'model_name_or_path: [\n');
    const { message } = await until('a problem with the file', () =>
      problemsOf(document).find((one) => one.message.includes('run.yaml')),
    );
    assert.match(message, /run\.yaml is no valid YAML, line 2: /);
  });
});
