"""Where a captioning Transformer comes from: a folder that the server's owner names, the Hub's cache, or a download.

Looking for one never touches the network. A download happens only where the owner has allowed it, by an environment
variable, and somebody asks for it: visitors of a class's server must not make it load gigabytes by themselves. Nor
can they name a folder: a server's files are not theirs.
"""

import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from model.errors import UserError

#: The environment variables: a folder with a captioning Transformer, and ``1`` for "may download".
FOLDER, ALLOW_DOWNLOAD = "AFTERIMAGE_TRANSFORMER", "AFTERIMAGE_ALLOW_DOWNLOAD"
#: The files that a model is made of. Where these four are, the rest (vocabularies, templates) came with them.
NEEDED = ("config.json", "preprocessor_config.json", "tokenizer_config.json", "model.safetensors")
#: What is downloaded: neither pickled weights nor those of other frameworks.
PATTERNS = ("*.json", "*.txt", "model.safetensors")


@dataclass(frozen=True)
class HubModel:
    """A model of the Hub: its repository, which commit of it, and the size of its weights, MB."""

    repository: str
    revision: str
    megabytes: int


#: The one to download. Of BLIP's two captioners (Li et al. 2022) the large one: the base one's repository has pickled
#: weights alone, which are not loaded here. The commit is fixed, so that the same files come to everybody.
SUGGESTED = HubModel("Salesforce/blip-image-captioning-large", "353689b859fcf0523410b1806dace5fb46ecdf41", 1879)
#: What is taken from the cache, the first one found. ``main`` is what ``hf download`` gets unless told otherwise.
CACHED = (
    (SUGGESTED.repository, SUGGESTED.revision),
    (SUGGESTED.repository, "main"),
    ("Salesforce/blip-image-captioning-base", "main"),
    ("microsoft/git-large-coco", "main"),
    ("microsoft/git-base-coco", "main"),
)


#: Held by the one who downloads, for all visitors of this server.
_downloading = threading.Lock()


@dataclass(frozen=True)
class ModelFolder:
    """A folder with a model, and what the model is called."""

    folder: Path
    name: str


def find_transformer(environment: Mapping[str, str] = os.environ) -> ModelFolder | None:
    """The model in the folder that the owner named, else one in the Hub's cache, else None. No network is used.

    Raises:
        UserError: when the owner named a folder that is not there.
    """
    named = environment.get(FOLDER, "").strip()
    if not named:
        return _cached()
    folder = Path(named).expanduser().resolve()
    if not folder.is_dir():
        raise UserError(
            "The environment variable {variable} names no folder. Please set it to the folder of a captioning model, "
            "and start again.",
            variable=FOLDER,
        )
    return ModelFolder(folder, folder.name)


def _cached() -> ModelFolder | None:
    from huggingface_hub import try_to_load_from_cache

    for repository, revision in CACHED:
        files = (try_to_load_from_cache(repository, name, revision=revision) for name in NEEDED)
        here = [Path(file) for file in files if isinstance(file, str)]
        if len(here) == len(NEEDED):
            return ModelFolder(here[0].parent, repository)
    return None


def command() -> str:
    """What to type into a shell to get ``SUGGESTED`` into the cache."""
    only = " ".join(f'--include "{pattern}"' for pattern in PATTERNS)
    return f"hf download {SUGGESTED.repository} --revision {SUGGESTED.revision} {only}"


def may_download(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the owner allowed it."""
    return environment.get(ALLOW_DOWNLOAD, "").strip() == "1"


def is_downloading() -> bool:
    """Whether somebody has begun a download that is not yet over."""
    return _downloading.locked()


def download(environment: Mapping[str, str] = os.environ) -> None:
    """Load ``SUGGESTED`` from the Hub into its cache. It takes minutes; what was loaded before a break is kept.

    Raises:
        UserError: when it is not allowed, did not work, or is already under way for somebody else.
    """
    if not may_download(environment):
        raise UserError(
            "The owner of this server has not allowed downloads (environment variable {variable}).",
            variable=ALLOW_DOWNLOAD,
        )
    from huggingface_hub import snapshot_download

    if not _downloading.acquire(blocking=False):
        raise UserError(
            "The model is being downloaded already, since somebody else asked for it. Please load this page again in "
            "some minutes."
        )
    try:
        snapshot_download(SUGGESTED.repository, revision=SUGGESTED.revision, allow_patterns=list(PATTERNS))
    except Exception as error:  # No network, no room, a proxy's page: each layer has errors of its own.
        raise UserError(
            "The model could not be downloaded ({reason}). Please check the network and the room on the disk, and try "
            "again.",
            reason=type(error).__name__,
        ) from error
    finally:
        _downloading.release()
