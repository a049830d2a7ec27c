"""The page About: its cards, figures and sources are those of the files, and what it says of tests is true."""

import json
import re
import tomllib
from importlib.metadata import distributions

import pytest
import yaml

from app.about.cards import CELLS, TASKS
from app.about.checks import CHECKS
from app.about.citation import bibtex
from app.about.packages import licence_of, required
from app.caption.scores import figures_of
from app.i18n import LANGUAGES
from app.models import ASSETS


@pytest.fixture(scope="module", params=["en", "zh"])
def lang(request) -> str:
    return request.param


def test_the_page_shows_every_part(app, lang):
    test = app(lang=lang, page="about")
    assert not test.exception
    assert len(test.header) == 8
    assert bibtex() in [code.value for code in test.code]
    tables = [table.value for table in test.table]
    presets = json.loads((ASSETS / "recurrent" / "presets.json").read_text(encoding="utf-8"))
    assert any(list(table.iloc[:, 0]) == list(presets) for table in tables)
    assert any(list(table.iloc[:, 0]) == required() for table in tables)
    flickr = next(table for table in tables if any("Flickr8k]" in cell for cell in table.iloc[:, 0]))
    assert any("Flickr8k-CN" in cell for cell in flickr.iloc[:, 0])


def test_the_figures_are_the_files(app, lang):
    tables = [table.value for table in app(lang=lang, page="about").table]
    shown = [list(table["CIDEr"]) for table in tables if "BLEU-4" in table.columns]
    measured = [figures_of(spoken) for spoken in LANGUAGES]
    assert shown == [[f"{100 * step['cider']:.1f}" for step in steps] for steps in measured if steps]


def test_every_preset_has_words_for_its_task_and_cell():
    presets = json.loads((ASSETS / "recurrent" / "presets.json").read_text(encoding="utf-8"))
    assert {one["task"] for one in presets.values()} == set(TASKS)
    assert {one["cell"] for one in presets.values()} == set(CELLS)


@pytest.mark.parametrize("claim_and_file", CHECKS, ids=lambda pair: pair[1])
def test_what_is_said_to_be_tested_has_its_tests(root, claim_and_file):
    assert re.search(r"^def test_", (root / claim_and_file[1]).read_text(encoding="utf-8"), re.MULTILINE)


def test_all_requirements_are_named_with_their_licences(root):
    names = required()
    lines = (root / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert len(names) == sum("==" in line for line in lines)
    installed = {one.metadata["Name"].lower().replace("_", "-") for one in distributions()}
    assert set(names) <= installed
    assert all(len(licence_of(name)) < 200 and "\n" not in licence_of(name) for name in names)
    assert "MIT" in licence_of("plotly") and "Apache" in licence_of("streamlit")


def test_the_citation_is_whole_and_of_this_version(root):
    said = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {"cff-version", "message", "title", "authors"} <= said.keys()  # what Citation File Format 1.2.0 requires
    assert said["version"] == project["version"] and said["abstract"] == project["description"]
    entry = bibtex()
    assert "author = {{The Afterimage authors}}" in entry and f"version = {{{project['version']}}}" in entry
    assert entry.startswith("@software{") and entry.count("{") == entry.count("}")


def test_people_are_cited_by_their_names(tmp_path):
    file = tmp_path / "CITATION.cff"
    people = "[{family-names: Lovelace, given-names: Ada}, {name: A Group}]"
    file.write_text(f"title: T\ntype: software\nabstract: A\nversion: 1\nlicense: MIT\nauthors: {people}\n")
    assert "author = {Lovelace, Ada and {A Group}}" in bibtex(file)
