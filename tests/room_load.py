"""A class in one room, as ``python -m tests.load --room --users 60`` plays it: how soon an answer is on the projector,
and whether each is counted, once.

One session teaches, as many as asked answer: they poll as browsers do, find each new word, wait a moment by chance
within ``pace`` seconds, choose a word and send it. With several addresses, the replicas of one school, they are spread
over them. The teacher reveals when all have answered, and goes on.
"""

import random
import re
import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from threading import Lock

import numpy as np
import psutil

from tests.load import Visitor

#: Words that the captioner knows.
WORDS = ("a", "man", "dog", "in", "the", "of", "woman", "on", "with", "white")
#: Seconds for the last answers of a round to be counted.
LATEST = 20.0


@dataclass
class Result:
    """What became of the answers; the seconds until each was on the projector; the server's share of all cores."""

    sent: int = 0
    counted: int = 0
    shown: list[float] = field(default_factory=list)
    processor: float | None = None
    failures: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        waits = self.shown or [float("nan")]
        said = [
            f"on the projector: half within {statistics.median(waits):.2f} s, 95 % within "
            f"{float(np.quantile(waits, 0.95)):.2f} s, the last after {max(waits):.2f} s"
        ]
        if self.processor is not None:
            said.append(f"processor: {self.processor:.0%} of all cores")
        said += [f"failed: {failure}" for failure in self.failures]
        return [*said, f"answers: {self.sent} sent, {self.counted} counted, {self.sent - self.counted} lost"]


class Waiting(Visitor):
    """A session that polls. Where a fragment has the page run, the page does not ask for the fragment again: a browser
    goes on with it."""

    def rerun(self, fragment: str = "") -> None:
        before = dict(self.running)
        super().rerun(fragment)
        self.running = self.running or before


class Projector(Waiting):
    """The teacher's session; it notes how many answers its page says there are."""

    answered = 0

    def _note(self, message) -> None:
        super()._note(message)
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        text = element.progress.text if kind == "progress" else element.markdown.body if kind == "markdown" else ""
        if found := re.match(r"(\d+) of \d+ answered", text):
            self.answered = int(found[1])

    def code(self) -> str:
        return next(found[1] for text in self.texts if (found := re.fullmatch(r":blue\[(\w{5})\]", text)))


class Student(Waiting):
    """A participant's session."""

    def newest(self) -> int:
        """The number of the round that was asked last."""
        return max((int(key.rsplit("_", 1)[1]) for key in self.ids if key.startswith("class_word_")), default=0)

    def answer(self, word: str) -> None:
        number = self.newest()
        self.set(f"class_word_{number}", string_value=word)
        self.press(f"class_send_{number}")


def play(addresses: Sequence[str], users: int, answers: int, pace: float, process: psutil.Process | None) -> Result:
    """A lesson of so many ``answers`` at least, all of them together."""
    result, lock, chance = Result(), Lock(), random.Random(0)
    with ExitStack() as leaving, ThreadPoolExecutor(users) as crowd:
        teacher = leaving.enter_context(closing(Projector(addresses[0], "class", "lang=en")))
        teacher.press("class_open")
        query = f"room={teacher.code()}&lang=en"
        teacher.press("class_ask_guess")
        students = list(
            crowd.map(
                lambda number: leaving.enter_context(
                    closing(Student(addresses[number % len(addresses)], "class", query))
                ),
                range(users),
            )
        )
        before, start = _processor(process), time.monotonic()
        while result.sent < answers and not result.failures:
            moments: list[float] = []
            for student in students:
                student.last = getattr(student, "last", 0)

            def take_part(student: Student, wait: float, word: str, moments: list[float] = moments) -> None:
                try:
                    deadline = time.monotonic() + 60
                    while student.newest() <= student.last and time.monotonic() < deadline:
                        student.watch(2.0)
                    student.watch(wait)
                    student.answer(word)
                    with lock:
                        moments.append(time.monotonic())
                    student.last = student.newest()
                except Exception as error:
                    result.failures.append(f"{type(error).__name__}: {error}")

            sending = [
                crowd.submit(take_part, student, pace * chance.random(), chance.choice(WORDS)) for student in students
            ]
            seen: list[tuple[float, int]] = []
            until = None
            while until is None or (teacher.answered < len(moments) and time.monotonic() < until):
                teacher.watch(1.0)
                seen.append((time.monotonic(), teacher.answered))
                if until is None and all(one.done() for one in sending):
                    until = time.monotonic() + LATEST
            for rank, moment in enumerate(sorted(moments), start=1):
                when = next((at for at, count in seen if count >= rank), None)
                if when is not None:
                    result.shown.append(max(0.0, when - moment))
            teacher.press("class_reveal")
            result.sent += len(moments)
            result.counted += teacher.answered
            round_of, rounds = _place(teacher)
            teacher.answered = 0
            teacher.press("class_next" if round_of < rounds else "class_ask_guess")
        if process:
            spent = _processor(process) - before
            result.processor = spent / (time.monotonic() - start) / psutil.cpu_count()
        teacher.press("class_close")
    return result


def _place(teacher: Projector) -> tuple[int, int]:
    found = next(m for text in reversed(teacher.texts) if (m := re.fullmatch(r"(\d+) of (\d+)", text)))
    return int(found[1]), int(found[2])


def _processor(process: psutil.Process | None) -> float:
    """Seconds of processor that a server and its workers have taken."""
    if process is None:
        return 0.0
    return sum(sum(one.cpu_times()[:2]) for one in (process, *process.children(recursive=True)))
