"""What all tests share."""

import os
from pathlib import Path

import pytest

# Side by side, tests share the processor, and threads of one operation would wait for each other: one each.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return ROOT
