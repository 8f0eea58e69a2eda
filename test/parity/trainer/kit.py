"""What the comparisons share: run folders, the tensors that TRL receives, losses by hand."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import torch
import train
from datasets import Dataset
from transformers import AutoModelForCausalLM
from trl import DPOTrainer, KTOTrainer, SFTConfig, SFTTrainer

KEPT = ("input_ids", "labels", "attention_mask", "position_ids", "completion_mask")


class Bench:
    """Folders of runs under one work folder."""

    def __init__(self, work):
        self.work = work

    def folder(self, name, data, args=None, **spec):
        path = self.work / "runs" / name
        shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(self.work / "data" / data, path)
        made = json.loads((path / "spec.json").read_text())
        quick = {
            "use_cpu": True, "gradient_checkpointing": False, "save_strategy": "no", "eval_strategy": "no", "seed": 7,
            "per_device_train_batch_size": 4, "num_train_epochs": 1, "learning_rate": 0.0, "lr_scheduler_type": "linear",
        }  # fmt: skip
        made.update({"heartbeat": 0.5, **spec, "args": {**quick, **(args or {})}})
        (path / "spec.json").write_text(json.dumps(made))
        return path

    def ranks(self, folder, count, *options):
        """Starts a run as the runner does, in processes of its own."""
        launch = [sys.executable]
        if count > 1:
            launch += ["-m", "torch.distributed.run", "--standalone", f"--nproc_per_node={count}"]
        worker = Path(__file__).with_name("worker.py")
        with open(folder / "out.log", "a") as out:
            return subprocess.Popen([*launch, str(worker), str(folder), *options], stdout=out, stderr=out)


def spec_of(folder):
    return json.loads((folder / "spec.json").read_text())


def events(folder, kind=None):
    found = []
    for line in (folder / "metrics.jsonl").read_text().splitlines():
        with contextlib.suppress(ValueError):
            found.append(json.loads(line))
    return [event for event in found if kind is None or event["event"] == kind]


def rows_of(folder, split="train"):
    return Dataset.from_file(str(folder / f"{split}.arrow"))[:]


class Seen(list):
    """(step, tensors) of each training batch, as TRL's own compute_loss receives it: nothing of train.py is below it."""

    hook = None


@contextlib.contextmanager
def recording():
    seen, originals = Seen(), {}

    def recorder(original):
        def compute_loss(self, model, inputs, *args, **kwargs):
            if self.model.training:
                seen.append((self.state.global_step + 1, {k: inputs[k].clone() for k in KEPT if k in inputs}))
                if seen.hook:
                    seen.hook(self.state.global_step + 1)
            return original(self, model, inputs, *args, **kwargs)

        return compute_loss

    for trainer_class in (SFTTrainer, DPOTrainer, KTOTrainer):
        originals[trainer_class] = trainer_class.compute_loss
        trainer_class.compute_loss = recorder(trainer_class.compute_loss)
    try:
        yield seen
    finally:
        for trainer_class, original in originals.items():
            trainer_class.compute_loss = original


def ours(folder, resume=False, stop_at=None):
    """Trains in this process and returns what TRL received."""
    with recording() as seen:
        if stop_at:
            seen.hook = lambda step: (folder / "stop").touch() if step == stop_at else None
        train.train(folder, resume)
    return seen


def plain(folder):
    """TRL with nothing around it: its own preparation and packing, on the same file."""
    spec = spec_of(folder)
    packing = spec["packing"]
    args = SFTConfig(
        output_dir=str(folder / "plain"), packing=packing is not None, packing_strategy=packing or "bfd", eval_packing=False,
        max_length=None if spec["args"].get("padding_free") else spec["maxLength"], report_to="none", disable_tqdm=True,
        **{"bf16": False, "logging_steps": 1, **spec["args"]},
    )  # fmt: skip
    filler = train.stand_in_tokenizer(train.AutoConfig.from_pretrained(folder / "tiny"))
    with recording() as seen:
        trainer = SFTTrainer(
            str(folder / "tiny"), args=args, train_dataset=Dataset.from_file(str(folder / "train.arrow")),
            processing_class=filler, peft_config=train.adapter(spec),
        )  # fmt: skip
        trainer.train()
    return seen, [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]


