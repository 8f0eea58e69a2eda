"""Compares runs of train.py with plain TRL and with cross entropy by hand, on the processor.

python main.py WORK_FOLDER [CASE ...]

Prints a line for each case with what was counted, and at last how many cases passed and failed.
"""

import contextlib
import hashlib
import io
import json
import logging
import signal
import subprocess
import sys
import time
import traceback
import warnings
from pathlib import Path

import kit
import torch
import train
from kit import Bench, curve, events, ours, plain, rows_of, spec_of
from transformers.utils import logging as transformers_logging

LORA = {"r": 4, "target_modules": ["q_proj", "v_proj"]}
FLAT = ("bfd", "bfd_split")


def screen(bench):
    """Labels on the screen are the labels in TRL's batch, packed and unpacked, for each tokenizer."""
    for data in sorted(bench.work.glob("data/screen-*")):
        shown = [json.loads(line) for line in (data / "screen.jsonl").read_text().splitlines()]
        rows = rows_of(data)
        assert rows["source_line"] == [row["line"] for row in shown]
        assert rows["input_ids"] == [row["ids"] for row in shown]
        assert rows["assistant_masks"] == [row["trained"] for row in shown]
        wanted = [[i if t else train.MASKED for i, t in zip(row["ids"], row["trained"], strict=True)] for row in shown]
        assert rows["labels"] == wanted
        for packing in (None, "bfd"):
            args = {"per_device_train_batch_size": 1 if packing else 4}
            folder = bench.folder(f"{data.name}-{packing or 'unpacked'}", data.name, args, packing=packing)
            batches, tokens = kit.check_batches(folder, ours(folder), flat=packing is not None)
            assert tokens == sum(len(row["ids"]) for row in shown)
            labels = sum(sum(row["trained"]) for row in shown)
            yield f"{data.name[7:]}, {packing or 'unpacked'}: {len(shown)} rows, {tokens} tokens, {labels} labels as shown, {batches} batches"


def batches(bench):
    """Events name the rows of each batch; tensors and losses are those of plain TRL; losses of rows are exact."""
    cases = {
        "unpacked": ({}, {}),
        "accumulation, 2 epochs": ({}, {"gradient_accumulation_steps": 3, "num_train_epochs": 2}),
        "checkpointing": ({}, {"gradient_checkpointing": True}),
        "padding-free": ({}, {"padding_free": True}),
        "bfd": ({"packing": "bfd"}, {"per_device_train_batch_size": 2}),
        "bfd, shuffled": ({"packing": "bfd"}, {"per_device_train_batch_size": 2, "shuffle_dataset": True}),
        "bfd_split": ({"packing": "bfd_split", "maxLength": 64}, {"per_device_train_batch_size": 2}),
        "lora": ({"method": "lora", "peft": {**LORA, "init_lora_weights": False}}, {}),
        "log every 5 steps": ({}, {"logging_steps": 5}),
    }
    for name, (spec, args) in cases.items():
        folder = bench.folder(f"batches-{len(name)}-{name.split(',')[0]}", "small", args, **spec)
        seen = ours(folder)
        flat = spec.get("packing") in FLAT or args.get("padding_free", False)
        count, tokens = kit.check_batches(folder, seen, flat=flat)
        error, pieces = kit.row_error(folder)
        assert error < 5e-6, error
        logs = [event for event in events(folder, "log") if "loss" in event]
        assert events(folder, "log")[-1]["tokens"] == tokens
        against = "not compared with plain TRL, which cuts otherwise"
        if name != "bfd_split":
            theirs, losses = plain(folder)
            kit.same_tensors(seen, theirs)
            mine = [event["loss"] for event in logs]
            assert mine == losses, (mine, losses)
            against = f"tensors of plain TRL, loss difference {max(abs(a - b) for a, b in zip(mine, losses, strict=True)):.0e}"
        yield f"{name}: {count} batches, {tokens} tokens, {pieces} losses of rows within {error:.0e}; {against}"


