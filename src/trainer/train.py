# /// script
# requires-python = ">=3.10"
# dependencies = [
#   "trl==1.16.0",
#   "transformers==5.23.0",
#   "peft==0.21.2",
#   "datasets==5.2.0",
#   "accelerate==1.15.0",
#   "torch==2.13.0",
#   "pyarrow>=21,<27",
#   "numpy>=2,<3",
# ]
# ///
"""Trains on exactly the token ids and labels of an Arrow file, and says which rows made each loss.

    python train.py RUN_FOLDER                 train by spec.json, manifest.json and train.arrow of the folder
    python train.py RUN_FOLDER --resume        go on from the last whole checkpoint, or start
    python train.py RUN_FOLDER --compare JSON  base against tuned model, into compare.json

Many GPUs: started once for each by torchrun. TRL trains; this file prepares its dataset, follows each sequence by its
address, and writes `metrics.jsonl`. An address is the place of a token in its file, counted over all rows: it names
row and offset at once. Tested with TRL 1.16; from TRL 1.7 it trains too, before 1.16 without losses of rows.
"""

import argparse
import contextlib
import ctypes
import hashlib
import importlib.metadata
import json
import math
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import traceback
from pathlib import Path

os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")  # TRL reports the start of each trainer otherwise
os.environ.setdefault("HF_DATASETS_DISABLE_PROGRESS_BARS", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
RANK, RANKS = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
if "WORLD_SIZE" not in os.environ and "," in os.environ.get("CUDA_VISIBLE_DEVICES", ","):
    # One process, one GPU: Trainer would spread a single process over all of them with DataParallel.
    os.environ["CUDA_VISIBLE_DEVICES"] = os.environ.get("CUDA_VISIBLE_DEVICES", "0").split(",")[0]

import numpy as np  # noqa: E402
import pyarrow as pa  # noqa: E402
import pyarrow.compute as pc  # noqa: E402
import torch  # noqa: E402
from accelerate.utils import gather_object  # noqa: E402
from datasets import Dataset, concatenate_datasets  # noqa: E402
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, PreTrainedTokenizerFast  # noqa: E402
from transformers import TrainerCallback  # noqa: E402
from trl import DPOConfig, DPOTrainer, KTOConfig, KTOTrainer, SFTConfig, SFTTrainer, pack_dataset  # noqa: E402

PIECES = "pieces"  # key under which a batch carries its pieces to compute_loss
MASKED = -100
STARTED = time.time()
ALIVE = []  # freeing DDP over gloo can wait for ever on the GIL (pytorch 56297): nothing in here is ever freed


class WorldSizeMismatch(Exception):
    """The run was asked for another number of processes than were started."""


class DataMismatch(Exception):
    """A file of the run is not the one that was handed over."""


class VocabularyMismatch(Exception):
    """The data was made with the tokenizer of another model."""


class MissingGpu(Exception):
    """The method needs a GPU."""


class MissingModel(Exception):
    """There is no model to compare with."""


# --- data -------------------------------------------------------------------------------------------------------


class Rows:
    """An Arrow file of the run: where the tokens of its rows begin, and the source line of each row."""

    def __init__(self, path, method):
        self.dataset = Dataset.from_file(str(path))
        table = self.dataset.data.table
        ids = {"dpo": "chosen_ids", "kto": "completion_ids"}.get(method, "input_ids")
        lengths = [pc.list_value_length(chunk).to_numpy() for chunk in table[ids].chunks]
        self.starts = np.concatenate([[0], np.cumsum(np.concatenate(lengths), dtype=np.int64)])
        self.lines = table["source_line"].to_numpy()

    def __len__(self):
        return len(self.lines)

    def length(self, row):
        return int(self.starts[row + 1] - self.starts[row])

    def locate(self, addresses):
        """Addresses -> (row, offset of the token in its row)."""
        row = np.searchsorted(self.starts, addresses, side="right") - 1
        return row, addresses - self.starts[row]

    def largest_id(self):
        columns = [name for name in self.dataset.column_names if name.endswith("_ids")]
        return max(pc.max(chunk.flatten()).as_py() or 0 for c in columns for chunk in self.dataset.data.table[c].chunks)


def with_row_numbers(dataset):
    return dataset.add_column("row", np.arange(len(dataset), dtype=np.int32))


def packed(rows, args):
    """TRL's own packing, with one column more: the address of each token, which lives through any cut and order."""
    width = np.int32 if rows.starts[-1] < 2**31 else np.int64
    starts = rows.starts

    def addresses(table, indices):
        ids = table["input_ids"].combine_chunks()
        at = pa.array(np.arange(starts[indices[0]], starts[indices[-1] + 1], dtype=width))
        return pa.table({"at": type(ids).from_arrays(pc.subtract(ids.offsets, ids.offsets[0]), at)})

    shuffle = getattr(args, "shuffle_dataset", False)
    with args.main_process_first(local=False, desc="packing"):  # the others read what the first one cached
        columns = rows.dataset.select_columns(["input_ids", "labels"])
        at = rows.dataset.select_columns(["input_ids"]).with_format("arrow")
        at = at.map(addresses, with_indices=True, batched=True, desc="Addresses").with_format(None)
        dataset = concatenate_datasets([columns, at], axis=1)
        if shuffle:
            dataset = dataset.shuffle(seed=args.seed)
        dataset = pack_dataset(dataset, args.max_length, args.packing_strategy, {"desc": "Packing"})
        return dataset.shuffle(seed=args.seed) if shuffle else dataset


def with_kl_completions(dataset, args):
    """KTO's mismatched pairs as TRL makes them: each batch of rows with its completions turned by one."""

    def turn(batch):
        batch["KL_completion_ids"] = [batch["completion_ids"][-1], *batch["completion_ids"][:-1]]
        return batch

    with args.main_process_first(local=False, desc="pairs"):
        return dataset.map(turn, batched=True, batch_size=args.per_device_train_batch_size)


class TrackingCollator:
    """TRL's collator for SFT, and the pieces of rows in its batch: [sequence, begin, end, address], a line each."""

    def __init__(self, collate, rows, flat):
        self.collate, self.starts, self.flat = collate, rows.starts, flat

    def __call__(self, examples):
        batch = self.collate(examples)
        pieces, before = [], 0
        for number, example in enumerate(examples):
            sequence, shift = (0, before) if self.flat else (number, 0)
            if "at" in example:  # a pack: a new piece begins where addresses jump or the row changes
                at = np.asarray(example["at"], dtype=np.int64)
                row = np.searchsorted(self.starts, at, side="right")
                cut = np.flatnonzero((np.diff(at) != 1) | (np.diff(row) != 0)) + 1
                begins, ends = np.append(0, cut), np.append(cut, len(at))
                pieces += [(sequence, shift + b, shift + e, at[b]) for b, e in zip(begins, ends, strict=True)]
                before += len(at)
            else:
                start, end = self.starts[example["row"]], self.starts[example["row"] + 1]
                pieces.append((sequence, shift, shift + end - start, start))
                before += int(end - start)
        batch[PIECES] = np.asarray(pieces, dtype=np.int64)  # no tensor: it stays on the CPU, reading it costs no sync
        return batch


class PairCollator:
    """TRL's collator for preferences, and the row of each sequence: a DPO batch is [all chosen, all rejected]."""

    def __init__(self, collate, rows, method):
        self.collate, self.starts, self.method = collate, rows.starts, method

    def __call__(self, examples):
        batch = self.collate(examples)
        width = batch["input_ids"].shape[1]
        numbers = [example["row"] for example in examples] * (2 if self.method == "dpo" else 1)
        batch[PIECES] = np.array([[i, 0, width, self.starts[row]] for i, row in enumerate(numbers)])
        return batch


# --- trainer ----------------------------------------------------------------------------------------------------


class Ledger:
    """What each step was made of: pieces, and the loss of each, kept on the device until someone asks."""

    def __init__(self, tables, spec):
        self.tables, self.losses = tables, spec["rowLoss"]
        self.watch = np.asarray(sorted(spec["watch"]), dtype=np.int64)
        self.pending = {"train": [], "eval": []}

    def add(self, mode, step, pieces, log_probs, labels):
        """`log_probs[:, t]` belongs to the label at t + 1 and is zero where nothing is trained (TRL's fused head)."""
        sums = counts = kept = None
        width = labels.shape[1] - 1 if labels is not None else 0
        if self.losses and log_probs is not None and log_probs.shape[1] >= width:  # shorter: sequence parallel
            nll = -log_probs.detach()[:, -width:].float()  # prompt-learning adapters prepend virtual tokens
            exact = torch.float32 if nll.device.type == "mps" else torch.float64
            sequence, begin, end, _ = torch.from_numpy(pieces).to(nll.device, non_blocking=True).unbind(1)

            def per_piece(values, kind):
                # Running sums. Two columns first: nothing before the first token, and no loss for it.
                total = torch.cat([values.new_zeros(len(values), 2, dtype=kind), values.cumsum(1, dtype=kind)], 1)
                return total[sequence, end] - total[sequence, begin]

            finite = nll.isfinite()
            sums = per_piece(nll.where(finite, 0), exact)
            sums = sums.where(per_piece(~finite, torch.int64) == 0, torch.nan)  # a NaN stays in its own row
            counts = per_piece(labels[:, 1:] != MASKED, torch.int64)
            if mode == "train" and len(self.watch):
                if np.isin(self.tables[mode].locate(pieces[:, 3])[0], self.watch).any():
                    kept = nll
        self.pending[mode].append((step, pieces, sums, counts, kept))

    def take(self, mode):
        """Everything since the last call, as plain lists that can be sent to rank 0."""
        taken, self.pending[mode] = self.pending[mode], []
        out = []
        for step, pieces, sums, counts, tokens in taken:
            row, offset = self.tables[mode].locate(pieces[:, 3])
            entry = {
                "step": step,
                "sequence": pieces[:, 0].tolist(),
                "row": row.tolist(),
                "from": offset.tolist(),
                "to": (offset + pieces[:, 2] - pieces[:, 1]).tolist(),
            }
            if sums is not None:
                entry["nll"], entry["n"] = sums.tolist(), counts.tolist()
            if tokens is not None:
                hits = np.flatnonzero(np.isin(row, self.watch))
                entry["watched"] = [(int(row[i]), int(offset[i]), losses_of(tokens, *pieces[i, :3])) for i in hits]
            out.append(entry)
        return out


def losses_of(nll, sequence, begin, end):
    """One number per token of a piece: the loss of having to write it; none for the first token of a sequence."""
    first = [None] if begin == 0 else []
    return first + [round(x, 6) for x in nll[sequence, max(begin, 1) - 1 : end - 1].tolist()]


def tracked(trainer_class):
    """The trainer, with a compute_loss that takes the pieces out of the batch and listens to the model's outputs."""

    class Tracked(trainer_class):
        ledger = None
        eval_collator = None

        def compute_loss(self, model, inputs, return_outputs=False, num_items_in_batch=None):
            pieces = inputs.pop(PIECES, None)
            if pieces is None or self.ledger is None:
                return super().compute_loss(model, inputs, return_outputs, num_items_in_batch)
            heard = []

            def listen(module, args, given, output):
                if given.get("input_ids") is inputs["input_ids"]:  # not the reference model's call, not KTO's pairs
                    heard.append((getattr(output, "log_probs", None), given.get("labels")))

            # On the model that TRL calls: PEFT calls `.forward` of the base model, which runs no hooks.
            hook = model.register_forward_hook(listen, with_kwargs=True)
            try:
                result = super().compute_loss(model, inputs, return_outputs, num_items_in_batch)
            finally:
                hook.remove()
            log_probs, labels = next((h for h in heard if h[0] is not None), (None, None))
            mode = "train" if self.model.training else "eval"
            self.ledger.add(mode, self.state.global_step + 1, pieces, log_probs, labels)
            return result

        def get_eval_dataloader(self, eval_dataset=None):
            """Trainer has one collator for both loaders; rows of the eval file need their own table."""
            kept, self.data_collator = self.data_collator, self.eval_collator or self.data_collator
            try:
                return super().get_eval_dataloader(eval_dataset)
            finally:
                self.data_collator = kept

    Tracked.__name__ = trainer_class.__name__  # for the model card
    return Tracked


def pretokenized(trainer_class):
    """DPO and KTO always tokenize (TRL 1.16); rows that hold ids already pass untouched."""

    class Pretokenized(trainer_class):
        def _prepare_dataset(self, dataset, *args, **kwargs):
            return dataset

    Pretokenized.__name__ = trainer_class.__name__
    return Pretokenized


# --- events -----------------------------------------------------------------------------------------------------


def plain(value):
    """JSON without NaN: non-finite numbers become "NaN", "Infinity", "-Infinity"."""
    if isinstance(value, (np.generic, torch.Tensor)):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, dict):
        return {key: plain(x) for key, x in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(x) for x in value]
    return value


