"""Turns at what is costly, and photos in processes of their own."""

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np
import psutil
import pytest

from app import opening, turns
from app.neurons.rates import Background
from app.opening import Worker, open_apart
from app.turns import Queue, Shared
from model.captioner.image import is_damaged, open_photo
from model.errors import PhotoError
from tests import bombs, photos


class Left(BaseException):
    """As Streamlit ends a run: no exception that a page would catch."""


@pytest.fixture(autouse=True)
def no_page(monkeypatch):
    """These tests have no page: nobody leaves it, and nothing is shown."""
    for module in (turns, opening):
        monkeypatch.setattr(module, "go_on", lambda: None)
    monkeypatch.setattr("app.neurons.rates.go_on", lambda: None)


# Turns.


def test_places_are_taken_in_the_order_of_asking_and_never_too_many():
    queue, order, inside, most = Queue(2), [], [], []
    lock = threading.Lock()

    def visit(number: int) -> None:
        with queue.turn():
            with lock:
                order.append(number)
                inside.append(number)
                most.append(len(inside))
            time.sleep(0.05)
            with lock:
                inside.remove(number)

    visitors = [threading.Thread(target=visit, args=(number,)) for number in range(8)]
    for visitor in visitors:
        visitor.start()
        while visitor.ident is None or (len(queue._waiting) + len(order) <= visitors.index(visitor)):
            time.sleep(0.001)
    for visitor in visitors:
        visitor.join()
    assert order == list(range(8))
    assert max(most) == 2


def test_a_large_one_is_not_overtaken_and_is_alone():
    queue, seen = Queue(10), []
    with ThreadPoolExecutor(3) as crowd, queue.turn(6):

        def take(places: int) -> None:
            with queue.turn(places):
                seen.append((places, queue._taken))

        crowd.submit(take, 10)
        while not queue._waiting:
            time.sleep(0.001)
        crowd.submit(take, 1)
        while len(queue._waiting) < 2:
            time.sleep(0.001)
        assert not seen  # there would be room for the small one
    assert seen[0] == (10, 10)
    assert sorted(seen) == [(1, 1), (10, 10)]


def test_who_waits_hears_how_many_are_before_and_may_leave():
    queue, heard = Queue(1), []

    def leave(ahead: int) -> None:
        heard.append(ahead)
        if len(heard) == 3:
            raise Left

    with queue.turn():
        with pytest.raises(Left), queue.turn(waiting=leave):
            pytest.fail("there was no place")
        assert heard == [0, 0, 0]
        assert not queue._waiting
    with queue.turn():
        pass


def test_more_places_than_there_are_is_all_of_them():
    queue = Queue(2)
    with queue.turn(5):
        assert queue._taken == 2
    assert queue._taken == 0


def test_what_all_share_is_computed_once_and_bounded():
    shared: Shared[int] = Shared(2)
    computed = []

    def compute(key: int) -> int:
        computed.append(key)
        return key * key

    assert [shared.get(key, partial(compute, key)) for key in (3, 3, 4, 3)] == [9, 9, 16, 9]
    assert computed == [3, 4]
    shared.get(5, lambda: compute(5))
    shared.get(4, lambda: compute(4))
    assert computed == [3, 4, 5, 4]  # 3 was used last, so 4 had to go


def test_what_is_left_is_not_kept():
    shared: Shared[int] = Shared(2)

    def leave() -> int:
        raise Left

    with pytest.raises(Left):
        shared.get(1, leave)
    assert shared.get(1, lambda: 7) == 7


# Computed in the background.


def test_what_nobody_waits_for_is_given_up(monkeypatch):
    background, begun, ended = Background(), threading.Event(), threading.Event()

    def endless(pulse):
        begun.set()
        try:
            while True:
                pulse()
                time.sleep(0.005)
        finally:
            ended.set()

    def leave() -> None:
        if begun.is_set():
            raise Left

    monkeypatch.setattr("app.neurons.rates.go_on", leave)
    with pytest.raises(Left):
        background.wait("curve", endless)
    assert ended.wait(60)
    monkeypatch.setattr("app.neurons.rates.go_on", lambda: None)
    assert background.wait("curve", lambda pulse: 5) == 5  # begun anew


def test_what_another_waits_for_goes_on(monkeypatch):
    background, go, waiting = Background(), threading.Event(), threading.Event()
    leaver = threading.local()

    def compute(pulse):
        waiting.set()
        while not go.is_set():
            pulse()
            time.sleep(0.005)
        return 5

    monkeypatch.setattr("app.neurons.rates.go_on", lambda: _raise_if(getattr(leaver, "leaves", None)))
    with ThreadPoolExecutor(1) as crowd:
        stays = crowd.submit(background.wait, "curve", compute)
        assert waiting.wait(60)
        leaver.leaves = Left
        with pytest.raises(Left):
            background.wait("curve", compute)
        go.set()
        assert stays.result() == 5


