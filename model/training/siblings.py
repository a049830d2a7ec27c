"""Train the four small siblings of the captioner, several seeds each, and measure them.

A plain RNN, an LSTM, a GRU, and a GRU without attention (``model.captioner.siblings``) learn the same captions by the
same recipe on the regions that one captioner's eye sees; then each captions all validation photos with beam 5.

    python -m model.training.siblings --captioner assets/captioner --data ../data/flickr8k ../data/coco \\
        --out runs/siblings

OUT/shipped then holds the first seed's decoders and everybody's figures, for assets/siblings. A run that was stopped
goes on where it was when the same command is given again. The same seed gives the same run on the same versions and
machine.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm
from transformers import PreTrainedTokenizerFast, set_seed

from model import shell
from model.captioner import Captioner
from model.captioner.captioner import CaptionerModel
from model.captioner.siblings import FIGURES, KINDS, Sibling, configured, load_sibling, save_sibling
from model.captioner.speaker import Speaker
from model.captioner.tokenizer import LANGUAGES
from model.files import write_json
from model.hidden_basis import fit_basis
from model.training.average import average, checkpoints_in, last_checkpoint
from model.training.dataset import Captioned, CaptionedPhotos, collate, gather
from model.training.features import cached_features, draw_view
from model.training.hidden_basis import AXES
from model.training.scores import Scorer
from model.training.trainer import WholeCheckpoints, training_arguments


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status: 0, or 2 when something was wrong."""
    options = _options(argv)
    return shell.run(lambda: _train_all(options))


def _train_all(options: argparse.Namespace) -> int:
    lang = options.lang
    captioner = Captioner.from_pretrained(options.captioner)
    tokenizer, encoder = captioner.tokenizers[lang], captioner.network.encoder
    photos, val = gather(options.data, [lang])
    see = partial(cached_features, encoder, size=captioner.network.config.image_size, folder=options.cache)
    seen, seen_val = see(files=[photo.file for photo in photos], views=2), see(files=[v.file for v in val], views=1)
    learn = CaptionedPhotos(photos, {lang: tokenizer}, partial(draw_view, seen))
    scorer = Scorer({photo.file.stem: photo.captions[lang] for photo in val}, lang)

    figures: dict[str, list[dict]] = {kind: [] for kind in KINDS}
    for seed in range(options.seeds):
        for kind in KINDS:
            folder = options.out / f"{kind}-{seed}"
            if not (folder / FIGURES).is_file():
                network = _train(kind, seed, learn, tokenizer, options)
                sibling, measured = _measure(kind, network, val, seen_val[:, 0], tokenizer, scorer)
                save_sibling(sibling, folder)
                write_json(folder / FIGURES, {"seed": seed, **measured})
                print(kind, seed, measured, flush=True)
            figures[kind].append(json.loads((folder / FIGURES).read_text(encoding="utf-8")))
    shipped = options.out / "shipped"
    for kind in KINDS:
        save_sibling(load_sibling(options.out / f"{kind}-0", kind, tokenizer), shipped / kind)
    write_json(shipped / FIGURES, figures)
    print(f"The siblings are in {shipped}.")
    return 0


def _train(
    kind: str, seed: int, photos: CaptionedPhotos, tokenizer: PreTrainedTokenizerFast, options: argparse.Namespace
) -> CaptionerModel:
    """The mean of the last two epochs' weights; nothing is chosen by the validation photos."""
    set_seed(seed)
    network = CaptionerModel(configured(kind, {options.lang: len(tokenizer)}))
    network.encoder = torch.nn.Identity()  # The eye has done its part: only regions come in.
    arguments = training_arguments(
        options.out / f"{kind}-{seed}",
        num_train_epochs=options.epochs,
        per_device_train_batch_size=options.batch,
        learning_rate=options.learning_rate,
        eval_strategy="no",
        metric_for_best_model=None,
        seed=seed,
    )
    trainer = WholeCheckpoints(
        network,
        arguments,
        data_collator=partial(collate, pad=network.config.pad_token_id),
        train_dataset=photos,
    )
    trainer.train(resume_from_checkpoint=last_checkpoint(options.out / f"{kind}-{seed}"))
    network = network.cpu()
    average(network, checkpoints_in(options.out / f"{kind}-{seed}")[-2:])
    return network


def _measure(
    kind: str,
    network: CaptionerModel,
    val: Sequence[Captioned],
    regions: np.ndarray,
    tokenizer: PreTrainedTokenizerFast,
    scorer: Scorer,
) -> tuple[Sibling, dict]:
    """The sibling, with a basis fitted to its own memories, and its figures with beam 5."""
    ((lang, decoder),) = network.decoders.items()
    speaker = Speaker(decoder, network.config, tokenizer, lang)
    captions, states = {}, []
    for photo, seen in zip(val, tqdm(regions, desc=f"caption {kind}", leave=False), strict=True):
        trace = speaker.describe(torch.tensor(seen).float(), beam=5)
        captions[photo.file.stem] = trace.caption
        states += [trace.initial_hidden[None], trace.hidden]
    sibling = Sibling(kind, speaker, fit_basis(states, AXES))
    return sibling, {"parameters": sibling.parameters, **scorer.all(captions)}


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m model.training.siblings",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--captioner", type=Path, required=True, metavar="DIR", help="whose eye and vocabulary they share")
    add("--data", type=Path, nargs="+", required=True, metavar="DIR", help="data folders, as for cross_entropy")
    add("--out", type=Path, required=True, metavar="DIR", help="where checkpoints and the siblings go")
    add("--cache", type=Path, default=Path("runs/features"), metavar="DIR", help="for regions (default %(default)s)")
    add("--lang", choices=sorted(LANGUAGES), default="en", help="language of the captions (default %(default)s)")
    add("--seeds", type=int, default=3, help="how often each is trained (default %(default)s)")
    add("--epochs", type=int, default=8, help="passes over the photos (default %(default)s)")
    add("--batch", type=int, default=28, help="photos a batch, each with 5 captions (default %(default)s)")
    add("--learning-rate", type=float, default=1e-3, help="highest rate (default %(default)s)")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
