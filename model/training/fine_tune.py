"""Train a whole captioner, eye and all, for several languages at once.

It starts from captioners whose decoders were trained on a frozen encoder (``cross_entropy``): the encoder, whose
weights are still ImageNet's, and each one's decoder. One encoder now serves all decoders and learns from all their
losses, at a lower rate than theirs: what it saw was chosen to tell a thousand kinds of things apart, not to say what a
man does with a rope. Photos are cropped, mirrored and lit a little differently each time they are seen.

    python -m model.training.fine_tune --from runs/english runs/chinese --data ../data/flickr8k ../data/coco \\
        --out runs/fine_tuned

What is kept is the mean of the last epochs' weights. A run that was stopped goes on from its last epoch when the same
command is given again. The same seed gives the same run on the same versions and machine, with as many threads.
"""

import argparse
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import torch
from torch import Tensor
from torchvision.transforms import v2
from transformers import set_seed

from model import shell
from model.captioner import Captioner
from model.captioner.captioner import CaptionerModel
from model.captioner.config import CaptionerConfig
from model.captioner.encoder import Encoder
from model.captioner.image import open_photo, to_pixels
from model.training import processor
from model.training.average import average, epochs_in, last_checkpoint
from model.training.dataset import Captioned, CaptionedPhotos, collate, gather
from model.training.trainer import (
    CaptionTrainer,
    DrawAnew,
    KeepWeights,
    StopAfter,
    end_together,
    training_arguments,
)

#: Validation photos in the encoder at once.
_BATCH = 32


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status: 0, or 2 when something was wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m model.training.fine_tune",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--from",
        "--start",
        dest="start",
        type=Path,
        nargs="+",
        required=True,
        metavar="DIR",
        help="captioners to start from",
    )
    add_options(parser, epochs=8, learning_rate=4e-4, encoder_learning_rate=1.5e-4, averaged=3)
    options = parser.parse_args(argv)
    return shell.run(lambda: train(CaptionTrainer, options.start, options))


def train(
    kind: type[CaptionTrainer], start: Sequence[Path], options: argparse.Namespace, samples: int = 0, **settings
) -> int:
    """Train a captioner made of those in ``start``, by a trainer of this kind with its own settings, and save it.

    ``samples`` are the captions that it draws of each photo, if it does.

    Returns:
        The command's exit status, 0.

    Raises:
        UserError: when the data lack something.
    """
    processor.prepare(options.threads)
    set_seed(options.seed)
    network, every_tokenizer = joined(start, dropout=options.dropout, drop_path=options.drop_path)
    tokenizers = {lang: every_tokenizer[lang] for lang in options.lang or every_tokenizer}
    photos, val = gather(options.data, list(tokenizers), options.by_model, options.as_people)
    if kind.from_people_alone:
        photos = [said for photo in photos if (said := photo.by_people())]
    if options.encoder_learning_rate:
        network.encoder.freeze_first(options.frozen_blocks)
        processor.depthwise_in_float32(network.encoder)
    else:
        network.encoder.requires_grad_(False)

    size = network.config.image_size
    learn = CaptionedPhotos(
        photos,
        tokenizers,
        Glances(photos, size, options.least_seen),
        captions_each=options.captions_each,
        samples=samples,
        model_start=network.config.model_start_token_id,
        seed=options.seed,
    )
    arguments = training_arguments(
        options.out,
        num_train_epochs=options.epochs,
        per_device_train_batch_size=options.batch // processor.processes(),
        learning_rate=options.learning_rate,
        seed=options.seed,
    )
    trainer = kind(
        network,
        arguments,
        data_collator=partial(collate, captions_each=options.captions_each, pad=network.config.pad_token_id),
        train_dataset=learn,
        optimizers=(optimizer(network, options), None),
        tokenizers=tokenizers,
        val=val,
        see=lambda places: look_at_all(network.encoder, [val[place] for place in places], size),
        callbacks=[DrawAnew(learn), KeepWeights(options.out), StopAfter(options.stop_after or options.epochs)],
        **settings,
    )
    trainer.train(resume_from_checkpoint=last_checkpoint(options.out))
    if trainer.is_world_process_zero():
        network = network.cpu()
        average(network, epochs_in(options.out)[-options.averaged :])
        Captioner(network, every_tokenizer).save_pretrained(options.out)
        print(f"The captioner is in {options.out}.")
    end_together(trainer)
    return 0


def joined(folders: Sequence[Path], **changes: float) -> tuple[CaptionerModel, dict]:
    """One network with the first captioner's encoder and every captioner's decoders, and all tokenizers.

    ``changes`` are what its configuration has otherwise.
    """
    captioners = [Captioner.from_pretrained(folder) for folder in folders]
    settings = captioners[0].network.config.to_dict()
    for of_each_language in "vocabulary", "length_penalty":
        of_each = (getattr(captioner.network.config, of_each_language) for captioner in captioners)
        settings[of_each_language] = {lang: value for values in of_each for lang, value in values.items()}
    network = CaptionerModel(CaptionerConfig(**settings | changes))
    network.encoder.load_state_dict(captioners[0].network.encoder.state_dict())
    tokenizers = {}
    for captioner in captioners:
        for lang in captioner.languages:
            network.decoders[lang].load_state_dict(captioner.network.decoders[lang].state_dict())
            tokenizers[lang] = captioner.tokenizers[lang]
    return network, tokenizers