def watched(bench):
    """Lines that are watched have a loss for each token, and those of the labels average to the row's."""
    folder = bench.folder("watched", "small")
    ours(folder)
    rows, watch, seen = rows_of(folder), spec_of(folder)["watch"], 0
    assert [rows["source_line"][row] for row in watch] == [1, 3]
    for event in events(folder, "batch"):
        for entry in event.get("watched", []):
            labels, place = rows["labels"][entry["row"]], event["rows"].index(entry["row"])
            kept = [x for x, label in zip(entry["loss"], labels, strict=True) if label != train.MASKED and x is not None]
            assert abs(sum(kept) / len(kept) - event["loss"][place]) < 2e-6
            seen += 1
    assert seen == len(watch)
    yield f"{seen} watched rows"


def evaluation(bench):
    """Losses of eval rows and their mean over tokens, which does not depend on the batch as Trainer's does."""
    for size in (4, 5):
        folder = bench.folder(f"eval-{size}", "small", {"per_device_eval_batch_size": size, "eval_strategy": "epoch"})
        ours(folder)
        event, rows, model = events(folder, "eval")[-1], rows_of(folder, "eval"), kit.loaded(folder)
        table = [json.loads(line) for line in (folder / event["file"]).read_text().splitlines()]
        assert sorted(entry["row"] for entry in table) == list(range(len(rows["input_ids"]))) and len(table) == event["rows"]
        worst = total = count = 0
        for entry in table:
            labels = rows["labels"][entry["row"]][1:]
            kept = [x for x, label in zip(kit.token_losses(model, rows["input_ids"][entry["row"]]), labels, strict=True) if label != train.MASKED]
            assert entry["n"] == len(kept) and entry["line"] == rows["source_line"][entry["row"]]
            worst, total, count = max(worst, abs(entry["loss"] - sum(kept) / len(kept))), total + sum(kept), count + len(kept)
        assert worst < 5e-6 and abs(event["token_loss"] - total / count) < 5e-6
        losses = [entry["loss"] for entry in table]
        assert losses == sorted(losses, reverse=True) and [line for line, _ in event["worst"]] == [e["line"] for e in table[:20]]
        theirs = [e["eval_loss"] for e in events(folder, "log") if "eval_loss" in e][-1]
        yield f"{len(table)} rows within {worst:.0e}; mean over tokens {event['token_loss']:.5f}, by hand {total / count:.5f}, Trainer's {theirs:.5f}"


def resume(bench):
    """Stopped and resumed is the uninterrupted run, bit for bit."""
    cases = {
        "unpacked": ({}, {}, 9),
        "bfd, accumulation": ({"packing": "bfd"}, {"per_device_train_batch_size": 1, "gradient_accumulation_steps": 3}, 6),
        "lora with dropout": ({"method": "lora", "peft": {**LORA, "lora_dropout": 0.2}}, {}, 11),
    }
    for name, (spec, args, at) in cases.items():
        args = {"learning_rate": 1e-2, "num_train_epochs": 2, "save_strategy": "steps", "save_steps": 1000, **args}
        whole, parts = (bench.folder(f"resume-{name[:3]}-{part}", "small", args, **spec) for part in ("whole", "parts"))
        ours(whole)
        ours(parts, stop_at=at)
        end = events(parts, "train_end")[-1]
        assert (end["status"], end["step"]) == ("stopped", at), end
        assert [event["path"] for event in events(parts, "save")] == [f"out/checkpoint-{at}"]
        assert not list((parts / "out").glob("*.safetensors")), "a stopped run has no final model"
        (parts / "stop").unlink()
        ours(parts, resume=True)
        a, b = curve(whole), curve(parts)
        assert a == b, next((step, a[step], b.get(step)) for step in a if a[step] != b.get(step))
        x, y = kit.weights(whole), kit.weights(parts)
        assert x.keys() == y.keys() and all(torch.equal(x[key], y[key]) for key in x)
        assert [event["seq"] for event in events(parts)] == list(range(1, len(events(parts)) + 1))
        assert sorted({event["attempt"] for event in events(parts)}) == [1, 2]
        yield f"{name}: stopped at {at} of {len(a)} steps; rows, losses, norms, rates, tokens and {len(x)} weights equal; loss {a[1]['log'][0]:.2f} -> {a[max(a)]['log'][0]:.2f}"


