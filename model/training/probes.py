"""Fit linear probes to the captioner's memory, and measure how well they read it.

The captioner describes photos that it was not trained on; of its memory before each word, probes (multinomial logistic
regression on standardised units, scikit-learn's) learn to tell what ``model.captioner.word_classes`` asks. They are
tested with the captions of other photos. Beside each stand the most frequent answer, and the same probe on the memory
of a GRU with random weights that reads the same words and the same looks: what such a one has, too, took no learning.

    python -m model.training.probes --images ../data/flickr8k/images --split ../data/flickr8k/val.txt
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from model import shell
from model.captioner.digest import digest_of
from model.captioner.probes import QUESTIONS, Probe, save_probes
from model.captioner.word_classes import answers
from model.cells.layers import OneStep
from model.traces import CaptionTrace, ProbeScore
from model.training.dataset import find_images, read_names
from model.training.memories import memories

if TYPE_CHECKING:
    from model.captioner.speaker import Speaker

#: The share of the photos that the probes are tested with, and the seed of who they are and of the random GRU.
TESTED, SEED = 0.3, 0
#: The second most frequent answer comes so often at least among the steps that a probe is fitted to.
RAREST = 20
#: How weakly the weights are held to zero (scikit-learn's C), the same for all probes.
STRENGTH = 0.01


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status: 0, or 2 when something was wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m model.training.probes",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--images", type=Path, required=True, metavar="DIR", help="the photos' folder")
    add("--split", type=Path, required=True, metavar="TXT", help="names of the images to caption")
    add("--photos", type=int, metavar="N", help="caption the first N of them alone")
    add("--model", type=Path, default=shell.ASSETS, metavar="DIR", help="the captioner; probes are put beside it")
    arguments = parser.parse_args(argv)
    return shell.run(lambda: _fit_all(arguments))


def _fit_all(arguments: argparse.Namespace) -> int:
    captioner = shell.load_captioner(arguments.model)
    files = find_images(arguments.images, read_names(arguments.split)[: arguments.photos])
    remembered = memories(captioner, list(files.values()))
    for lang in captioner.languages:
        probes = fit([one.captions[lang] for one in remembered], captioner.speakers[lang])
        save_probes(probes, arguments.model / lang, digest_of(arguments.model, lang))
        for name, probe in probes.items():
            score = probe.score
            shell.say(
                f"{lang} {name}: {score.accuracy:.1%} right ({score.majority:.1%} by the most frequent answer, "
                f"{score.random:.1%} from a random GRU), {score.tested_steps} steps of {score.tested_photos} photos"
            )
    return 0


def fit(captions: Sequence[CaptionTrace], speaker: "Speaker") -> dict[str, Probe]:
    """A probe for each question, with its score; none where the captions hardly ever give it a second answer."""
    captions = [caption for caption in captions if caption.words]
    order = np.random.default_rng(SEED).permutation(len(captions))
    tested = np.isin(np.arange(len(captions)), order[: round(TESTED * len(captions))])
    of_photo = np.repeat(np.arange(len(captions)), [len(caption.words) for caption in captions])
    hidden = np.concatenate([caption.hidden for caption in captions])
    random = np.concatenate(random_memories(captions, speaker))
    right = [answers(caption.words, caption.lang) for caption in captions]
    probes = {}
    for name in QUESTIONS:
        if name not in right[0]:
            continue
        truth = np.concatenate([one[name] for one in right])
        asked = truth >= 0
        parts = [asked & (tested[of_photo] == part) for part in (False, True)]
        counts = np.sort(np.unique(truth[parts[0]], return_counts=True)[1])
        if len(counts) < 2 or counts[-2] < RAREST:
            continue
        probes[name] = _fit(hidden, random, truth, parts[0], parts[1], of_photo)
    return probes


def _fit(
    hidden: np.ndarray, random: np.ndarray, truth: np.ndarray, fitted: np.ndarray, tested: np.ndarray, photo: np.ndarray
) -> Probe:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    def probe(states: np.ndarray):
        return make_pipeline(StandardScaler(), LogisticRegression(C=STRENGTH, max_iter=500)).fit(
            states[fitted], truth[fitted]
        )

    own, other = probe(hidden), probe(random)
    scaler, regression = own
    weight, bias = regression.coef_, regression.intercept_
    if len(regression.classes_) == 2:  # scikit-learn keeps one row: the second answer's, against 0 for the first's
        weight, bias = np.concatenate([weight * 0, weight]), np.concatenate([bias * 0, bias])
    # The standardised units' map, as one of the units themselves.
    weight = weight / scaler.scale_
    bias = bias - weight @ scaler.mean_
    answers, counts = np.unique(truth[fitted], return_counts=True)
    return Probe(
        weight=weight.astype(np.float32),
        bias=bias.astype(np.float32),
        classes=regression.classes_.astype(np.int64),
        score=ProbeScore(
            accuracy=float(own.score(hidden[tested], truth[tested])),
            majority=float((truth[tested] == answers[counts.argmax()]).mean()),
            random=float(other.score(random[tested], truth[tested])),
            fitted_steps=int(fitted.sum()),
            fitted_photos=len(np.unique(photo[fitted])),
            tested_steps=int(tested.sum()),
            tested_photos=len(np.unique(photo[tested])),
        ),
    )


@torch.inference_mode()
def random_memories(captions: Sequence[CaptionTrace], speaker: "Speaker", seed: int = SEED) -> list[np.ndarray]:
    """The memories (T, H) of a GRU with random weights that starts where the captioner's does, and reads the same words
    and the same contexts."""
    decoder, config = speaker.decoder, speaker.config
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        cell = OneStep(decoder.cell.cell, config.embedding_size + config.context_size, config.hidden_size)
        cell.initialise()
    longest = max(len(caption.words) for caption in captions)
    tokens = torch.full((len(captions), longest), config.pad_token_id)
    contexts = torch.zeros(len(captions), longest, config.context_size)
    for row, caption in enumerate(captions):
        said = speaker.tokens_of(caption.words)
        tokens[row, : len(said)] = torch.tensor([config.start_token_id, *said[:-1]])
        contexts[row, : len(said)] = torch.tensor(caption.context)
    first = torch.tensor(np.stack([caption.initial_hidden for caption in captions]))
    state = torch.cat([first, first.new_zeros(len(first), (len(cell.cell.state) - 1) * config.hidden_size)], dim=-1)
    states = []
    for t in range(longest):
        step = cell(torch.cat([decoder.embed(tokens[:, t]), contexts[:, t]], dim=-1), state)
        state = step.state
        states.append(step.hidden)
    whole = torch.stack(states, dim=1).numpy()
    return [one[: len(caption.words)] for one, caption in zip(whole, captions, strict=True)]


if __name__ == "__main__":
    sys.exit(main())
