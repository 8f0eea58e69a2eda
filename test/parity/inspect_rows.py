"""The reference side: what transformers renders, tokenizes and masks for the rows of a JSONL file.

usage: inspect_rows.py TOKENIZER_DIR TEMPLATE.jinja ROWS.jsonl
Prints one JSON object a row: {"text", "ids", "mask"} or {"error"}.
The mapping from row format to messages is written here a second time, on purpose.
"""
import json
import os
import sys

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_VERBOSITY"] = "error"
from transformers import AutoTokenizer  # noqa: E402

ROLES = {"human": "user", "gpt": "assistant", "user": "user", "assistant": "assistant", "system": "system", "tool": "tool"}


def messages_of(row):
    if "messages" in row:
        return row["messages"]
    if "conversations" in row:
        return [{"role": ROLES[t["from"]], "content": t["value"]} if "from" in t else t for t in row["conversations"]]
    if "instruction" in row:
        given = row.get("input") or row.get("context") or ""
        user = row["instruction"] + ("\n" + given if given else "")
        turns = [{"role": "user", "content": user}, {"role": "assistant", "content": row.get("output", row.get("response"))}]
        return ([{"role": "system", "content": row["system"]}] if row.get("system") else []) + turns
    raise ValueError("unknown row")


def main():
    tokenizer = AutoTokenizer.from_pretrained(sys.argv[1])
    with open(sys.argv[2], encoding="utf-8", newline="") as file:
        template = file.read()
    with open(sys.argv[3], encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            try:
                common = dict(tools=row.get("tools") or None, chat_template=template)
                text = tokenizer.apply_chat_template(messages_of(row), tokenize=False, **common)
                out = tokenizer.apply_chat_template(
                    messages_of(row), return_dict=True, return_assistant_tokens_mask=True, **common
                )
                print(json.dumps({"text": text, "ids": out["input_ids"], "mask": out["assistant_masks"]}))
            except Exception as error:  # the row is refused: the other side must refuse it too
                print(json.dumps({"error": f"{type(error).__name__}: {error}"}))


main()