def to_json(value):
    return json.dumps(plain(value), allow_nan=False, separators=(",", ":"))


class EventLog:
    """`metrics.jsonl`: one whole line per write; `seq` and `attempt` go on from what earlier attempts wrote."""

    def __init__(self, path, same_attempt=False):
        self.path, self.lock = Path(path), threading.Lock()
        self.seq, before, self.torn = self.read_last()
        self.attempt = max(before, 1) if same_attempt else before + 1

    def read_last(self):
        if not self.path.exists():
            return 0, 0, False
        with open(self.path, "rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - (1 << 22)))
            lines = file.read().split(b"\n")
        torn = lines[-1] != b""  # the last attempt died while writing
        for line in reversed(lines):
            with contextlib.suppress(ValueError, KeyError, TypeError):
                last = json.loads(line)
                return last["seq"], last["attempt"], torn
        return 0, 0, torn

    def write(self, event, step, **fields):
        with self.lock:
            self.seq += 1
            head = {"v": 1, "seq": self.seq, "t": round(time.time(), 3), "event": event}
            line = to_json({**head, "attempt": self.attempt, "step": step, **fields}) + "\n"
            if self.torn:
                line, self.torn = "\n" + line, False
            try:
                # Opened and closed each time: closing is what makes a network file system show the line to others.
                handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
                try:
                    os.write(handle, line.encode())
                finally:
                    os.close(handle)
            except OSError:  # a full disk must not end the training; the hole in `seq` tells
                self.torn = True


def tokens_until(path, step):
    """Tokens of all steps up to `step` that earlier attempts wrote; a step that was done again counts once."""
    counts = {}
    with contextlib.suppress(FileNotFoundError), open(path, "rb") as file:
        for line in file:
            if b'"event":"batch"' in line:
                with contextlib.suppress(ValueError, KeyError):
                    event = json.loads(line)
                    counts[event["step"]] = event["tokens"]
    return sum(count for at, count in counts.items() if at <= step)


def gpu_figures():
    """Memory and load of the GPUs of this machine that the run may use; None where there is none."""
    if not torch.cuda.is_available():
        return None
    own = torch.cuda.current_device()
    # Asking torch about another device would start CUDA on it, which takes memory there.
    figures = {own: {"allocated": torch.cuda.memory_allocated(own), "peak": torch.cuda.max_memory_allocated(own)}}
    columns = "index,uuid,memory.used,memory.total,utilization.gpu"
    query = ["nvidia-smi", f"--query-gpu={columns}", "--format=csv,noheader,nounits"]
    with contextlib.suppress(OSError, subprocess.SubprocessError, ValueError):
        table = subprocess.run(query, capture_output=True, text=True, timeout=5, check=True).stdout
        visible = [name.strip() for name in os.environ.get("CUDA_VISIBLE_DEVICES", "").split(",") if name.strip()]
        for line in table.splitlines():
            index, uuid, used, total, load = (cell.strip() for cell in line.split(","))
            names = [place for place, name in enumerate(visible) if name == index or uuid.startswith(name)]
            if visible and not names:
                continue
            place = names[0] if visible else int(index)
            figure = figures.setdefault(place, {})
            figure.update(memory_used=int(used) << 20, memory_total=int(total) << 20)
            if load.isdigit():
                figure["utilization"] = int(load)
    if "memory_total" not in figures[own]:
        free, total = torch.cuda.mem_get_info(own)
        figures[own].update(memory_used=total - free, memory_total=total)
    return [{"index": index, **figures[index]} for index in sorted(figures)]


class Reporter(TrainerCallback):
    """Events of a run, its heartbeat, and stopping with a checkpoint that all ranks agree on."""

    def __init__(self, folder, ledger, spec, parameters):
        self.folder, self.ledger, self.spec, self.parameters = folder, ledger, spec, parameters
        self.log = None  # rank 0 only, from the first step on
        self.step, self.asked, self.stopping, self.done = 0, False, False, threading.Event()
        self.tokens, self.marked = 0, None
        self.failed, self.failing = False, threading.Lock()

    # life

    def on_train_begin(self, args, state, control, **_):
        self.step = state.global_step
        if state.is_world_process_zero:
            path = self.folder / "metrics.jsonl"
            self.tokens = tokens_until(path, state.global_step)
            self.log = EventLog(path)
            self.log.write(
                "train_begin", state.global_step, max_steps=state.max_steps, epochs=state.num_train_epochs,
                world_size=args.world_size, world_size_asked=self.spec["worldSize"],
                per_device_batch=args.per_device_train_batch_size, accumulation=args.gradient_accumulation_steps,
                device=str(args.device), device_name=device_name(args.device),
                parallel=str(args.distributed_state.distributed_type), method=self.spec["method"],
                packing=self.spec["packing"], rows=len(self.ledger.tables["train"]), **self.parameters,
                versions={"python": sys.version.split()[0], **{name: importlib.metadata.version(name) for name in
                          ("torch", "transformers", "trl", "peft", "datasets", "accelerate")}},
            )  # fmt: skip
            threading.Thread(target=self.pulse, daemon=True).start()
        self.marked = (time.monotonic(), self.tokens)

    def pulse(self):
        while not self.done.wait(self.spec["heartbeat"]):
            with contextlib.suppress(Exception):
                gpus = gpu_figures()
                self.log.write("heartbeat", self.step, **({"gpus": gpus} if gpus else {}))
                if failed := earliest_error(self.folder):  # this rank may wait for ever for a peer that is gone
                    self.fail(failed)
                    return

    def fail(self, record):
        """The error event: once, whoever of heartbeat and main thread comes first."""
        with self.failing:
            if not self.failed:
                self.failed = True
                self.log = self.log or EventLog(self.folder / "metrics.jsonl")
                self.log.write("error", self.step, **record)

    def on_train_end(self, args, state, control, **_):
        self.publish(args)
        self.done.set()
        if self.log:
            self.log.write("train_end", state.global_step, status="stopped" if self.stopping else "done")

    # steps

    def ask(self, *_):
        """Signal handler: stop at the end of this step."""
        self.asked = True

    def on_step_end(self, args, state, control, **_):
        self.step = state.global_step
        if self.agree_to_stop(args) and state.global_step < state.max_steps:
            self.stopping = True
            control.should_save = control.should_log = control.should_training_stop = True
        if control.should_log or control.should_save or control.should_training_stop or control.should_evaluate:
            self.publish(args)  # one gather for all steps since the last one
        return control

    def agree_to_stop(self, args):
        asked = self.asked or (args.process_index == 0 and (self.folder / "stop").exists())
        if args.world_size == 1:
            return asked
        flag = torch.tensor([int(asked)], device=args.device)
        torch.distributed.all_reduce(flag, op=torch.distributed.ReduceOp.MAX)
        return bool(flag.item())

    def publish(self, args):
        entries = self.ledger.take("train")
        ranks = gather_object([entries]) if args.world_size > 1 else [entries]
        if self.log:
            for step in sorted({entry["step"] for entries in ranks for entry in entries}):
                event = self.batch_event(step, ranks)
                self.tokens += event["tokens"]
                self.log.write("batch", step, **event)

    def batch_event(self, step, ranks):
        rows = self.ledger.tables["train"]
        event = {"lines": [], "rows": [], "pieces": [], "loss": [], "n": [], "micro": [], "tokens": 0}
        nll, count, watched = 0, 0, []
        for rank, entries in enumerate(ranks):
            for number, entry in enumerate(e for e in entries if e["step"] == step):
                for i, row in enumerate(entry["row"]):
                    begin, end = entry["from"][i], entry["to"][i]
                    whole = self.spec["method"] in ("dpo", "kto") or (begin == 0 and end == rows.length(row))
                    event["rows"].append(row)
                    event["lines"].append(int(rows.lines[row]))
                    event["micro"].append([rank, number, entry["sequence"][i]])
                    event["pieces"].append(None if whole else [begin, end])
                    event["tokens"] += end - begin
                    if "nll" in entry:
                        n = entry["n"][i]
                        event["loss"].append(round(entry["nll"][i] / n, 6) if n else None)
                        event["n"].append(n)
                        nll, count = nll + entry["nll"][i], count + n
                watched += [{"row": r, "from": f, "loss": x} for r, f, x in entry.get("watched", [])]
        if all(piece is None for piece in event["pieces"]):
            del event["pieces"]
        if count:
            event["step_loss"] = nll / count
        if not event["n"]:
            del event["loss"], event["n"]
        if watched:
            event["watched"] = watched
        return event

    def on_log(self, args, state, control, logs=None, **_):
        if not self.log or logs is None:
            return
        figures = {**logs, "tokens": self.tokens}
        if "loss" in figures:
            now, (then, before) = time.monotonic(), self.marked
            figures["tokens_per_second"] = round((self.tokens - before) / max(now - then, 1e-6), 1)
            self.marked = (now, self.tokens)
        self.log.write("log", state.global_step, **figures)

    def on_save(self, args, state, control, **_):
        if self.log:
            self.log.write("save", state.global_step, path=f"out/checkpoint-{state.global_step}")

    def on_evaluate(self, args, state, control, **_):
        """The loss of each row of the eval set, exact over tokens, with no forward pass of its own."""
        entries = self.ledger.take("eval")
        ranks = gather_object([entries]) if args.world_size > 1 else [entries]
        entries = [entry for entries in ranks for entry in entries if "nll" in entry]
        if not self.log or not entries:
            return
        rows, sums = self.ledger.tables["eval"], {}
        for entry in entries:
            half = len(entry["row"]) // 2 if self.spec["method"] == "dpo" else math.inf  # chosen first, then rejected
            for i, row in enumerate(entry["row"]):  # the last batch is filled up with rows that came before
                sums.setdefault((row, entry["from"][i], i >= half), (entry["nll"][i], entry["n"][i]))
        table = [{"line": int(rows.lines[row]), "row": row, "loss": nll / n if n else None, "n": n}
                 for (row, *_), (nll, n) in sums.items()]  # fmt: skip
        table.sort(key=worst_first)
        total = sum(entry["n"] for entry in table)
        name = f"eval/step-{state.global_step}.jsonl"
        (self.folder / "eval").mkdir(exist_ok=True)
        write_whole(self.folder / name, "".join(to_json(entry) + "\n" for entry in table))
        self.log.write(
            "eval", state.global_step, file=name, rows=len({entry["row"] for entry in table}), tokens=total,
            token_loss=sum((entry["loss"] or 0) * entry["n"] for entry in table) / max(total, 1),
            worst=[[entry["line"], round(entry["loss"], 6)] for entry in table[:20] if entry["loss"] is not None],
        )  # fmt: skip


def worst_first(entry):
    loss = entry["loss"]
    if loss is None:  # nothing trained
        return math.inf
    return -loss if math.isfinite(loss) else -math.inf


def device_name(device):
    return torch.cuda.get_device_name(device) if device.type == "cuda" else str(device.type)


def write_whole(path, text):
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, path)


