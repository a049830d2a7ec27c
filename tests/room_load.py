"""A class in one room, as ``python -m tests.load --room --users 60`` plays it: how soon an answer is on the projector,
and whether each is counted, once.

One session teaches, as many as asked answer: they poll as browsers do, find each new word, wait a moment by chance
within ``pace`` seconds, choose a word and send it, and look whether their page says that it was sent. With several
addresses, the replicas of one school, they are spread over them. The teacher reveals when all have answered, and goes
on. Where the database can be reached, what it holds is compared with what was sent, word by word.
"""

import random
import re
import statistics
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import numpy as np
import psutil

from model.rooms import Rooms, open_database
from tests.load import PATIENCE, Visitor

#: Words that the captioner knows.
WORDS = ("a", "man", "dog", "in", "the", "of", "woman", "on", "with", "white")
#: Seconds for the last answers of a round to be counted.
LATEST = 20.0


@dataclass
class Result:
    """What became of the answers; the seconds from each press to its place on the projector; the server's share of all
    cores."""

    #: Of those that somebody's page called sent: how many were not counted; and how many were counted that nobody sent.
    sent: int = 0
    counted: int = 0
    lost: int = 0
    doubled: int = 0
    shown: list[float] = field(default_factory=list)
    processor: float | None = None
    failures: list[str] = field(default_factory=list)

    def compare(self, sent: Counter, counted: Counter) -> None:
        """One round's answers."""
        self.sent += sent.total()
        self.counted += counted.total()
        self.lost += (sent - counted).total()
        self.doubled += (counted - sent).total()

    def lines(self) -> list[str]:
        waits = self.shown or [float("nan")]
        said = [
            f"on the projector: half within {statistics.median(waits):.2f} s, 95 % within "
            f"{float(np.quantile(waits, 0.95)):.2f} s, the last after {max(waits):.2f} s"
        ]
        if self.processor is not None:
            said.append(f"processor: {self.processor:.0%} of all cores")
        said += [f"failed {many} times: {failure}" for failure, many in Counter(self.failures).items()]
        counts = f"{self.sent} sent, {self.counted} counted, {self.lost} lost, {self.doubled} doubled"
        return [*said, f"answers: {counts}"]


class Projector(Visitor):
    """The teacher's session; it notes how many answers its page says there are."""

    answered = 0
    #: What of the address is copied by its buttons.
    codes: tuple[str, ...] = ()

    def _note(self, message) -> None:
        super()._note(message)
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        text = element.progress.text if kind == "progress" else element.markdown.body if kind == "markdown" else ""
        if found := re.match(r"(\d+) of \d+ answered", text):
            self.answered = int(found[1])
        if kind == "code":
            self.codes += (element.code.code_text,)

    def code(self) -> str:
        return next(found[1] for text in self.texts if (found := re.fullmatch(r":blue\[(\w{5})\]", text)))

    def key(self) -> str:
        """The teacher's key, out of the link for another device."""
        self.set("class_show_link", bool_value=True)
        return next(key for link in self.codes for key in parse_qs(urlsplit(link).query).get("class_key", ()))


class Student(Visitor):
    """A participant's session."""

    #: The round that the page asks, 0 where it asks none; and the last one that was answered.
    asked = last = 0
    #: What the page says in boxes.
    alerts: tuple[str, ...] = ()

    def _begin(self) -> None:
        super()._begin()
        self.asked, self.alerts = 0, ()

    def _note(self, message) -> None:
        super()._note(message)
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "button" and (found := re.search(r"class_send_(\d+)$", element.button.id)):
            self.asked = int(found[1])
        if kind == "alert":
            self.alerts += (element.alert.body,)

    def answer(self, word: str) -> float:
        """Choose the word, and send it; when it was pressed, in seconds of ``time.monotonic``.

        Raises:
            RuntimeError: when the page does not say that it was sent.
        """
        asked = self.asked
        self.set(f"class_word_{asked}", string_value=word)
        pressed = time.monotonic()
        self.press(f"class_send_{asked}")
        if f"Sent: {word}" not in self.alerts:
            raise RuntimeError(f"An answer was not taken: {self.alerts}")
        self.last = asked
        return pressed

    def take_part(self, wait: float, word: str) -> float:
        """Wait for a round that was not answered yet, then ``wait`` more seconds; ``answer``."""
        deadline = time.monotonic() + PATIENCE
        while self.asked <= self.last:
            if time.monotonic() > deadline:
                raise RuntimeError(f"No new word came: {self.texts}")
            self.watch(2.0)
        self.watch(wait)
        return self.answer(word)


