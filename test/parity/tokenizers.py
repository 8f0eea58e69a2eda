"""The reference side: ids and offsets of texts under many tokenizers, by Python's `tokenizers`.

usage: tokenizers.py CASES.json OUT_FOLDER
CASES: {"files": {name: path}, "texts": [...], "specials": N}
OUT_FOLDER/NAME.jsonl: for each text {"ids", "offsets"} (code points, flat) without special tokens, then for the first N
texts the same with them.
"""

import gzip
import json
import sys
from pathlib import Path

sys.path.pop(0)  # this folder, whose file names must not hide Python's own modules
from tokenizers import Tokenizer  # noqa: E402


def load(path: str) -> Tokenizer:
    data = Path(path).read_bytes()
    text = (gzip.decompress(data) if path.endswith(".gz") else data).decode("utf-8")
    tokenizer = Tokenizer.from_str(text)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def main() -> None:
    cases = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    for name, path in cases["files"].items():
        tokenizer = load(path)
        with open(Path(sys.argv[2]) / f"{name}.jsonl", "w", encoding="utf-8") as out:
            for texts, special in ((cases["texts"], False), (cases["texts"][: cases["specials"]], True)):
                for start in range(0, len(texts), 500):
                    for encoding in tokenizer.encode_batch(texts[start : start + 500], add_special_tokens=special):
                        offsets = [unit for span in encoding.offsets for unit in span]
                        out.write(json.dumps({"ids": encoding.ids, "offsets": offsets}, separators=(",", ":")) + "\n")


main()
