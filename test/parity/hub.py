"""The reference side: what huggingface_hub and transformers make of the Hugging Face cache.

usage: hub.py MODEL REVISION TEXT
The environment says where the cache and the Hub are, and whether anything may be asked (HF_HUB_OFFLINE). Prints
{"folder", "files", "template", "ids"}: the snapshot's folder and files, chat templates by name, ids of the text.
"""

import json
import sys
from pathlib import Path

sys.path.pop(0)  # this folder, whose file names must not hide Python's own modules
from huggingface_hub import constants, snapshot_download  # noqa: E402
from transformers import PreTrainedTokenizerFast  # noqa: E402


def main() -> None:
    model, revision, text = sys.argv[1:4]
    tokenizer = PreTrainedTokenizerFast.from_pretrained(model, revision=revision)
    folder = Path(snapshot_download(model, revision=revision, local_files_only=True))
    template = tokenizer.chat_template
    print(
        json.dumps(
            {
                "cache": constants.HF_HUB_CACHE,
                "folder": str(folder),
                "files": sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()),
                "template": {"default": template} if isinstance(template, str) else template,
                "ids": tokenizer(text, add_special_tokens=False)["input_ids"],
            }
        )
    )


main()
