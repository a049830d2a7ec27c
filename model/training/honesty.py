r"""Does it really look there? Hide where the captioner looked for a word, and see what that costs the word.

For each photo's own caption and each of its words, a window of a third of the grid's rows and columns (about a ninth of
the photo) is covered with grey: the window that had the most attention for the word, and equally large windows
elsewhere, drawn at random, that do not overlap it. The caption is then read to the decoder as it was (teacher forcing),
and the cost of hiding is what the word's log-probability loses, in nats:

.. math::
    \text{cost} = \log p(w_t \mid w_{<t}, \text{photo}) - \log p(w_t \mid w_{<t}, \text{photo with a part hidden})

If attention says what a word is made from, hiding the looked-at window costs more than hiding another. Windows that
other words of the caption looked at are compared, too: they hold things worth looking at, but not for this word. That
attention and importance can disagree: Jain and Wallace 2019; hiding in order to explain: Zeiler and Fergus 2014.

Words count alike. Confidence intervals (95 %) are bootstrapped over photos, since the words of one caption belong
together (Efron and Tibshirani 1993, chapter 13, percentile method). Computed in single precision.
"""

import argparse
import sys
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PIL import Image
from scipy.stats import bootstrap

from model import shell
from model.captioner.function_words import FUNCTION_WORDS
from model.captioner.hiding import hide, side_of_ninth, window_box, window_sums
from model.captioner.honesty_file import digest_of, file_of, save
from model.captioner.image import open_photo, to_pixels
from model.errors import PhotoError, UserError
from model.traces import Estimate, HonestyGroup, HonestyTrace
from model.training.dataset import find_images, read_names

if TYPE_CHECKING:
    from model.captioner import Captioner

#: A window by its upper left region: row and column.
Window = tuple[int, int]

#: Windows elsewhere for each word.
ELSEWHERE = 3
#: Hypotheses of the search for the captions, and what windows are covered with.
BEAM, FILL = 3, "grey"
#: How often the photos are drawn anew for a confidence interval.
RESAMPLES = 9999
#: Photos in the encoder at once.
_BATCH = 16

_EPILOG = """\
The split is a list of image names, one a line; an image's name is its file's, whatever the suffix, with it or without.
The result is a JSON file with the weights' digest, the settings and all figures; the captioner's page draws it.

example:
  python -m model.training.honesty --images flickr8k/images --split flickr8k/val.txt
"""


class Words(NamedTuple):
    """What was measured for each of W words; each (W,)."""

    #: Which photo's caption the word is of.
    photo: np.ndarray
    #: Whether it names something, and is no function word.
    content: np.ndarray
    #: The attention on its most attended region, from 0 to 1.
    peak: np.ndarray
    #: What hiding costs, in nats: the window that it looked at most; windows elsewhere, their mean; windows that
    #: other words looked at, their mean, NaN where all overlap the first.
    looked: np.ndarray
    elsewhere: np.ndarray
    others: np.ndarray
    #: Whether another word became the likeliest at this place: 0 or 1, elsewhere the windows' mean.
    changed_looked: np.ndarray
    changed_elsewhere: np.ndarray


def most_attended(attention: np.ndarray, side: int) -> list[Window]:
    """For each word's map (T, rows, columns), the window with the most attention."""
    sums = window_sums(attention, side)
    return [tuple(map(int, np.unravel_index(one.argmax(), one.shape))) for one in sums]


def windows_beside(window: Window, side: int, rows: int, columns: int) -> list[Window]:
    """All windows that do not overlap this one."""
    every = product(range(rows - side + 1), range(columns - side + 1))
    return [(row, column) for row, column in every if max(abs(row - window[0]), abs(column - window[1])) >= side]


