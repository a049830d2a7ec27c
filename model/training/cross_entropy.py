"""Train a captioner's decoder by cross-entropy, on the regions that a frozen encoder sees.

Each next word of a human caption is predicted from the words before it (teacher forcing), and its log-probability
raised. After every epoch all validation photos are captioned and scored by CIDEr; when none of the last few epochs was
better than the best, training stops. What is kept is the mean of the best and the last epoch's weights.

    python -m model.training.cross_entropy --data ../data/flickr8k ../data/coco --out runs/english

A data folder holds images/, captions_en.tsv and perhaps train.txt and val.txt: photos named in train.txt are
trained on (all of a folder without one), those in val.txt validate. A run that was stopped goes on from its last
epoch when the same command is given again. The same seed gives the same run on the same versions and machine.
On several machines or GPUs: ``torchrun ... -m model.training.cross_entropy ...``.
"""

import argparse
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import torch
from safetensors.torch import load_file
from tqdm import tqdm
from transformers import EarlyStoppingCallback, Trainer, TrainingArguments, set_seed
from transformers.trainer_utils import get_last_checkpoint

from model.captioner import Captioner
from model.captioner.captioner import CaptionerModel
from model.captioner.config import CaptionerConfig
from model.captioner.encoder import load_imagenet_weights
from model.captioner.tokenizer import LANGUAGES, train_tokenizer
from model.training.dataset import CaptionedPhotos, collate, image_files, read_captions, read_names
from model.training.features import cached_features, is_mirrored
from model.training.scores import Scorer


