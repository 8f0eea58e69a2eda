"""Labels of Unsloth's train_on_responses_only. usage: run_unsloth.py CASES.json OUT.jsonl"""
import importlib
import importlib.util
import os
import sys
import types

from kit import Answers, read_cases
from transformers import AutoTokenizer


def dataset_utils():
    """The module alone: its package wants a GPU when it is imported."""
    folder = importlib.util.find_spec("unsloth_zoo").submodule_search_locations[0]
    package = types.ModuleType("unsloth_zoo")
    package.__path__ = [folder]
    sys.modules["unsloth_zoo"] = package
    return importlib.import_module("unsloth_zoo.dataset_utils")


def masker(utils, tokenizer, mask):
    """What Unsloth would map over the data, or why it stops."""
    options = {key: value for key, value in mask.items() if key not in ("preset", "version")}
    try:
        return utils.train_on_responses_only(None, tokenizer=tokenizer, return_function=True, **options), None
    except Exception as error:
        return None, error


def rendered(tokenizer, row):
    """Ids of the whole row, or why there are none."""
    try:
        kwargs = row.get("chat_template_kwargs", {})
        text = tokenizer.apply_chat_template(row["messages"], tools=row.get("tools"), tokenize=False, **kwargs)
    except Exception as error:
        return None, error
    return tokenizer(text, add_special_tokens=False).input_ids, None


def main():
    cases = read_cases()
    utils = dataset_utils()
    answers = Answers()
    rows = {name: row for name, row in cases["rows"].items() if "messages" in row}
    for family, folder in cases["families"].items():
        runs = [run for run in cases["runs"] if family in run["families"]]
        if not runs:
            continue
        tokenizer = AutoTokenizer.from_pretrained(folder)
        texts = {name: rendered(tokenizer, row) for name, row in rows.items()}
        for run in runs:
            mask, stop = masker(utils, tokenizer, run["mask"])
            for name, (ids, error) in texts.items():
                if stop is not None or error is not None:
                    answers.refused(run, family, name, stop or error)
                else:
                    answers.labels(run, family, name, ids, mask({"input_ids": [ids]})["labels"][0])


if __name__ == "__main__":
    os.environ["UNSLOTH_IS_PRESENT"] = "1"
    main()
