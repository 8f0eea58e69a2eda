"""The peers that the benchmarks compare with. Each command times its own work, without start-up, and prints JSON.

  rows TOKENIZER_DIR TEMPLATE ROWS.jsonl    apply_chat_template(return_assistant_tokens_mask=True), one thread
  encode TOKENIZER.json TEXTS.json          tokenizers.Tokenizer.encode with offsets, one thread
  check ROWS.jsonl SCHEMA.json              json.loads + jsonschema for each line (the whole program is timed by the caller)
"""
import json
import os
import sys
import time

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_VERBOSITY"] = "error"
os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ["RAYON_NUM_THREADS"] = "1"


def rows(tokenizer_dir, template, path):
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(tokenizer_dir)
    with open(template, encoding="utf-8", newline="") as file:
        source = file.read()
    with open(path, encoding="utf-8") as file:
        lines = file.read().splitlines()
    start = time.perf_counter()
    tokens = trained = 0
    for line in lines:
        out = tokenizer.apply_chat_template(
            json.loads(line)["messages"],
            chat_template=source,
            return_dict=True,
            return_assistant_tokens_mask=True,
            tokenizer_kwargs={"return_offsets_mapping": True},
        )
        tokens += len(out["input_ids"])
        trained += sum(out["assistant_masks"])
    print(json.dumps({"seconds": time.perf_counter() - start, "tokens": tokens, "trained": trained}))


def encode(path, texts_path):
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(path)
    with open(texts_path, encoding="utf-8") as file:
        texts = json.load(file)
    start = time.perf_counter()
    tokens = 0
    for text in texts:
        encoding = tokenizer.encode(text, add_special_tokens=False)
        tokens += len(encoding.ids)
        _ = encoding.offsets
    print(json.dumps({"seconds": time.perf_counter() - start, "tokens": tokens}))


def check(path, schema_path):
    from jsonschema import Draft202012Validator

    with open(schema_path, encoding="utf-8") as file:
        validator = Draft202012Validator(json.load(file))
    problems = 0
    with open(path, encoding="utf-8") as file:
        for line in file:
            problems += sum(1 for _ in validator.iter_errors(json.loads(line)))
    print(json.dumps({"problems": problems}))


if __name__ == "__main__":
    {"rows": rows, "encode": encode, "check": check}[sys.argv[1]](*sys.argv[2:])
