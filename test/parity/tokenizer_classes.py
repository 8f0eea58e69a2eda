"""The reference side: what AutoTokenizer builds of folders, and the ids and offsets that it gives.

usage: tokenizer_classes.py CASES.json OUT.jsonl
CASES: {"folders": [path, ...], "texts": [...], "rules": [path, ...]}
OUT.jsonl: for each folder {"name", "error"} or {"name", "plain": [[ids, offsets], ...], "special": [...]}, where offsets are
flat, in code points; then for each of the rules {"name"} or {"error"}.
"""

import json
import logging
import sys
from itertools import chain
from pathlib import Path

sys.path.pop(0)  # this folder, whose file names must not hide Python's own modules
import transformers  # noqa: E402
from transformers import AutoTokenizer  # noqa: E402

transformers.logging.set_verbosity_error()
logging.disable(logging.WARNING)


def encode(tokenizer, texts: list[str], special: bool) -> list[list[list[int]]]:
    found = tokenizer(texts, add_special_tokens=special, return_offsets_mapping=True, return_attention_mask=False)
    return [
        [ids, list(chain.from_iterable(offsets))]
        for ids, offsets in zip(found["input_ids"], found["offset_mapping"], strict=True)
    ]


def main() -> None:
    cases = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    with open(sys.argv[2], "w", encoding="utf-8") as out:

        def say(answer: dict) -> None:
            out.write(json.dumps(answer, separators=(",", ":")) + "\n")

        for folder in cases["folders"]:
            try:
                tokenizer = AutoTokenizer.from_pretrained(folder)
                say(
                    {
                        "name": type(tokenizer).__name__,
                        "plain": encode(tokenizer, cases["texts"], False),
                        "special": encode(tokenizer, cases["texts"], True),
                    }
                )
            except Exception as error:  # noqa: BLE001
                say({"error": f"{type(error).__name__}: {error}"})
        for folder in cases["rules"]:
            try:
                say({"name": type(AutoTokenizer.from_pretrained(folder)).__name__})
            except Exception as error:  # noqa: BLE001
                say({"error": f"{type(error).__name__}: {error}"})


main()
