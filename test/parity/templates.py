"""The reference side: what transformers renders for conversations under many templates.

usage: templates.py CASES.json OUT.json
CASES: {"date", "special", "templates": {name: source}, "conversations": {name: {messages, tools?, kwargs?}}}
OUT: {template: {"conversation" or "conversation+prompt": {"text", "spans"} or {"error"}}}. Spans are code points.
The clock stands at `date`. None keys of messages are dropped, as apply_chat_template does before rendering.
"""
import json
import os
import re
import sys

# Not this folder, whose file names must not hide Python's own modules.
sys.path[0] = os.path.join(os.path.dirname(os.path.abspath(__file__)), "support")
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_VERBOSITY"] = "error"
from pinned_clock import pin_clock  # noqa: E402
from transformers.utils import chat_template_utils  # noqa: E402


def reference(template, row, prompt, special):
    messages = [{k: v for k, v in m.items() if v is not None} for m in row["messages"]]
    marked = re.search(r"\{%[-+]?\s*generation\s*[-+]?%\}", template) is not None
    texts, spans = chat_template_utils.render_jinja_template(
        [json.loads(json.dumps(messages))], tools=row.get("tools"), chat_template=template, add_generation_prompt=prompt,
        return_assistant_tokens_mask=marked, **{**special, **row.get("kwargs", {})},
    )
    return {"text": texts[0], "spans": spans[0] if marked else None}


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        cases = json.load(file)
    pin_clock(cases["date"])
    special = {**cases["special"], "date": cases["date"]}
    result = {}
    for name, template in cases["templates"].items():
        rows = result[name] = {}
        for conversation, row in cases["conversations"].items():
            for prompt in (False, True):
                key = conversation + ("+prompt" if prompt else "")
                try:
                    rows[key] = reference(template, row, prompt, special)
                except Exception as error:  # noqa: BLE001: every error of Python's is a result
                    rows[key] = {"error": str(error)[:300], "type": type(error).__name__}
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump(result, file, ensure_ascii=False)


main()
