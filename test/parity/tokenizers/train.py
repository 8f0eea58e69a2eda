"""Trains the small tokenizers of test/fixtures/tokenizers: python test/parity/tokenizers/train.py [NAME...]

They are trained on texts.json beside them, so that their contents are the project's own. Needs `tokenizers` 0.23.
"""

import base64
import json
import struct
import sys
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer
from tokenizers import decoders as D
from tokenizers import models as M
from tokenizers import normalizers as N
from tokenizers import pre_tokenizers as P
from tokenizers import processors as PP
from tokenizers import trainers as T

FOLDER = Path(__file__).parents[2] / "fixtures" / "tokenizers"
CHAT_TOKENS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]

QWEN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
POSSESSIVE = (
    r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s"
)
CASED = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"
    r"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
INTERSECTION = (
    r"[\p{Han}]+|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}&&[^\p{Han}]]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def training_texts() -> list[str]:
    texts = json.loads((FOLDER / "texts.json").read_text(encoding="utf-8"))
    lines = texts["english"] * 3 + texts["code"] * 2 + texts["hand"] + list(texts["languages"].values())
    return [line.encode("utf-8", "replace").decode("utf-8") for line in lines]


TEXTS = training_texts()


def save(name: str, tokenizer: Tokenizer) -> None:
    if len(sys.argv) > 1 and name not in sys.argv[1:]:
        return
    path = FOLDER / f"{name}.json"
    tokenizer.save(str(path), pretty=False)
    print(f"{path.name}: {tokenizer.get_vocab_size()} tokens, {path.stat().st_size} bytes")


def byte_level(**options: bool) -> P.ByteLevel:
    return P.ByteLevel(**{"add_prefix_space": False, **options})


def train_byte_level(name, pre_tokenizer, normalizer=None, added=(), post_processor=None, **model) -> None:
    tokenizer = Tokenizer(M.BPE(**model))
    tokenizer.pre_tokenizer = pre_tokenizer
    if normalizer is not None:
        tokenizer.normalizer = normalizer
    tokenizer.decoder = D.ByteLevel()
    tokenizer.post_processor = post_processor or PP.ByteLevel(trim_offsets=False)
    trainer = T.BpeTrainer(
        vocab_size=1200,
        special_tokens=CHAT_TOKENS,
        initial_alphabet=P.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(TEXTS, trainer)
    if added:
        tokenizer.add_tokens(list(added))
    save(name, tokenizer)


def split(pattern, behavior="isolated", invert=False):
    return P.Sequence([P.Split(pattern, behavior, invert), byte_level(use_regex=False)])


def train_characters(
    name, pre_tokenizer=None, normalizer=None, byte_fallback=True, fuse_unk=True, unk="<unk>", added=(), **kwargs
):
    tokenizer = Tokenizer(M.BPE(unk_token=unk, byte_fallback=byte_fallback, fuse_unk=fuse_unk, **kwargs))
    if pre_tokenizer is not None:
        tokenizer.pre_tokenizer = pre_tokenizer
    if normalizer is not None:
        tokenizer.normalizer = normalizer
    tokenizer.decoder = D.Sequence([D.Replace("▁", " "), D.ByteFallback(), D.Fuse(), D.Strip(" ", 1, 0)])
    byte_tokens = ["<0x%02X>" % byte for byte in range(256)] if byte_fallback else []
    trainer = T.BpeTrainer(
        vocab_size=1000,
        special_tokens=["<unk>", "<s>", "</s>", *byte_tokens],
        show_progress=False,
        limit_alphabet=120,
        max_token_length=16,
        **kwargs,
    )
    tokenizer.train_from_iterator(TEXTS, trainer)
    content = json.loads(tokenizer.to_str())
    # As in real files, the byte tokens are plain entries of the vocabulary.
    content["added_tokens"] = [token for token in content["added_tokens"] if not token["content"].startswith("<0x")]
    tokenizer = Tokenizer.from_str(json.dumps(content))
    if added:
        tokenizer.add_tokens(list(added))
    if byte_fallback:
        tokenizer.post_processor = PP.TemplateProcessing(single="<s> $A", pair="<s> $A <s> $B", special_tokens=[("<s>", 1)])
    save(name, tokenizer)


def charsmap(rules: dict[str, str]) -> str:
    """SentencePiece's compiled rules: a double array of the keys' bytes (darts-clone), then the replacements."""
    texts, values = b"", {}
    for key, replacement in rules.items():
        values[key.encode()] = len(texts)
        texts += replacement.encode() + b"\0"
    units: dict[int, int] = {0: 0}

    def place(prefix: bytes, at: int) -> None:
        labels = sorted({key[len(prefix)] for key in values if key.startswith(prefix) and len(key) > len(prefix)})
        taken = ([0] if prefix in values else []) + labels
        base = next(base for base in range(256, 1 << 20) if all(base ^ label not in units for label in taken))
        units[at] |= (at ^ base) << 10 | (0x100 if prefix in values else 0)
        for label in taken:
            units[base ^ label] = label
        if prefix in values:
            units[base] = values[prefix] | 1 << 31
        for label in labels:
            place(prefix + bytes([label]), base ^ label)

    place(b"", 0)
    size = (max(units) | 0xFF) + 1
    trie = b"".join(struct.pack("<I", units.get(i, 0)) for i in range(size))
    return base64.b64encode(struct.pack("<I", len(trie)) + trie + texts).decode()


CHARSMAP = {
    "\ufb01": "fi",
    "e\u0301": "\u00e9",
    "\u00bd": "1/2",
    "\u3000": " ",
    "\u00a0": " ",
    "\u200b": "",
    "\u304b\u3099": "\u304c",
    "\r\n": "\n",
    "\t": " ",
    "\u212b": "\u00c5",
    "\u2460": "1",
    "\u2026": "...",
    "\uff76\uff9e": "\u30ac",
    "\U0001f600": ":-)",
    "\u0130": "i",
}


def train_word_pieces(name, normalizer, pre_tokenizer, **model) -> None:
    tokenizer = Tokenizer(M.WordPiece(unk_token="[UNK]", **model))
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.decoder = D.WordPiece()
    trainer = T.WordPieceTrainer(
        vocab_size=1000,
        special_tokens=["[UNK]", "[CLS]", "[SEP]"],
        show_progress=False,
        **({"continuing_subword_prefix": model["continuing_subword_prefix"]} if "continuing_subword_prefix" in model else {}),
    )
    tokenizer.train_from_iterator(TEXTS, trainer)
    save(name, tokenizer)


def train_unigram(name, normalizer, pre_tokenizer, byte_fallback) -> None:
    tokenizer = Tokenizer(M.Unigram())
    if normalizer is not None:
        tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.decoder = D.Metaspace()
    byte_tokens = ["<0x%02X>" % byte for byte in range(256)] if byte_fallback else []
    trainer = T.UnigramTrainer(
        vocab_size=1000,
        special_tokens=["<pad>", "</s>", "<unk>", *byte_tokens],
        unk_token="<unk>",
        show_progress=False,
    )
    tokenizer.train_from_iterator(TEXTS, trainer)
    content = json.loads(tokenizer.to_str())
    content["model"]["byte_fallback"] = byte_fallback
    content["added_tokens"] = [token for token in content["added_tokens"] if not token["content"].startswith("<0x")]
    save(name, Tokenizer.from_str(json.dumps(content)))


def train_further() -> None:
    train_unigram(
        "unigram-charsmap",
        N.Sequence([N.Precompiled(base64.b64decode(charsmap(CHARSMAP))), N.Strip(left=True, right=False)]),
        P.Sequence([P.WhitespaceSplit(), P.Metaspace(prepend_scheme="always", split=True)]),
        False,
    )
    train_unigram("unigram-bytes", N.Nmt(), P.Sequence([P.UnicodeScripts(), P.Metaspace(prepend_scheme="first", split=False)]), True)
    train_word_pieces(
        "wordpiece-cased",
        N.BertNormalizer(clean_text=False, handle_chinese_chars=False, strip_accents=True, lowercase=False),
        P.Sequence([P.Whitespace(), P.Punctuation("merged_with_previous"), P.FixedLength(7)]),
        continuing_subword_prefix="@",
        max_input_chars_per_word=5,
    )
    train_characters(
        "chars-prefix",
        P.Sequence([P.CharDelimiterSplit("e"), P.Digits(individual_digits=False), P.Punctuation("removed")]),
        normalizer=N.Sequence([N.Strip(left=False, right=True), N.NFD()]),
        byte_fallback=False,
        continuing_subword_prefix="##",
        added=[AddedToken("Hello", normalized=True, single_word=True), AddedToken("<|x|>", lstrip=True, rstrip=True)],
    )
    # The text is spelled in bytes before it is cut.
    train_byte_level("bytes-spelled-first", P.Split("\u0120", "merged_with_next"), normalizer=N.Sequence([N.NFC(), N.ByteLevel()]))
    train_byte_level(
        "bytes-look",
        split(Regex(r"(?<=[a-z])(?=[A-Z])|(?>\p{Han}+)|(?<!\d)\d{1,3}(?=(?:\d{3})*\b)|\s*\R|(?i:the|and)\b|[[:punct:]&&[^,]]+|\h{2}")),
        post_processor=PP.Sequence([PP.ByteLevel(trim_offsets=True, add_prefix_space=True), PP.TemplateProcessing(single="$A <|im_end|> $A", special_tokens=[("<|im_end|>", 2)])]),
    )
    train_byte_level("bytes-empty-matches", P.Sequence([P.Split(Regex("x*"), "contiguous"), P.Split("", "merged_with_previous"), byte_level(use_regex=False)]))
    train_byte_level("bytes-nested", split(Regex(r"(?:[a-z]+ ?)+|(?:\p{Lu}|\d+)*\S|\s+")), normalizer=N.Replace(Regex("(?<=.)l*"), "-"))


def train_all() -> None:
    train_byte_level("bytes-gpt2", byte_level())
    train_byte_level("bytes-digits", P.Sequence([P.Digits(individual_digits=True), byte_level()]))
    train_byte_level(
        "bytes-roberta",
        byte_level(add_prefix_space=True),
        added=[AddedToken("<mask>", lstrip=True, special=True)],
        post_processor=PP.RobertaProcessing(("<|im_end|>", 2), ("<|im_start|>", 1), trim_offsets=True, add_prefix_space=True),
    )
    train_byte_level(
        "bytes-falcon",
        P.Sequence([P.Punctuation("contiguous"), byte_level(), P.Digits(), P.Split(Regex("[0-9][0-9][0-9]"), "isolated")]),
    )
    train_byte_level(
        "bytes-qwen",
        split(Regex(QWEN)),
        normalizer=N.NFC(),
        post_processor=PP.Sequence(
            [
                PP.ByteLevel(trim_offsets=True),
                PP.TemplateProcessing(
                    single="<|im_start|> $A <|im_end|>",
                    pair="$A $B",
                    special_tokens=[("<|im_start|>", 1), ("<|im_end|>", 2)],
                ),
            ]
        ),
    )
    train_byte_level("bytes-possessive", split(Regex(POSSESSIVE)), ignore_merges=True)
    train_byte_level("bytes-cased", split(Regex(CASED)))
    train_byte_level("bytes-intersection", split(Regex(INTERSECTION)))
    train_byte_level("bytes-merged-previous", split(" ", "merged_with_previous"))
    train_byte_level("bytes-merged-next", split(" ", "merged_with_next"))
    train_byte_level("bytes-contiguous", split(Regex(r"\s"), "contiguous"))
    train_byte_level("bytes-removed", split(Regex(r"\w+|[^\w\s]+"), "removed", invert=True))
    train_byte_level("bytes-nfkc", P.Sequence([P.Punctuation(), byte_level()]), normalizer=N.NFKC())
    train_byte_level(
        "bytes-added",
        byte_level(),
        added=[
            AddedToken("<mask>", lstrip=True),
            AddedToken("<r>", rstrip=True),
            AddedToken("foo", single_word=True),
            AddedToken("Hello", normalized=False),
            AddedToken("the ", normalized=True),
        ],
        post_processor=PP.ByteLevel(trim_offsets=True),
    )
    train_byte_level(
        "bytes-lowercase",
        byte_level(),
        normalizer=N.Sequence([N.NFD(), N.Lowercase(), N.StripAccents(), N.Strip()]),
        added=[AddedToken("World", normalized=True), AddedToken("ING", normalized=False)],
    )
    train_byte_level("bytes-replace", byte_level(), normalizer=N.Sequence([N.Replace(Regex(" {2,}"), "␣ "), N.NFKD()]))

    train_characters("chars-llama", normalizer=N.Sequence([N.Prepend("▁"), N.Replace(" ", "▁")]))
    train_characters("chars-gemma", P.Split(" ", "merged_with_previous"), normalizer=N.Replace(" ", "▁"))
    train_characters("chars-metaspace-first", P.Metaspace(prepend_scheme="first", split=True))
    train_characters("chars-metaspace-always", P.Sequence([P.Metaspace(prepend_scheme="always", split=False)]))
    train_characters("chars-metaspace-never", P.Metaspace(prepend_scheme="never", split=True))
    train_characters("chars-unknown-fused", P.Metaspace(prepend_scheme="first"), byte_fallback=False)
    train_characters("chars-unknown", P.Metaspace(prepend_scheme="first"), byte_fallback=False, fuse_unk=False)
    train_characters("chars-dropped", P.Metaspace(), byte_fallback=False, unk=None)
    train_characters("chars-suffix", P.WhitespaceSplit(), normalizer=N.Lowercase(), byte_fallback=False, end_of_word_suffix="</w>")

    tokenizer = Tokenizer(M.Unigram())
    tokenizer.normalizer = N.Sequence([N.NFKC(), N.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = P.Metaspace(prepend_scheme="always", split=True)
    tokenizer.decoder = D.Metaspace()
    trainer = T.UnigramTrainer(
        vocab_size=900, special_tokens=["<pad>", "</s>", "<unk>"], unk_token="<unk>", show_progress=False
    )
    tokenizer.train_from_iterator(TEXTS, trainer)
    tokenizer.post_processor = PP.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    save("unigram", tokenizer)

    tokenizer = Tokenizer(M.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = N.BertNormalizer()
    tokenizer.pre_tokenizer = P.BertPreTokenizer()
    tokenizer.decoder = D.WordPiece()
    trainer = T.WordPieceTrainer(vocab_size=1000, special_tokens=["[UNK]", "[CLS]", "[SEP]"], show_progress=False)
    tokenizer.train_from_iterator(TEXTS, trainer)
    tokenizer.post_processor = PP.BertProcessing(("[SEP]", 2), ("[CLS]", 1))
    save("wordpiece", tokenizer)

    tokenizer = Tokenizer(M.WordLevel(unk_token="[UNK]"))
    tokenizer.pre_tokenizer = P.Whitespace()
    tokenizer.train_from_iterator(TEXTS, T.WordLevelTrainer(vocab_size=400, special_tokens=["[UNK]"], show_progress=False))
    save("wordlevel", tokenizer)


if __name__ == "__main__":
    train_all()
    train_further()
