"""
train.py against plain TRL: the same rows, model and settings; the loss of each step and the tokens per second.

    sft-lens tokens data.jsonl -o rows
    python bench/trainer.py rows/data.arrow WORK_FOLDER --steps 300 [--packing] [--lora]

The model has Qwen3's architecture and vocabulary and random weights, since no weights are downloaded: what is measured is
speed, and that both learn alike. Each side is a process of its own; the order is ours, theirs, theirs, ours.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import time
from pathlib import Path

TRAINER = Path(__file__).resolve().parent.parent / "src/trainer/train.py"


def make_model(folder, layers, hidden):
    import torch
    from transformers import Qwen3Config, Qwen3ForCausalLM

    torch.manual_seed(0)
    config = Qwen3Config(
        vocab_size=151936, hidden_size=hidden, intermediate_size=3 * hidden, num_hidden_layers=layers, num_attention_heads=hidden // 64,
        num_key_value_heads=max(1, hidden // 128), head_dim=64, max_position_embeddings=4096, tie_word_embeddings=True,
        bos_token_id=151643, eos_token_id=151645, pad_token_id=151643,
    )  # fmt: skip
    model = Qwen3ForCausalLM(config)
    model.save_pretrained(folder)
    return model.num_parameters()


def settings(options):
    import torch

    return {
        "max_steps": options.steps, "per_device_train_batch_size": options.batch, "gradient_accumulation_steps": 1,
        "learning_rate": 5e-4, "lr_scheduler_type": "cosine", "warmup_steps": 20, "logging_steps": 1, "save_strategy": "no",
        "seed": 42, "gradient_checkpointing": False, "bf16": torch.cuda.is_available(),
    }  # fmt: skip


def run_folder(work, name, rows, model, options):
    folder = work / name
    folder.mkdir(parents=True)
    (folder / "train.arrow").symlink_to(rows.resolve())
    digest = hashlib.sha256(rows.read_bytes()).hexdigest()
    spec = {
        "v": 1, "model": str(model), "method": "lora" if options.lora else "full", "args": settings(options),
        "peft": {"r": 16, "lora_alpha": 32} if options.lora else None, "packing": "bfd" if options.packing else None,
        "maxLength": options.length, "rowLoss": not options.no_row_loss, "watch": [], "worldSize": None, "heartbeat": 10,
        "prompts": 0, "maxNewTokens": 0, "tiny": None,
    }  # fmt: skip
    (folder / "spec.json").write_text(json.dumps(spec))
    (folder / "manifest.json").write_text(json.dumps({"train": {"arrowSha256": digest}, "eval": None}))
    return folder


def ours(folder):
    subprocess.run([sys.executable, str(TRAINER), str(folder)], check=True)
    events = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    logs = [event for event in events if event["event"] == "log" and "loss" in event]
    tokens = {event["step"]: event["tokens"] for event in events if event["event"] == "batch"}
    return {
        "losses": [event["loss"] for event in logs],
        "times": [event["t"] for event in logs],
        "tokens": [tokens.get(event["step"], 0) for event in logs],
        "events": len(events),
    }


def plain(rows, model, options, out):
    """What a person would write: TRL on the same columns."""
    from datasets import Dataset
    from peft import LoraConfig
    from transformers import AutoConfig, TrainerCallback
    from trl import SFTConfig, SFTTrainer

    sys.path.insert(0, str(TRAINER.parent))
    import train as trainer_file

    class Times(TrainerCallback):
        losses, times = [], []

        def on_log(self, args, state, control, logs=None, **_):
            if logs and "loss" in logs:
                self.losses.append(logs["loss"])
                self.times.append(time.time())

    args = SFTConfig(
        **settings(options), output_dir=str(out), report_to="none", disable_tqdm=True, packing=options.packing,
        max_length=options.length if options.packing else None, logging_nan_inf_filter=False,
        dataset_kwargs=None,
    )  # fmt: skip
    dataset = Dataset.from_file(str(rows)).select_columns(["input_ids", "labels"])
    peft = LoraConfig(r=16, lora_alpha=32, target_modules="all-linear", task_type="CAUSAL_LM") if options.lora else None
    filler = trainer_file.stand_in_tokenizer(AutoConfig.from_pretrained(model))
    times = Times()
    trainer = SFTTrainer(str(model), args=args, train_dataset=dataset, processing_class=filler, peft_config=peft, callbacks=[times])
    trainer.train()
    (out / "plain.json").write_text(json.dumps({"losses": Times.losses, "times": Times.times}))


def rate(times, tokens, skip=20):
    """Tokens per second from step `skip` on: the first steps load kernels."""
    return sum(tokens[skip + 1 :]) / (times[-1] - times[skip])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--length", type=int, default=1024)
    parser.add_argument("--layers", type=int, default=12)
    parser.add_argument("--hidden", type=int, default=768)
    parser.add_argument("--packing", action="store_true")
    parser.add_argument("--lora", action="store_true")
    parser.add_argument("--no-row-loss", action="store_true")
    parser.add_argument("--plain", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    model = options.work / "model"
    if options.plain:
        plain(options.rows, model, options, options.plain)
        return
    options.work.mkdir(parents=True, exist_ok=True)
    parameters = make_model(model, options.layers, options.hidden) if not model.exists() else None
    print(f"model: {parameters:,} parameters" if parameters else "model: as before", flush=True)

    def theirs(name):
        out = options.work / name
        out.mkdir(parents=True)
        subprocess.run([sys.executable, __file__, *sys.argv[1:], "--plain", str(out)], check=True)
        return json.loads((out / "plain.json").read_text())

    stamp = f"{'lora' if options.lora else 'full'}-{'bfd' if options.packing else 'unpacked'}"
    first = ours(run_folder(options.work, f"{stamp}-ours-1", options.rows, model, options))
    peer = theirs(f"{stamp}-plain-1")
    peer2 = theirs(f"{stamp}-plain-2")
    second = ours(run_folder(options.work, f"{stamp}-ours-2", options.rows, model, options))
    tokens = first["tokens"]
    mine = max(rate(side["times"], tokens) for side in (first, second))
    other = max(rate(side["times"], tokens) for side in (peer, peer2))
    difference = max(abs(a - b) for a, b in zip(first["losses"], peer["losses"], strict=False))
    noise = max(abs(a - b) for a, b in zip(peer2["losses"], peer["losses"], strict=False))
    curve = {step: round(first["losses"][step - 1], 4) for step in (1, 10, 50, 100, 200, options.steps) if step <= len(first["losses"])}
    print(json.dumps({
        "case": stamp, "steps": len(first["losses"]), "tokens per step": round(sum(tokens) / len(tokens)),
        "train.py tokens/s": round(mine), "plain TRL tokens/s": round(other), "ratio": round(mine / other, 3),
        "largest difference of losses": difference, "of two runs of plain TRL": noise, "loss by step": curve,
    }), flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