def measure(captioner: "Captioner", image: Image.Image, lang: str, draw: np.random.Generator, photo: int = 0) -> Words:
    """Caption a photo, hide windows for each word, and measure; ``photo`` is the number its words shall carry."""
    size = captioner.network.config.image_size
    squashed = image.resize((size, size), Image.Resampling.BICUBIC)  # as the encoder gets it
    trace = captioner.describe(captioner.look(squashed), lang=lang, beam=BEAM)
    length, rows, columns = trace.attention.shape
    side = side_of_ninth(rows)

    looked = most_attended(trace.attention, side)
    elsewhere, others = [], []
    for window in looked:
        free = windows_beside(window, side, rows, columns)
        drawn = draw.choice(len(free), min(ELSEWHERE, len(free)), replace=False)
        elsewhere.append([free[place] for place in drawn])
        others.append(list(set(looked) & set(free)))

    # Each window is encoded once, however many words ask for it. Row 0 is the whole photo.
    windows = list(dict.fromkeys(window for asked in (looked, *elsewhere, *others) for window in asked))
    row_of = {window: row for row, window in enumerate(windows, start=1)}
    pictures = [squashed, *(hide(squashed, window_box(*window, side, rows, columns), FILL) for window in windows)]
    log_probs, likeliest = _read_to(captioner, pictures, trace.words, lang)
    cost = log_probs[0] - log_probs  # (1 + windows, T)
    changed = (likeliest != likeliest[0]).astype(float)

    def mean(values: np.ndarray, asked: Sequence[Sequence[Window]]) -> np.ndarray:
        """The mean over each word's own windows, (T,); NaN for a word without any."""
        of_word = ([values[row_of[window], t] for window in own] for t, own in enumerate(asked))
        return np.array([np.mean(own) if own else np.nan for own in of_word], float)

    own = [[window] for window in looked]
    return Words(
        photo=np.full(length, photo),
        content=np.array([word not in FUNCTION_WORDS[lang] for word in trace.words], bool),
        peak=trace.attention.max(axis=(1, 2), initial=0).astype(float),
        looked=mean(cost, own),
        elsewhere=mean(cost, elsewhere),
        others=mean(cost, others),
        changed_looked=mean(changed, own),
        changed_elsewhere=mean(changed, elsewhere),
    )


def _read_to(
    captioner: "Captioner", pictures: Sequence[Image.Image], words: Sequence[str], lang: str
) -> tuple[np.ndarray, np.ndarray]:
    """Teacher forcing: log p of each word, and the likeliest word's number, with each picture; each (pictures, T)."""
    import torch

    speaker = captioner.speakers[lang]

    def see(some: Sequence[Image.Image]) -> torch.Tensor:
        pixels = torch.stack([to_pixels(picture, captioner.network.config.image_size) for picture in some])
        return captioner.network.encoder(pixels.contiguous(memory_format=torch.channels_last))

    with torch.inference_mode():
        regions = torch.cat([see(pictures[start : start + _BATCH]) for start in range(0, len(pictures), _BATCH)])
        log_probs = speaker.read(regions, words)[:, :-1]  # (pictures, T, V)
        said = speaker.tokenizer.convert_tokens_to_ids(list(words))
        return log_probs[:, range(len(said)), said].double().numpy(), log_probs.argmax(dim=-1).numpy()


def summarise(words: Words, seed: int = 0, resamples: int = RESAMPLES) -> dict[str, HonestyGroup]:
    """The figures of all words, of content and of function words, and of the words from the palest to the sharpest
    look, in quarters; a group with words of fewer than two photos is left out."""
    edges = np.quantile(words.peak, [0, 0.25, 0.5, 0.75, 1])
    quarter = np.searchsorted(edges[1:-1], words.peak, side="right")
    members = {"all": np.full(len(words.photo), True), "content": words.content, "function": ~words.content}
    members |= {f"quarter{number + 1}": quarter == number for number in range(4)}
    groups = {}
    for name, inside in members.items():
        part = Words(*(column[inside] for column in words))
        if len(set(part.photo.tolist())) >= 2:
            groups[name] = _group(part, np.random.default_rng(seed), resamples)
    return groups


def _group(words: Words, draw: np.random.Generator, resamples: int) -> HonestyGroup:
    def estimate(values: np.ndarray) -> Estimate | None:
        known = np.isfinite(values)
        return mean_over_words(values[known], words.photo[known], draw, resamples)

    return HonestyGroup(
        words=len(words.photo),
        photos=len(set(words.photo.tolist())),
        peaks=(float(words.peak.min()), float(words.peak.max())),
        looked=estimate(words.looked),
        elsewhere=estimate(words.elsewhere),
        difference=estimate(words.looked - words.elsewhere),
        difference_others=estimate(words.looked - words.others),
        dearer=estimate((words.looked > words.elsewhere).astype(float)),
        changed_looked=estimate(words.changed_looked),
        changed_elsewhere=estimate(words.changed_elsewhere),
    )