def play(
    addresses: Sequence[str],
    users: int,
    answers: int,
    pace: float,
    database: str = "",
    process: psutil.Process | None = None,
) -> Result:
    """A lesson of so many ``answers`` at least, all of them together."""
    result, chance = Result(), random.Random(0)
    with ExitStack() as leaving, ThreadPoolExecutor(users) as crowd:

        def come(number: int) -> Student:
            address = addresses[number % len(addresses)]
            return leaving.enter_context(closing(Student(address, "class", f"room={code}&lang=en")))

        teacher = leaving.enter_context(closing(Projector(addresses[0], "class", "lang=en")))
        teacher.press("class_open")
        code = teacher.code()
        teacher.press("class_ask_guess")
        students = list(crowd.map(come, range(users)))
        before, start = _processor(process), time.monotonic()
        rounds: list[tuple[Counter, int]] = []
        while sum(sent.total() for sent, _count in rounds) < answers and not result.failures:
            teacher.answered = 0
            words = [chance.choice(WORDS) for _student in students]
            sending = [
                crowd.submit(student.take_part, pace * chance.random(), word)
                for student, word in zip(students, words, strict=True)
            ]
            seen: list[tuple[float, int]] = []
            until = float("inf")
            while teacher.answered < users and time.monotonic() < until:
                teacher.watch(1.0)
                seen.append((time.monotonic(), teacher.answered))
                if until == float("inf") and all(one.done() for one in sending):
                    until = time.monotonic() + LATEST
            failed = [one.exception() for one in sending]
            result.failures += [f"{type(error).__name__}: {error}" for error in failed if error]
            pressed = sorted(one.result() for one, error in zip(sending, failed, strict=True) if not error)
            shown = [next((at for at, count in seen if count >= rank), None) for rank in range(1, len(pressed) + 1)]
            result.shown += [at - moment for at, moment in zip(shown, pressed, strict=True) if at is not None]
            rounds.append(
                (Counter(word for word, error in zip(words, failed, strict=True) if not error), teacher.answered)
            )
            teacher.press("class_reveal")
            here, last = _place(teacher)
            teacher.press("class_next" if here < last else "class_ask_guess")
        if process:
            result.processor = (_processor(process) - before) / (time.monotonic() - start) / psutil.cpu_count()
        if database:
            engine = open_database(database)
            history = Rooms(engine, lambda lang: WORDS).teach(code, teacher.key()).history()
            engine.dispose()
            for (sent, _count), (_activity, tally) in zip(rounds, history, strict=True):
                result.compare(sent, Counter(tally))
        else:
            for sent, count in rounds:
                result.compare(Counter(all=sent.total()), Counter(all=count))
        teacher.press("class_closing")
        teacher.press("class_close")
    return result


def _place(teacher: Projector) -> tuple[int, int]:
    found = next(m for text in teacher.texts if (m := re.fullmatch(r"(\d+) of (\d+)", text)))
    return int(found[1]), int(found[2])


def _processor(process: psutil.Process | None) -> float:
    """Seconds of processor that a server and its workers have taken."""
    if process is None:
        return 0.0
    return sum(sum(one.cpu_times()[:2]) for one in (process, *process.children(recursive=True)))
