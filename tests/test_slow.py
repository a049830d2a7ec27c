"""What ``make check`` leaves out as slow is there: a test that is renamed would become a quick one unseen."""

from tests.conftest import SLOW


def test_what_is_said_to_be_slow_is_there(root):
    for name in SLOW:
        file, _, test = name.partition("::")
        assert (root / file).exists(), name
        assert not test or f"def {test}" in (root / file).read_text(encoding="utf-8"), name