def killed(bench):
    """SIGKILL between checkpoints, a torn last line, a torn checkpoint."""
    args = {"learning_rate": 1e-2, "save_strategy": "steps", "save_steps": 5}
    whole, folder = bench.folder("killed-whole", "small", args), bench.folder("killed", "small", args)
    ours(whole)
    child = bench.ranks(folder, 1, "--slow", "0.3")
    wait_for(child, lambda: any(event["step"] >= 8 for event in events(folder, "batch")))
    child.kill()
    child.wait()
    with open(folder / "metrics.jsonl", "a") as file:
        file.write('{"v":1,"seq":99')
    (folder / "out" / "checkpoint-7").mkdir()
    ours(folder, resume=True)
    again, steps = events(folder, "train_begin")[-1], curve(whole)
    assert again["step"] == 5 and again["attempt"] == 2
    assert steps == curve(folder)
    numbers = [event["seq"] for event in events(folder)]
    assert numbers == sorted(set(numbers))
    yield f"resumed at step {again['step']}, {len(events(folder, 'batch')) - len(steps)} steps done again, {len(steps)} steps equal, seq rising"


def wait_for(child, happened, limit=120):
    until = time.monotonic() + limit
    while time.monotonic() < until:
        with contextlib.suppress(FileNotFoundError):
            if happened():
                return
        assert child.poll() is None, f"ended with {child.returncode}"
        time.sleep(0.05)
    raise AssertionError("nothing happened")


def ranks(bench):
    """Two processes: batches of both, a stop that both agree on, an error on one."""
    args = {"learning_rate": 1e-2, "save_strategy": "steps", "save_steps": 1000, "num_train_epochs": 2}
    folder = bench.folder("ranks", "small", {**args, "gradient_accumulation_steps": 2}, worldSize=2, packing="bfd")
    assert bench.ranks(folder, 2, "--stop-at", "5").wait(200) == 0, (folder / "out.log").read_text()[-2000:]
    begin, end = events(folder, "train_begin")[0], events(folder, "train_end")[-1]
    assert (begin["world_size"], begin["world_size_asked"], end["status"], end["step"]) == (2, 2, "stopped", 5)
    assert train.last_whole_checkpoint(folder / "out").name == "checkpoint-5"
    seen = [torch.load(folder / f"seen-{rank}.pt") for rank in (0, 1)]
    counts = [kit.check_batches(folder, seen[rank], rank, flat=True) for rank in (0, 1)]
    yield f"stopped at step {end['step']}: batches {[c[0] for c in counts]}, tokens {[c[1] for c in counts]} on 2 ranks"
    folder = bench.folder("ranks-error", "small", args, worldSize=2)
    code = bench.ranks(folder, 2, "--fail", "1:3").wait(200)
    (error,) = events(folder, "error")
    assert code != 0 and (error["type"], error["message"], error["rank"]) == ("RuntimeError", "out of luck", 1), error
    yield f"error on rank 1: exit {code}, event of rank {error['rank']}: {error['type']}: {error['message']}"
    folder = bench.folder("ranks-terminated", "small", {**args, "num_train_epochs": 20}, worldSize=1)
    child = bench.ranks(folder, 1, "--slow", "0.1")
    wait_for(child, lambda: any(event["step"] >= 3 for event in events(folder, "batch")))
    asked = time.monotonic()
    child.send_signal(signal.SIGTERM)
    code, end = child.wait(60), events(folder, "train_end")[-1]
    assert code == 0 and end["status"] == "stopped"
    yield f"SIGTERM: exit {code} after {time.monotonic() - asked:.1f} s, stopped at step {end['step']} with {events(folder, 'save')[-1]['path']}"


