"""TRL's SFTTrainer: what it makes of a file that holds one row."""
import json
import logging
import os
import sys
import tempfile

from kit import Answers, read_cases

import datasets
import torch
from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM
from trl import SFTConfig, SFTTrainer

logging.disable(logging.CRITICAL)
datasets.disable_progress_bars()
datasets.disable_caching()

# What a preset is in TRL's own configuration, and options of the preset that are fields of it.
PRESETS = {
    "trl-default": {},
    "trl-assistant": {"assistant_only_loss": True},
    "trl-completion": {"completion_only_loss": True},
}


def loaded(folder, rows):
    """Each row as the JSON loader gives it."""
    result = {}
    for name, row in rows.items():
        path = os.path.join(folder, f"{name}.jsonl")
        with open(path, "w", encoding="utf-8") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
        result[name] = datasets.load_dataset("json", data_files=path, split="train", cache_dir=os.path.join(folder, "cache"))
    return result


def model_for(tokenizer):
    config = LlamaConfig(
        vocab_size=max(len(tokenizer), 1), hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=1,
        num_key_value_heads=1,
    )
    return LlamaForCausalLM(config)


def main():
    cases = read_cases()
    answers = Answers()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        rows = loaded(folder, cases["rows"])
        tokenizers = {name: AutoTokenizer.from_pretrained(path) for name, path in cases["families"].items()}
        model = model_for(next(iter(tokenizers.values())))
        for run in cases["runs"]:
            mask = {**run["mask"]}
            options = {name: value for name, value in mask.items() if name not in ("preset", "version")}
            config = {**PRESETS[mask["preset"]], **options}
            for family in run["families"]:
                for name, data in rows.items():
                    args = SFTConfig(
                        output_dir=folder, max_length=None, use_cpu=True, bf16=False, report_to="none", **config
                    )
                    try:
                        trainer = SFTTrainer(
                            model=model, args=args, train_dataset=data, processing_class=tokenizers[family]
                        )
                        made = trainer.train_dataset[0]
                        answers.labels(run, family, name, made["input_ids"], made["labels"])
                    except Exception as error:
                        answers.refused(run, family, name, error)
                print(f"{run['name']} {family}", file=sys.stderr)


main()
