"""Visitors' photos are opened in processes of their own, which may die without the page.

What a photo will take is known from its structure before; what goes wrong all the same is bounded here: by memory and
processor time that the system itself limits, and by a deadline. A worker that exceeds them, or whose visitor has left,
is killed, and the next photo gets a new one.
"""

from __future__ import annotations

import os
import time
from functools import cache
from queue import SimpleQueue

from loky import ProcessPoolExecutor
from PIL import Image

from app.i18n import N_
from app.turns import PATIENCE, Queue, Waiting, go_on
from model.captioner.files.outline import MAX_MEMORY, MEGA
from model.captioner.image import examine, open_photo
from model.errors import PhotoError

#: How many photos may be opened at once.
WORKERS = 2
#: Seconds of processor time that one photo may take; the largest ones take 2.
MOST_SECONDS = 6
#: Seconds that it may take by the clock, however busy the machine is.
DEADLINE = 60
#: Seconds after which a worker without work ends; one whose server was killed does not stay for ever, either.
_IDLE = 300


def open_apart(content: bytes) -> Image.Image:
    """``open_photo`` in another process, in its turn; whoever has to wait is told so.

    Raises:
        PhotoError: as ``open_photo`` does, and when the photo takes too much time or memory.
    """
    need = max(examine(content).memory // MEGA, MAX_MEMORY // WORKERS)
    waiting = Waiting(N_("Many photos are being opened; yours is next."))
    with _memory().turn(need, waiting):
        waiting.over()
        worker = _workers().get()
        try:
            return worker.open(content)
        finally:
            _workers().put(worker)


@cache
def _memory() -> Queue:
    """What all photos that are being opened may take together, MB: so a large one is alone."""
    return Queue(MAX_MEMORY)


@cache
def _workers() -> SimpleQueue[Worker]:
    workers: SimpleQueue[Worker] = SimpleQueue()
    for _number in range(WORKERS):
        workers.put(Worker())
    return workers


class Worker:
    """One process; it starts with its first photo."""

    def __init__(self) -> None:
        self._process: ProcessPoolExecutor | None = None

    def open(self, content: bytes) -> Image.Image:
        """Raises: PhotoError: as ``open_apart`` does."""
        if self._process is None:
            # loky's processes know nothing of Streamlit's: they import this module alone.
            self._process = ProcessPoolExecutor(1, timeout=_IDLE)
        finished = False
        try:
            promise = self._process.submit(_open_within_limits, content)
            deadline = time.monotonic() + DEADLINE
            while not promise.done() and time.monotonic() < deadline:
                time.sleep(PATIENCE)
                go_on()
            if not promise.done():
                raise _too_costly()
            photo = promise.result()
            finished = True
            return photo
        except PhotoError:
            finished = promise.done()
            raise
        except RuntimeError as error:  # The process has died: at its limit, or by a fault in a decoder.
            raise _too_costly() from error
        finally:
            if not finished:
                self.kill()

    def kill(self) -> None:
        """End the process, whatever it is doing."""
        process, self._process = self._process, None
        if process is not None:
            process.shutdown(wait=False, kill_workers=True)


def _open_within_limits(content: bytes) -> Image.Image:
    """Runs in the worker."""
    _limit()
    try:
        return open_photo(content)
    except MemoryError:
        raise _too_costly() from None
    except PhotoError as error:
        if isinstance(error.__cause__, MemoryError):
            raise _too_costly() from None
        raise


def _limit() -> None:
    """Let the system end this process at ``MOST_SECONDS`` more, and give it no more than ``MAX_MEMORY`` more."""
    try:
        import resource
    except ImportError:  # Windows has no such limits: the deadline remains.
        return
    hardest = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + MOST_SECONDS + 1, hardest))
    if os.path.exists("/proc/self/statm"):  # noqa: PTH110
        with open("/proc/self/statm") as pages:  # noqa: PTH123
            data = int(pages.read().split()[5]) * resource.getpagesize()
        hardest = resource.getrlimit(resource.RLIMIT_DATA)[1]
        resource.setrlimit(resource.RLIMIT_DATA, (data + MAX_MEMORY * MEGA * 5 // 4, hardest))


def _too_costly() -> PhotoError:
    return PhotoError(
        "This photo takes too much time or memory to open. Please make it smaller, or save it as an ordinary JPEG."
    )
