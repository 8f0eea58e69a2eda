"""TRL's SFTTrainer: what it makes of a file that holds one row.

A trainer is made anew for each kind of row; rows of the same kind go through its `_prepare_dataset`, as at its start.
"""
import json
import logging
import os
import tempfile

from kit import Answers, Tokenizers, read_cases

import datasets
import torch
from datasets.fingerprint import generate_random_fingerprint
from transformers import LlamaConfig, LlamaForCausalLM
from trl import SFTConfig, SFTTrainer
from trl.data_utils import is_conversational

logging.disable(logging.CRITICAL)
datasets.disable_progress_bars()
# Nothing is cached, so nothing needs a hash of the whole tokenizer.
datasets.disable_caching()
datasets.arrow_dataset.update_fingerprint = lambda *_, **__: generate_random_fingerprint()

# What a preset is in TRL's own configuration; its options are fields of it.
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
        cache = os.path.join(folder, "cache")
        result[name] = datasets.load_dataset("json", data_files=path, split="train", cache_dir=cache)
    return result


def model_for(tokenizer):
    sizes = dict(hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=1, num_key_value_heads=1)
    return LlamaForCausalLM(LlamaConfig(vocab_size=len(tokenizer), **sizes))


def kind_of(data):
    return frozenset(data.column_names), is_conversational(data[0])


def ask(rows, args, model, tokenizer):
    """Ids and labels of each row, or what was raised."""
    trainers = {}
    stopped = None
    for name, data in rows.items():
        if stopped is not None and is_conversational(data[0]):
            yield name, stopped
            continue
        kind = kind_of(data)
        try:
            trainer = trainers.get(kind)
            if trainer is None:
                trainer = SFTTrainer(model=model, args=args, train_dataset=data, processing_class=tokenizer)
                trainers[kind] = trainer
                made = trainer.train_dataset[0]
            else:
                made = trainer._prepare_dataset(data, tokenizer, args, False, None, "train")[0]
            yield name, made
        except Exception as error:
            if "chat template is not training-compatible" in str(error):
                stopped = error
            yield name, error


def main():
    cases = read_cases()
    answers = Answers()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        rows = loaded(folder, cases["rows"])
        tokenizers = Tokenizers(cases)
        model = model_for(tokenizers.of(next(iter(cases["families"]))))
        for run in cases["runs"]:
            options = {name: value for name, value in run["mask"].items() if name not in ("preset", "version")}
            config = {**PRESETS[run["mask"]["preset"]], **options}
            args = SFTConfig(
                output_dir=folder, max_length=None, use_cpu=True, bf16=False, report_to="none", **config
            )
            for family in run["families"]:
                for name, made in ask(rows, args, model, tokenizers.of(family)):
                    if isinstance(made, Exception):
                        answers.refused(run, family, name, made)
                    else:
                        answers.labels(run, family, name, made["input_ids"], made["labels"])


main()
