"""Hostile things at a server that runs: visitors who bring them, and what the server took."""

import threading
import time
from collections.abc import Callable

import psutil

from tests.everywhere import View, every_view
from tests.hostile.library import ANSWERED, FAILED, REFUSED, Outcome
from tests.hostile.made import chance, hostile_address
from tests.load import Visitor

#: How Streamlit's messages call an alert that is an error or a warning.
_NO = (1, 2)


class Guest(Visitor):
    """A visitor who remembers what the page objected to."""

    def __init__(self, address: str, page: str, query: str = "") -> None:
        self.alerts: list[str] = []
        super().__init__(address, page, query)

    def _note(self, message) -> None:
        super()._note(message)
        element = message.delta.new_element
        if element.WhichOneof("type") == "alert" and element.alert.format in _NO:
            self.alerts.append(element.alert.body)


class Trial:
    """One server, its guests, and its use of processor and memory."""

    def __init__(self, address: str, process: psutil.Process) -> None:
        self.address, self.process = address, process
        self._guests: dict[str, Guest] = {}
        self._views = list(every_view())
        #: The parameters that a view's widgets may have in the address, for the views that were tried.
        self._keys: dict[View, list[str]] = {}
        self._peak, self._stop = 0.0, threading.Event()
        self.at_rest = 0.0
        self._watch = threading.Thread(target=self._look, daemon=True)

    def begin(self) -> None:
        """Wake all that the first visitors wake; what is in use then is the rest."""
        from tests.photos import jpeg, scene

        self._guest("caption", "caption_source=file").upload("caption_photo", "first.jpg", jpeg(scene(1600, 1200)))
        self._guest("sequence")
        self._guest("lessons")
        self.at_rest = self._memory()
        self._watch.start()

    def close(self) -> None:
        self._stop.set()
        for guest in self._guests.values():
            guest.close()

    def photo(self, name: str, content: bytes) -> Outcome:
        return self._tried(
            name, "caption", "caption_source=file", lambda guest: guest.upload("caption_photo", name, content)
        )

    def file(self, name: str, content: bytes) -> Outcome:
        page, key = ("lessons", "lessons_load") if name.endswith("course.json") else ("sequence", "sequence_file")
        return self._tried(name, page, "", lambda guest: guest.upload(key, name, content))

    def text(self, name: str, text: str, seed: int) -> Outcome:
        """A view's address, some of whose parameters hold the text."""
        dice = chance(seed, "address", int(name.split()[-1]))
        view = dice.choice(self._views)
        if view not in self._keys:
            guest = self._guest(view.page)
            guest.go(view.page, view.query)
            self._keys[view] = sorted(guest.ids)
        whole = "&".join(filter(None, (view.query, hostile_address(self._keys[view], dice, text))))
        outcome = self._tried(name, view.page, "", lambda guest: guest.go(view.page, whole))
        return (
            outcome if outcome.kind != FAILED else Outcome(f"{name} (/{view.page}?{whole[:300]})", FAILED, outcome.said)
        )

    def _guest(self, page: str, query: str = "") -> Guest:
        if page not in self._guests:
            self._guests[page] = Guest(self.address, page, query)
        return self._guests[page]

    def _tried(self, name: str, page: str, query: str, act: Callable[[Guest], None]) -> Outcome:
        self._peak, begin = 0.0, self._seconds()
        try:
            guest = self._guest(page, query)
            guest.alerts = []
            act(guest)
            kind, said = (REFUSED, guest.alerts[0]) if guest.alerts else (ANSWERED, "")
        except Exception as error:  # The page shows an exception, the server is gone, or no answer came.
            kind, said = FAILED, f"{type(error).__name__}: {str(error)[:300]}"
            if page in self._guests:
                self._guests.pop(page).close()
        return Outcome(name, kind, said, self._seconds() - begin, max(self._peak, self._memory()) - self.at_rest)

    def _family(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]

    def _memory(self) -> float:
        """What the server and its workers have in memory, MB. A worker that is just being started still is a copy of
        its parent, whose memory it shares: it does not count yet."""
        total, parent = 0.0, self.process.cmdline()
        for one in self._family():
            try:
                if one == self.process or one.cmdline() != parent:
                    total += one.memory_info().rss / 1e6
            except psutil.Error:  # It has just ended.
                continue
        return total

    def _seconds(self) -> float:
        total = 0.0
        for one in self._family():
            try:
                total += sum(one.cpu_times()[:4])
            except psutil.Error:
                continue
        return total

    def _look(self) -> None:
        while not self._stop.is_set():
            self._peak = max(self._peak, self._memory())
            time.sleep(0.05)