# --- models -----------------------------------------------------------------------------------------------------


def read_spec(folder):
    spec = json.loads((folder / "spec.json").read_text(encoding="utf-8"))
    defaults = {"peft": None, "packing": None, "rowLoss": True, "watch": [], "worldSize": None, "heartbeat": 10,
                "prompts": 0, "maxNewTokens": 128, "stopIds": [], "tiny": None, "args": {}}  # fmt: skip
    return {**defaults, **spec}


def has_accelerator():
    return torch.cuda.is_available() or torch.backends.mps.is_available() or (hasattr(torch, "xpu") and torch.xpu.is_available())


def base_model(folder, spec):
    """Id or folder of the model that is trained; the tiny one is made first."""
    if spec["tiny"] is None:
        return spec["model"]
    keep_freed_memory()
    return str(tiny_model(folder / "tiny", **spec["tiny"]))


def tiny_model(folder, vocabSize, seed):
    """A random Llama small enough to learn a few rows on a processor in a minute. All attempts and ranks share it."""
    if RANK == 0 and not folder.exists():
        from transformers import LlamaConfig, LlamaForCausalLM

        config = LlamaConfig(
            vocab_size=vocabSize, hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
            num_key_value_heads=2, max_position_embeddings=32768, tie_word_embeddings=True,
            bos_token_id=None, eos_token_id=None, pad_token_id=None,
        )  # fmt: skip
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            LlamaForCausalLM(config).save_pretrained(f"{folder}.part")
        os.replace(f"{folder}.part", folder)
    until = time.monotonic() + 120
    while not folder.exists():
        if time.monotonic() > until:
            raise MissingModel(f"{folder} was not made within 120 s. All nodes must share the folder of the run.")
        time.sleep(0.1)
    return folder


