r"""Does it really look there? Hide where the captioner looked for a word, and see what that costs the word.

For each photo's own caption and each of its words, a window of a third of the grid's rows and columns (about a ninth of
the photo) is covered with grey, at every place of the grid, one after the other. The caption is then read to the
decoder as it was (teacher forcing), and the cost of hiding is what the word's log-probability loses, in nats:

.. math::
    \text{cost}_t(w) = \log p(w_t \mid w_{<t}, \text{photo}) - \log p(w_t \mid w_{<t}, \text{photo without window } w)

The window that had the most attention for the word is compared

- with the mean of all windows that do not overlap it, in nats: most of a mean's cost may come from few words, so
  medians are given, too, and the share of the cost that the dearest tenth of the words carries;
- with every other window, by rank: the share of them that cost the word less, ties half. A window chosen without regard
  to the word has a mean rank of 1/2, whatever the costs are: that is the null;
- with the windows that had the most attention for *other* words of the same caption, of those that do not overlap it:
  they hold things worth looking at, but not for this word. Each ordered pair of words counts alike, so that the mean is
  0 nats, and 1/2 of the pairs, exactly, if hiding a place costs all words the same.

That attention and importance can disagree: Jain and Wallace 2019; hiding in order to explain: Zeiler and Fergus 2014.

Words count alike. Confidence intervals (95 %) are bootstrapped over photos, since the words of one caption belong
together (Efron and Tibshirani 1993, chapter 13, percentile method). Computed in single precision.
"""

import argparse
import math
import sys
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PIL import Image
from scipy.stats import bootstrap, rankdata

from model import shell
from model.captioner import SearchSettings, honesty_card
from model.captioner.hiding import hide, side_of_ninth, window_box, window_sums
from model.captioner.honesty_file import digest_of, file_of, save
from model.captioner.image import open_photo, to_pixels
from model.captioner.languages import LANGUAGES
from model.errors import PhotoError, UserError
from model.traces import Estimate, HonestyGroup, HonestyTrace
from model.training.dataset import find_images, read_names

if TYPE_CHECKING:
    import torch

    from model.captioner import Captioner

#: Hypotheses of the search for the captions, and what windows are covered with.
BEAM, FILL = 3, "grey"
#: How often the photos are drawn anew for a confidence interval.
RESAMPLES = 9999
#: Photos in the encoder at once.
_BATCH = 16

_EPILOG = """\
The split is a list of image names, one a line; an image's name is its file's, whatever the suffix, with it or without.
The result is a JSON file for each language with the weights' digest, the settings and all figures; the captioner's page
draws it. The table in the model card beside the weights (README.md) is written anew.

example:
  python -m model.training.honesty --images flickr8k/images --split flickr8k/val.txt
"""


class Words(NamedTuple):
    """What was measured for each of N words; each (N,)."""

    #: Which photo's caption the word is of.
    photo: np.ndarray
    #: Whether it names something, and is no function word.
    content: np.ndarray
    #: The attention on its most attended region, from 0 to 1.
    peak: np.ndarray
    #: What hiding costs, in nats: the window that it looked at most; the mean of those that do not overlap it.
    looked: np.ndarray
    elsewhere: np.ndarray
    #: The share of all other windows that cost the word less, ties half, from 0 to 1.
    rank: np.ndarray
    #: Other words of the caption that looked at windows beside this one: how many; the sum of what the own window cost
    #: this word more than theirs, in nats; how many of theirs cost it less, ties half.
    others: np.ndarray
    more_than_others: np.ndarray
    above_others: np.ndarray


def windows_of(rows: int, columns: int, side: int) -> list[tuple[int, int]]:
    """All windows of a grid by their upper left regions, row by row."""
    return list(product(range(rows - side + 1), range(columns - side + 1)))


def apart(rows: int, columns: int, side: int) -> np.ndarray:
    """Which windows do not overlap, (W, W)."""
    corners = np.array(windows_of(rows, columns, side))
    return abs(corners[:, None] - corners[None]).max(axis=-1) >= side


def most_attended(attention: np.ndarray, side: int) -> np.ndarray:
    """For each word's map (T, rows, columns), the number of the window with the most attention, (T,)."""
    sums = window_sums(attention, side)
    return sums.reshape(len(sums), sums.shape[1] * sums.shape[2]).argmax(axis=1)


def see(captioner: "Captioner", image: Image.Image) -> "torch.Tensor":
    """The eye's regions of a photo, and of the photo without each of the W windows: (1 + W, R, channels)."""
    import torch

    size = captioner.network.config.image_size
    squashed = image.resize((size, size), Image.Resampling.BICUBIC)  # as the encoder gets it
    whole = captioner.look(squashed)
    rows = columns = round(len(whole) ** 0.5)
    side = side_of_ninth(rows)
    boxes = [window_box(*window, side, rows, columns) for window in windows_of(rows, columns, side)]
    pixels = torch.stack([to_pixels(hide(squashed, box, FILL), size) for box in boxes])
    with torch.inference_mode():
        parts = pixels.contiguous(memory_format=torch.channels_last).split(_BATCH)
        return torch.cat([whole[None], *(captioner.network.encoder(part) for part in parts)])


