import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseRow } from '../jsonl/parse.ts';
import { sliceRows } from '../jsonl/slices.ts';
import { isObject, type Value } from '../jsonl/value.ts';
import { schemaFindings } from '../schema/findings.ts';
import { toPlain } from '../schema/plain.ts';
import type { FormatName } from './format.ts';
import { detectFormat, formatFor } from './registry.ts';

const DATA = process.env['SFT_LENS_DATA'] ?? join(import.meta.dirname, '../../../../shared/data');

/** Real files, each looked at by a person: its rows, those that are no JSON objects, and its format. */
const FILES: Readonly<Record<string, readonly [rows: number, broken: number, format: FormatName]>> = {
  'broken/dakshjain_quality_scorer/examples/datasets/fresh_dataset.jsonl': [20, 0, 'messages'],
  'broken/dakshjain_quality_scorer/examples/datasets/sample_dataset.fixed.jsonl': [28, 0, 'alpaca'],
  'broken/dakshjain_quality_scorer/examples/datasets/sample_dataset.jsonl': [30, 0, 'alpaca'],
  'broken/dakshjain_quality_scorer/tests/fixtures/bad_dataset.jsonl': [10, 0, 'unknown'],
  'broken/dakshjain_quality_scorer/tests/fixtures/good_dataset.jsonl': [10, 0, 'unknown'],
  'broken/dakshjain_quality_scorer/tests/fixtures/mixed_dataset.jsonl': [10, 0, 'unknown'],
  'broken/jsonlfix/messy.jsonl': [11, 9, 'unknown'],
  'broken/needle/sft_invalid.jsonl': [6, 1, 'messages'],
  'broken/needle/sft_legacy.jsonl': [3, 0, 'unknown'],
  'broken/trainproof/clean.jsonl': [3, 0, 'text'],
  'broken/trainproof/dupes.jsonl': [3, 0, 'text'],
  'broken/trainproof/empties.jsonl': [3, 0, 'text'],
  'broken/trainproof/malformed.jsonl': [3, 1, 'text'],
  'broken/trainproof/nan.jsonl': [4, 0, 'unknown'],
  'datasets/alpaca/alpaca_data.json.gz': [52002, 0, 'alpaca'],
  'datasets/axolotl/alpaca/alpaca.json': [2, 0, 'alpaca'],
  'datasets/axolotl/conversation.json': [1, 0, 'sharegpt'],
  'datasets/axolotl/conversation.missingturns.json': [1, 0, 'sharegpt'],
  'datasets/axolotl/conversation.tokenized.json': [1, 0, 'tokenized'],
  'datasets/axolotl/conversation.tokenized_llama2chat.json': [1, 0, 'tokenized'],
  'datasets/dolly/chinkara-open_qa.jsonl': [3742, 0, 'text'],
  'datasets/dolly/dolly_hhrlhf_train_small.jsonl': [1000, 0, 'prompt-completion'],
  'datasets/dolly/google_flan-t5-small_decode_output.jsonl': [6400, 0, 'unknown'],
  'datasets/dolly/litgpt_fixture_alpaca.json': [23, 0, 'alpaca'],
  'datasets/dolly/litgpt_fixture_dolly.json': [12, 0, 'dolly'],
  'datasets/dolly/litgpt_fixture_longform_train.json': [17, 0, 'unknown'],
  'datasets/dolly/litgpt_fixture_longform_val.json': [9, 0, 'unknown'],
  'datasets/dolly/triforce_dolly.jsonl': [151, 0, 'unknown'],
  'datasets/hermes_function_calling/few_shot.json': [2, 0, 'unknown'],
  'datasets/hh_rlhf/harmless-base/test.jsonl.gz': [2312, 0, 'preference'],
  'datasets/llamafactory/alpaca_en_demo.json': [999, 0, 'alpaca'],
  'datasets/llamafactory/alpaca_zh_demo.json': [1000, 0, 'alpaca'],
  'datasets/llamafactory/c4_demo.jsonl': [300, 0, 'text'],
  'datasets/llamafactory/dataset_info.json': [1, 0, 'unknown'],
  'datasets/llamafactory/dpo_en_demo.json': [300, 0, 'preference'],
  'datasets/llamafactory/dpo_zh_demo.json': [300, 0, 'preference'],
  'datasets/llamafactory/glaive_toolcall_en_demo.json': [300, 0, 'sharegpt'],
  'datasets/llamafactory/glaive_toolcall_zh_demo.json': [300, 0, 'sharegpt'],
  'datasets/llamafactory/history_kto-mix-test.json': [1092, 0, 'kto'],
  'datasets/llamafactory/history_lima.json': [1029, 0, 'alpaca'],
  'datasets/llamafactory/history_oaast_rm_zh.json': [775, 0, 'preference'],
  'datasets/llamafactory/history_oaast_sft_zh.json': [689, 0, 'alpaca'],
  'datasets/llamafactory/history_reason_tool_use_demo_100.jsonl': [100, 0, 'messages'],
  'datasets/llamafactory/identity.json': [91, 0, 'alpaca'],
  'datasets/llamafactory/kto_en_demo.json': [300, 0, 'kto'],
  'datasets/llamafactory/mllm_audio_demo.json': [3, 0, 'messages'],
  'datasets/llamafactory/mllm_demo.json': [6, 0, 'messages'],
  'datasets/llamafactory/mllm_video_audio_demo.json': [3, 0, 'messages'],
  'datasets/llamafactory/mllm_video_demo.json': [3, 0, 'messages'],
  'datasets/llamafactory/reason_tool_use_demo_50.jsonl': [50, 0, 'messages'],
  'datasets/llamafactory/v1_dpo_demo.jsonl': [10, 0, 'preference'],
  'datasets/llamafactory/v1_multimodal_demo.jsonl': [24, 0, 'messages'],
  'datasets/llamafactory/v1_sft_demo.jsonl': [500, 0, 'messages'],
  'datasets/oasst/comparison.json': [1, 0, 'unknown'],
  'datasets/oasst/en_100_message.jsonl': [100, 0, 'oasst'],
  'datasets/oasst/en_100_text.jsonl': [100, 100, 'unknown'],
  'datasets/oasst/en_100_tree.jsonl': [100, 0, 'oasst'],
  'datasets/oasst/prompt_lottery_en_250_text.jsonl': [250, 250, 'unknown'],
  'datasets/oasst/realistic_seed_data.json': [444, 0, 'oasst'],
  'datasets/oasst/rejected_samples.json': [5, 0, 'unknown'],
  'datasets/oasst/selected_samples.json': [5, 0, 'unknown'],
  'datasets/oasst/test_generic_data.json': [10, 0, 'oasst'],
  'datasets/oasst/theblackcat102-pythia-12b-deduped-sft.json': [1, 0, 'unknown'],
  'datasets/openai_cookbook/dbpedia_samples.jsonl': [200, 0, 'text'],
  'datasets/openai_cookbook/drone_training.jsonl': [103, 0, 'messages'],
  'datasets/openai_cookbook/example_requests_to_parallel_process.jsonl': [10000, 0, 'unknown'],
  'datasets/openai_cookbook/scifact_claims.jsonl': [300, 0, 'unknown'],
  'datasets/openai_cookbook/toy_chat_fine_tuning.jsonl': [5, 0, 'messages'],
  'datasets/sharegpt_openhermes/Augmentoolkit-generic-sft-grabbag-verysmallsubset.jsonl': [525, 0, 'sharegpt'],
  'datasets/sharegpt_openhermes/fastchat_dummy_conversation.json': [500, 0, 'sharegpt'],
  'datasets/sharegpt_openhermes/fidbench_sharegpt.jsonl': [4, 0, 'sharegpt'],
  'datasets/sharegpt_openhermes/rwkv_demo.jsonl': [182, 0, 'text'],
  'datasets/slim_lm/dpo_eval.jsonl': [2, 0, 'preference'],
  'datasets/slim_lm/dpo_train.jsonl': [8, 0, 'preference'],
  'datasets/slim_lm/eval.jsonl': [2, 0, 'preference'],
  'datasets/slim_lm/grpo_eval.jsonl': [3, 0, 'unknown'],
  'datasets/slim_lm/grpo_train.jsonl': [10, 0, 'unknown'],
  'datasets/slim_lm/kto_eval.jsonl': [4, 0, 'kto'],
  'datasets/slim_lm/kto_train.jsonl': [12, 0, 'kto'],
  'datasets/slim_lm/sft_eval.jsonl': [2, 0, 'alpaca'],
  'datasets/slim_lm/sft_train.jsonl': [8, 0, 'alpaca'],
  'datasets/slim_lm/train.jsonl': [5, 0, 'preference'],
  'datasets/tau_bench/few_shot_data/MockAirlineDomainEnv-few_shot.jsonl': [19, 0, 'unknown'],
  'datasets/tau_bench/few_shot_data/MockRetailDomainEnv-few_shot.jsonl': [69, 0, 'unknown'],
  'datasets/tau_bench/historical_trajectories/gpt-4o-airline.json': [200, 0, 'unknown'],
  'datasets/together_cookbook/small_coqa_10.jsonl': [10, 0, 'messages'],
  'datasets/torchtune/alpaca_tiny.json': [100, 0, 'alpaca'],
  'datasets/torchtune/chat_tiny.json': [1, 0, 'sharegpt'],
  'datasets/torchtune/hh_rlhf_tiny.json': [1, 0, 'preference'],
  'datasets/torchtune/instruct_tiny.json': [2, 0, 'dolly'],
  'datasets/torchtune/stack_exchange_paired_tiny.json': [25, 0, 'unknown'],
  'datasets/torchtune/vqa_tiny.json': [1, 0, 'unknown'],
};