class CaptionTrainer(Trainer):
    """transformers' Trainer, which validates by captioning instead of by loss."""

    def __init__(self, *args, lang: str, tokenizer, val_features, scorer: Scorer, val_names: list[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.lang, self.val_features, self.scorer, self.val_names = lang, val_features, scorer, val_names
        self.tokenizers = {lang: tokenizer}

    def compute_loss(self, model, inputs, return_outputs=False, num_items_in_batch=None):
        output = model(**inputs, lang=self.lang)
        return (output.loss, output) if return_outputs else output.loss

    def evaluate(self, eval_dataset=None, ignore_keys=None, metric_key_prefix: str = "eval") -> dict[str, float]:
        """CIDEr of greedy captions for all validation photos."""
        network = self.accelerator.unwrap_model(self.model)
        captioner = Captioner(network, self.tokenizers)
        captions = {
            name: captioner.describe(
                torch.tensor(regions[0], dtype=torch.float32, device=network.device), self.lang, beam=1
            ).caption
            for name, regions in zip(self.val_names, tqdm(self.val_features, desc="validate", leave=False), strict=True)
        }
        metrics = {
            f"{metric_key_prefix}_cider": self.scorer.cider(captions),
            f"{metric_key_prefix}_unique": len(set(captions.values())) / len(captions),
        }
        self.log(metrics)
        self.control = self.callback_handler.on_evaluate(self.args, self.state, self.control, metrics)
        return metrics


def gather(folders: list[Path], lang: str) -> tuple[list[tuple[Path, list[str]]], list[tuple[Path, list[str]]]]:
    """The photos to train on and to validate on, each with its captions."""
    training, validation = [], []
    for folder in folders:
        captions = read_captions(folder / f"captions_{lang}.tsv")
        files = image_files(folder / "images")
        names = {part: folder / f"{part}.txt" for part in ("train", "val")}
        train = read_names(names["train"]) if names["train"].is_file() else sorted(captions)
        val = read_names(names["val"]) if names["val"].is_file() else []
        training += [(files[name], captions[name]) for name in train]
        validation += [(files[name], captions[name]) for name in val]
    return training, validation


def average(network: CaptionerModel, checkpoint: Path) -> None:
    """Move the network's weights halfway to the checkpoint's.

    The mean of two points of one training run lies in a flatter place than either, and generalises better
    (Izmailov et al. 2018, "Averaging weights leads to wider optima and better generalization").
    """
    other = load_file(checkpoint / "model.safetensors")
    network.load_state_dict(
        {
            name: (tensor + other[name]) / 2 if tensor.is_floating_point() else tensor
            for name, tensor in network.state_dict().items()
        }
    )


def main(argv: Sequence[str] | None = None) -> None:
    options = _options(argv)
    set_seed(options.seed)
    train, val = gather(options.data, options.lang)
    if not val:
        raise SystemExit("No photos to validate on: none of the data folders has a val.txt.")
    tokenizer = train_tokenizer((text for _, texts in train for text in texts), options.lang, options.min_frequency)
    config = CaptionerConfig(vocabulary={options.lang: len(tokenizer)}, dropout=options.dropout)
    network = CaptionerModel(config)
    load_imagenet_weights(network.encoder)
    network.encoder.eval().requires_grad_(False)

    see = partial(cached_features, network.encoder, size=config.image_size, folder=options.cache, seed=0)
    train_features = see(files=[file for file, _ in train], views=options.views)
    val_features = see(files=[file for file, _ in val], views=1)
    mirrored = [is_mirrored(view) for view in range(options.views)]
    references = {file.stem: texts for file, texts in val}
    arguments = TrainingArguments(
        output_dir=str(options.out / "checkpoints"),
        num_train_epochs=options.epochs,
        per_device_train_batch_size=options.batch,
        learning_rate=options.learning_rate,
        lr_scheduler_type="cosine",
        warmup_steps=0.05,
        weight_decay=0.01,
        max_grad_norm=5.0,
        use_cpu=not torch.cuda.is_available(),
        bf16=True,
        eval_strategy="epoch",
        save_strategy="epoch",
        save_total_limit=2,
        load_best_model_at_end=True,
        metric_for_best_model="cider",
        greater_is_better=True,
        logging_steps=50,
        seed=options.seed,
        report_to="none",
        remove_unused_columns=False,
        dataloader_drop_last=True,
    )
    trainer = CaptionTrainer(
        network,
        arguments,
        data_collator=partial(collate, captions_each=5, pad=config.pad_token_id),
        train_dataset=CaptionedPhotos(train_features, [texts for _, texts in train], tokenizer, mirrored),
        eval_dataset=list(references),  # only named: `evaluate` captions the photos themselves
        callbacks=[EarlyStoppingCallback(early_stopping_patience=options.patience)],
        lang=options.lang,
        tokenizer=tokenizer,
        val_features=val_features,
        scorer=Scorer(references, options.lang),
        val_names=list(references),
    )
    trainer.train(resume_from_checkpoint=get_last_checkpoint(arguments.output_dir))
    if trainer.is_world_process_zero():
        network = network.cpu()
        average(network, Path(get_last_checkpoint(arguments.output_dir)))
        Captioner(network, {options.lang: tokenizer}).save_pretrained(options.out)
        print(f"The captioner is in {options.out}.")


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m model.training.cross_entropy",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--data", type=Path, nargs="+", required=True, metavar="DIR", help="data folders")
    add("--out", type=Path, required=True, metavar="DIR", help="where checkpoints and the captioner go")
    add("--cache", type=Path, default=Path("runs/features"), metavar="DIR", help="for regions (default %(default)s)")
    add("--lang", choices=sorted(LANGUAGES), default="en", help="language of the captions (default %(default)s)")
    add("--epochs", type=int, default=14, help="passes over the photos, at most (default %(default)s)")
    add("--batch", type=int, default=28, help="photos a batch, each with 5 captions (default %(default)s)")
    add("--learning-rate", type=float, default=1e-3, help="highest rate, reached after 5 %% (default %(default)s)")
    add("--dropout", type=float, default=0.5, help="(default %(default)s)")
    add("--views", type=int, default=2, help="upright, mirrored, then crops of each photo (default %(default)s)")
    add("--min-frequency", type=int, default=4, help="rarer words are left out (default %(default)s)")
    add("--patience", type=int, default=4, help="epochs without a better CIDEr before stopping (default %(default)s)")
    add("--seed", type=int, default=0, help="(default %(default)s)")
    return parser.parse_args(argv)


if __name__ == "__main__":
    main()
