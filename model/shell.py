"""What the shell commands share: UTF-8 output, errors of one line, and a quiet end."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from model.errors import UserError

if TYPE_CHECKING:
    from model.captioner import Captioner

#: The captioner that comes with the project.
ASSETS = Path(__file__).parents[1] / "assets" / "captioner"


def run(command: Callable[[], int]) -> int:
    """Run a command and return its exit status: what it returns, or 2 after an error that a user can mend."""
    for stream in (sys.stdout, sys.stderr):
        # Chinese is UTF-8 whatever the system's locale. What UTF-8 cannot hold, such as a broken byte of a file
        # name, is written as both Python and JSON write it: \udcff.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)
    warnings.filterwarnings("ignore", module=r"PIL\.")  # Remarks on odd files that open all the same.
    try:
        return command()
    except UserError as error:
        say_error(f"error: {error}")
        return 2
    except KeyboardInterrupt:
        return 130  # What a shell expects of a command that Ctrl-C ended.
    except BrokenPipeError:  # Whoever read the output has gone, as `| head` does.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:  # A file that is not there, or may not be read or written.
        say_error(f"error: {error.filename}: {error.strerror}." if error.filename else f"error: {error}")
        return 2


def say(line: str) -> None:
    """A line of output, above the progress bar where both are on a terminal."""
    if sys.stdout.isatty():
        tqdm.write(line)
    else:
        print(line)


def say_error(line: str) -> None:
    """A line on stderr, above the progress bar."""
    tqdm.write(printable(line), file=sys.stderr)


def printable(text: str) -> str:
    """One safe line: line ends and terminal codes, which file names may hold, are written out: ``\\n``."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def progress(things: list, unit: str, at_least: int = 0) -> tqdm:
    """These things, with a bar on stderr that shows how far it is and how long it will take.

    There is no bar for fewer things than ``at_least``. Where stderr is a file, the bar is drawn rarely.
    """
    seconds = 0.1 if sys.stderr.isatty() else 10
    return tqdm(things, unit=unit, disable=len(things) < at_least, mininterval=seconds)


def check_writable(file: Path) -> None:
    """Raises: OSError: when a file cannot be written. Better to learn that before the work than after it."""
    new = not file.exists()
    file.open("ab").close()
    if new:
        file.unlink()  # Should the work end early, no empty file is left.


def load_captioner(directory: Path) -> Captioner:
    """The captioner in a folder.

    Raises:
        UserError: when there is none, or it cannot be loaded.
    """
    from transformers.utils import logging

    from model.captioner import Captioner  # Here, so that --help and wrong usage need not wait for torch.

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        return Captioner.from_pretrained(directory)
    except Exception as error:  # A missing file, broken JSON, weights of another shape: all end here.
        raise UserError(
            "No captioner could be loaded from {directory} ({reason}). Please give the folder of one.",
            directory=directory,
            reason=str(error).strip().partition("\n")[0],
        ) from error