def pieces(event):
    """(micro batch, sequence, row, begin, end) of each piece that an event names; end None for whole rows."""
    named = event.get("pieces") or [None] * len(event["rows"])
    for row, (rank, micro, sequence), piece in zip(event["rows"], event["micro"], named, strict=True):
        yield rank, micro, sequence, row, *(piece or (0, None))


def check_batches(folder, seen, rank=0, flat=False):
    """Ids and labels cut from the Arrow file by the events are the tensors that TRL received. Counts batches and tokens."""
    rows, batches, tokens = rows_of(folder), 0, 0
    for event in events(folder, "batch"):
        received = [tensors for step, tensors in seen if step == event["step"]]
        made = [{} for _ in received]
        for of, micro, sequence, row, begin, end in pieces(event):
            if of != rank:
                continue
            ids, labels = rows["input_ids"][row][begin:end], rows["labels"][row][begin:end]
            if flat:  # TRL masks the first token of each row; it is nobody's target
                labels = [train.MASKED, *labels[1:]]
            line = made[micro].setdefault(sequence, ([], []))
            line[0].extend(ids)
            line[1].extend(labels)
            tokens += len(ids)
        for tensors, sequences in zip(received, made, strict=True):
            assert sorted(sequences) == list(range(len(tensors["input_ids"]))), "a sequence without an event"
            for sequence, (ids, labels) in sequences.items():
                got, targets = tensors["input_ids"][sequence].tolist(), tensors["labels"][sequence].tolist()
                assert got[: len(ids)] == ids, "ids differ"
                assert targets == labels + [train.MASKED] * (len(targets) - len(labels)), "labels differ"
                if "attention_mask" in tensors:
                    assert int(tensors["attention_mask"][sequence].sum()) == len(ids)
            batches += 1
    assert batches == len(seen), "a batch without an event"
    return batches, tokens


def same_tensors(one, other):
    assert len(one) == len(other), (len(one), len(other))
    for (step, x), (step2, y) in zip(one, other, strict=True):
        assert step == step2 and x.keys() == y.keys()
        assert all(torch.equal(x[key], y[key]) for key in x), step


def loaded(folder, tuned=True):
    """The model of a run, by transformers and peft alone."""
    base = AutoModelForCausalLM.from_pretrained(folder / "tiny").eval()
    if not tuned:
        return base
    if (folder / "out" / "adapter_config.json").exists():
        from peft import PeftModel

        return PeftModel.from_pretrained(base, str(folder / "out")).eval()
    return AutoModelForCausalLM.from_pretrained(folder / "out").eval()


@torch.no_grad()
def token_losses(model, ids):
    """Cross entropy of each token after the first."""
    logits = model(input_ids=torch.tensor([ids])).logits[0, :-1].float()
    return torch.nn.functional.cross_entropy(logits, torch.tensor(ids[1:]), reduction="none").tolist()


def row_error(folder):
    """Largest difference of the losses of rows and pieces from those by hand, of a run whose model did not change."""
    model, rows, worst, count = loaded(folder), rows_of(folder), 0.0, 0
    for event in events(folder, "batch"):
        for i, (_, _, _, row, begin, end) in enumerate(pieces(event)):
            ids, labels = rows["input_ids"][row][begin:end], rows["labels"][row][begin:end]
            each = token_losses(model, ids) if len(ids) > 1 else []
            kept = [loss for loss, label in zip(each, labels[1:], strict=True) if label != train.MASKED]
            assert event["n"][i] == len(kept)
            if kept:
                worst, count = max(worst, abs(event["loss"][i] - sum(kept) / len(kept))), count + 1
    return worst, count


def curve(folder):
    """What the dashboard draws: per step the last attempt's figures."""
    steps = {}
    for event in events(folder):
        if event["event"] == "batch":
            steps.setdefault(event["step"], {})["batch"] = (event["rows"], event["micro"], event["loss"], event["step_loss"], event["tokens"])
        if event["event"] == "log" and "loss" in event:
            steps.setdefault(event["step"], {})["log"] = (event["loss"], event["grad_norm"], event["learning_rate"], event["tokens"])
    return steps


def weights(folder):
    from safetensors.torch import load_file

    return load_file(next((folder / "out").glob("*.safetensors")))


def without_ranks():
    return {name: value for name, value in os.environ.items() if name not in ("RANK", "WORLD_SIZE", "LOCAL_RANK")}
