"""Loading the models: the one place where the app touches weights.

A loaded model is one object for all users and threads, so nothing here is ever trained or changed.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import streamlit as st
from PIL import Image

from model.captioner import Captioner
from model.captioner.kept_saliency import SALIENCY_FILE, KeptSaliency, load_saliency
from model.captioner.moments import MOMENTS_FILE, Moments, load_moments
from model.captioner.probes import PROBES_FILE, Probe, load_probes
from model.captioner.siblings import Sibling, load_siblings
from model.captioner.transformer import WEIGHTS, TransformerCaptioner

ASSETS = Path(__file__).resolve().parent.parent / "assets"
SIBLINGS = ASSETS / "siblings"

Made = TypeVar("Made")


@st.cache_resource(show_spinner=False)
def captioner() -> Captioner:
    """The shipped captioner.

    Raises:
        UserError: when its files are missing or damaged.
    """
    return Captioner.from_pretrained(ASSETS / "captioner")


def captioner_megabytes() -> float:
    """The size of its weights on the disk, MB."""
    return (ASSETS / "captioner" / WEIGHTS).stat().st_size / 1e6


@st.cache_resource(show_spinner=False)
def siblings() -> dict[str, Sibling]:
    """The captioner's small siblings, which share its English words.

    Raises:
        UserError: when their files are missing or damaged.
    """
    return load_siblings(SIBLINGS, captioner().tokenizers["en"])


@st.cache_resource(show_spinner=False)
def probes(lang: str) -> dict[str, Probe] | None:
    """The probes of the captioner's memory while it speaks one language; None where none were fitted.

    Raises:
        UserError: when their file is damaged.
    """
    return _if_made(lang, PROBES_FILE, load_probes)


@st.cache_resource(show_spinner=False)
def moments(lang: str) -> Moments | None:
    """The index of the captioner's memories in one language's captions; None where none was made.

    Raises:
        UserError: when its file is damaged.
    """
    return _if_made(lang, MOMENTS_FILE, load_moments)


@st.cache_resource(show_spinner=False)
def kept_saliency(lang: str) -> KeptSaliency | None:
    """What is known of the samples' captions in one language; None where nothing was computed.

    Raises:
        UserError: when its file is damaged.
    """
    return _if_made(lang, SALIENCY_FILE, load_saliency)


def _if_made(lang: str, file: str, load: Callable[[Path], Made]) -> Made | None:
    """What ``load`` reads in a language's folder, where its ``file`` is there: it is made by a command of its own."""
    folder = ASSETS / "captioner" / lang
    return load(folder) if (folder / file).is_file() else None


@st.cache_resource(show_spinner=False, max_entries=1)
def transformer(folder: str, name: str) -> TransformerCaptioner:
    """The Transformer to compare with, in a folder that ``model.captioner.hub`` found.

    Its very first caption is made here, of nothing: that one takes longer than a caption does.

    Raises:
        UserError: when the folder holds no such model.
    """
    loaded = TransformerCaptioner.from_pretrained(folder, name)
    loaded.caption(Image.new("RGB", (64, 64)), beam=1, max_tokens=1)
    return loaded
