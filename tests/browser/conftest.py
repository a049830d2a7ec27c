"""The real app in a real browser: Streamlit serves it as users run it, Playwright drives Debian's Chromium.

    def test_something(visit):
        page = visit("/about", locale="zh-CN")

Whatever a test does, the page may ask nothing of any other machine and log no error: that is checked at its end.
Where there is no Chromium, these tests are skipped and say so.
"""

import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from filelock import FileLock
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, WebSocket, expect, sync_playwright

_calls = itertools.count()

#: Seconds that a loaded machine may take.
PATIENCE = 120
NAMES = ("chromium", "chromium-browser", "google-chrome")
#: A phone, for ``visit("/", **PHONE)``.
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
    "user_agent": "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 "
    "Mobile Safari/537.36",
}
#: All pages of a context share a process: the scripts of a page, which are most of what it costs, are compiled once.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--process-per-site"]

#: Notes in the page when it last asked for a run, and when one was last under way, in milliseconds: see ``settle``.
WATCH = """
window.runs = {asked: 0, seen: 0};
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (...said) {
    runs.asked = performance.now();
    return send.apply(this, said);
};
new MutationObserver(changes => {
    if (changes.some(one => one.target.dataset.testScriptState === 'running')) runs.seen = performance.now();
}).observe(document, {subtree: true, attributes: true, attributeFilter: ['data-test-script-state']});
"""
#: Whether the page is at rest, asked every now and then: nothing runs, nothing was asked for that did not begin to run,
#: for a while, and nothing is still a grey block in its place. Without a note of what was asked, or where a run was too
#: short to be seen, the while is longer.
AT_REST = """call => {
    const now = performance.now(), noted = window.runs ?? {asked: 0, seen: -1};
    if (window.rest?.call !== call) window.rest = {call, since: now};
    const still = document.querySelector('[data-testid="stApp"][data-test-script-state="notRunning"] h1');
    const waiting = document.querySelector('[data-testid="stMain"] [data-testid="stSkeleton"]');
    if (!still?.checkVisibility() || waiting) window.rest.since = now;
    return now - window.rest.since > 100 && (noted.seen > noted.asked || now - Math.max(noted.asked, rest.since) > 400);
}"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A real browser on a loaded machine may miss a key or a glance: only what fails three times in a row is wrong."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.flaky(reruns=2))


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("localhost", 0))
        return free.getsockname()[1]


def start_server(root: Path, folder: Path, *command: str) -> tuple[subprocess.Popen, str]:
    """The app in ``root``, served on a free port by ``command`` (such as ``streamlit run``), and its address. Its rooms
    and its log (``log.txt``) are kept in ``folder``."""
    port, log = free_port(), folder / "log.txt"
    rooms = {"AFTERIMAGE_DATABASE": f"sqlite:///{folder}/rooms.sqlite"}
    command = (*command, "app/streamlit_app.py", "--server.port", str(port))
    with log.open("w") as output:
        server = subprocess.Popen(command, cwd=root, stdout=output, stderr=output, env=os.environ | rooms)
    try:
        wait_until_healthy(server, f"http://localhost:{port}", log)
    except BaseException:
        server.kill()
        raise
    return server, f"http://localhost:{port}"


@contextmanager
def served(root: Path, folder: Path, *command: str) -> Iterator[str]:
    """The address of a server of one's own: see ``start_server``."""
    server, address = start_server(root, folder, *command)
    try:
        yield address
    finally:
        # Streamlit takes leave of its visitors first, which can take long.
        server.kill()
        server.wait()


@contextmanager
def shared_server(root: Path, folder: Path) -> Iterator[str]:
    """The address of the one server that all processes of tests share: the first to ask starts it, as ``make app``
    does, and the last to leave ends it. ``folder``, the same for all, holds how many use it."""
    known, lock = folder / "server.json", FileLock(folder / "server.lock")
    with lock:
        state = json.loads(known.read_text()) if known.exists() else None
        if state is None:
            server, address = start_server(root, folder, sys.executable, "-m", "streamlit", "run")
            state = {"server": server.pid, "address": address, "users": 0}
        state["users"] += 1
        known.write_text(json.dumps(state))
    try:
        yield state["address"]
    finally:
        with lock:
            state = json.loads(known.read_text())
            state["users"] -= 1
            known.write_text(json.dumps(state))
            if not state["users"]:
                known.unlink()
                os.kill(state["server"], getattr(signal, "SIGKILL", signal.SIGTERM))


