r"""An index of moments: what the memory was before each word of many captions, for finding where it was alike.

After LSTMVis (Strobelt et al. 2018): choose a moment and see others with a like memory, or choose units and a range and
see which words have that pattern. The index holds captions and memories, and no photo. A unit's value is kept in one
of 15 steps from -1 to 1 (half a byte, two units a byte), wrong by 0.036 at most: enough for both questions.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import torch

from model import checks
from model.errors import SettingError
from model.traces import CaptionTrace, HiddenBasis
from model.traces.moments import LikeTrace, Moment, PatternTrace, WordCount
from model.weights import damaged, load_metadata, load_weights, save_weights

#: What the file in a language's folder is called.
MOMENTS_FILE = "moments.safetensors"
#: Steps between 0 and 1.
_LEVELS = 7
#: Units that make a pattern, and words that are told.
MOST_UNITS, MOST_WORDS, EXAMPLES = 10, 12, 12


@dataclass(frozen=True)
class Moments:
    """M moments of captions: the memory before each word, and which word of which caption it is."""

    captions: tuple[tuple[str, ...], ...]
    #: Each unit's level from 0 to 14, two units a byte, the first in the upper half, (M, H / 2).
    packed: np.ndarray
    lang: str

    @classmethod
    def of(cls, captions: Sequence[CaptionTrace]) -> "Moments":
        """The moments of captions in one language; the same caption counts once."""
        once = {caption.words: caption for caption in captions if caption.words}
        levels = np.rint((np.concatenate([one.hidden for one in once.values()]).clip(-1, 1) + 1) * _LEVELS)
        levels = levels.astype(np.uint8)
        if levels.shape[1] % 2:
            levels = np.pad(levels, ((0, 0), (0, 1)), constant_values=_LEVELS)
        return cls(tuple(once), levels[:, ::2] << 4 | levels[:, 1::2], next(iter(once.values())).lang)

    @cached_property
    def hidden(self) -> np.ndarray:
        """The memories, (M, H), float32."""
        levels = np.stack([self.packed >> 4, self.packed & 15], axis=-1).reshape(len(self.packed), -1)
        return levels.astype(np.float32) / _LEVELS - 1

    @cached_property
    def places(self) -> np.ndarray:
        """Each moment's caption and the word's place in it, (M, 2)."""
        return np.array([(c, t) for c, words in enumerate(self.captions) for t in range(len(words))])

    @cached_property
    def words(self) -> np.ndarray:
        """The word that each moment led to, (M,)."""
        return np.array([word for words in self.captions for word in words], dtype=object)

    @cached_property
    def _lengths(self) -> np.ndarray:
        return np.linalg.norm(self.hidden, axis=1)

    def moment(self, row: int) -> Moment:
        """One of them, by its row."""
        caption, place = self.places[row]
        return Moment(self.captions[caption], int(place))

    def like(self, hidden: np.ndarray, basis: HiddenBasis | None = None, most: int = 30) -> LikeTrace:
        """The moments whose memory is most like ``hidden`` (H,), by the cosine of all units, or with ``basis`` of the
        coordinates along its axes, around its mean.

        Raises:
            SettingError: when it is not H finite numbers.
        """
        size = self.hidden.shape[1]
        hidden = checks.array("hidden", hidden)
        if hidden.shape != (size,) or not np.isfinite(hidden).all():
            raise SettingError(
                "{name} has the shape {given}; {size} finite numbers are wanted.",
                name="hidden",
                given=hidden.shape,
                size=size,
            )
        if basis is None:
            rows, lengths = self.hidden, self._lengths
        else:
            rows, hidden = basis.project(self.hidden), basis.project(hidden[None])[0]
            lengths = np.linalg.norm(rows, axis=1)
        own = float(np.linalg.norm(hidden))
        similarity = rows @ hidden.astype(np.float32) / np.maximum(lengths * own, 1e-12)
        nearest = np.argsort(-similarity, kind="stable")[: checks.whole("most", most, 1, 1000)]
        return LikeTrace(
            moments=tuple(map(self.moment, nearest)),
            similarity=similarity[nearest],
            searched=len(rows),
            mean_similarity=float(similarity.mean()),
            lang=self.lang,
        )

    def pattern(self, units: Mapping[int, bool], share: float = 0.25) -> PatternTrace:
        """The moments at which each of ``units`` is among its own highest (True) or lowest (False) ``share``.

        Raises:
            SettingError: when there is no such unit, or too many, or the share is not between 0.01 and 0.5.
        """
        from scipy.stats import hypergeom  # here, since it takes half a second that no other page needs

        size = self.hidden.shape[1]
        if not units or len(units) > MOST_UNITS:
            raise SettingError(
                "There are {given} units; a pattern is made of 1 to {most}.", given=len(units), most=MOST_UNITS
            )
        chosen = [checks.whole("unit", unit, 0, size - 1) for unit in units]
        share = checks.number("share", share, 0.01, 0.5)
        values = self.hidden[:, chosen]
        signs = np.array([1 if units[unit] else -1 for unit in chosen], np.float32)
        # Values are in steps, so bounds are a little further out than the share rather than a little nearer.
        bounds = np.quantile(values * signs, 1 - share, axis=0, method="higher")
        holds = values * signs >= bounds
        matches = np.flatnonzero(holds.all(axis=1))
        everywhere, there = Counter(self.words.tolist()), Counter(self.words[matches].tolist())
        found = []
        for word, count in there.items():
            expected = everywhere[word] * len(matches) / len(values)
            chance = float(hypergeom.sf(count - 1, len(values), everywhere[word], len(matches)))
            found.append(WordCount(word, count, everywhere[word], expected, chance))
        found.sort(key=lambda one: (one.chance, -one.count))
        strength = (values * signs)[matches].sum(axis=1)
        strongest = matches[np.argsort(-strength, kind="stable")]
        return PatternTrace(
            units=tuple((unit, bool(units[unit])) for unit in chosen),
            share=share,
            bounds=bounds * signs,
            matched=len(matches),
            searched=len(values),
            expected=float(holds.mean(axis=0).prod() * len(values)),
            words=tuple(found[:MOST_WORDS]),
            compared=len(everywhere),
            examples=tuple(map(self.moment, strongest[:EXAMPLES])),
            lang=self.lang,
        )


def save_moments(moments: Moments, folder: Path, digest: str) -> None:
    """Write them into a language's folder, with the digest of the captioner's weights that remembered so."""
    about = {
        "captioner_digest": digest,
        "lang": moments.lang,
        "captions": json.dumps([" ".join(words) for words in moments.captions], ensure_ascii=False),
    }
    save_weights({"packed": torch.tensor(moments.packed)}, folder / MOMENTS_FILE, about)


def load_moments(folder: Path) -> Moments:
    """What ``save_moments`` wrote.

    Raises:
        MissingFileError: when there is none in the folder.
        WeightsError: when it is damaged.
    """
    file = folder / MOMENTS_FILE
    tensors = load_weights(file)
    try:
        about = load_metadata(file)
        captions = tuple(tuple(caption.split(" ")) for caption in json.loads(about["captions"]))
        moments = Moments(captions, tensors["packed"].numpy(), about["lang"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise damaged(file) from error
    if moments.packed.ndim != 2 or moments.packed.dtype != np.uint8 or len(moments.packed) != len(moments.places):
        raise damaged(file)
    return moments
