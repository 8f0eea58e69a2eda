"""The reference side: transformers' token masks under templates and tokenizers that meet its defects.

usage: mask-defects.py CASES.json OUT.json
CASES: {"tokenizers": {name: path}, "templates": {name: source}, "conversations": {name: messages}}
OUT: {"tokenizer template conversation": {"text", "ids", "mask", "cut": {max_length: mask}} or {"error"}}
"""
import json
import os
import sys

sys.path.pop(0)  # this folder, whose file names must not hide Python's own modules
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_VERBOSITY"] = "error"
from transformers import PreTrainedTokenizerFast  # noqa: E402


def reference(tokenizer, template, messages):
    def encode(**more):
        return tokenizer.apply_chat_template(
            messages, chat_template=template, return_dict=True, return_assistant_tokens_mask=True, **more
        )

    text = tokenizer.apply_chat_template(messages, chat_template=template, tokenize=False)
    try:
        out = encode()
    except OverflowError as error:
        return {"text": text, "error": f"OverflowError: {error}"}
    total = len(out["input_ids"])
    cut = {n: encode(truncation=True, max_length=n)["assistant_masks"] for n in {total // 3, total // 2, total - 1} if n > 0}
    return {"text": text, "ids": out["input_ids"], "mask": out["assistant_masks"], "cut": cut}


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        cases = json.load(file)
    result = {}
    for name, path in cases["tokenizers"].items():
        tokenizer = PreTrainedTokenizerFast(tokenizer_file=path)
        for title, template in cases["templates"].items():
            for key, messages in cases["conversations"].items():
                result[f"{name} | {title} | {key}"] = reference(tokenizer, template, messages)
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump(result, file, ensure_ascii=False, separators=(",", ":"))


main()
