"""axolotl's `type: chat_template` with `chat_template: tokenizer_default`, on rows that have messages."""
import copy
import logging
import sys
import types

from kit import Answers, Tokenizers, read_cases

# It reports its use; nothing is sent without the module.
sys.modules["posthog"] = types.ModuleType("posthog")

from axolotl.prompt_strategies.chat_template import load  # noqa: E402
from axolotl.utils.dict import DictDefault  # noqa: E402

logging.disable(logging.CRITICAL)

CONFIG_OPTIONS = ("eot_tokens", "train_on_inputs")


def strategy_for(tokenizer, mask):
    options = {name: value for name, value in mask.items() if name not in ("preset", "version")}
    config = {"chat_template": "tokenizer_default", "sequence_len": 1 << 30, "train_on_inputs": False}
    dataset = {"type": "chat_template"}
    for name, value in options.items():
        (config if name in CONFIG_OPTIONS else dataset)[name] = value
    return load(tokenizer, DictDefault(config), dataset)


def main():
    cases = read_cases()
    answers = Answers()
    tokenizers = Tokenizers(cases)
    rows = {name: row for name, row in cases["rows"].items() if "messages" in row}
    for run in cases["runs"]:
        for family in run["families"]:
            try:
                strategy = strategy_for(tokenizers.of(family), run["mask"])
            except Exception as error:  # the options do not go together, or not with this template
                for name in rows:
                    answers.refused(run, family, name, error)
                continue
            for name, row in rows.items():
                try:
                    made = strategy.tokenize_prompt(copy.deepcopy(row))
                    answers.labels(run, family, name, made["input_ids"], made["labels"])
                except Exception as error:
                    answers.refused(run, family, name, error)


main()
