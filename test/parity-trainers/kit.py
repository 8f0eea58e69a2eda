"""What the programs of this folder share.

usage: run_NAME.py CASES.json OUT.jsonl
CASES: {"families": {name: folder}, "rows": {name: row}, "runs": [{"name", "mask": {"preset", "version", ...options}, "families": [name]}]}
OUT: a line per case: {"run", "family", "row", "ids", "labels"} (-100: not trained) or {"run", "family", "row", "refused": why}
"""
import json
import os
import sys


def read_cases():
    with open(sys.argv[1], encoding="utf-8") as file:
        return json.load(file)


class Tokenizers:
    """The tokenizer of a family. Those that differ in the chat template alone are loaded once."""

    def __init__(self, cases):
        self.folders = cases["families"]
        self.loaded = {}

    def of(self, family):
        from transformers import AutoTokenizer

        folder = self.folders[family]
        with open(os.path.join(folder, "tokenizer_config.json"), encoding="utf-8") as file:
            config = json.load(file)
        template = config.pop("chat_template")
        key = json.dumps(config)
        if key not in self.loaded:
            self.loaded[key] = AutoTokenizer.from_pretrained(folder)
        tokenizer = self.loaded[key]
        tokenizer.chat_template = template
        tokenizer.name_or_path = folder
        return tokenizer


class Answers:
    """Where a program writes what its trainer made of each case."""

    def __init__(self):
        self.file = open(sys.argv[2], "w", encoding="utf-8")

    def labels(self, run, family, row, ids, labels):
        self._write(run, family, row, ids=list(map(int, ids)), labels=list(map(int, labels)))

    def refused(self, run, family, row, why):
        self._write(run, family, row, refused=f"{type(why).__name__}: {why}"[:300] if isinstance(why, BaseException) else why)

    def _write(self, run, family, row, **answer):
        self.file.write(json.dumps({"run": run["name"], "family": family, "row": row, **answer}) + "\n")
        self.file.flush()
