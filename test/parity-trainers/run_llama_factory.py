"""Labels of LLaMA-Factory: its converter and its processor for stage sft, on each row alone."""
import copy
import functools
import importlib.machinery
import os
import sys
import types

# Imported for audio models only, and not to be had without its own build.
stub = types.ModuleType("torchaudio")
stub.__spec__ = importlib.machinery.ModuleSpec("torchaudio", None)
sys.modules.setdefault("torchaudio", stub)
# It says of every row that it drops that it does.
os.environ["LLAMAFACTORY_VERBOSITY"] = "ERROR"

from kit import Answers, read_cases  # noqa: E402
from llamafactory.data import template as templates  # noqa: E402
from llamafactory.data.converter import get_dataset_converter  # noqa: E402
from llamafactory.data.parser import DatasetAttr  # noqa: E402
from llamafactory.data.processor.supervised import SupervisedDatasetProcessor  # noqa: E402
from llamafactory.hparams import DataArguments  # noqa: E402
from transformers import AutoTokenizer  # noqa: E402

COLUMNS = {"images": None, "videos": None, "audios": None, "system": None}
ARGUMENTS = ["template", "train_on_prompt", "mask_history", "enable_thinking", "preserve_thinking"]
TEMPLATES = copy.deepcopy(templates.TEMPLATES)


@functools.lru_cache(maxsize=2)
def tokenizer_for(folder, template):
    """One for each template, which adds its tokens to it."""
    return AutoTokenizer.from_pretrained(folder, padding_side="right")


def set_up(folder, mask):
    """Raises where LLaMA-Factory refuses the options, or the chat template what it asks of it."""
    arguments = DataArguments(cutoff_len=1 << 20, **{name: mask[name] for name in ARGUMENTS if name in mask})
    templates.TEMPLATES.clear()
    templates.TEMPLATES.update(copy.deepcopy(TEMPLATES))
    tokenizer = tokenizer_for(folder, arguments.template)
    template = templates.get_template_and_fix_tokenizer(tokenizer, arguments)
    return SupervisedDatasetProcessor(template=template, tokenizer=tokenizer, processor=None, data_args=arguments)


def encode(processor, mask, row):
    formatting = mask.get("formatting", "sharegpt")
    # Under sharegpt the column of tools is text; under openai it may be a list, too.
    tools = "tools" if formatting == "openai" or isinstance(row.get("tools"), str) else None
    attributes = DatasetAttr(
        load_from="file",
        dataset_name="rows",
        formatting=formatting,
        messages="messages",
        tools=tools,
        role_tag="role",
        content_tag="content",
        user_tag="user",
        assistant_tag="assistant",
        observation_tag="tool",
        function_tag="function_call",
        system_tag="system",
    )
    converted = get_dataset_converter(formatting, attributes, processor.data_args)(copy.deepcopy(row))
    made = processor.preprocess_dataset({key: [value] for key, value in converted.items()})
    if not made["input_ids"]:
        raise ValueError("dropped")
    return made["input_ids"][0], made["labels"][0]


cases = read_cases()
answers = Answers()
for family, folder in cases["families"].items():
    for run in cases["runs"]:
        if family not in run["families"]:
            continue
        try:
            processor = set_up(folder, run["mask"])
            failure = None
        except Exception as error:
            failure = error
        for name, row in cases["rows"].items():
            if "messages" not in row:
                continue
            try:
                if failure is not None:
                    raise failure
                answers.labels(run, family, name, *encode(processor, run["mask"], row))
            except Exception as error:
                answers.refused(run, family, name, error)
