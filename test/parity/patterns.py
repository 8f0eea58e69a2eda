"""The reference side: which characters a pattern of one character matches, and where other patterns match, by Oniguruma.

usage: patterns.py CASES.json OUT.jsonl
CASES: {"sets": [pattern, ...], "patterns": [pattern, ...], "texts": [...]}
OUT.jsonl: for each set the code points as flat pairs of first and last, for each pattern a list of piece ends (code points) for
each text; null where the pattern is refused.
"""

import json
import sys
from pathlib import Path

sys.path.pop(0)  # this folder, whose file names must not hide Python's own modules
from tokenizers import Regex, normalizers, pre_tokenizers  # noqa: E402

CODES = [code for code in range(0x110000) if not 0xD800 <= code < 0xE000]
ALL = ["".join(map(chr, CODES[start : start + 16384])) for start in range(0, len(CODES), 16384)]


def members(pattern: str) -> list[int] | None:
    try:
        remove = normalizers.Replace(Regex(pattern), "")
    except Exception:  # noqa: BLE001
        return None
    left = {ord(char) for part in ALL for char in remove.normalize_str(part)}
    pairs: list[int] = []
    for code in CODES:
        if code in left:
            continue
        if pairs and pairs[-1] == code - 1:
            pairs[-1] = code
        else:
            pairs += [code, code]
    return pairs


def pieces(pattern: str, texts: list[str]) -> list[list[int]] | None:
    try:
        split = pre_tokenizers.Split(Regex(pattern), "isolated")
        return [[end for _, (_, end) in split.pre_tokenize_str(text)] for text in texts]
    except BaseException as error:  # noqa: BLE001
        # A pattern that tries too much ends in a panic, which is no Exception.
        if isinstance(error, KeyboardInterrupt):
            raise
        return None


def main() -> None:
    cases = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    with open(sys.argv[2], "w", encoding="utf-8") as out:
        for pattern in cases["sets"]:
            out.write(json.dumps(members(pattern), separators=(",", ":")) + "\n")
        for pattern in cases["patterns"]:
            out.write(json.dumps(pieces(pattern, cases["texts"]), separators=(",", ":")) + "\n")


main()
