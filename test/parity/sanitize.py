"""The reference side: `apply_chat_template(sanitize_control_tokens=True)` of transformers.

usage: sanitize.py CASES.json OUT.json
CASES: {"pairs": {name: {"path", "source", "config"}}, "conversations": {name: row}}
OUT: {pair: {conversation: ids, or null where Python raises}}
"""
import json
import os
import sys

sys.path.pop(0)  # this folder, whose file names must not hide Python's own modules
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_VERBOSITY"] = "error"
from transformers import AutoTokenizer, PreTrainedTokenizerFast  # noqa: E402


def reference(tokenizer, source, row):
    try:
        return tokenizer.apply_chat_template(
            row["messages"], tools=row.get("tools"), chat_template=source, return_dict=False,
            sanitize_control_tokens=True, **row.get("kwargs", {}),
        )
    except Exception as error:  # a refusal is an answer, too
        if os.environ.get("SHOW"):
            print(f"{type(error).__name__}: {error}"[:200])
        return None


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        cases = json.load(file)
    result = {}
    for name, pair in cases["pairs"].items():
        path = pair["path"]
        tokenizer = PreTrainedTokenizerFast(tokenizer_file=path, **pair["config"]) if path.endswith(".json") else AutoTokenizer.from_pretrained(path)
        result[name] = {key: reference(tokenizer, pair["source"], row) for key, row in cases["conversations"].items()}
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump(result, file, separators=(",", ":"))


main()
