"""What the programs of this folder share.

usage: NAME.py CASE.json OUT.jsonl
CASE: {"model": folder of a tokenizer, "config": path of a YAML file for the trainer, "work": an empty folder}
OUT: {"batches", "whole"} names what follows, then a line per row as it reaches the model: {"ids", "labels"}
"""
import json
import os
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    CASE = json.load(file)
OUT = open(sys.argv[2], "w", encoding="utf-8")


def begin(batches, whole=True):
    """`whole`: every row comes."""
    OUT.write(json.dumps({"batches": batches, "whole": whole}) + "\n")


def row(ids, labels):
    OUT.write(json.dumps({"ids": [int(i) for i in ids], "labels": [int(i) for i in labels]}) + "\n")


def rows_of(batch):
    """Rows of a padded batch, and of packs, where positions begin anew with each row."""
    assert set(batch) <= {"input_ids", "labels", "attention_mask", "position_ids"}, list(batch)
    for i, ids in enumerate(batch["input_ids"].tolist()):
        labels, mask = batch["labels"][i].tolist(), batch["attention_mask"][i].tolist()
        assert all(label == -100 for label, bit in zip(labels, mask) if bit == 0)
        kept = [at for at, bit in enumerate(mask) if bit != 0]
        starts = kept[:1]
        if "position_ids" in batch:
            positions = batch["position_ids"][i].tolist()
            starts = [at for at in kept if positions[at] == 0]
        for start, end in zip(starts, [*starts[1:], kept[-1] + 1]):
            row(ids[start:end], labels[start:end])
    OUT.flush()


def tiny_model():
    """A folder with the tokenizer and a model without a thought."""
    from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM

    folder = os.path.join(CASE["work"], "model")
    tokenizer = AutoTokenizer.from_pretrained(CASE["model"])
    sizes = dict(hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=1, num_key_value_heads=1)
    LlamaForCausalLM(LlamaConfig(vocab_size=len(tokenizer), **sizes)).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder
