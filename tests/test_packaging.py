"""pyproject.toml is the one list of what is needed; all else is written from it, and its commands are there."""

import importlib
import os
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import app.__main__


@pytest.fixture(scope="module")
def project(root) -> dict:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


def needs(lines: list[str]) -> set[tuple[str, str, str]]:
    """Name, versions and marker of each; the two ways of writing a marker's Python version count as one."""
    found = map(Requirement, lines)
    markers = {one: str(one.marker or "").replace("python_full_version", "python_version") for one in found}
    return {(canonicalize_name(one.name), str(one.specifier), marker) for one, marker in markers.items()}


def in_file(file: Path) -> list[str]:
    return [line for line in file.read_text(encoding="utf-8").splitlines() if line and line[0] not in "#-"]


def in_group(project: dict, name: str) -> list[str]:
    parts = project["dependency-groups"][name]
    return [
        one
        for part in parts
        for one in (in_group(project, part["include-group"]) if isinstance(part, dict) else [part])
    ]


def test_the_requirements_files_are_written_from_the_project(root, project):
    """Run ``make requirements`` where they differ."""
    assert needs(in_file(root / "requirements.txt")) == needs(project["project"]["dependencies"])
    assert needs(in_file(root / "requirements-dev.txt")) == needs(in_group(project, "dev"))
    assert "-r requirements.txt" in (root / "requirements-dev.txt").read_text().splitlines()


def test_everything_is_pinned(project):
    asked = [*project["project"]["dependencies"], *in_group(project, "dev")]
    assert all(re.fullmatch(r"==[\w.]+", str(Requirement(one).specifier)) for one in asked)


def test_the_commands_are_there(project):
    for where in project["project"]["scripts"].values():
        module, name = where.split(":")
        assert callable(getattr(importlib.import_module(module), name))


def test_afterimage_serves_the_pages_from_the_projects_folder(root, monkeypatch, tmp_path):
    started = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "execv", lambda program, words: started.append((Path.cwd(), words)))
    app.__main__.main(["--server.port", "8502"])
    ((folder, words),) = started
    assert folder == root and (folder / words[4]).is_file()
    assert words[1:] == ["-m", "streamlit", "run", "app/streamlit_app.py", "--server.port", "8502"]