def bad_luck(bench):
    """Not-a-number is shown as such; wrong data, models and numbers of processes end a run before its first step."""
    folder = bench.folder("nan", "small", {"learning_rate": 1e30, "max_grad_norm": 0})
    ours(folder)
    losses = [event["loss"] for event in events(folder, "log") if "loss" in event]
    assert isinstance(losses[0], float) and losses[2] == "NaN", losses[:3]
    assert events(folder, "batch")[2]["step_loss"] == "NaN"
    yield f"NaN: losses {losses[0]:.3f}, {losses[1]}, {losses[2]}"

    ledger = train.Ledger({"train": rows_table([4, 5, 3])}, {"rowLoss": True, "watch": []})
    log_probs = -torch.arange(1.0, 12.0)[None]
    log_probs[0, 5] = torch.nan  # of the label at 6, in row 1
    ledger.add("train", 1, train.np.array([[0, 0, 4, 0], [0, 4, 9, 4], [0, 9, 12, 9]]), log_probs, torch.arange(12)[None])
    (entry,) = ledger.take("train")
    assert entry["nll"][0] == 6 and entry["nll"][1] != entry["nll"][1] and entry["nll"][2] == 30 and entry["n"] == [3, 5, 3]
    yield "NaN in one row of a pack: only that row"

    def refuses(name, error, change=lambda folder: None, **spec):
        folder = bench.folder(name, "small", **spec)
        change(folder)
        try:
            train.train(folder, False)
        except error as raised:
            (event,) = events(folder)
            assert (event["event"], event["type"], event["message"]) == ("error", error.__name__, str(raised))
            return f"{error.__name__}: {raised}"
        raise AssertionError(f"{name} was trained on")

    def append(folder):
        with open(folder / "train.arrow", "ab") as file:
            file.write(b"\0")

    yield refuses("hash", train.DataMismatch, append)
    yield refuses("missing", train.DataMismatch, lambda folder: (folder / "eval.arrow").unlink())
    yield refuses("vocabulary", train.VocabularyMismatch, tiny={"vocabSize": 300, "seed": 1})
    yield refuses("world-size", train.WorldSizeMismatch, worldSize=2)
    if not torch.cuda.is_available():
        yield refuses("qlora", train.MissingGpu, method="qlora")


def rows_table(lengths):
    table = train.Rows.__new__(train.Rows)
    table.starts = train.np.concatenate([[0], train.np.cumsum(lengths)])
    table.lines = train.np.arange(len(lengths))
    return table


def preferences(bench):
    """DPO and KTO on our ids are DPO and KTO on TRL's own tokens of the same texts."""
    from datasets import Dataset
    from transformers import AutoTokenizer
    from trl import DPOConfig, DPOTrainer, KTOConfig, KTOTrainer

    texts = {"dpo": ("pairs", ("prompt", "chosen", "rejected")), "kto": ("rated", ("prompt", "completion", "label"))}
    for method, (file, names) in texts.items():
        args = {"learning_rate": 1e-3, "num_train_epochs": 2, "eval_strategy": "epoch", "per_device_eval_batch_size": 4}
        folder = bench.folder(method, method, args)
        seen = ours(folder)
        rows, sequences = rows_of(folder), 0
        for event in events(folder, "batch"):
            (tensors,) = [t for step, t in seen if step == event["step"]]
            half = len(event["rows"]) // 2
            for place, row in enumerate(event["rows"]):
                column = "completion_ids" if method == "kto" else "chosen_ids" if place < half else "rejected_ids"
                asked, answer = rows["prompt_ids"][row], rows[column][row]
                assert tensors["input_ids"][place][: len(asked + answer)].tolist() == asked + answer
                mask = tensors["completion_mask"][place].tolist()
                assert mask == [0] * len(asked) + [1] * len(answer) + [0] * (len(mask) - len(asked + answer))
                assert event["lines"][place] == rows["source_line"][row] and event["loss"][place] > 0
                sequences += 1
        trainer_class, config = (DPOTrainer, DPOConfig) if method == "dpo" else (KTOTrainer, KTOConfig)

        def read(name):
            entries = [json.loads(line) for line in (bench.work / name).read_text().splitlines()]
            return Dataset.from_list([{name: entry[name] for name in names} for entry in entries])

        trainer = trainer_class(
            str(folder / "tiny"), processing_class=AutoTokenizer.from_pretrained(bench.work / "model"),
            args=config(output_dir=str(folder / "plain"), max_length=None, report_to="none", disable_tqdm=True,
                        **{"bf16": False, "logging_steps": 1, **spec_of(folder)["args"]}),
            train_dataset=read(f"{file}.jsonl"), eval_dataset=read(f"{file}-eval.jsonl"),
        )  # fmt: skip
        trainer.train()
        for figure in ("loss", "eval_loss"):
            mine = [event[figure] for event in events(folder, "log") if figure in event]
            theirs = [entry[figure] for entry in trainer.state.log_history if figure in entry]
            assert mine == theirs and mine, (figure, mine, theirs)
        worst = events(folder, "eval")[-1]
        yield f"{method}: {sequences} sequences, losses of {len(events(folder, 'batch'))} steps and of eval ({worst['rows']} rows) equal to TRL's own from text"


