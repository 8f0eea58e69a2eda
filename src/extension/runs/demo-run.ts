import { Uri, workspace } from 'vscode';
import { RUN_SPEC_SUFFIX } from '../contributions.ts';

/** Bytes of a row. The vocabulary is a real one and the model tiny: nearly all time goes into the tokens of long rows. */
const SHORT = 500;

/** Half a minute of training on the processor: a tiny random model that learns the samples by heart. */
const SPEC = {
  model: 'bundled:tiny',
  data: { train: 'support.jsonl', eval: 0.1 },
  method: 'full',
  args: {
    num_train_epochs: 3,
    learning_rate: 0.005,
    per_device_train_batch_size: 1,
    gradient_accumulation_steps: 1,
    save_steps: 0.25,
    eval_steps: 0.2,
  },
  target: 'local',
  gpus: 0,
  record: { rowLoss: true, watch: [1] },
  compare: { prompts: 2, maxNewTokens: 32 },
  maxLength: 512,
};

/** Writes the demo's dataset and spec into our own folder, so that nothing of the workspace changes. */
export async function writeDemo(extensionUri: Uri, storage: Uri): Promise<Uri> {
  const folder = Uri.joinPath(storage, 'demo');
  await workspace.fs.createDirectory(folder);
  const sample = Uri.joinPath(extensionUri, 'samples', 'support.jsonl');
  const rows = new TextDecoder().decode(await workspace.fs.readFile(sample)).split('\n');
  const short = rows.filter((row) => row !== '' && row.length < SHORT);
  await workspace.fs.writeFile(
    Uri.joinPath(folder, 'support.jsonl'),
    new TextEncoder().encode(`${short.join('\n')}\n`),
  );
  const config = { tokenizer: 'bundled:qwen3', mask: 'trl-assistant', maxLength: 512 };
  await workspace.fs.writeFile(Uri.joinPath(folder, 'sft-lens.json'), json(config));
  const spec = Uri.joinPath(folder, `demo${RUN_SPEC_SUFFIX}`);
  await workspace.fs.writeFile(spec, json(SPEC));
  return spec;
}

const json = (value: unknown): Uint8Array => new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
