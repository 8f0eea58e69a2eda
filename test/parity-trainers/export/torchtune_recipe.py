"""torchtune: the component that the page shows, in the config that it shows, through torchtune's own collate function."""
import os
import sys

from kit import CASE, begin, row

import torchtune
from omegaconf import OmegaConf
from torch.utils.data import DataLoader
from torchtune import config
from torchtune.data import padded_collate_sft

sys.path.insert(0, os.path.dirname(CASE["config"]))
dataset = config.instantiate(OmegaConf.load(CASE["config"]).dataset, None)
begin(f"dataset component, torchtune {torchtune.__version__}")
PAD = -1
loader = DataLoader(dataset, batch_size=4, collate_fn=lambda rows: padded_collate_sft(rows, padding_idx=PAD))
for batch in loader:
    for ids, labels in zip(batch["tokens"], batch["labels"]):
        row(ids[ids != PAD], labels[ids != PAD])