def compare(bench):
    """Before and after: losses of tokens by hand, answers of both models, an event when a run has ended."""
    for name, spec in {"full": {}, "lora": {"method": "lora", "peft": {**LORA, "init_lora_weights": False}}}.items():
        folder = bench.folder(f"compare-{name}", "small", {"learning_rate": 1e-2, "save_strategy": "steps", "save_steps": 5}, **spec)
        ours(folder)
        request = {"checkpoint": None, "prompts": [0, 3], "rows": [{"split": "eval", "row": 0}, {"split": "train", "row": 5}], "maxNewTokens": 8}
        train.compare(folder, request, False)
        made = json.loads((folder / "compare.json").read_text())
        sides = {"base": kit.loaded(folder, tuned=False), "tuned": kit.loaded(folder)}
        worst = count = 0
        for entry in made["rows"]:
            ids = rows_of(folder, entry["split"])["input_ids"][entry["row"]]
            for side, model in sides.items():
                each = kit.token_losses(model, ids)
                assert entry[side][0] is None and len(entry[side]) == len(ids)
                worst, count = max(worst, *(abs(a - b) for a, b in zip(each, entry[side][1:], strict=True))), count + len(each)
        assert worst < 5e-6, worst
        rows = rows_of(folder, "eval")
        for entry in made["prompts"]:
            prompt, labels = entry["ids"]["prompt"], rows["labels"][entry["row"]]
            assert prompt == rows["input_ids"][entry["row"]][: len(prompt)] and entry["base"] is None
            assert labels[len(prompt) - 1] == train.MASKED and entry["ids"]["expected"] == [x for x in labels[len(prompt) :] if x != train.MASKED]
            for side, model in sides.items():
                ids = torch.tensor([prompt])
                answer = model.generate(input_ids=ids, attention_mask=torch.ones_like(ids), do_sample=False, max_new_tokens=8,
                                        eos_token_id=spec_of(folder)["stopIds"], pad_token_id=0)[0, len(prompt):].tolist()  # fmt: skip
                assert entry["ids"][side] == answer, (entry["ids"][side], answer)
        train.compare(folder, {**request, "checkpoint": "out/checkpoint-5", "prompts": []}, False)
        earlier = json.loads((folder / "compare.json").read_text())
        assert earlier["checkpoint"] == "out/checkpoint-5" and earlier["rows"][0]["base"] == made["rows"][0]["base"]
        train.compare(folder, {**request, "checkpoint": "out/checkpoint-5", "prompts": [], "rows": [{"split": "eval", "row": 2}]}, False)
        assert [row["row"] for row in json.loads((folder / "compare.json").read_text())["rows"]] == [0, 5, 2]
        yield f"{name}: {count} losses of tokens within {worst:.0e}, {len(made['prompts'])} answers of both models, a checkpoint"

    program = Path(train.__file__)
    folder = bench.folder("compare-after", "small", {"max_steps": 2}, prompts=3, maxNewTokens=4, heartbeat=10)
    code = subprocess.run([sys.executable, str(program), str(folder)], capture_output=True, timeout=200, env=kit.without_ranks()).returncode
    made = json.loads((folder / "compare.json").read_text())
    assert code == 0 and [event["event"] for event in events(folder)][-2:] == ["train_end", "compare"]
    assert {event["attempt"] for event in events(folder)} == {1} and len(made["prompts"]) == len(made["rows"]) == 3
    yield "after a run: 3 prompts, event after train_end, exit 0"
    folder = bench.folder("compare-fails", "small", {"max_steps": 1}, prompts=3, maxNewTokens=0)
    code = subprocess.run([sys.executable, str(program), str(folder)], capture_output=True, timeout=200, env=kit.without_ranks()).returncode
    assert code == 0 and [event["event"] for event in events(folder)][-1] == "train_end"
    yield "a comparison that fails: the run is done all the same"


