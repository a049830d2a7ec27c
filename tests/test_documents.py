"""What README, CONTRIBUTING and ``docs`` name is there: files, folders, modules, links, make's targets."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
#: A path from the root; in examples, ``NAME`` stands for what the reader chooses.
PATH = re.compile(r"(?<![\w./-])(?:app|assets|docs|model|tests|\.ci|\.github|\.huggingface|\.streamlit)/[\w./-]*")
#: A file by its name alone, within backticks: it stands somewhere.
FILE = re.compile(r"`([\w-]+\.(?:css|md|mk|po|pot|py|toml|yml))`")
#: A module of the project, or something in it.
MODULE = re.compile(r"(?<![\w./*-])(?:app|model|tests)(?:\.[a-zA-Z_]\w*)+\b(?!\.)")
LINK = re.compile(r"\]\(([^)#]+)[^)]*\)")
TARGET = re.compile(r"(?:`|^)make ([a-z0-9]+)", re.MULTILINE)

documents = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: str(file.relative_to(ROOT)))


def named(pattern: re.Pattern, document: Path) -> set[str]:
    return set(pattern.findall(document.read_text(encoding="utf-8")))


@documents
def test_the_paths_they_name_are_there(document):
    paths = {path.rstrip(".") for path in named(PATH, document) if "NAME" not in path}
    assert not [path for path in paths if not (ROOT / path).exists()]


@documents
def test_the_files_they_name_are_there(document):
    known = {file.name for folder in (ROOT / "app", ROOT / "model", ROOT / "tests") for file in folder.rglob("*.*")}
    known |= {file.name for file in (*ROOT.iterdir(), *(ROOT / ".huggingface").iterdir())}
    assert named(FILE, document) <= known


@documents
def test_the_modules_they_name_are_there(document):
    for name in named(MODULE, document):
        if not name.endswith((".py", ".safetensors", ".json")):
            assert is_there(name), name


def is_there(name: str) -> bool:
    """Whether ``app.ui.markdown.literal`` is a module, or a name at the top of one; read, not imported."""
    place, inside = ROOT, name.split(".")
    while inside and (place / inside[0]).is_dir():
        place /= inside.pop(0)
    if inside and (place / f"{inside[0]}.py").is_file():
        place /= f"{inside.pop(0)}.py"
    elif (place / "__init__.py").is_file():
        place /= "__init__.py"
    else:
        return not inside
    defined = re.findall(r"^(?:def |class |)(\w+)", place.read_text(encoding="utf-8"), re.MULTILINE)
    return not inside or inside[0] in defined


@documents
def test_their_links_lead_somewhere(document):
    links = {link for link in named(LINK, document) if "://" not in link}
    assert not [link for link in links if not (document.parent / link).exists()]


@documents
def test_what_they_make_is_a_target(document):
    targets = set(re.findall(r"^([a-z0-9]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert named(TARGET, document) <= targets


def test_they_name_much(root):
    """The patterns do find what they look for."""
    text = root / "docs" / "architecture.md"
    assert len(named(PATH, text)) > 40 and "beam.py" in named(FILE, text)
    assert "model.captioner" in named(MODULE, root / "README.md")
    assert is_there("app.ui.markdown.literal") and not is_there("app.markdown.literal")
    assert {"app", "test"} <= named(TARGET, root / "README.md")
