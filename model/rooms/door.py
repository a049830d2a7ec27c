"""Who tries codes by chance has to wait, and so have those who come from the same address."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable


class Door:
    """So many may come at once, and then one in ``every`` seconds: each goes when its time has come.

    It is the generic cell rate algorithm (ITU-T I.371): of each address, only the time up to which its visits are
    booked is kept. Without a thread of its own; one for all threads.
    """

    #: The addresses that are remembered.
    MOST = 10_000

    def __init__(self, at_once: int, every: float, now: Callable[[], float] = time.monotonic) -> None:
        self.at_once, self.every, self._now = at_once, every, now
        self._booked: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def count(self, address: str) -> None:
        """Book one more visit from ``address``."""
        with self._lock:
            self._booked[address] = max(self._booked.get(address, 0.0), self._now()) + self.every
            self._booked.move_to_end(address)
            while len(self._booked) > self.MOST:
                self._booked.popitem(last=False)

    def wait(self, address: str) -> float:
        """Seconds until the next visit from ``address`` may come; 0 where it may at once."""
        with self._lock:
            booked = self._booked.get(address, 0.0)
        return max(0.0, booked - self._now() - (self.at_once - 1) * self.every)