def overhead(bench):
    """Time in train.py's own code per step, clocked inside a run: whole runs differ more by noise than by us."""
    for name, spec in {"unpacked": {}, "bfd": {"packing": "bfd"}}.items():
        steps = 40
        folder = bench.folder(f"overhead-{name}", "long", {"max_steps": steps, "per_device_train_batch_size": 8, "logging_steps": 5}, **spec)
        spent = {}
        with contextlib.ExitStack() as stack:
            for owner, method in ((train.TrackingCollator, "__call__"), (train.Ledger, "add"), (train.Reporter, "on_step_end"), (train.Reporter, "on_log")):
                stack.enter_context(clock(owner, method, spent))
            from trl.trainer.sft_trainer import DataCollatorForLanguageModeling

            stack.enter_context(clock(DataCollatorForLanguageModeling, "torch_call", spent))
            train.train(folder, False)
        runtime = next(event["train_runtime"] for event in events(folder, "log") if "train_runtime" in event)
        spent["__call__"] -= spent.pop("torch_call")
        own = sum(spent.values())
        assert own / runtime < 0.2
        yield f"{name}: {1000 * own / steps:.2f} ms of {1000 * runtime / steps:.1f} ms a step: " + ", ".join(f"{key} {1000 * value / steps:.2f}" for key, value in spent.items())


@contextlib.contextmanager
def clock(owner, name, spent):
    original = getattr(owner, name)

    def timed(*args, **kwargs):
        began = time.perf_counter()
        try:
            return original(*args, **kwargs)
        finally:
            spent[name] = spent.get(name, 0) + time.perf_counter() - began

    setattr(owner, name, timed)
    try:
        yield
    finally:
        setattr(owner, name, original)


def requirements(bench):
    """The packages that train.py names are those of requirements.txt, and those that are tried here."""
    source = Path(train.__file__)
    head = source.read_text().split("# ///")[1]
    named = [line.strip('#", \n') for line in head.splitlines() if line.startswith('#   "')]
    listed = source.with_name("requirements.txt").read_text().split("\n")[:-1]
    assert named == listed, (named, listed)
    yield f"{len(named)} requirements, sha256 {hashlib.sha256(chr(10).join(listed).encode()).hexdigest()[:12]}"


CASES = [requirements, screen, batches, watched, evaluation, resume, killed, ranks, bad_luck, preferences, compare, overhead]


def main():
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    transformers_logging.disable_progress_bar()
    bench = Bench(Path(sys.argv[1]))
    chosen = sys.argv[2:]
    passed = failed = 0
    for case in CASES:
        if chosen and case.__name__ not in chosen:
            continue
        began, noise = time.monotonic(), io.StringIO()
        lines = case(bench)
        while True:
            try:
                with contextlib.redirect_stdout(noise):
                    line = next(lines)
            except StopIteration:
                break
            except Exception:
                failed += 1
                print(f"{case.__name__:13} FAILED\n{noise.getvalue()[-1500:]}\n{traceback.format_exc()}", flush=True)
                break
            passed += 1
            print(f"{case.__name__:13} {line}", flush=True)
        print(f"{case.__name__:13} {time.monotonic() - began:.1f} s", flush=True)
    print(f"parity trainer: {passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    train.leave(main())
