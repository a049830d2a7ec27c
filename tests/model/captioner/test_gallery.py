from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from model.captioner.gallery import SHIPPED, sample, samples
from model.captioner.languages import LANGUAGES
from model.errors import SettingError


def documentation() -> str:
    """What scikit-image and scikit-learn say of their photos, and what is written beside the shipped ones."""
    skimage, sklearn = (Path(find_spec(name).submodule_search_locations[0]) for name in ("skimage", "sklearn"))
    of_packages = [skimage / "data/_fetchers.py", sklearn / "datasets/images/README.txt"]
    return "".join(path.read_text("utf-8") for path in [*of_packages, SHIPPED / "README.md"])


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.key)
def test_samples_are_there_without_a_download(sample):
    assert sample.path.is_file()
    if sample.shipped:
        assert sample.path.stat().st_size < 100_000
    else:
        assert find_spec(sample.package).submodule_search_locations[0] in str(sample.path)
    image = sample.open()
    assert image.mode == "RGB"
    assert min(image.size) >= 300


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.key)
def test_credits_are_those_of_the_packages_documentation(sample):
    text = documentation()
    for name in sample.credit.replace(", courtesy of ", "|").split("|"):
        assert name in text
    where, _, anchor = sample.source.partition("#skimage.data.")
    assert f"def {anchor}()" in text if anchor else where.rstrip("/") in text
    named = {
        "CC0": "CC0",
        "CC BY 2.0": "| CC BY 2.0 |" if sample.shipped else "https://creativecommons.org/licenses/by/2.0/",
        "CC BY-SA 4.0": "| CC BY-SA 4.0 |",
        "Public domain": "Public domain" if sample.shipped else "public domain",
        "No known copyright restrictions": "No known copyright restrictions",
    }
    assert named[sample.licence] in text


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.key)
def test_each_language_has_words_for_what_is_seen(sample):
    assert sample.subject.keys() == LANGUAGES.keys()
    assert all(sample.subject.values())


def test_every_shipped_photo_is_a_sample_with_its_credit_in_one_line():
    lines = {line.split(" | ")[0].strip("| "): line for line in (SHIPPED / "README.md").read_text("utf-8").splitlines()}
    shipped = [one for one in samples() if one.shipped]
    assert {path.name for path in SHIPPED.glob("*.jpg")} == {one.file for one in shipped}
    for one in shipped:
        assert all(part in lines[one.file] for part in (one.name, one.credit, one.licence, one.source))


def test_the_first_samples_are_everyday_ones():
    odd = [one.odd for one in samples()]
    assert odd == sorted(odd) and odd.count(False) >= 8


def test_keys_are_names_for_addresses():
    keys = [sample.key for sample in samples()]
    assert len(set(keys)) == len(keys) >= 8
    assert all(key.isascii() and key.isalpha() and key.islower() for key in keys)


def test_a_sample_is_found_by_its_key():
    assert sample("cat") is next(one for one in samples() if one.key == "cat")
    unknown: Any
    for unknown in ("wolf", "", None, ["cat"]):
        with pytest.raises(SettingError):
            sample(unknown)
