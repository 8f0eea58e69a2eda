"""
Labels of torchtune: `SFTTransform(OpenAIToMessages(), tokenizer)` with the message code of its model tokenizers. Below
them Qwen's tokenizers read vocab.json and merges.txt of the family's tokenizer; the others, which read files of other
formats, are given the family's tokenizer for the texts of the pieces.
"""
import copy
import json
import os
from unittest import mock

from kit import Answers, read_cases
from tokenizers import Tokenizer
from torchtune.data import OpenAIToMessages
from torchtune.datasets import SFTDataset  # noqa: F401  (the transform is of its module)
from torchtune.datasets._sft import SFTTransform
from torchtune.models.llama3 import _tokenizer as llama3
from torchtune.models.mistral import _tokenizer as mistral
from torchtune.models.mistral._prompt_template import MistralChatTemplate
from torchtune.models.phi4 import _tokenizer as phi4
from torchtune.models.qwen2._tokenizer import Qwen2Tokenizer
from torchtune.models.qwen2_5._tokenizer import Qwen2_5Tokenizer


class Pieces:
    """The family's tokenizer behind the interface of torchtune's base tokenizers."""

    def __init__(self, folder):
        self.tokenizer = Tokenizer.from_file(os.path.join(folder, "tokenizer.json"))
        self.bos_id = self.tokenizer.token_to_id("<s>")
        self.eos_id = self.tokenizer.token_to_id("</s>")
        self.pad_id = 0

    def encode(self, text, add_bos=False, add_eos=False, **_):
        assert not add_bos and not add_eos
        return self.tokenizer.encode(text, add_special_tokens=False).ids


def special_tokens(folder, known):
    """Ids of the family's tokens; others that a tokenizer insists on get ids of their own."""
    tokenizer = Tokenizer.from_file(os.path.join(folder, "tokenizer.json"))
    ids = {name: tokenizer.token_to_id(name) for name in known}
    return {name: 1_000_000 + i if id is None else id for i, (name, id) in enumerate(ids.items())}


def with_pieces(module, base, make, folder):
    with mock.patch.object(module, base, lambda *_, **__: Pieces(folder)):
        return make()


def qwen(cls, folder):
    from torchtune.models.qwen2_5._tokenizer import QWEN2_5_SPECIAL_TOKENS

    with open(os.path.join(folder, "tokenizer.json"), encoding="utf-8") as file:
        model = json.load(file)["model"]
    vocab, merges = os.path.join(folder, "vocab.json"), os.path.join(folder, "merges.txt")
    with open(vocab, "w", encoding="utf-8") as file:
        json.dump(model["vocab"], file)
    with open(merges, "w", encoding="utf-8") as file:
        file.write("#version: 0.2\n")
        file.writelines(f"{' '.join(m) if isinstance(m, list) else m}\n" for m in model["merges"])
    return cls(vocab, merges, special_tokens(folder, QWEN2_5_SPECIAL_TOKENS))


def llama3_tokenizer(folder):
    known = special_tokens(folder, llama3.LLAMA3_SPECIAL_TOKENS)
    return with_pieces(llama3, "TikTokenBaseTokenizer", lambda: llama3.Llama3Tokenizer("", known), folder)


def mistral_tokenizer(folder):
    make = lambda: mistral.MistralTokenizer("", prompt_template=MistralChatTemplate())  # noqa: E731
    return with_pieces(mistral, "SentencePieceBaseTokenizer", make, folder)


def phi4_tokenizer(folder):
    known = special_tokens(folder, phi4.PHI4_SPECIAL_TOKENS)
    return with_pieces(phi4, "GPT2BaseTokenizer", lambda: phi4.Phi4Tokenizer("", "", known), folder)


TOKENIZERS = {
    "qwen2": lambda folder: qwen(Qwen2Tokenizer, folder),
    "qwen2_5": lambda folder: qwen(Qwen2_5Tokenizer, folder),
    "llama3": llama3_tokenizer,
    "mistral": mistral_tokenizer,
    "phi4": phi4_tokenizer,
}

cases = read_cases()
answers = Answers()
for run in cases["runs"]:
    mask = run["mask"]
    for family in run["families"]:
        tokenizer = TOKENIZERS[mask["tokenizer"]](cases["families"][family])
        transform = SFTTransform(OpenAIToMessages(train_on_input=mask.get("train_on_input", False)), tokenizer)
        for name, row in cases["rows"].items():
            if "messages" not in row:
                continue
            try:
                made = transform(copy.deepcopy(row))
                answers.labels(run, family, name, made["tokens"], made["labels"])
            except Exception as error:
                answers.refused(run, family, name, error)
