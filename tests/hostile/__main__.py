"""See ``tests.hostile``."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass, field

from loky import ProcessPoolExecutor

from tests import hostile
from tests.bombs import BOMBS
from tests.hostile.library import ANSWERED, FAILED, REFUSED, Outcome, attempt
from tests.hostile.made import hostile_files, hostile_photos, hostile_texts
from tests.hostile.server import Trial
from tests.load import served

#: What nothing may exceed: seconds of processor, and MB above those at rest.
MOST_SECONDS, MOST_MEGABYTES = 3.0, 400.0


@dataclass
class Row:
    """One line of the table."""

    name: str
    outcomes: list[Outcome] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        if outcome.kind == FAILED or outcome.seconds > MOST_SECONDS or outcome.megabytes > MOST_MEGABYTES:
            print(
                f"  {self.name}, {outcome.name}: {outcome.kind} {outcome.said} "
                f"({outcome.seconds:.2f} s, {outcome.megabytes:.0f} MB)",
                flush=True,
            )

    @property
    def counts(self) -> Counter:
        return Counter(outcome.kind for outcome in self.outcomes)

    @property
    def seconds(self) -> float:
        return max((outcome.seconds for outcome in self.outcomes), default=0.0)

    @property
    def megabytes(self) -> float:
        return max((outcome.megabytes for outcome in self.outcomes), default=0.0)

    @property
    def passed(self) -> bool:
        return not self.counts[FAILED] and self.seconds <= MOST_SECONDS and self.megabytes <= MOST_MEGABYTES


class Process:
    """The library in a process of its own: a decoder that crashes takes this one along, and not the trial."""

    def __init__(self) -> None:
        self._pool = ProcessPoolExecutor(1)

    def attempt(self, what: str, name: str, thing: bytes | str) -> Outcome:
        try:
            return self._pool.submit(attempt, what, name, thing).result()
        except BrokenProcessPool as error:
            self.close()
            self._pool = ProcessPoolExecutor(1)
            return Outcome(name, FAILED, f"the process died ({type(error).__name__})")

    def close(self) -> None:
        self._pool.shutdown(wait=True, kill_workers=True)


def at_the_library(photos: int, texts: int, files: int, seed: int) -> list[Row]:
    """Everything, at the library."""
    rows = [Row(f"{name}, library") for name in ("photos", "bombs", "texts", "files")]
    things: Iterable[tuple[str, Iterable[tuple[str, bytes | str]]]] = (
        ("photo", hostile_photos(seed, photos)),
        ("photo", ((name, make()) for name, (make, _words) in BOMBS.items())),
        ("text", hostile_texts(seed, texts)),
        ("file", hostile_files(seed, files)),
    )
    with closing(Process()) as process:
        for row, (what, made) in zip(rows, things, strict=True):
            for name, thing in made:
                row.add(process.attempt(what, name, thing))
    return rows


def at_a_server(photos: int, texts: int, files: int, seed: int, every: int) -> list[Row]:
    """All bombs, and each ``every``-th of the rest, at a server of our own."""
    rows = [Row(f"{name}, page") for name in ("photos", "bombs", "texts in addresses", "files")]
    with served() as (address, server), closing(Trial(address, server)) as trial:
        trial.begin()
        for number, (name, content) in enumerate(hostile_photos(seed, photos)):
            if number % every == 0:
                rows[0].add(trial.photo(name, content))
        for name, (make, _words) in BOMBS.items():
            rows[1].add(trial.photo(name, make()))
        for number, (name, text) in enumerate(hostile_texts(seed, texts)):
            if number % every == 0:
                rows[2].add(trial.text(name, text, seed))
        for number, (name, content) in enumerate(hostile_files(seed, files)):
            if number % every == 0:
                rows[3].add(trial.file(name, content))
    return rows


def table(rows: Sequence[Row]) -> str:
    """All rows as text."""
    lines = [
        f"{'':26}{'tried':>7}{'answered':>10}{'refused':>9}{'exceptions':>12}{'longest, s':>12}{'memory, MB':>12}",
        *(
            f"{row.name:26}{len(row.outcomes):7}{row.counts[ANSWERED]:10}{row.counts[REFUSED]:9}"
            f"{row.counts[FAILED]:12}{row.seconds:12.2f}{row.megabytes:12.0f}"
            for row in rows
        ),
    ]
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the trial, print its table, and return 0 where it passed."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.hostile",
        description=hostile.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--photos", type=int, default=1000, metavar="N", help="mutated photos (default: 1000)")
    add("--texts", type=int, default=100, metavar="N", help="hostile texts (default: 100)")
    add("--files", type=int, default=100, metavar="N", help="spoilt files (default: 100)")
    add("--page-every", type=int, default=10, metavar="N", help="each Nth goes to the server, too (default: 10)")
    add("--seed", type=int, default=0, metavar="N", help="another seed makes others (default: 0)")
    asked = parser.parse_args(argv)
    counts = (asked.photos, asked.texts, asked.files, asked.seed)
    rows = [*at_the_library(*counts), *at_a_server(*counts, asked.page_every)]
    print(table(rows))
    print("Time is the processor's; memory is what came on top of that in use at rest.")
    return 0 if all(row.passed for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