def wait_until_healthy(server: subprocess.Popen, address: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urlopen(f"{address}/_stcore/health", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"The app did not start:\n{log.read_text()}")


@pytest.fixture(scope="session")
def serve(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., AbstractContextManager[str]]:
    """``with serve("streamlit", "run") as address``: the app, started by that command."""
    return lambda *command: served(root, tmp_path_factory.mktemp("app"), *command)


@pytest.fixture(scope="session")
def address(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the app is served for everybody."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "server"
    folder.mkdir(exist_ok=True)
    with shared_server(root, folder) as address:
        yield address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip(f"There is no browser here (none of {', '.join(NAMES)}): the pages were not tried in one.")
    expect.set_options(timeout=PATIENCE * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


class Contexts:
    """Browser contexts that wait for their next visitor, by their options: a new one would load and compile all of the
    page's scripts again. A visitor finds neither cookies nor storage of the one before. In each, a page of the server's
    stays open, so that its process does."""

    def __init__(self, browser: Browser, address: str):
        self.browser, self.address = browser, address
        self.waiting: dict[str, list[BrowserContext]] = defaultdict(list)
        self.taken: list[tuple[str, BrowserContext]] = []

    def take(self, options: dict) -> BrowserContext:
        kind = json.dumps(options, sort_keys=True)
        context = self.waiting[kind].pop() if self.waiting[kind] else self._made(options)
        self.taken.append((kind, context))
        return context

    def _made(self, options: dict) -> BrowserContext:
        context = self.browser.new_context(**options)
        context.set_default_timeout(PATIENCE * 1000)
        context.add_init_script(WATCH)
        context.new_page().goto(f"{self.address}/_stcore/health")
        return context

    def all_back(self) -> None:
        """Their visitors leave."""
        for kind, context in self.taken:
            for page in context.pages[1:]:
                page.close()
            context.clear_cookies()
            self.waiting[kind].append(context)
        self.taken.clear()


@pytest.fixture(scope="session")
def contexts(chromium: Browser, address: str) -> Contexts:
    return Contexts(chromium, address)


def without_storage(page: Page, origin: str) -> Page:
    """This page, whose origin has stored nothing."""
    session = page.context.new_cdp_session(page)
    session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "local_storage,indexeddb"})
    session.detach()
    return page


@pytest.fixture
def visit(contexts: Contexts, address: str) -> Iterator[Callable[..., Page]]:
    """Opens the app at a path, each time as a new visitor; ``options`` are Playwright's for a browser context."""
    wrong = []

    def check_request(request: Request | WebSocket) -> None:
        asked = urlsplit(request.url)
        if asked.scheme not in ("data", "blob") and asked.hostname != "localhost":
            wrong.append(f"asked {request.url}")

    def check_console(message) -> None:
        # On a page's own address Streamlit first looks for its server below that address, in vain.
        looking = "/_stcore/" in message.location["url"] and "404" in message.text
        if message.type == "error" and not looking:
            wrong.append(f"logged {message.text} ({message.location['url']})")

    def check_dialog(dialog) -> None:
        wrong.append(f"said {dialog.message}")
        dialog.dismiss()

    def open_page(path: str = "/", base: str = address, **options) -> Page:
        context = contexts.take({"locale": "en-GB", "viewport": {"width": 1366, "height": 768}} | options)
        page = without_storage(context.new_page(), base)
        page.on("request", check_request)
        page.on("websocket", check_request)
        page.on("console", check_console)
        page.on("pageerror", lambda error: wrong.append(f"failed: {error}"))
        page.on("dialog", check_dialog)
        page.goto(base + path)
        settle(page)
        return page

    yield open_page
    contexts.all_back()
    assert not wrong


def settle(page: Page) -> None:
    """Wait until the script behind the page has run to its end, and no run follows at once."""
    page.wait_for_function(AT_REST, arg=next(_calls), polling=50, timeout=PATIENCE * 1000)


def holds(text: str) -> Callable[[str], bool]:
    """For ``wait_for_address``: the address has this text in it."""
    return lambda url: text in url


def wait_for_address(page: Page, fits: Callable[[str], bool]) -> None:
    """Wait until the page's address fits; asks again and again, since a change in between two events may go unseen."""
    deadline = time.monotonic() + PATIENCE
    while not fits(page.url):
        assert time.monotonic() < deadline, f"The address stays {page.url}"
        page.wait_for_timeout(50)


def nudge(slider: Locator, key: str) -> None:
    """Press a key on a slider until it moves: one that is just being redrawn may miss it."""
    before = slider.input_value()
    while slider.input_value() == before:
        slider.press(key)
        slider.page.wait_for_timeout(100)
