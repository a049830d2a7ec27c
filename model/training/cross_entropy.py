"""Train a captioner's decoder by cross-entropy, on the regions that a frozen encoder sees.

Each next word of a human caption is predicted from the words before it (teacher forcing), and its log-probability
raised. After every epoch all validation photos are captioned and scored by CIDEr; when none of the last few epochs was
better than the best, training stops. What is kept is the mean of the best and the last epoch's weights.

    python -m model.training.cross_entropy --data ../data/flickr8k ../data/coco --out runs/english

A data folder holds images/, captions_en.tsv and perhaps train.txt and val.txt: photos named in train.txt are
trained on (all of a folder without one), those in val.txt validate. A run that was stopped goes on from its last
epoch when the same command is given again. The same seed gives the same run on the same versions and machine, with as
many threads.
In two processes, one for each core: ``torchrun --nproc-per-node 2 -m model.training.cross_entropy ...``.
"""

import argparse
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import torch
from accelerate import PartialState
from transformers import EarlyStoppingCallback, set_seed

from model import shell
from model.captioner import Captioner
from model.captioner.captioner import CaptionerModel
from model.captioner.config import CaptionerConfig
from model.captioner.encoder import load_imagenet_weights
from model.captioner.languages import LANGUAGES
from model.captioner.tokenizer import train_tokenizer
from model.training import processor
from model.training.average import average, checkpoints_in, last_checkpoint
from model.training.dataset import CaptionedPhotos, collate, gather
from model.training.features import cached_features, draw_view
from model.training.trainer import CaptionTrainer, DrawAnew, end_together, training_arguments


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status: 0, or 2 when something was wrong."""
    options = _options(argv)
    return shell.run(lambda: _train(options))


def _train(options: argparse.Namespace) -> int:
    lang = options.lang
    processor.prepare(options.threads)
    set_seed(options.seed)
    train, val = gather(options.data, [lang], options.by_model)
    train = [said for photo in train if (said := photo.by_people())]
    texts = (text for photo in train for text in photo.captions.get(lang, ()))
    tokenizers = {lang: train_tokenizer(texts, lang, options.min_frequency)}
    config = CaptionerConfig(vocabulary={lang: len(tokenizers[lang])}, dropout=options.dropout)
    network = CaptionerModel(config)
    load_imagenet_weights(network.encoder)
    network.encoder.eval().requires_grad_(False)

    see = partial(cached_features, network.encoder, size=config.image_size, folder=options.cache)
    with PartialState().main_process_first():  # it computes them, the others read them
        train_features = see(files=[photo.file for photo in train], views=options.views)
        val_features = see(files=[photo.file for photo in val], views=1)
    learn = CaptionedPhotos(train, tokenizers, partial(draw_view, train_features), seed=options.seed)
    arguments = training_arguments(
        options.out,
        num_train_epochs=options.epochs,
        per_device_train_batch_size=options.batch // processor.processes(),
        learning_rate=options.learning_rate,
        load_best_model_at_end=True,
        seed=options.seed,
    )
    trainer = CaptionTrainer(
        network,
        arguments,
        data_collator=partial(collate, pad=config.pad_token_id),
        train_dataset=learn,
        callbacks=[DrawAnew(learn), EarlyStoppingCallback(early_stopping_patience=options.patience)],
        tokenizers=tokenizers,
        val=val,
        see=lambda places: list(torch.tensor(val_features[list(places), 0])),
    )
    trainer.train(resume_from_checkpoint=last_checkpoint(options.out))
    if trainer.is_world_process_zero():
        network = network.cpu()
        last = checkpoints_in(options.out)[-1]
        average(network, [Path(trainer.state.best_model_checkpoint or last), last])
        Captioner(network, tokenizers).save_pretrained(options.out)
        print(f"The captioner is in {options.out}.")
    end_together(trainer)
    return 0


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m model.training.cross_entropy",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--data", type=Path, nargs="+", required=True, metavar="DIR", help="data folders")
    add("--out", type=Path, required=True, metavar="DIR", help="where checkpoints and the captioner go")
    add("--by-model", nargs="+", default=[], metavar="FOLDER/LANG", help="captions that a model wrote: left out here")
    add("--threads", type=int, metavar="N", help="for each operation (default: what is faster now)")
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
    sys.exit(main())