def keep_freed_memory():
    """
    A tiny model with a big vocabulary asks for the same hundred megabytes in each step: having the system clear them
    anew takes longer than the arithmetic (glibc; from 1.9 to 0.9 s a step with 152k tokens).
    """
    with contextlib.suppress(OSError, AttributeError):
        libc = ctypes.CDLL("libc.so.6")
        libc.mallopt(-4, 0)  # M_MMAP_MAX: nothing is mapped that would be given back
        libc.mallopt(-1, 2**31 - 1)  # M_TRIM_THRESHOLD


def precision(spec, bf16):
    """
    Arguments that load the model as the method wants it. TRL's default is float32, which trains whole models well;
    weights that an adapter leaves as they are need half of that. FSDP and DeepSpeed want one type for all: there
    nothing is said.
    """
    sharded = any(spec["args"].get(name) for name in ("fsdp", "fsdp_config", "deepspeed", "parallelism_config"))
    if spec["method"] == "lora" and bf16 and not sharded:
        return {"dtype": "bfloat16"}
    if spec["method"] != "qlora":
        return {}
    if not torch.cuda.is_available():
        raise MissingGpu(
            "qlora needs an NVIDIA GPU, and none is visible here. Set method to lora, or choose a target with a GPU."
        )
    try:
        import bitsandbytes  # noqa: F401
    except ImportError:
        raise MissingGpu(
            "qlora needs the package bitsandbytes. Install it into the target's Python, or set method to lora."
        ) from None
    from transformers import BitsAndBytesConfig

    return {
        "dtype": "bfloat16",
        "quantization_config": BitsAndBytesConfig(
            load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=torch.bfloat16,
        ),  # fmt: skip
    }


