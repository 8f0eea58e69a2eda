"""The reference side: what transformers renders, tokenizes and masks for conversations under many templates.

usage: masks.py TOKENIZER_DIR CONVERSATIONS.json OUT.json TEMPLATE.jinja...
OUT: {template: {conversation: {"text", "ids", "offsets", "mask", "spans"} or {"error"}}}. Offsets and spans are code points.
"""
import json
import os
import sys

sys.path.pop(0)  # this folder, whose file names must not hide Python's own modules
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_VERBOSITY"] = "error"
from transformers import AutoTokenizer  # noqa: E402
from transformers.utils.chat_template_utils import render_jinja_template  # noqa: E402

SPECIAL = {"bos_token": "<BOS>", "unk_token": "<UNK>"}


def reference(tokenizer, template, row):
    def args(tools=True):
        given = {**SPECIAL, **row.get("kwargs", {})}
        return dict(tools=row.get("tools"), chat_template=template, **given)

    messages = lambda: json.loads(json.dumps(row["messages"]))  # noqa: E731
    text = tokenizer.apply_chat_template(messages(), tokenize=False, **args())
    out = tokenizer.apply_chat_template(
        messages(), tokenize=True, return_dict=True, return_assistant_tokens_mask=True,
        tokenizer_kwargs={"return_offsets_mapping": True}, **args(),
    )
    special = {**tokenizer.special_tokens_map, **SPECIAL, **row.get("kwargs", {})}
    _, spans = render_jinja_template(
        [[{k: v for k, v in m.items() if v is not None} for m in with_aliases(messages())]], tools=row.get("tools"),
        chat_template=template, return_assistant_tokens_mask=True, **special,
    ) if "generation" in template else (None, [[]])
    return {"text": text, "ids": out["input_ids"], "mask": out["assistant_masks"],
            "offsets": [x for pair in out["offset_mapping"] for x in pair], "spans": spans[0]}


def with_aliases(messages):
    for message in messages:
        for key in ("reasoning_content", "thinking", "reasoning"):
            if message.get(key) is not None:
                value = message[key]
                message["reasoning_content"] = value
                message.setdefault("thinking", value)
                break
    return messages


def main():
    tokenizer = AutoTokenizer.from_pretrained(sys.argv[1])
    with open(sys.argv[2], encoding="utf-8") as file:
        conversations = json.load(file)
    result = {}
    for path in sys.argv[4:]:
        with open(path, encoding="utf-8", newline="") as file:
            template = file.read()
        rows = result[os.path.basename(path)] = {}
        for name, row in conversations.items():
            try:
                rows[name] = reference(tokenizer, template, row)
            except Exception as error:  # a refusal is an answer, too
                rows[name] = {"error": f"{type(error).__name__}: {error}"[:200]}
    with open(sys.argv[3], "w", encoding="utf-8") as file:
        json.dump(result, file, ensure_ascii=False, separators=(",", ":"))


main()
