"""The reference side: ids and offsets of texts under many tokenizers, by Python's `tokenizers`.

usage: tokenizers.py CASES.json OUT_FOLDER PART PARTS
CASES: {"files": [[name, path], ...], "texts": [...], "specials": N}; every PARTS-th file from PART on is done.
OUT_FOLDER/NAME.bin, and the line NAME when it is there: for each text without special tokens, then for the first N texts with
them: the number of tokens, their ids, then start and end of each in code points; all 32 bits, little-endian.
"""

import gzip
import json
import os
import sys
from array import array
from itertools import chain
from pathlib import Path

sys.path.pop(0)  # this folder, whose file names must not hide Python's own modules
os.environ["RAYON_NUM_THREADS"] = "1"  # there are several of these programs
from tokenizers import Tokenizer  # noqa: E402


def load(path: str) -> Tokenizer:
    data = Path(path).read_bytes()
    text = (gzip.decompress(data) if path.endswith(".gz") else data).decode("utf-8")
    tokenizer = Tokenizer.from_str(text)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def main() -> None:
    cases_path, folder, part, parts = sys.argv[1:]
    cases = json.loads(Path(cases_path).read_text(encoding="utf-8"))
    for name, path in cases["files"][int(part) :: int(parts)]:
        tokenizer = load(path)
        with open(Path(folder) / f"{name}.part", "wb") as out:
            for texts, special in ((cases["texts"], False), (cases["texts"][: cases["specials"]], True)):
                for start in range(0, len(texts), 500):
                    for encoding in tokenizer.encode_batch(texts[start : start + 500], add_special_tokens=special):
                        ids = encoding.ids
                        array("i", chain([len(ids)], ids, chain.from_iterable(encoding.offsets))).tofile(out)
        (Path(folder) / f"{name}.part").rename(Path(folder) / f"{name}.bin")
        print(name, flush=True)


main()
