"""`axolotl train`, up to the batches of its trainer: plain, and with sample packing."""
import importlib.machinery
import logging
import os
import sys
from unittest import mock


def absent(*names):
    for name in names:
        sys.modules[name] = mock.MagicMock(__spec__=importlib.machinery.ModuleSpec(name, None))


def main():
    from kit import CASE, begin, rows_of, tiny_model

    # Both report its use; nothing is sent without the modules.
    absent("posthog", "wandb", "wandb.sdk", "wandb.sdk.lib")
    import axolotl
    from axolotl.cli.config import load_cfg
    from axolotl.loaders import load_tokenizer
    from axolotl.utils.data import prepare_datasets
    from transformers import AutoModelForCausalLM, Trainer  # noqa: F401  (it looks for triton, too)

    # Kernels for graphics cards, and training of quantized models, which needs more packages.
    absent("triton", "triton.language", "axolotl.utils.callbacks.qat")
    from axolotl.core.builders import HFCausalTrainerBuilder
    from axolotl.monkeypatch.data.batch_dataset_fetcher import apply_multipack_dataloader_patch

    logging.disable(logging.CRITICAL)
    model = tiny_model()
    for packing in (False, True):
        config = load_cfg(
            CASE["config"],
            base_model=model,
            sample_packing=packing,
            # of a pack
            micro_batch_size=1 if packing else 4,
            output_dir=os.path.join(CASE["work"], "out"),
            dataset_prepared_path=os.path.join(CASE["work"], f"prepared-{packing}"),
        )
        tokenizer = load_tokenizer(config)
        if packing:
            # as it does before it loads a model
            apply_multipack_dataloader_patch()
        train_dataset, _, steps, _ = prepare_datasets(config, tokenizer)
        builder = HFCausalTrainerBuilder(config, AutoModelForCausalLM.from_pretrained(model), tokenizer)
        builder.train_dataset = train_dataset
        trainer = builder.build(steps)
        # it leaves out the last packs
        begin(f"axolotl train{', sample_packing' if packing else ''}, axolotl {axolotl.__version__}", whole=not packing)
        for batch in trainer.get_train_dataloader():
            rows_of(batch)


# It saves what it prepared by processes of its own, which read this file again.
if __name__ == "__main__":
    main()
