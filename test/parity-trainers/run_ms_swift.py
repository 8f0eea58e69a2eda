"""Labels of ms-swift: `template.encode` in mode train, the loss scale as the command line sets it."""
import json
import os
import types

os.environ.setdefault("USE_HF", "1")

from kit import Answers, read_cases  # noqa: E402
from swift import get_processor, get_template  # noqa: E402
from swift.arguments.base_args.template_args import TemplateArguments  # noqa: E402
from swift.template.register import TEMPLATE_MAPPING  # noqa: E402

# A configuration is needed for the tokenizer alone; its model type decides nothing that is named below.
CONFIG = {"model_type": "qwen2", "architectures": ["Qwen2ForCausalLM"], "max_position_embeddings": 1 << 20}


def loss_scale(mask):
    """As `swift sft` has it, which adds a scale for hybrid thinking models."""
    arguments = types.SimpleNamespace(
        loss_scale=mask.get("loss_scale", "default"),
        disable_ignore_empty_think=mask.get("disable_ignore_empty_think", False),
        template_meta=TEMPLATE_MAPPING[mask["template"]],
    )
    TemplateArguments._set_loss_scale(arguments)
    return arguments.loss_scale


cases = read_cases()
answers = Answers()
for folder in cases["families"].values():
    with open(os.path.join(folder, "config.json"), "w", encoding="utf-8") as file:
        json.dump(CONFIG, file)
processors = {name: get_processor(folder, model_type="qwen2") for name, folder in cases["families"].items()}

for run in cases["runs"]:
    mask = run["mask"]
    for family in run["families"]:
        template = get_template(
            processors[family],
            mask.get("system"),
            1 << 20,
            template_type=mask["template"],
            agent_template=mask.get("agent_template"),
            loss_scale=loss_scale(mask),
            template_backend=mask.get("template_backend", "swift"),
        )
        template.set_mode("train")
        for name, row in cases["rows"].items():
            if "messages" not in row:
                continue
            try:
                made = template.encode(row)
                answers.labels(run, family, name, made["input_ids"], made["labels"])
            except Exception as error:
                answers.refused(run, family, name, error)
