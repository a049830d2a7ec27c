"""How many visitors one machine serves: sessions that behave as people do, and how long each answer takes.

    python -m tests.load --users 8
    python -m tests.load --users 1 4 8 16 --minutes 5
    python -m tests.load --users 2 --address http://192.168.1.5:8501
    python -m tests.load --sessions 500 --photos 300
    python -m tests.load --room --users 60

Without ``--address`` each number of users gets a fresh server on this machine, and its memory is measured too. The
visitors speak Streamlit's own protocol: the WebSocket, its messages, and uploads, as the pages' JavaScript does. So
each is a whole session of the app, while no browsers take the processor that is to be measured. A visitor opens the
caption page, brings a photo of their own, which nobody had before, and goes on, again and again, by chance: with the
captions (another photo, the beam's slider, another start), a network that is trained live, gradients through time, the
neurons, the lessons. Before each action they look at the page for a while, by chance between half and one and a half
times ``--pace``; a network that trains goes on meanwhile, and its pictures with it.

A time is what a visitor waits: from the action to the end of the run of the page's script that answers it. What a
browser needs to draw comes on top.

With ``--sessions`` or ``--photos`` no times are taken. That many sessions come and go, one after the other, or one
session brings that many photos, and what is printed is the server's memory on the way: it must stay flat.

With ``--room`` the users are a class in one room (``tests.room_load``). The last line counts answers.
"""

import argparse
import io
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from socket import socket
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit
from urllib.request import Request, urlopen

import numpy as np
import psutil
from PIL import Image
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileUploaderState, UploadedFileInfo
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from model.captioner.gallery import samples
from tests.everywhere import LESSONS, every_view

ROOT = Path(__file__).resolve().parent.parent
#: Seconds after which an answer is given up.
PATIENCE = 120
#: What visitors do, in the order of the report; ``open`` once each.
ACTIONS = ("open", "photo", "slider", "start", "train", "picture", "gradients", "neurons", "lesson")