def measure(captioner: "Captioner", regions: "torch.Tensor", lang: str, photo: int = 0) -> Words:
    """Caption a photo, and measure what each window costs each of its words; ``regions`` are those that ``see`` gives,
    ``photo`` is the number that the words shall carry."""
    trace = captioner.describe(regions[0], SearchSettings(lang, BEAM))
    length, rows, columns = trace.attention.shape
    side = side_of_ninth(rows)
    looked, beside = most_attended(trace.attention, side), apart(rows, columns, side)
    log_probs = _read_to(captioner, regions, trace.words, lang)
    cost = log_probs[0] - log_probs[1:]  # (W, T)
    own = cost[looked, range(length)]
    # (T, T): word t in rows, the windows of the other words in columns, where they do not overlap t's.
    pairs, more = beside[looked][:, looked], own[:, None] - cost[looked].T
    with np.errstate(invalid="ignore"):  # a window that overlaps all others
        elsewhere = (beside[looked] * cost.T).sum(axis=1) / beside[looked].sum(axis=1)
    return Words(
        photo=np.full(length, photo),
        content=np.array([word not in LANGUAGES[lang].function_words for word in trace.words], bool),
        peak=trace.attention.max(axis=(1, 2), initial=0).astype(float),
        looked=own,
        elsewhere=elsewhere,
        rank=ranks(cost)[looked, range(length)],
        others=pairs.sum(axis=1).astype(float),
        more_than_others=(pairs * more).sum(axis=1),
        above_others=(pairs * ((more > 0) + (more == 0) / 2)).sum(axis=1),
    )


def ranks(cost: np.ndarray) -> np.ndarray:
    """For each window and word, the share of the other windows that cost the word less, ties half: (W, T) to (W, T).
    Over all windows its mean is 1/2 for every word."""
    return (rankdata(cost, axis=0) - 1) / max(1, len(cost) - 1)


def _read_to(captioner: "Captioner", regions: "torch.Tensor", words: Sequence[str], lang: str) -> np.ndarray:
    """Teacher forcing: log p of each word with each of the pictures' regions, (pictures, T)."""
    import torch

    speaker = captioner.speakers[lang]
    with torch.inference_mode():
        log_probs = speaker.read(regions, words)[:, :-1]  # (pictures, T, V)
        said = speaker.tokens_of(words)
        return log_probs[:, range(len(said)), said].double().numpy()


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
    def estimate(of: Callable[..., Estimate | None], values: np.ndarray) -> Estimate:
        known = np.isfinite(values)
        found = of(values[known], words.photo[known], draw, resamples)
        assert found is not None, "groups of fewer than two photos are left out"
        return found

    def of_pairs(sums: np.ndarray) -> Estimate | None:
        some = words.others > 0
        return mean_over_words(sums[some], words.photo[some], draw, resamples, words.others[some])

    return HonestyGroup(
        words=len(words.photo),
        photos=len(set(words.photo.tolist())),
        peaks=(float(words.peak.min()), float(words.peak.max())),
        looked=estimate(mean_over_words, words.looked),
        elsewhere=estimate(mean_over_words, words.elsewhere),
        difference=estimate(mean_over_words, words.looked - words.elsewhere),
        looked_median=estimate(median_over_words, words.looked),
        elsewhere_median=estimate(median_over_words, words.elsewhere),
        difference_median=estimate(median_over_words, words.looked - words.elsewhere),
        tenth=share_of_dearest_tenth(words.looked),
        rank=estimate(mean_over_words, words.rank),
        difference_others=of_pairs(words.more_than_others),
        rank_others=of_pairs(words.above_others),
    )


def share_of_dearest_tenth(cost: np.ndarray) -> float | None:
    """What the tenth of the words (N,) with the highest costs, rounded up, have of the sum of all costs. More than 1
    where the others' sum is negative; None where the sum of all is."""
    total = float(cost.sum())
    return float(np.sort(cost)[-math.ceil(len(cost) / 10) :].sum()) / total if total > 0 else None


