"""One hostile thing at the library, in a process that may die of it: what became of it, and what it took."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from traceback import extract_tb
from typing import Any

from model.errors import UserError

ROOT = Path(__file__).resolve().parents[2]
ANSWERED, REFUSED, FAILED = "answered", "refused", "exception"


@dataclass(frozen=True)
class Outcome:
    """What became of one thing, with the sentence or the exception; processor seconds, and MB above those at rest."""

    name: str
    kind: str
    said: str = ""
    seconds: float = 0.0
    megabytes: float = 0.0


def attempt(what: str, name: str, thing: bytes | str) -> Outcome:
    """Try it; ``what`` is ``photo``, ``text`` or ``file``."""
    calls: dict[str, Callable[[Any], None]] = {"photo": _photo, "text": _text, "file": _file}
    _captioner()  # loading it is no part of what is measured
    at_rest, begin = _begin_peak(), time.process_time()
    try:
        calls[what](thing)
        kind, said = ANSWERED, ""
    except UserError as error:
        kind, said = REFUSED, str(error)
    except Exception as error:
        place = extract_tb(error.__traceback__)[-1]
        kind, said = FAILED, f"{type(error).__name__}: {str(error)[:200]} ({Path(place.filename).name}:{place.lineno})"
    return Outcome(name, kind, said, time.process_time() - begin, _peak() - at_rest)


@cache
def _captioner():
    from model.captioner import Captioner

    captioner = Captioner.from_pretrained(ROOT / "assets" / "captioner")
    captioner.caption(_scene(), beam=1)  # the first one takes longer
    return captioner


def _scene():
    from tests.photos import scene

    return scene()


@cache
def _regions():
    return _captioner().look(_scene())


def _photo(content: bytes) -> None:
    _captioner().caption(content, beam=1, max_words=5)


def _text(text: str) -> None:
    """Everywhere that a text is taken; one that is refused at one place is tried at the next all the same."""
    from model.captioner import SearchSettings
    from model.recurrent import make_task

    refused = None
    calls = (
        lambda: _captioner().describe(_regions(), SearchSettings(prefix=text.split()[:5] or [text], max_words=5)),
        lambda: _captioner().describe(_regions(), SearchSettings(lang="zh", prefix=[text[:50]], max_words=5)),
        lambda: _captioner().describe(_regions(), SearchSettings(lang=text, max_words=5)),
        lambda: make_task("text", text=text),
        lambda: make_task(text),
        lambda: make_task("numbers", numbers=tuple(text.split())),
    )
    for call in calls:
        try:
            call()
        except UserError as error:
            refused = error
    if refused:
        raise refused


def _file(content: bytes) -> None:
    from model.recurrent import load

    load(content)


def _begin_peak() -> float:
    """Forget the peak so far, where the system can (Linux); returns what is in use now, MB."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return 0.0
    return _status("VmRSS")


def _peak() -> float:
    return _status("VmHWM") if Path("/proc/self/clear_refs").exists() else 0.0


def _status(field: str) -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) / 1000
    return 0.0