class Visitor:
    """One session of the app at ``address``, such as ``http://localhost:8501``, opened at ``page`` with ``query``.

    Raises:
        RuntimeError: when the page shows an exception, or an action's widget is not there.
        TimeoutError: when an answer takes longer than ``PATIENCE``.
    """

    def __init__(self, address: str, page: str, query: str = "") -> None:
        self.address, self.page, self.query = address, page, query
        self.widgets: dict[str, WidgetState] = {}
        #: Widgets' ids by their keys.
        self.ids: dict[str, str] = {}
        self.texts: list[str] = []
        #: Fragments that ask to be run again and again, and their seconds between.
        self.running: dict[str, float] = {}
        #: What the server calls the page, once it has come: a fragment that has the whole page run means this one.
        self.script = ""
        # As a browser does: this gives the cookie against forged uploads, and behind a proxy the one that keeps a
        # visitor at the same replica.
        with urlopen(f"{address}/_stcore/health", timeout=PATIENCE) as answer:
            given = answer.headers.get_all("Set-Cookie") or []
        self.cookies = dict(cookie.split(";")[0].split("=", 1) for cookie in given)
        parts = urlsplit(address)
        stream = urlunsplit(({"http": "ws", "https": "wss"}[parts.scheme], parts.netloc, "/_stcore/stream", "", ""))
        self._open = ExitStack()
        self.socket: ClientConnection = self._open.enter_context(
            connect(
                stream,
                subprotocols=[Subprotocol("streamlit"), Subprotocol(self.cookies["_streamlit_xsrf"])],
                additional_headers={"Cookie": self._cookie_header()},
                origin=Origin(address),
                max_size=None,
                open_timeout=PATIENCE,
            )
        )
        self.session = ""
        self.rerun()

    def close(self) -> None:
        self._open.close()

    def set(self, key: str, **value: Any) -> None:
        """Set the widget ``key``, such as ``set("caption_beam", double_array_value={"data": [5]})``, and wait."""
        if key not in self.ids:
            raise RuntimeError(f"There is no widget {key} on the page {self.page}.")
        self.widgets[key] = WidgetState(id=self.ids[key], **value)
        self.rerun()

    def press(self, key: str) -> None:
        """Press the button ``key``, and wait."""
        self.set(key, trigger_value=True)
        del self.widgets[key]

    def go(self, page: str, query: str = "") -> None:
        """Follow a link to another page, and wait."""
        self.page, self.query, self.script = page, query, ""
        self.widgets, self.ids, self.running = {}, {}, {}
        self.rerun()

    def watch(self, seconds: float) -> list[float]:
        """Look at the page for so long, as browsers do: what asks for it runs again. Returns how long each run took."""
        waited, stop = [], time.monotonic() + seconds
        while self.running and time.monotonic() < stop:
            fragment, every = next(iter(self.running.items()))
            time.sleep(min(every, max(0.0, stop - time.monotonic())))
            start = time.monotonic()
            self.rerun(fragment)
            waited.append(time.monotonic() - start)
        time.sleep(max(0.0, stop - time.monotonic()))
        return waited

    def upload(self, key: str, name: str, content: bytes) -> None:
        """Bring a file to the uploader ``key``, and wait for the page."""
        ask = BackMsg()
        ask.file_urls_request.request_id = name
        ask.file_urls_request.file_names.append(name)
        ask.file_urls_request.session_id = self.session
        self.socket.send(ask.SerializeToString())
        urls = self._until("file_urls_response").file_urls_response.file_urls[0]
        boundary = "a-boundary-between-parts"
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        body = f"{head}Content-Type: image/jpeg\r\n\r\n".encode() + content + f"\r\n--{boundary}--\r\n".encode()
        headers = {
            "Content-Type": f"multipart/form-data; boundary={boundary}",
            "Cookie": self._cookie_header(),
            "X-Xsrftoken": self.cookies["_streamlit_xsrf"],
        }
        where = self.address + urls.upload_url
        urlopen(Request(where, body, headers, method="PUT"), timeout=PATIENCE).close()
        info = UploadedFileInfo(name=name, size=len(content), file_id=urls.file_id, file_urls=urls)
        self.set(key, file_uploader_state_value=FileUploaderState(uploaded_file_info=[info]))

    def _cookie_header(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def rerun(self, fragment: str = "") -> None:
        """Run the page's script, or a fragment of it, with all widgets as they are set now, and wait for its end."""
        message = BackMsg()
        if fragment:
            message.rerun_script.fragment_id, message.rerun_script.is_auto_rerun = fragment, True
        message.rerun_script.query_string = self.query
        if self.script:
            message.rerun_script.page_script_hash = self.script
        else:
            message.rerun_script.page_name = self.page
        message.rerun_script.widget_states.widgets.extend(self.widgets.values())
        self.socket.send(message.SerializeToString())
        self._until("script_finished")

    def _until(self, kind: str) -> ForwardMsg:
        deadline = time.monotonic() + PATIENCE
        while True:
            message = ForwardMsg.FromString(self.socket.recv(timeout=max(0.0, deadline - time.monotonic())))
            found = message.WhichOneof("type")
            if found == "new_session":
                self.session = message.new_session.initialize.session_id
                if not message.metadata.run.fragment_ids:
                    self._begin()
            elif found == "delta":
                self._note(message)
            elif found == "navigation":
                self.script = message.navigation.page_script_hash
            elif found == "auto_rerun":
                self.running[message.auto_rerun.fragment_id] = message.auto_rerun.interval
            elif found == "stop_auto_rerun":
                for fragment in message.stop_auto_rerun.fragment_ids:
                    self.running.pop(fragment, None)
            # What ends early runs at once again.
            early = found == "script_finished" and message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN
            if found == kind and not early:
                return message

    def _begin(self) -> None:
        """The whole page runs, since this visitor or the page itself asked for it: all that it says comes anew."""
        self.texts, self.running = [], {}

    def _note(self, message: ForwardMsg) -> None:
        """Remember a new element's id if it is a widget with a key, and its text; stop at an exception."""
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "exception":
            raise RuntimeError(f"The page {self.page} shows {element.exception.type}: {element.exception.message}")
        if kind in ("heading", "markdown"):
            self.texts.append(getattr(element, kind).body)
        # A widget's id is $$ID-hash-key.
        parts = getattr(getattr(element, kind or "", None), "id", "").split("-", 2)
        if len(parts) == 3 and parts[0] == "$$ID":
            self.ids[parts[2]] = "-".join(parts)


@dataclass
class Report:
    """What the visitors waited, in seconds by action; why some failed; and the server's memory, MB."""

    users: int
    waited: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failures: list[str] = field(default_factory=list)
    memory: dict[str, int] = field(default_factory=dict)

    def as_dict(self) -> dict:
        """Counts, medians and 95 % quantiles of each action, and of all but two: opening, which is done once, and the
        pictures of a training that goes on by itself."""
        times = {action: self.waited[action] for action in ACTIONS} | {
            "all": [t for action in ACTIONS if action not in ("open", "picture") for t in self.waited[action]]
        }
        figures = {
            action: {
                "count": len(waits),
                "median": round(statistics.median(waits), 3),
                "p95": round(float(np.quantile(waits, 0.95)), 3),
                "longest": round(max(waits), 3),
            }
            for action, waits in times.items()
            if waits
        }
        return {"users": self.users, "seconds": figures, "failures": self.failures, "memory_mb": self.memory}


#: The caption page, for a photo of one's own.
CAPTION = "lang=en&caption_source=file"


class Person:
    """Somebody at the address for a while: all that they do, and their looks at the page between."""

    def __init__(self, address: str, report: Report, seed: int, pace: float):
        self.address, self.report, self.pace, self.chance = address, report, pace, random.Random(seed)
        time.sleep(pace * self.chance.random())
        with self.timed("open"):
            self.visitor = Visitor(address, "caption", CAPTION)

    @contextmanager
    def timed(self, action: str) -> Iterator[None]:
        start = time.monotonic()
        yield
        self.report.waited[action].append(time.monotonic() - start)

    def look(self) -> None:
        self.report.waited["picture"] += self.visitor.watch(self.pace * self.chance.uniform(0.5, 1.5))

    def go(self, action: str, page: str, **choices: str) -> None:
        """To a page in a state; who is there already makes the choices one after the other."""
        if self.visitor.page != page:
            self.look()
            with self.timed(action):
                self.visitor.go(page, f"lang=en&{urlencode(choices)}")
            return
        for key, code in choices.items():
            self.look()
            with self.timed(action):
                self.visitor.set(key, string_value=code)

    def slide(self, action: str, key: str, *values: float) -> None:
        """Move a slider, or set a number, to one of ``values``."""
        self.look()
        with self.timed(action):
            self.visitor.set(key, double_array_value={"data": [self.chance.choice(values)]})

    def caption(self) -> None:
        """A photo of one's own, with other settings, and with a start of one's own."""
        if self.visitor.page != "caption":
            self.go("slider", "caption", caption_source="file")
        self.look()
        content = photo_of_ones_own(self.chance)
        with self.timed("photo"):
            self.visitor.upload("caption_photo", "photo.jpg", content)
        if any(text.startswith("Sample photo") for text in self.visitor.texts):
            raise RuntimeError("The page still shows a sample, not the visitor's own photo.")
        if not any(text.startswith("“") for text in self.visitor.texts):
            raise RuntimeError("The page shows no caption.")
        self.slide("slider", "caption_beam", *range(2, 11))
        self.look()
        with self.timed("start"):
            self.visitor.set("caption_start", string_value=self.chance.choice(("two people", "a dog", "the man is")))
        if self.chance.random() < 0.5:
            view = self.chance.choice(("nearly", "beam", "memory", "gates", "formulas"))
            self.look()
            with self.timed("slider"):
                self.visitor.set("caption_view", string_value=view)

    def training(self) -> None:
        """A network trained live, for a look or two, and paused."""
        task = self.chance.choice(("parity", "recall", "sine", "reber"))
        self.go("train", "sequence", sequence_view="train", sequence_task=task)
        self.look()
        with self.timed("train"):
            self.visitor.press("sequence_run")
        self.look()
        self.look()
        with self.timed("train"):
            self.visitor.press("sequence_run")

    def gradients(self) -> None:
        """The gradients of trained networks, with W_hh scaled; then a sequence step by step."""
        self.go("gradients", "sequence", sequence_view="gradients", sequence_gradient="norms")
        self.slide("gradients", "sequence_scale", *(k / 20 for k in range(101)))
        self.go("gradients", "sequence", sequence_view="step", sequence_more="gates")
        self.look()
        with self.timed("gradients"):
            self.visitor.press("sequence_another")

    def neurons(self) -> None:
        """A neuron beside a unit, under another current; then another of the page's views."""
        self.go("neurons", "neurons", neurons_view="one")
        self.slide("neurons", "neurons_unit_weight", *(k / 10 for k in range(-50, 51)))
        view = self.chance.choice(("summing", "learning", "memory", "table"))
        self.go("neurons", "neurons", neurons_view=view)

    def lesson(self) -> None:
        """Two lessons, by chance."""
        for code in self.chance.sample(LESSONS, 2):
            self.go("lesson", "lessons", lessons_lesson=code)


def visit(address: str, report: Report, seed: int, pace: float, stop: float) -> None:
    """One visitor, from a first moment by chance until ``stop`` (of ``time.monotonic``), but for one photo at least."""
    try:
        person = Person(address, report, seed, pace)
        with closing(person.visitor):
            person.caption()
            while time.monotonic() < stop:
                rounds = [person.caption, person.training, person.gradients, person.neurons, person.lesson]
                person.chance.shuffle(rounds)
                for do in rounds:
                    if time.monotonic() < stop:
                        do()
    except Exception as error:
        report.failures.append(f"{type(error).__name__}: {error}")


def photo_of_ones_own(chance: random.Random) -> bytes:
    """A JPEG 1,600 pixels wide that nobody had before: a piece of a sample, mirrored or not."""
    image = chance.choice(samples()).open().convert("RGB")
    shorter = min(image.size)
    side = round(shorter * chance.uniform(0.6, 1.0))
    left, top = (chance.randint(0, whole - side) for whole in image.size)
    piece = image.crop((left, top, left + side, top + side)).resize((1600, 1200))
    if chance.random() < 0.5:
        piece = piece.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    file = io.BytesIO()
    piece.save(file, "JPEG", quality=chance.randint(80, 95))
    return file.getvalue()


@contextmanager
def served(**environment: str) -> Iterator[tuple[str, psutil.Process]]:
    """The app on a free port of this machine, as ``make app`` starts it, with these environment variables."""
    with socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app/streamlit_app.py", "--server.port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, env=os.environ | environment)
    address = f"http://localhost:{port}"
    try:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                urlopen(f"{address}/_stcore/health", timeout=5).close()
                break
            except OSError:
                if server.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
        yield address, psutil.Process(server.pid)
    finally:
        # Asked, it ends its workers, too; killed, it would leave them behind.
        server.terminate()
        try:
            server.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def measure(users: int, seconds: float, pace: float, address: str = "") -> Report:
    """``users`` visitors for ``seconds``, at ``address`` or on a server of one's own."""
    if not address:
        with served() as (own, process):
            Visitor(own, "caption").close()  # The first one wakes the captioner; that is not what is measured.
            woken = process.memory_info().rss
            report = measure(users, seconds, pace, own)
            report.memory = {"woken": woken >> 20, "at_the_end": process.memory_info().rss >> 20}
        return report
    report = Report(users)
    stop = time.monotonic() + seconds
    with ThreadPoolExecutor(users) as crowd:
        for seed in range(users):
            crowd.submit(visit, address, report, seed, pace, stop)
    return report


