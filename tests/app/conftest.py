"""The app by Streamlit's AppTest: started at an address, led from page to page."""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

#: What may stand in an address in a setting's place. Each kind of setting meets each kind of it in
#: ``tests/app/ui/test_settings.py``, each page's parameters endless numbers and more in ``tests/app/ui/test_query.py``.
NONSENSE = ("", "nan", "inf", "-1", "1e9", "<script>alert(1)</script>", "x" * 5000, "\0")


def spread_nonsense(names: Iterable[str], turn: int = 0) -> dict[str, str]:
    """Nonsense for each parameter, all kinds side by side; at another turn another kind for each."""
    return {name: NONSENSE[(place + 3 * turn) % len(NONSENSE)] for place, name in enumerate(names)}


@pytest.fixture(scope="session", autouse=True)
def components_are_looked_for_once() -> Iterator[None]:
    """Each new AppTest reads all installed packages' metadata, for components: more than a page of ours takes."""
    look = manifest_scanner.scan_component_manifests
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(look))
        yield


@pytest.fixture
def app(root: Path):
    """``app(page="caption", lang="zh")``: a page as a new visitor with these parameters in the address gets it."""

    return lambda locale=None, page="home", **parameters: start_app(root, locale, page, **parameters)


def start_app(root: Path, locale: str | None = None, page: str = "home", **parameters: str | list[str]) -> AppTest:
    """What the fixture ``app`` calls."""
    test = AppTest.from_file(str(root / "app" / "streamlit_app.py"), default_timeout=120)
    test.context = {"locale": locale}
    for name, value in parameters.items():
        test.query_params[name] = value
    if page == "home" or page in FILES:  # What a file with another name belongs to is known after the first run.
        test.run()
    return test if page == "home" else go_to(test, page)


#: Pages whose file has another name than their address: ``class`` is a word of Python's.
FILES = {"class": "class_room"}


def go_to(test: AppTest, page: str) -> AppTest:
    """The same visitor on another page."""
    return test.switch_page(f"app_pages/{FILES.get(page, page)}.py").run()


@pytest.fixture
def go():
    return go_to
