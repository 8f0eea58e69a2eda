"""`trl sft --config`: its own parser, loader and trainer, up to the batches."""
from kit import CASE, begin, rows_of, tiny_model

import datasets
import trl
from transformers import AutoModelForCausalLM, AutoTokenizer
from trl import SFTTrainer, get_dataset
from trl.scripts.sft import make_parser

datasets.disable_progress_bars()
model = tiny_model()
arguments = ["--config", CASE["config"], "--model_name_or_path", model, "--output_dir", CASE["work"]]
script_args, training_args, model_args, dataset_args, *_ = make_parser().parse_args_and_config(arguments)
dataset = get_dataset(dataset_args)
trainer = SFTTrainer(
    model=AutoModelForCausalLM.from_pretrained(model),
    args=training_args,
    train_dataset=dataset[script_args.dataset_train_split],
    processing_class=AutoTokenizer.from_pretrained(model),
)
begin(f"trl sft, TRL {trl.__version__}")
for batch in trainer.get_train_dataloader():
    rows_of(batch)
