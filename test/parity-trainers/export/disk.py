"""`datasets`: the folder by load_from_disk, read back equal after it saved its own."""
import os

from kit import CASE, begin, row

import datasets
import yaml

datasets.disable_progress_bars()
with open(CASE["config"], encoding="utf-8") as file:
    path = yaml.safe_load(file)["tokenized_path"]
begin(f"load_from_disk, datasets {datasets.__version__}")
data = datasets.load_from_disk(path)
copy = os.path.join(CASE["work"], "copy")
data.save_to_disk(copy)
saved = datasets.load_from_disk(copy)
assert saved.features == data.features and saved.column_names == ["input_ids", "attention_mask", "labels"]
assert saved.to_list() == data.to_list()
# its caches go into the folder, by the fingerprint
assert len(data.filter(lambda one: len(one["input_ids"]) > 0)) == len(data)
for one in data:
    assert one["attention_mask"] == [1] * len(one["input_ids"])
    row(one["input_ids"], one["labels"])