class Glances:
    """A photo's ``pixels`` (3, size, size), a little different each time: cropped, mirrored, lit."""

    def __init__(self, photos: Sequence[Captioned], size: int, least_seen: float):
        self.files = [photo.file for photo in photos]
        self.size = size
        self.change = v2.Compose(
            [
                v2.RandomResizedCrop(size, scale=(least_seen, 1.0), ratio=(0.85, 1.18), antialias=True),
                v2.ColorJitter(brightness=0.2, contrast=0.2, saturation=0.2, hue=0.02),
            ]
        )

    def __call__(self, photo: int, may_be_mirrored: bool, draw: torch.Generator) -> dict[str, Tensor]:
        """Look at a photo by its place: ``pixels`` (3, size, size), mirrored by chance where it may be."""
        with torch.random.fork_rng(devices=[]):  # torchvision draws from torch's own generator
            torch.manual_seed(int(torch.randint(2**31, (), generator=draw)))
            image = self.change(open_photo(self.files[photo]))
            if may_be_mirrored and torch.rand(()) < 0.5:
                image = v2.functional.horizontal_flip(image)
        return {"pixels": to_pixels(image, self.size)}


@torch.inference_mode()
def look_at_all(encoder: Encoder, photos: Sequence[Captioned], size: int) -> list[Tensor]:
    """The regions (R, channels) of every photo as it is."""
    device = next(encoder.parameters()).device
    seen = []
    for start in range(0, len(photos), _BATCH):
        pixels = torch.stack([to_pixels(open_photo(photo.file), size) for photo in photos[start : start + _BATCH]])
        with processor.autocast(device):
            regions = encoder(pixels.to(device, memory_format=torch.channels_last))
        seen += list(regions.half())
    return seen


def optimizer(network: CaptionerModel, options: argparse.Namespace) -> torch.optim.Optimizer:
    """AdamW with a rate for the encoder and one for the decoders; biases and normalisation do not decay."""
    groups = []
    rates = (network.encoder, options.encoder_learning_rate), (network.decoders, options.learning_rate)
    for part, rate in rates:
        parameters = [parameter for parameter in part.parameters() if parameter.requires_grad]
        for decays in True, False:
            chosen = [parameter for parameter in parameters if (parameter.ndim > 1) == decays]
            groups.append({"params": chosen, "lr": rate, "weight_decay": options.weight_decay if decays else 0.0})
    return torch.optim.AdamW(groups)


def add_options(parser: argparse.ArgumentParser, **defaults: float) -> None:
    """What training of a whole captioner can be told; ``defaults`` of what differs from one kind to the other."""
    add = parser.add_argument
    add("--data", type=Path, nargs="+", required=True, metavar="DIR", help="data folders, as for cross_entropy")
    add("--out", type=Path, required=True, metavar="DIR", help="where checkpoints and the captioner go")
    add("--by-model", nargs="+", default=[], metavar="FOLDER/LANG", help="captions that a model wrote, such as coco/zh")
    add("--as-people", nargs="+", default=[], metavar="LANG", help="learn its captions by a model as people's")
    add("--threads", type=int, metavar="N", help="for each operation (default: what is faster now)")
    add("--lang", nargs="+", metavar="CODE", help="train these alone, others stay as they are (default all)")
    add("--epochs", type=int, help="passes over the photos (default %(default)s)")
    add("--stop-after", type=int, metavar="N", help="stop after N of them; rates fall as if all were to come")
    add("--batch", type=int, default=24, help="photos a batch (default %(default)s)")
    add("--captions-each", type=int, default=5, help="drawn of a photo's in a language (default %(default)s)")
    add("--learning-rate", type=float, help="the decoders' highest (default %(default)s)")
    add("--encoder-learning-rate", type=float, help="the encoder's highest; 0 freezes it (default %(default)s)")
    add("--frozen-blocks", type=int, default=2, help="of the encoder, counted from the photo (default %(default)s)")
    add("--dropout", type=float, default=0.5, help="of the decoders (default %(default)s)")
    add("--drop-path", type=float, default=0.0, help="stochastic depth of the encoder (default %(default)s)")
    add("--weight-decay", type=float, default=0.01, help="(default %(default)s)")
    add("--least-seen", type=float, default=0.7, help="the smallest part of a photo to be seen (default %(default)s)")
    add("--averaged", type=int, help="how many last epochs' weights are averaged (default %(default)s)")
    add("--seed", type=int, default=0, help="(default %(default)s)")
    parser.set_defaults(**defaults)


if __name__ == "__main__":
    sys.exit(main())
