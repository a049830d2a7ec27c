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
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm
from transformers import PreTrainedTokenizerFast, set_seed

from model import shell
from model.captioner import Captioner, SearchSettings
from model.captioner.captioner import CaptionerModel
from model.captioner.honesty_file import digest_of
from model.captioner.languages import LANGUAGES
from model.captioner.siblings import FIGURES, KINDS, Sibling, configured, load_sibling, save_sibling
from model.captioner.speaker import Speaker
from model.errors import UserError
from model.files import write_json
from model.hidden_basis import fit_basis
from model.training import processor
from model.training.average import average, checkpoints_in, last_checkpoint
from model.training.dataset import Captioned, CaptionedPhotos, collate, gather
from model.training.features import cached_features, draw_view
from model.training.hidden_basis import AXES
from model.training.scores import Scorer
from model.training.trainer import DrawAnew, WholeCheckpoints, training_arguments


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status: 0, or 2 when something was wrong."""
    options = _options(argv)
    return shell.run(lambda: _train_all(options))


def _train_all(options: argparse.Namespace) -> int:
    lang = options.lang
    captioner = Captioner.from_pretrained(options.captioner)
    tokenizer, encoder = captioner.tokenizers[lang], captioner.network.encoder
    processor.prepare(options.threads)
    photos, val = gather(options.data, [lang], options.by_model)
    see = partial(cached_features, encoder, size=captioner.network.config.image_size, folder=options.cache)
    seen, seen_val = see(files=[photo.file for photo in photos], views=2), see(files=[v.file for v in val], views=1)
    start = captioner.network.config.model_start_token_id
    each = options.captions_each
    learn = CaptionedPhotos(photos, {lang: tokenizer}, partial(draw_view, seen), captions_each=each, model_start=start)
    scorer = Scorer({photo.file.stem: photo.captions[lang] for photo in val}, lang)

    runs = [(kind, seed) for seed in range(options.seeds) for kind in KINDS]
    todo = [run for run in runs if not (_folder(options, *run) / FIGURES).is_file()]
    if options.only:
        todo = [run for run in todo if f"{run[0]}-{run[1]}" == options.only]
    elif options.at_once > 1:
        _share_out(todo, options)
        todo = []
    for kind, seed in todo:
        network = _train(kind, seed, learn, tokenizer, options)
        sibling, measured = _measure(kind, network, val, seen_val[:, 0], tokenizer, scorer)
        folder = _folder(options, kind, seed)
        save_sibling(sibling, folder)
        write_json(folder / FIGURES, {"seed": seed, **measured})
        print(kind, seed, measured, flush=True)
    if options.only:
        return 0
    figures = {
        kind: [
            json.loads((_folder(options, kind, seed) / FIGURES).read_text(encoding="utf-8"))
            for seed in range(options.seeds)
        ]
        for kind in KINDS
    }
    shipped = options.out / "shipped"
    for kind in KINDS:
        save_sibling(load_sibling(options.out / f"{kind}-0", kind, tokenizer), shipped / kind)
    write_json(shipped / FIGURES, {"captioner_digest": digest_of(options.captioner), "kinds": figures})
    print(f"The siblings are in {shipped}.")
    return 0


def _folder(options: argparse.Namespace, kind: str, seed: int) -> Path:
    return options.out / f"{kind}-{seed}"


def _share_out(runs: Sequence[tuple[str, int]], options: argparse.Namespace) -> None:
    """Let processes of their own do these runs, so many at once, each with one thread.

    Raises:
        UserError: when one of them failed; what it said stands above.
    """

    def do(run: tuple[str, int]) -> int:
        own = ["--only", f"{run[0]}-{run[1]}", "--threads", "1", "--at-once", "1"]
        return subprocess.run([sys.executable, "-m", "model.training.siblings", *options.given, *own]).returncode

    with ThreadPoolExecutor(options.at_once) as pool:
        if any(pool.map(do, runs)):
            raise UserError("A sibling's training failed. Please see what it said above, and give the command again.")


def _train(
    kind: str, seed: int, photos: CaptionedPhotos, tokenizer: PreTrainedTokenizerFast, options: argparse.Namespace
) -> CaptionerModel:
    """The mean of the last two epochs' weights; nothing is chosen by the validation photos."""
    set_seed(seed)
    network = CaptionerModel(configured(kind, {options.lang: len(tokenizer)}))
    network.encoder = torch.nn.Identity()  # type: ignore[assignment]  # The eye has done its part: regions come in.
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
        data_collator=partial(collate, captions_each=options.captions_each, pad=network.config.pad_token_id),
        train_dataset=photos,
        callbacks=[DrawAnew(photos)],
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
    [lang] = network.config.vocabulary
    speaker = Speaker(network.decoder_of(lang), network.config, tokenizer, lang)
    captions, states = {}, []
    for photo, seen in zip(val, tqdm(regions, desc=f"caption {kind}", leave=False), strict=True):
        trace = speaker.describe(torch.tensor(seen).float(), SearchSettings(beam=5))
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
    add("--by-model", nargs="+", default=[], metavar="FOLDER/LANG", help="captions that a model wrote, such as coco/zh")
    add("--threads", type=int, metavar="N", help="for each operation (default: what is faster now)")
    add("--cache", type=Path, default=Path("runs/features"), metavar="DIR", help="for regions (default %(default)s)")
    add("--lang", choices=sorted(LANGUAGES), default="en", help="language of the captions (default %(default)s)")
    add("--seeds", type=int, default=3, help="how often each is trained (default %(default)s)")
    add("--at-once", type=int, default=1, metavar="N", help="runs side by side, each with a thread (default 1)")
    add("--only", metavar="KIND-SEED", help="this run alone")
    add("--epochs", type=int, default=8, help="passes over the photos (default %(default)s)")
    add("--batch", type=int, default=28, help="photos a batch (default %(default)s)")
    add("--captions-each", type=int, default=5, help="drawn of a photo's in an epoch (default %(default)s)")
    add("--learning-rate", type=float, default=1e-3, help="highest rate (default %(default)s)")
    options = parser.parse_args(argv)
    options.given = list(argv) if argv is not None else sys.argv[1:]
    return options


if __name__ == "__main__":
    sys.exit(main())
