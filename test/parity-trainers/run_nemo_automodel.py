"""Labels of NeMo Automodel's ChatDataset. usage: run_nemo_automodel.py CASES.json OUT.jsonl"""
import json
import os
import tempfile

from kit import Answers, read_cases
from nemo_automodel.components.datasets.llm.chat_dataset import ChatDataset
from transformers import AutoTokenizer


def main():
    cases = read_cases()
    answers = Answers()
    rows = {name: row for name, row in cases["rows"].items() if "messages" in row or "conversations" in row}
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "rows.jsonl")
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows.values())
        for family, tokenizer_folder in cases["families"].items():
            runs = [run for run in cases["runs"] if family in run["families"]]
            tokenizer = AutoTokenizer.from_pretrained(tokenizer_folder) if runs else None
            for run in runs:
                options = {key: value for key, value in run["mask"].items() if key not in ("preset", "version")}
                whole = ChatDataset(path, tokenizer, unshifted=True, **options)
                # asked once: what the model trains on are these labels, one place to the left
                shifted = ChatDataset(path, tokenizer, **options) if run is runs[0] else None
                for index, name in enumerate(rows):
                    try:
                        sample = whole[index]
                        shifted_labels = shifted and shifted[index]["labels"]
                    except Exception as error:
                        answers.refused(run, family, name, error)
                        continue
                    ids, mask = sample["input_ids"], sample["loss_mask"]
                    labels = [token if bit else -100 for token, bit in zip(ids, mask)]
                    assert shifted is None or shifted_labels == labels[1:]
                    answers.labels(run, family, name, ids, labels)


if __name__ == "__main__":
    main()
