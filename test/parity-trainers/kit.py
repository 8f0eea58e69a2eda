"""What the programs of this folder share.

usage: run_NAME.py CASES.json OUT.jsonl
CASES: {"families": {name: folder}, "rows": {name: row}, "runs": [{"name", "mask": {"preset", "version", ...options}, "families": [name]}]}
OUT: a line per case: {"run", "family", "row", "ids", "labels"} (-100: not trained) or {"run", "family", "row", "refused": why}
"""
import json
import sys


def read_cases():
    with open(sys.argv[1], encoding="utf-8") as file:
        return json.load(file)


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