def tokenizer_of(model):
    """The model's tokenizer, or None: the rows are ids already."""
    try:
        return AutoTokenizer.from_pretrained(model)
    except (OSError, ValueError, KeyError):
        return None


def stand_in_tokenizer(config):
    """TRL wants a tokenizer, of which it needs the id that fills up batches."""
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel

    known = [config.pad_token_id, config.eos_token_id, 0]
    pad = next(x[0] if isinstance(x, list) else x for x in known if x is not None)
    return PreTrainedTokenizerFast(tokenizer_object=Tokenizer(WordLevel({"<pad>": pad}, "<pad>")), pad_token="<pad>")


def adapter(spec):
    if spec["method"] not in ("lora", "qlora") and spec["peft"] is None:
        return None
    from peft import LoraConfig

    return LoraConfig(**{"task_type": "CAUSAL_LM", "target_modules": "all-linear", **(spec["peft"] or {})})


# --- run --------------------------------------------------------------------------------------------------------


def check_start(folder, spec, model):
    """What must hold before the first step, so that a run never trains on something else than was shown."""
    if spec["worldSize"] is not None and spec["worldSize"] != RANKS:
        raise WorldSizeMismatch(
            f"{spec['worldSize']} processes were asked for, and {RANKS} started. "
            "Set gpus and nodes to what the target gives."
        )
    if RANK != 0:
        return
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for split in ("train", "eval"):
        if manifest[split] is None:
            continue
        path = folder / f"{split}.arrow"
        if not path.exists():
            raise DataMismatch(f"{path.name} is missing in the folder of the run. Start the run again.")
        with open(path, "rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest() if sys.version_info >= (3, 11) else sha256(file)
        if found != manifest[split]["arrowSha256"]:
            asked = manifest[split]["arrowSha256"]
            raise DataMismatch(f"{path.name} is not the file that was handed over: its SHA-256 is {found[:12]}, and "
                               f"the manifest says {asked[:12]}. Start the run again.")  # fmt: skip
        size = AutoConfig.from_pretrained(model).get_text_config().vocab_size
        largest = Rows(path, spec["method"]).largest_id()
        if largest >= size:
            raise VocabularyMismatch(f"{path.name} holds token {largest}, and {spec['model']} knows {size} tokens. "
                                     "Set the tokenizer to the model's own.")  # fmt: skip


def sha256(file):
    digest = hashlib.sha256()
    while chunk := file.read(1 << 20):
        digest.update(chunk)
    return digest.hexdigest()


def last_whole_checkpoint(folder):
    """The newest checkpoint whose trainer_state.json (written last) can be read; a torn one is passed over."""
    def number(path):
        return int(path.name.rsplit("-", 1)[1])

    for path in sorted(folder.glob("checkpoint-[0-9]*"), key=number, reverse=True):
        with contextlib.suppress(OSError, ValueError, KeyError):
            if json.loads((path / "trainer_state.json").read_text())["global_step"] == number(path):
                return path
    return None


def build(folder, spec, model):
    """Spec and Arrow files -> a TRL trainer that is ready to train, and its reporter."""
    method, packing = spec["method"], spec["packing"]
    train = Rows(folder / "train.arrow", method)
    held_out = Rows(folder / "eval.arrow", method) if (folder / "eval.arrow").exists() else None
    tables = {"train": train, "eval": held_out}
    asked = dict(spec["args"])
    shared = {
        # Without it and without an accelerator, accelerate takes ranks on processors for single runs (accelerate 1.15).
        **({} if has_accelerator() else {"use_cpu": True}),
        "report_to": "none", "disable_tqdm": True, "logging_nan_inf_filter": False, "logging_steps": 1,
        "bf16": torch.cuda.is_available() and not asked.get("use_cpu", False) and not asked.get("fp16", False),
        **asked,
        "output_dir": str(folder / "out"), "remove_unused_columns": False,  # so that row numbers reach the collator
    }  # fmt: skip
    if held_out is None:
        shared.update(eval_strategy="no", load_best_model_at_end=False)
    if load := precision(spec, shared["bf16"]):
        shared["model_init_kwargs"] = {**load, **(shared.get("model_init_kwargs") or {})}
    ledger = Ledger(tables, spec)
    tokenizer = tokenizer_of(model)
    filler = tokenizer or stand_in_tokenizer(AutoConfig.from_pretrained(model).get_text_config())

    def columns(rows, args):
        dataset = rows.dataset
        if method == "kto":
            dataset = with_kl_completions(dataset, args)
        elif method != "dpo":
            dataset = dataset.select_columns(["input_ids", "labels"])
        return with_row_numbers(dataset)

    if method in ("dpo", "kto"):
        trainer_class, config = (DPOTrainer, DPOConfig) if method == "dpo" else (KTOTrainer, KTOConfig)
        trainer_class = pretokenized(trainer_class)
        args = config(**{**shared, "max_length": None})  # rows come cut
        dataset = columns(train, args)
    else:
        trainer_class = SFTTrainer
        args = SFTConfig(**{
            **shared, "dataset_kwargs": {"skip_prepare_dataset": True}, "packing": packing is not None,
            "packing_strategy": packing or "bfd", "eval_packing": False,
            "max_length": spec["maxLength"] if packing else None,  # rows come cut; padding_free refuses a number
        })  # fmt: skip
        dataset = packed(train, args) if packing else columns(train, args)
    trainer = tracked(trainer_class)(
        model, args=args, train_dataset=dataset, eval_dataset=columns(held_out, args) if held_out else None,
        processing_class=filler, peft_config=adapter(spec),
    )  # fmt: skip
    ALIVE.append(trainer)
    if args.world_size != RANKS:
        raise WorldSizeMismatch(f"{RANKS} processes started, and each trains alone: TRL sees {args.world_size}. "
                                "Remove what the spec's args say about devices.")  # fmt: skip
    if tokenizer is None:
        trainer.processing_class = None  # the stand-in must not be saved beside the model

    # Wrapped after construction: padding-free refuses a collator as argument.
    collate = trainer.data_collator

    def tracking(rows):
        if method in ("dpo", "kto"):
            return PairCollator(collate, rows, method)
        return TrackingCollator(collate, rows, trainer.padding_free)

    trainer.data_collator = tracking(train)
    trainer.eval_collator = tracking(held_out) if held_out else None
    trainer.ledger = ledger
    counts = {"trainable": trainer.get_num_trainable_parameters(), "parameters": trainer.model.num_parameters()}
    reporter = Reporter(folder, ledger, spec, counts)
    trainer.add_callback(reporter)
    return trainer, reporter


def train(folder, resume):
    reporter, asked = None, []
    (folder / f"error-rank{RANK}.json").unlink(missing_ok=True)
    for name in ("SIGTERM", "SIGUSR1"):
        if hasattr(signal, name):  # no SIGUSR1 on Windows
            signal.signal(getattr(signal, name), lambda *_: reporter.ask() if reporter else asked.append(True))
    try:
        spec = read_spec(folder)
        model = base_model(folder, spec)
        check_start(folder, spec, model)
        trainer, reporter = build(folder, spec, model)
        if asked:
            reporter.ask()
        checkpoint = last_whole_checkpoint(folder / "out") if resume else None
        trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
        if not reporter.stopping:
            trainer.save_model()
        trainer.save_state()
    except BaseException as error:
        report_error(folder, error, reporter)
        raise
    if torch.distributed.is_initialized():
        torch.distributed.barrier()  # nobody leaves while another still writes
    if RANK == 0 and spec["prompts"] > 0 and not reporter.stopping:
        compare_afterwards(folder, spec)


def report_error(folder, error, reporter):
    """Each rank leaves a file, rank 0 writes the event: of the earliest error, as the others only lose their peer."""
    record = {"type": type(error).__name__, "message": str(error)[:2000], "rank": RANK}
    trace = "".join(traceback.format_exception(error))[-4000:]
    write_whole(folder / f"error-rank{RANK}.json", to_json({**record, "at": time.time(), "trace": trace}))
    if reporter:
        reporter.done.set()
    if RANK == 0:
        if RANKS > 1:
            time.sleep(1)  # a peer that failed first may still be writing
            record = earliest_error(folder) or record
        if reporter:
            reporter.fail(record)
        else:
            EventLog(folder / "metrics.jsonl").write("error", 0, **record)


def earliest_error(folder):
    """What went wrong first on any rank of this attempt; clocks of nodes may differ by seconds."""
    records = []
    for path in folder.glob("error-rank*.json"):
        with contextlib.suppress(OSError, ValueError, KeyError):
            record = json.loads(path.read_text(encoding="utf-8"))
            if record["at"] >= STARTED - 10:
                records.append(record)
    if not records:
        return None
    first = min(records, key=lambda record: record["at"])
    return {"type": first["type"], "message": first["message"], "rank": first["rank"]}


# --- before and after -------------------------------------------------------------------------------------------


def compare_afterwards(folder, spec):
    """
    Replaces this process by one that compares and then ends with 0 whatever happens: what was trained is on the disk,
    and the memory of the GPU is free for two models.
    """
    split = "eval" if (folder / "eval.arrow").exists() else "train"
    count = min(spec["prompts"], len(Rows(folder / f"{split}.arrow", spec["method"])))
    rows = [{"split": split, "row": row} for row in range(count)]
    request = {"checkpoint": None, "split": split, "prompts": list(range(count)), "rows": rows,
               "maxNewTokens": spec["maxNewTokens"]}  # fmt: skip
    for child in multiprocessing.active_children():  # loader workers look for their parent's id, which stays
        child.terminate()
    sys.stdout.flush()
    sys.stderr.flush()
    guard = "import os, signal, subprocess, sys\nsignal.signal(signal.SIGTERM, lambda *_: os._exit(0))\n" \
            "try: subprocess.run(sys.argv[1:], timeout=3600)\nfinally: os._exit(0)"  # fmt: skip
    command = [sys.executable, str(Path(__file__).resolve()), str(folder), "--event", "--compare", to_json(request)]
    alone = {name: value for name, value in os.environ.items()
             if not name.startswith(("TORCHELASTIC_", "GROUP_", "ROLE_", "LOCAL_"))
             and name not in ("RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT")}  # fmt: skip
    with contextlib.suppress(OSError):
        os.execve(sys.executable, [sys.executable, "-c", guard, *command], alone)


@torch.no_grad()
def compare(folder, request, event):
    """Answers and token losses of base and tuned model, in one process; an adapter needs one copy of the base."""
    spec = read_spec(folder)
    device = "cuda" if torch.cuda.is_available() and not spec["args"].get("use_cpu", False) else "cpu"
    tuned_at = tuned_model(folder, request["checkpoint"])
    model = base_model(folder, spec)
    tokenizer = tokenizer_of(model)
    half = device == "cuda" and torch.cuda.is_bf16_supported()  # both must fit, and be told apart by training alone
    options = {"dtype": "bfloat16" if half else "auto", **(spec["args"].get("model_init_kwargs") or {})}
    if spec["method"] == "qlora":
        options.update(precision(spec, True))
    options["device_map"] = {"": 0 if device == "cuda" else "cpu"}

    def loaded(path):
        return with_token_losses(AutoModelForCausalLM.from_pretrained(path, **options)).eval()

    base = loaded(model)
    if (tuned_at / "adapter_config.json").exists():
        from peft import PeftModel

        tuned = PeftModel.from_pretrained(base, str(tuned_at)).eval()
        sides = [("base", tuned, tuned.disable_adapter), ("tuned", tuned, contextlib.nullcontext)]
    else:
        sides = [("base", base, contextlib.nullcontext), ("tuned", loaded(str(tuned_at)), contextlib.nullcontext)]

    files = {split: folder / f"{split}.arrow" for split in ("train", "eval")}
    tables = {split: Rows(path, spec["method"]) for split, path in files.items() if path.exists()}
    stops = spec["stopIds"]
    prompts, rows = [], []
    for row in request["prompts"]:
        split = request.get("split", "eval")
        ids, expected = question_and_answer(tables[split].dataset[row])
        texts = {"prompt": ids, "expected": expected}
        for name, side, context in sides:
            with context():
                texts[name] = answer(side, ids, request["maxNewTokens"], stops, device)
        entry = {"split": split, "row": row, "line": int(tables[split].lines[row]), "ids": texts}
        prompts.append({**entry, **{name: tokenizer.decode(x) if tokenizer else None for name, x in texts.items()}})
    for place in request["rows"]:
        table = tables[place["split"]]
        example = table.dataset[place["row"]]
        whole = example["input_ids"] if "input_ids" in example else sum(question_and_answer(example), [])
        ids = torch.tensor([whole], device=device)
        entry = {**place, "line": int(table.lines[place["row"]])}
        for name, side, context in sides:
            with context():
                entry[name] = [None, *(round(x, 6) for x in token_losses(side, ids))]
        rows.append(entry)

    result = {"checkpoint": str(tuned_at.relative_to(folder)), "prompts": prompts, "rows": rows}
    write_whole(folder / "compare.json", to_json(merged(folder / "compare.json", result)))
    if event:
        state = json.loads((folder / "out" / "trainer_state.json").read_text())
        log = EventLog(folder / "metrics.jsonl", same_attempt=True)
        log.write("compare", state["global_step"], file="compare.json")


def tuned_model(folder, checkpoint):
    """The folder of the tuned model: the asked checkpoint, the saved model, or the last whole checkpoint."""
    out = folder / "out"
    for path in [folder / checkpoint] if checkpoint else [out, last_whole_checkpoint(out)]:
        if path and any((path / name).exists() for name in ("adapter_config.json", "config.json")):
            return path
    raise MissingModel(f"There is no whole model in {checkpoint or 'out'}. Compare when the run has saved one.")


def question_and_answer(example):
    """Ids before the last trained stretch of a row, and that stretch. Where all is trained, the first half asks."""
    if "prompt_ids" in example:
        return example["prompt_ids"], example.get("chosen_ids", example.get("completion_ids"))
    ids, labels = example["input_ids"], example["labels"]
    end = max((i for i, label in enumerate(labels) if label != MASKED), default=len(ids) - 1) + 1
    begin = max((i for i in range(end) if labels[i] == MASKED), default=-1) + 1
    begin = begin if begin > 0 else max(1, end // 2)
    return ids[:begin], ids[begin:end]


def answer(model, prompt, limit, stops, device):
    config = model.generation_config
    ends = config.eos_token_id if isinstance(config.eos_token_id, list) else [config.eos_token_id]
    ends = sorted({x for x in [*ends, *stops] if x is not None})
    ids = torch.tensor([prompt], device=device)
    made = model.generate(
        input_ids=ids, attention_mask=torch.ones_like(ids), do_sample=False, max_new_tokens=limit,
        eos_token_id=ends or None, pad_token_id=ends[0] if ends else 0,
    )  # fmt: skip
    return made[0, len(prompt) :].tolist()


def with_token_losses(model):
    """TRL's head that gives log-probabilities without keeping all logits, where TRL has it."""
    with contextlib.suppress(ImportError):
        from trl.trainer import add_fused_lm_head

        add_fused_lm_head(model)
        model.has_fused_head = True
    return model


def token_losses(model, ids):
    """The loss of each token after the first; of masked ones too, as a person may want to see it."""
    if getattr(model, "has_fused_head", False):
        return (-model(input_ids=ids, labels=ids, fused_lm_head=True).log_probs[0].float()).tolist()
    logits = model(input_ids=ids).logits[0, :-1].float()
    return torch.nn.functional.cross_entropy(logits, ids[0, 1:], reduction="none").tolist()


def merged(path, result):
    """What earlier requests found for the same checkpoint stays; a row that was asked again is replaced."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        before = json.loads(path.read_text(encoding="utf-8"))
        if before["checkpoint"] == result["checkpoint"]:
            for kind in ("prompts", "rows"):
                asked = {(entry["split"], entry["row"]) for entry in result[kind]}
                kept = [entry for entry in before[kind] if (entry["split"], entry["row"]) not in asked]
                result = {**result, kind: kept + result[kind]}
    return result


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--compare", type=json.loads, metavar="JSON")
    parser.add_argument("--event", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    folder = options.folder.resolve()
    if options.compare is not None:
        return compare(folder, options.compare, options.event)
    return train(folder, options.resume)


def leave(code):
    """Ends the process without freeing the process group, see ALIVE."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    try:
        main()
    except SystemExit as error:
        leave(error.code if isinstance(error.code, int) else 1)
    except BaseException:
        traceback.print_exc()
        leave(1)
    # 0 after a stop too: torchrun ends the other ranks when one leaves with another code; `train_end` tells the story.
    leave(0)