interface DataFile {
  readonly rows: readonly ReadonlyMap<string, Value>[];
  readonly broken: number;
  readonly format: FormatName;
}

const loaded = new Map<string, DataFile>();

function load(file: string): DataFile {
  let data = loaded.get(file);
  if (data === undefined) loaded.set(file, (data = read(file)));
  return data;
}

function read(file: string): DataFile {
  const bytes = readFileSync(join(DATA, file));
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const { starts, ends } = sliceRows(text);
  const values = [...starts].map((start, i) => parseRow(text.slice(start, ends[i])).value);
  const rows = values.filter((value) => isObject(value));
  return { rows, broken: values.length - rows.length, format: detectFormat(rows.slice(0, 50)) };
}

describe.skipIf(!existsSync(DATA))(
  `real files (${existsSync(DATA) ? 'found' : 'skipped: SFT_LENS_DATA names no folder'})`,
  () => {
    it('are all in the table', () => {
      const found = readdirSync(DATA, { recursive: true })
        .map((name) => String(name).replaceAll('\\', '/'))
        .filter((name) => /^(?:datasets|broken)\/.*\.(?:jsonl?|gz)$/.test(name));
      expect(found.sort()).toEqual(Object.keys(FILES).sort());
    });

    it.each(Object.entries(FILES))('%s', (file, [rows, broken, format]) => {
      const data = load(file);
      expect([data.rows.length + data.broken, data.broken, data.format]).toEqual([rows, broken, format]);
    });

    it('of good data have no schema errors', () => {
      for (const file of Object.keys(FILES).filter((name) => name.startsWith('datasets/'))) {
        const { rows, format } = load(file);
        for (const row of rows) {
          const own = formatFor(row, format, { format: 'auto', columns: {} });
          if (own !== null) expect(schemaFindings(own, toPlain(row)), file).toEqual([]);
        }
      }
    });
  },
);
