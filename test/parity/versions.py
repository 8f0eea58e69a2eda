"""The reference side of rendering rules: what `apply_chat_template` of one version of transformers prints.

usage: versions.py CASES.json OUT.json, with that version first on PYTHONPATH
CASES, OUT: as those of templates.py, without spans. Messages go in as the row has them.
"""
import json
import os
import sys

# Not this folder, whose file names must not hide Python's own modules.
sys.path[0] = os.path.join(os.path.dirname(os.path.abspath(__file__)), "support")
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_VERBOSITY"] = "error"
import transformers  # noqa: E402
from pinned_clock import pin_clock  # noqa: E402
from tokenizers import Tokenizer  # noqa: E402
from tokenizers.models import WordLevel  # noqa: E402


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        cases = json.load(file)
    pin_clock(cases["date"])
    special = cases["special"]
    model = Tokenizer(WordLevel({token: i for i, token in enumerate(special.values())}, unk_token=special["unk_token"]))
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_object=model, **special)
    result = {}
    for name, template in cases["templates"].items():
        rows = result[name] = {}
        for conversation, row in cases["conversations"].items():
            for prompt in (False, True):
                key = conversation + ("+prompt" if prompt else "")
                try:
                    text = tokenizer.apply_chat_template(
                        json.loads(json.dumps(row["messages"])), tools=row.get("tools"), chat_template=template,
                        add_generation_prompt=prompt, tokenize=False, date=cases["date"], **row.get("kwargs", {}),
                    )
                    rows[key] = {"text": text}
                except Exception as error:  # noqa: BLE001: every error of Python's is a result
                    rows[key] = {"error": str(error)[:300], "type": type(error).__name__}
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump({"version": transformers.__version__, "result": result}, file, ensure_ascii=False)


main()
