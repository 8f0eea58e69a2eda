"""Labels of Unsloth's train_on_responses_only. usage: run_unsloth.py CASES.json OUT.jsonl"""
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
    options = {key: value for key, value in mask.items() if key not in ("preset", "version")}
    return utils.train_on_responses_only(None, tokenizer=tokenizer, return_function=True, **options)


def main():
    cases = read_cases()
    utils = dataset_utils()
    answers = Answers()
    for run in cases["runs"]:
        for family in run["families"]:
            tokenizer = AutoTokenizer.from_pretrained(cases["families"][family])
            try:
                mask, wrong = masker(utils, tokenizer, run["mask"]), None
            except Exception as error:
                mask, wrong = None, error
            for name, row in cases["rows"].items():
                if "messages" not in row:
                    continue
                if wrong is not None:
                    answers.refused(run, family, name, wrong)
                    continue
                try:
                    text = tokenizer.apply_chat_template(
                        row["messages"], tools=row.get("tools"), tokenize=False, **row.get("chat_template_kwargs", {})
                    )
                except Exception as error:
                    answers.refused(run, family, name, error)
                    continue
                ids = tokenizer(text, add_special_tokens=False).input_ids
                answers.labels(run, family, name, ids, mask({"input_ids": [ids]})["labels"][0])


if __name__ == "__main__":
    os.environ["UNSLOTH_IS_PRESENT"] = "1"
    main()
