from importlib.util import find_spec
from pathlib import Path

import pytest

from model.captioner.gallery import sample, samples
from model.captioner.languages import LANGUAGES
from model.errors import SettingError


def documentation() -> str:
    """What scikit-image and scikit-learn say of their photos."""
    skimage, sklearn = (Path(find_spec(name).submodule_search_locations[0]) for name in ("skimage", "sklearn"))
    return (skimage / "data/_fetchers.py").read_text("utf-8") + (sklearn / "datasets/images/README.txt").read_text()


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.key)
def test_samples_are_there_without_a_download(sample):
    assert sample.path.is_file()
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
        "CC BY 2.0": "https://creativecommons.org/licenses/by/2.0/",
        "Public domain": "public domain",
        "No known copyright restrictions": "No known copyright restrictions",
    }
    assert named[sample.licence] in text


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.key)
def test_each_language_has_words_for_what_is_seen(sample):
    assert sample.subject.keys() == LANGUAGES.keys()
    assert all(sample.subject.values())


def test_keys_are_names_for_addresses():
    keys = [sample.key for sample in samples()]
    assert len(set(keys)) == len(keys) >= 8
    assert all(key.isascii() and key.isalpha() and key.islower() for key in keys)


def test_a_sample_is_found_by_its_key():
    assert sample("cat") is next(one for one in samples() if one.key == "cat")
    for unknown in ("dog", "", None, ["cat"]):
        with pytest.raises(SettingError):
            sample(unknown)
