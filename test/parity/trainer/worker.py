"""A run in a process of its own: keeps what TRL receives, and can be slow or fail at a step.

python worker.py RUN_FOLDER [--resume] [--slow SECONDS] [--fail RANK:STEP] [--stop-at STEP]
"""

import argparse
import time
import traceback
from pathlib import Path

import kit
import torch
import train

parser = argparse.ArgumentParser()
parser.add_argument("folder", type=Path)
parser.add_argument("--resume", action="store_true")
parser.add_argument("--slow", type=float, default=0)
parser.add_argument("--fail")
parser.add_argument("--stop-at", type=int)
options = parser.parse_args()


def at(step):
    time.sleep(options.slow)
    if options.fail == f"{train.RANK}:{step}":
        raise RuntimeError("out of luck")
    if options.stop_at == step and train.RANK == 0:
        (options.folder / "stop").touch()


with kit.recording() as seen:
    seen.hook = at
    try:
        train.train(options.folder, options.resume)
    except BaseException:
        traceback.print_exc()
        train.leave(1)
torch.save(list(seen), options.folder / f"seen-{train.RANK}.pt")
train.leave(0)