def _raise_if(error) -> None:
    if error:
        raise error


# Photos.


@pytest.fixture
def worker():
    worker = Worker()
    yield worker
    worker.kill()


def test_a_photo_opened_apart_is_the_same(worker):
    content = photos.jpeg(photos.scene(4000, 3000))
    assert (np.asarray(worker.open(content)) == np.asarray(open_photo(content))).all()
    assert is_damaged(worker.open(content[:-10]))


def test_the_sentence_comes_through_and_the_worker_stays(worker):
    worker.open(photos.jpeg())
    process = worker._process
    with pytest.raises(PhotoError, match="no photo") as caught:
        worker.open(b"nothing of the kind")
    assert caught.value.template
    with pytest.raises(PhotoError, match="10000 parts"):
        worker.open(bombs.png_of_empty_chunks(20_000))
    assert worker._process is process


def _workers_of_this_process() -> set[int]:
    return {child.pid for child in psutil.Process().children(recursive=True) if _is_worker(child)}


def _is_worker(process: psutil.Process) -> bool:
    try:
        return "popen_loky" in " ".join(process.cmdline())
    except psutil.NoSuchProcess:  # a zombie, too: it has ended, only its parent has not looked yet
        return False


def _gone(before: set[int]) -> bool:
    for _look in range(3000):
        if not (_workers_of_this_process() - before):
            return True
        time.sleep(0.02)
    return False


def test_a_worker_whose_visitor_leaves_is_killed(worker, monkeypatch):
    before = _workers_of_this_process()

    def leave() -> None:
        raise Left

    monkeypatch.setattr(opening, "go_on", leave)
    with pytest.raises(Left):
        worker.open(bombs.float_tiff())
    assert worker._process is None
    assert _gone(before)
    monkeypatch.setattr(opening, "go_on", lambda: None)
    assert worker.open(photos.jpeg()).size == photos.scene().size  # by a new one


@pytest.mark.parametrize("limit", ["time", "memory", "crash"])
def test_a_worker_at_its_limits_ends_with_a_sentence(worker, monkeypatch, limit):
    work = {"time": _spin, "memory": _fill, "crash": _crash}[limit]
    monkeypatch.setattr(opening, "_open_within_limits", work)
    with pytest.raises(PhotoError, match="too much time or memory"):
        worker.open(b"a photo")
    monkeypatch.undo()
    worker.kill()  # what the tests changed in it goes with it
    for module in (turns, opening):
        monkeypatch.setattr(module, "go_on", lambda: None)
    assert worker.open(photos.jpeg()).size == photos.scene().size


def _spin(content: bytes) -> None:
    opening.MOST_SECONDS = 1
    opening._limit()
    while True:
        pass


def _fill(content: bytes) -> None:
    def allocate(_content: bytes) -> None:
        kept = [bytearray(50_000_000) for _ in range(20)]
        assert kept

    opening.open_photo = allocate  # type: ignore[assignment]  # a stand-in, in a process of its own
    opening._open_within_limits(content)


def _crash(content: bytes) -> None:
    os.abort()


def test_no_more_are_open_at_once_than_memory_allows(monkeypatch):
    """Two small ones side by side, a large one alone, as their files' structure says."""
    taken, lock, inside = [], threading.Lock(), [0]

    class Slow:
        def open(self, content: bytes):
            with lock:
                inside[0] += 1
                taken.append(inside[0])
            time.sleep(0.1)
            with lock:
                inside[0] -= 1

    workers: Any = opening.SimpleQueue()
    for _number in range(opening.WORKERS):
        workers.put(Slow())
    memory = Queue(opening.MAX_MEMORY)
    monkeypatch.setattr(opening, "_workers", lambda: workers)
    monkeypatch.setattr(opening, "_memory", lambda: memory)
    monkeypatch.setattr(opening, "Waiting", lambda sentence: type("Quiet", (), {"__call__": _none, "over": _none})())
    small, large = photos.jpeg(), bombs.png_of_50_megapixels_in_16_bit()
    with ThreadPoolExecutor(6) as crowd:
        list(crowd.map(open_apart, [small] * 6))
    assert max(taken) == opening.WORKERS
    assert open_apart(large) is None
    monkeypatch.setattr("model.captioner.files.outline.MAX_MEMORY", 10**6)
    heavy = bombs.webp_of_50_megapixels()
    taken.clear()
    with ThreadPoolExecutor(3) as crowd:
        list(crowd.map(open_apart, [heavy] * 3))
    assert max(taken) == 1


def _none(*_arguments) -> None:
    return None