def mean_over_words(
    values: np.ndarray,
    photo: np.ndarray,
    draw: np.random.Generator,
    resamples: int = RESAMPLES,
    counts: np.ndarray | None = None,
) -> Estimate | None:
    """The mean of ``values`` (N,), with the 95 % interval of a bootstrap that draws whole photos, whose numbers
    ``photo`` (N,) gives; None for fewer than two photos. With ``counts`` (N,), each value is a sum of so many."""
    photos, place = np.unique(photo, return_inverse=True)
    if len(photos) < 2:
        return None
    sums = np.bincount(place, values)
    numbers = np.bincount(place, counts if counts is not None else np.ones(len(values)))

    def ratio(sums: np.ndarray, numbers: np.ndarray, axis: int = -1) -> np.ndarray:
        return sums.sum(axis=axis) / numbers.sum(axis=axis)

    settings = {"paired": True, "method": "percentile", "n_resamples": resamples, "batch": 500, "rng": draw}
    interval = bootstrap((sums, numbers), ratio, **settings).confidence_interval
    return Estimate(float(ratio(sums, numbers)), float(interval.low), float(interval.high))


def median_over_words(
    values: np.ndarray, photo: np.ndarray, draw: np.random.Generator, resamples: int = RESAMPLES
) -> Estimate | None:
    """The median of ``values`` (N,), with an interval as ``mean_over_words`` gives it."""
    photos, place = np.unique(photo, return_inverse=True)
    if len(photos) < 2:
        return None
    order = values.argsort()
    ordered, place = values[order], place[order]

    def median(drawn: np.ndarray) -> float:
        """That of the words of the photos ``drawn``, in which a photo may come several times."""
        reached = np.bincount(drawn, minlength=len(photos))[place].cumsum()
        middle = [reached.searchsorted(reached[-1] / 2, side) for side in ("left", "right")]
        return float(ordered[middle].mean())

    settings = {"vectorized": False, "method": "percentile", "n_resamples": resamples, "rng": draw}
    interval = bootstrap((np.arange(len(photos)),), median, **settings).confidence_interval
    return Estimate(median(np.arange(len(photos))), float(interval.low), float(interval.high))


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
    add("--photos", type=int, default=300, metavar="N", help="only the first N of them (default: %(default)s)")
    add("--model", type=Path, default=shell.ASSETS, metavar="DIR", help="another captioner's folder")
    add("--lang", choices=sorted(LANGUAGES), nargs="+", help="the captions' languages (default: all that it speaks)")
    add("--seed", type=int, default=0, metavar="N", help="draws photos for the intervals (default: %(default)s)")
    add("--out", type=Path, metavar="DIR", help="where honesty-LANG.json is written (default: beside the weights)")
    return parser


def _honesty(arguments: argparse.Namespace) -> int:
    files = _files(arguments)
    captioner = shell.load_captioner(arguments.model)
    langs = list(dict.fromkeys(arguments.lang or captioner.languages))
    directory = arguments.out or arguments.model
    for lang in langs:
        shell.check_writable(file_of(directory, lang))
    parts: dict[str, list[Words]] = {lang: [] for lang in langs}
    for number, file in enumerate(shell.progress(files, unit="photo")):
        try:
            image = open_photo(file)
        except PhotoError as error:
            raise UserError("{file}: {error}", file=file, error=error) from error
        regions = see(captioner, image)
        for lang in langs:
            parts[lang].append(measure(captioner, regions, lang, number))
    for lang in langs:
        words = Words(*(np.concatenate(columns) for columns in zip(*parts[lang], strict=True)))
        groups = summarise(words, arguments.seed)
        if "all" not in groups:
            raise UserError("Only captions of two photos or more can be compared. Please give more photos.")
        trace = HonestyTrace(
            digest=digest_of(arguments.model),
            lang=lang,
            photos=len(files),
            beam=BEAM,
            fill=FILL,
            seed=arguments.seed,
            grid=(rows := round(regions.shape[1] ** 0.5)),
            side=side_of_ninth(rows),
            function_words=tuple(sorted(LANGUAGES[lang].function_words)),
            groups=groups,
        )
        save(trace, file_of(directory, lang))
        _say(trace)
    if directory == arguments.model:
        honesty_card.write(directory)
    return 0


def _say(trace: HonestyTrace) -> None:
    shell.say(f"{trace.lang}: nats lost, and the share of other windows that cost less (by chance 0.5)")
    head = ("looked", "elsewhere", "difference (95 %)", "rank (95 %)", "beside others'", "rank beside others'")
    shell.say(f"{'words':<10} {'number':>6} " + " ".join(f"{name:>22}" for name in head))
    for name, group in trace.groups.items():
        cells = [f"{one.mean:.3f}" for one in (group.looked, group.elsewhere)]
        intervals = (group.difference, group.rank, group.difference_others, group.rank_others)
        cells += [f"{one.mean:.3f} ({one.low:.3f} to {one.high:.3f})" if one else "-" for one in intervals]
        shell.say(f"{name:<10} {group.words:>6} " + " ".join(f"{cell:>22}" for cell in cells))


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
