"""A PostgreSQL of the tests' own, where Debian's package is installed."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import socket
from typing import Any


def programs() -> Path | None:
    """The folder of the newest PostgreSQL's programs."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    found = debian[-1] if debian else Path(shutil.which("initdb") or "").parent
    return found if (found / "initdb").exists() and (found / "postgres").exists() else None


def _account() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then it runs as somebody else."""
    if os.geteuid():
        return {}
    names = {one.pw_name for one in pwd.getpwall()}
    return {"user": "postgres" if "postgres" in names else "nobody", "group": "nogroup", "extra_groups": []}


@contextmanager
def postgres() -> Iterator["Server"]:
    """A server that runs, with an empty database; all is deleted behind it."""
    folder = Path(tempfile.mkdtemp(prefix="afterimage-postgres-"))
    account = _account()
    if account:
        shutil.chown(folder, account["user"])
    server = Server(folder, account)
    try:
        server.initialise()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


class Server:
    """One PostgreSQL in a folder, at a free port of this computer."""

    def __init__(self, folder: Path, account: dict[str, Any]) -> None:
        self.folder, self.account = folder, account
        with socket() as free:
            free.bind(("localhost", 0))
            self.port = free.getsockname()[1]
        self.url = f"postgresql://afterimage@localhost:{self.port}/postgres"

    def initialise(self) -> None:
        self._run("initdb", "--username", "afterimage", "--auth", "trust", "--encoding", "UTF8", "--locale", "C")

    def start(self) -> None:
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=localhost -c fsync=off"
        self._run("pg_ctl", "-w", "-t", "120", "-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self) -> None:
        """At once, as if it had been killed."""
        self._run("pg_ctl", "-w", "-m", "immediate", "stop", check=False)

    def _run(self, program: str, *arguments: str, check: bool = True) -> None:
        command = [str(programs() / program), "-D", str(self.folder / "data"), *arguments]
        subprocess.run(command, check=check, cwd=self.folder, stdout=subprocess.DEVNULL, **self.account)