def mean_over_words(
    values: np.ndarray, photo: np.ndarray, draw: np.random.Generator, resamples: int = RESAMPLES
) -> Estimate | None:
    """The mean of ``values`` (W,), with the 95 % interval of a bootstrap that draws whole photos, whose numbers
    ``photo`` (W,) gives; None for fewer than two photos."""
    photos, place = np.unique(photo, return_inverse=True)
    if len(photos) < 2:
        return None
    sums, counts = np.bincount(place, values), np.bincount(place).astype(float)

    def ratio(sums: np.ndarray, counts: np.ndarray, axis: int = -1) -> np.ndarray:
        return sums.sum(axis=axis) / counts.sum(axis=axis)

    settings = {"paired": True, "method": "percentile", "n_resamples": resamples, "batch": 500, "rng": draw}
    interval = bootstrap((sums, counts), ratio, **settings).confidence_interval
    return Estimate(float(values.mean()), float(interval.low), float(interval.high))


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status: 0, or 2 when something was wrong."""
    arguments = _parser().parse_args(argv)
    return shell.run(lambda: _honesty(arguments))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m model.training.honesty",
        description="Measure whether hiding where the captioner looked costs a word more than hiding another place.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--images", type=Path, required=True, metavar="DIR", help="the photos' folder")
    add("--split", type=Path, required=True, metavar="TXT", help="names of the images to measure on")
    add("--photos", type=int, metavar="N", help="only the first N of them")
    add("--model", type=Path, default=shell.ASSETS, metavar="DIR", help="another captioner's folder")
    add("--lang", choices=("en", "zh"), default="en", help="the captions' language (default: en)")
    add("--seed", type=int, default=0, metavar="N", help="draws the windows elsewhere, and photos for the intervals")
    add("--out", type=Path, metavar="JSON", help="the result's file (default: honesty-LANG.json beside the weights)")
    return parser


def _honesty(arguments: argparse.Namespace) -> int:
    files = _files(arguments)
    out = arguments.out or file_of(arguments.model, arguments.lang)
    captioner = shell.load_captioner(arguments.model)
    shell.check_writable(out)
    draw = np.random.default_rng(arguments.seed)
    parts = []
    for number, file in enumerate(shell.progress(files, unit="photo")):
        try:
            image = open_photo(file)
        except PhotoError as error:
            raise UserError("{file}: {error}", file=file, error=error) from error
        parts.append(measure(captioner, image, arguments.lang, draw, number))
    words = Words(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
    groups = summarise(words, arguments.seed)
    if "all" not in groups:
        raise UserError("Only captions of two photos or more can be compared. Please give more photos.")
    trace = HonestyTrace(
        digest=digest_of(arguments.model),
        lang=arguments.lang,
        photos=len(files),
        elsewhere=ELSEWHERE,
        beam=BEAM,
        fill=FILL,
        seed=arguments.seed,
        function_words=tuple(sorted(FUNCTION_WORDS[arguments.lang])),
        groups=groups,
    )
    save(trace, out)
    _say(trace)
    return 0


def _say(trace: HonestyTrace) -> None:
    shell.say(
        f"{'words':<10} {'number':>6}  {'looked':>7}  {'elsewhere':>9}  {'difference (95 %)':<24}  looked costs more"
    )
    for name, group in trace.groups.items():
        mean, low, high = group.difference
        difference = f"{mean:.3f} ({low:.3f} to {high:.3f})"
        shell.say(
            f"{name:<10} {group.words:>6}  {group.looked.mean:>7.3f}  {group.elsewhere.mean:>9.3f}  {difference:<24}  "
            f"{group.dearer.mean:.1%}"
        )


def _files(arguments: argparse.Namespace) -> list[Path]:
    """The photos to measure on.

    Raises:
        UserError: when there are fewer than two, or one is not in the folder.
    """
    names = list(dict.fromkeys(read_names(arguments.split)))[: arguments.photos]
    if len(names) < 2:
        raise UserError("Two photos or more are needed, and {count} was asked for.", count=len(names))
    return list(find_images(arguments.images, names).values())


if __name__ == "__main__":
    sys.exit(main())
