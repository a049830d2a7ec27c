"""The honesty tests that are shipped were made with the weights that are shipped."""

from model.captioner import Captioner
from model.captioner.honesty_file import digest_of, file_of, load


def test_every_language_has_a_result_of_these_weights(root):
    shipped = root / "assets" / "captioner"
    for lang in Captioner.from_pretrained(shipped).languages:
        trace = load(file_of(shipped, lang))
        assert trace.lang == lang
        again = f"python -m model.training.honesty --lang {lang} --images DIR --split TXT"
        assert trace.digest == digest_of(shipped), f"The weights are others now; run {again}"
        group = trace.groups["all"]
        assert group.photos <= trace.photos and group.difference.low <= group.difference.mean <= group.difference.high
