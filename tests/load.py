"""How many visitors one machine serves: sessions that behave as people do, and how long each answer takes.

    python -m tests.load --users 8
    python -m tests.load --users 1 4 8 16 --minutes 5
    python -m tests.load --users 2 --address http://192.168.1.5:8501

Without ``--address`` each number of users gets a fresh server on this machine, and its memory is measured too. The
visitors speak Streamlit's own protocol: the WebSocket, its messages, and uploads, as the pages' JavaScript does. So
each is a whole session of the app, while no browsers take the processor that is to be measured. A visitor opens the
caption page, and then, again and again: brings a photo of their own, which nobody had before, and moves the beam's
slider twice. Before each of these they look at the page for a while, by chance between half and one and a half times
``--pace``.

A time is what a visitor waits: from the action to the end of the run of the page's script that answers it. What a
browser needs to draw comes on top.
"""

import argparse
import io
import json
import random
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from socket import socket
from urllib.parse import urlsplit, urlunsplit
from urllib.request import Request, urlopen

import numpy as np
import psutil
from PIL import Image
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileUploaderState, UploadedFileInfo
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import ClientConnection, connect

from model.captioner.gallery import samples

ROOT = Path(__file__).resolve().parent.parent
#: Seconds after which an answer is given up.
PATIENCE = 120
#: What visitors do, in the order of the report.
ACTIONS = ("open", "photo", "slider")


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
                subprotocols=["streamlit", self.cookies["_streamlit_xsrf"]],
                additional_headers={"Cookie": self._cookie_header()},
                origin=address,
                max_size=None,
                open_timeout=PATIENCE,
            )
        )
        self.session = ""
        self.rerun()

    def close(self) -> None:
        self._open.close()

    def set(self, key: str, **value: object) -> None:
        """Set the widget ``key``, such as ``set("caption_beam", double_array_value={"data": [5]})``, and wait."""
        if key not in self.ids:
            raise RuntimeError(f"There is no widget {key} on the page {self.page}.")
        self.widgets[key] = WidgetState(id=self.ids[key], **value)
        self.rerun()

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

    def rerun(self) -> None:
        """Run the page's script with all widgets as they are set now, and wait for its end."""
        message = BackMsg()
        message.rerun_script.query_string = self.query
        message.rerun_script.page_name = self.page
        message.rerun_script.widget_states.widgets.extend(self.widgets.values())
        self.texts = []
        self.socket.send(message.SerializeToString())
        self._until("script_finished")

    def _until(self, kind: str) -> ForwardMsg:
        deadline = time.monotonic() + PATIENCE
        while True:
            message = ForwardMsg.FromString(self.socket.recv(timeout=max(0.0, deadline - time.monotonic())))
            found = message.WhichOneof("type")
            if found == "new_session":
                self.session = message.new_session.initialize.session_id
            elif found == "delta":
                self._note(message)
            if found == kind and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                return message

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
        """Counts, medians and 95 % quantiles of each action and of all but opening, which is done once."""
        times = {action: self.waited[action] for action in ACTIONS} | {
            "all": [t for action in ACTIONS[1:] for t in self.waited[action]]
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


def visit(address: str, report: Report, seed: int, pace: float, stop: float) -> None:
    """One visitor, from a first moment by chance until ``stop`` (of ``time.monotonic``), but for one photo at least."""
    chance = random.Random(seed)

    def look() -> None:
        time.sleep(pace * chance.uniform(0.5, 1.5))

    @contextmanager
    def timed(action: str) -> Iterator[None]:
        start = time.monotonic()
        yield
        report.waited[action].append(time.monotonic() - start)

    try:
        time.sleep(pace * chance.random())
        with timed("open"):
            visitor = Visitor(address, "caption", "caption_source=file&lang=en")
        with closing(visitor):
            while True:
                look()
                content = photo_of_ones_own(chance)
                with timed("photo"):
                    visitor.upload("caption_photo", "photo.jpg", content)
                if any(text.startswith("Sample photo") for text in visitor.texts):
                    raise RuntimeError("The page still shows a sample, not the visitor's own photo.")
                if not any(text.startswith("“") for text in visitor.texts):
                    raise RuntimeError("The page shows no caption.")
                for beam in chance.sample(range(2, 11), 2):
                    look()
                    with timed("slider"):
                        visitor.set("caption_beam", double_array_value={"data": [beam]})
                if time.monotonic() > stop:
                    break
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
def served() -> Iterator[tuple[str, psutil.Process]]:
    """The app on a free port of this machine, as ``make app`` starts it."""
    with socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app/streamlit_app.py", "--server.port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
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


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print a line for each number of users, and return 0, or 1 when anything failed."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.load", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--users", type=int, nargs="+", default=[8], metavar="N", help="how many at once (default: 8)")
    parser.add_argument("--minutes", type=float, default=2, metavar="M", help="how long each (default: 2)")
    parser.add_argument("--pace", type=float, default=8, metavar="S", help="mean seconds between actions (default: 8)")
    parser.add_argument("--address", default="", metavar="URL", help="a server that runs (default: one of its own)")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    options = parser.parse_args(argv)
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
