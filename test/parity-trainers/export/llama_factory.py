"""`llamafactory-cli train`, up to the batches of its trainer."""
import importlib.machinery
import sys
import types

# Imported for audio models only, and not to be had without its own build.
stub = types.ModuleType("torchaudio")
stub.__spec__ = importlib.machinery.ModuleSpec("torchaudio", None)
sys.modules.setdefault("torchaudio", stub)

from kit import CASE, begin, rows_of, tiny_model  # noqa: E402

import yaml  # noqa: E402
from llamafactory.extras.env import VERSION  # noqa: E402
from llamafactory.train.sft.trainer import CustomSeq2SeqTrainer  # noqa: E402
from llamafactory.train.tuner import run_exp  # noqa: E402


class Enough(Exception):
    pass


def train(self, **_):
    begin(f"llamafactory-cli train, LLaMA-Factory {VERSION}")
    for batch in self.get_train_dataloader():
        rows_of(batch)
    raise Enough


CustomSeq2SeqTrainer.train = train
with open(CASE["config"], encoding="utf-8") as file:
    config = yaml.safe_load(file)
try:
    run_exp({**config, "model_name_or_path": tiny_model(), "output_dir": CASE["work"]})
except Enough:
    pass
