"""Writes test/fixtures/tokenizers/golden.txt: python test/parity/tokenizers/golden.py

For each trained tokenizer, and each text of texts.json that is chosen by its number: ids, and starts and ends in code points.
Every fifth text is encoded with special tokens. Needs `tokenizers` 0.23.
"""

import json
from pathlib import Path

from tokenizers import Tokenizer

FOLDER = Path(__file__).parents[2] / "fixtures" / "tokenizers"


def main() -> None:
    groups = json.loads((FOLDER / "texts.json").read_text(encoding="utf-8"))
    texts = [text for group in groups.values() for text in (group.values() if isinstance(group, dict) else group)]
    with open(FOLDER / "golden.txt", "w", encoding="utf-8") as out:
        for turn, path in enumerate(sorted(FOLDER.glob("*.json"))):
            if path.name == "texts.json":
                continue
            tokenizer = Tokenizer.from_file(str(path))
            out.write(f"# {path.stem}\n")
            for number in range(turn % 6, len(texts), 6):
                text = texts[number].encode("utf-8", "replace").decode("utf-8")
                if len(text) > 160:
                    continue
                encoding = tokenizer.encode(text, add_special_tokens=number % 5 == 0)
                tokens = " ".join(f"{i}:{start}-{end}" for i, (start, end) in zip(encoding.ids, encoding.offsets, strict=True))
                out.write(f"{number} {tokens}\n")


main()