def memory(sessions: int, photos: int) -> Iterator[tuple[str, int]]:
    """What a server's memory, MB, is while ``sessions`` come and go, and while one of them brings ``photos``."""
    views = list(every_view())
    with served() as (address, process):

        def megabytes() -> int:
            return process.memory_info().rss >> 20

        for view in views:  # Everything is loaded once, and what all share is remembered.
            Visitor(address, view.page, f"lang=en&{view.query}").close()
        yield "all pages opened", megabytes()
        for number in range(1, sessions + 1):
            with closing(Visitor(address, "caption", CAPTION)) as visitor:
                visitor.upload("caption_photo", "photo.jpg", photo_of_ones_own(random.Random(number)))
                view = views[number % len(views)]
                visitor.go(view.page, f"lang=en&{view.query}")
            if number % 50 == 0 or number == sessions:
                yield f"{number} sessions", megabytes()
        with closing(Visitor(address, "caption", CAPTION)) as visitor:
            for number in range(1, photos + 1):
                visitor.upload("caption_photo", "photo.jpg", photo_of_ones_own(random.Random(-number)))
                if number % 30 == 0 or number == photos:
                    yield f"{number} photos in one session", megabytes()


def room(users: Sequence[int], answers: int, pace: float, addresses: str) -> int:
    """Print what became of a class's answers, for each number of ``users``; 1 where one was lost."""
    from tests.room_load import play

    wrong = False
    with tempfile.TemporaryDirectory() as folder:
        # Its own server writes into a file that is read here at the end; of other servers only who can reach their
        # database can say by what words they counted.
        database = os.environ.get("AFTERIMAGE_DATABASE", "" if addresses else f"sqlite:///{folder}/rooms.sqlite")
        for many in users:
            if addresses:  # several with a comma between: replicas
                given = [address.rstrip("/") for address in addresses.split(",")]
                result = play(given, many, answers, pace, database)
            else:
                with served(AFTERIMAGE_DATABASE=database) as (own, process):
                    result = play([own], many, answers, pace, database, process)
            print(f"{many} users:", *result.lines(), sep="\n  ", flush=True)
            wrong = wrong or bool(result.failures or result.lost or result.doubled)
    return int(wrong)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print a line for each number of users, and return 0, or 1 when anything failed."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.load", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--users", type=int, nargs="+", default=[8], metavar="N", help="how many at once (default: 8)")
    parser.add_argument("--minutes", type=float, default=2, metavar="M", help="how long each (default: 2)")
    parser.add_argument("--pace", type=float, default=8, metavar="S", help="mean seconds between actions (default: 8)")
    parser.add_argument(
        "--address",
        default="",
        metavar="URL",
        help="a server that runs (default: one of its own); with --room, several and commas between",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--sessions", type=int, default=0, metavar="N", help="memory while so many come and go")
    parser.add_argument("--photos", type=int, default=0, metavar="N", help="memory while one session brings so many")
    parser.add_argument("--room", action="store_true", help="the users are a class in one room")
    parser.add_argument("--answers", type=int, default=1000, metavar="N", help="of that class together (default: 1000)")
    options = parser.parse_args(argv)
    if options.room:
        return room(options.users, options.answers, options.pace, options.address)
    if options.sessions or options.photos:
        for when, megabytes in memory(options.sessions, options.photos):
            print(
                json.dumps({"when": when, "memory_mb": megabytes}) if options.json else f"{megabytes:6} MB  {when}",
                flush=True,
            )
        return 0
    failed = False
    for users in options.users:
        report = measure(users, 60 * options.minutes, options.pace, options.address.rstrip("/"))
        figures = report.as_dict()
        failed = failed or bool(report.failures)
        if options.json:
            print(json.dumps(figures), flush=True)
            continue
        print(f"{users} users:", flush=True)
        for action, one in figures["seconds"].items():
            print(
                f"  {action:8} {one['count']:5} times   median {one['median']:6.2f} s   "
                f"95 % within {one['p95']:6.2f} s   longest {one['longest']:6.2f} s"
            )
        for when, megabytes in report.memory.items():
            print(f"  memory, {when.replace('_', ' ')}: {megabytes} MB")
        for failure in sorted(set(report.failures)):
            print(f"  failed {report.failures.count(failure)} times: {failure}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
