"""A script as a notebook: a JSON file of cells (nbformat 4.5, https://nbformat.readthedocs.io)."""

import json
from collections.abc import Sequence

from app.i18n import _
from app.scripts.script import Listing

#: A notebook lies anywhere; the project's modules and files are found from its folder.
FOLDER = """import os, sys

os.chdir(".")  # {remark}
sys.path.insert(0, os.getcwd())"""


def notebook(title: str, script: str, listings: Sequence[Listing]) -> bytes:
    """``title``, the way to the project's folder, the script, and the lines behind it to be read."""
    told = _("Afterimage: {title}").format(title=title)
    way = FOLDER.format(remark=_("the folder of Afterimage, such as ../afterimage"))
    behind = "\n\n".join(f"`{file}`, {first}\n\n```python\n{lines}\n```" for file, first, lines in listings)
    cells = [
        _cell(0, "markdown", f"# {told}"),
        _cell(1, "code", way),
        _cell(2, "code", script.strip()),
        _cell(3, "markdown", "## " + _("The lines behind it") + f"\n\n{behind}"),
    ]
    python = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    content = {"nbformat": 4, "nbformat_minor": 5, "metadata": python, "cells": cells}
    return json.dumps(content, ensure_ascii=False, indent=1).encode("utf-8")


def _cell(place: int, kind: str, text: str) -> dict:
    cell = {"id": f"cell-{place}", "cell_type": kind, "metadata": {}, "source": text.splitlines(keepends=True)}
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})
