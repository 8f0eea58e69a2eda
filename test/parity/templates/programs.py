"""The reference side of single programs: what transformers' Jinja environment prints for each, or its error.

usage: programs.py CASES.json OUT.json
CASES: {"date", "contexts": [{name: value}], "cases": [[template, index of its context]]}
OUT: [{"text", "spans"} or {"error", "type", "line"}]. Spans are code points; the line is the template's, as Python's
traceback names it. The clock stands at `date`.
"""
import copy
import json
import os
import sys
import traceback

# Not this folder, whose file names must not hide Python's own modules.
sys.path[0] = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support")
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_VERBOSITY"] = "error"
import jinja2  # noqa: E402
from pinned_clock import pin_clock  # noqa: E402
from transformers.utils import chat_template_utils  # noqa: E402


def line_of(error):
    if isinstance(error, jinja2.TemplateSyntaxError):
        return error.lineno
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "<template>"]
    return lines[-1] if lines else None


# One environment for all: each that transformers makes would stay in memory.
ENVIRONMENT = chat_template_utils._cached_compile_jinja_template("").environment


def run(template, variables):
    compiled = ENVIRONMENT.from_string(template)
    given = {"messages": [], "tools": None, "documents": None, "add_generation_prompt": False}
    text, spans = chat_template_utils._render_with_assistant_indices(compiled, **{**given, **copy.deepcopy(variables)})
    return {"text": text, "spans": spans}


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        work = json.load(file)
    pin_clock(work["date"])
    results = []
    for template, index in work["cases"]:
        try:
            results.append(run(template, work["contexts"][index]))
        except Exception as error:  # noqa: BLE001: every error of Python's is a result
            results.append({"error": str(error), "type": type(error).__name__, "line": line_of(error)})
    with open(sys.argv[2], "w", encoding="utf-8", errors="surrogatepass") as file:
        json.dump(results, file)


main()
