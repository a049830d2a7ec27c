"""The honesty tests that are shipped were made with the weights that are shipped."""

from model.captioner import Captioner, honesty_card
from model.captioner.honesty_file import digest_of, file_of, load
from model.captioner.languages import LANGUAGES


def test_every_language_has_a_result_of_these_weights(root):
    shipped = root / "assets" / "captioner"
    for lang in Captioner.from_pretrained(shipped).languages:
        trace = load(file_of(shipped, lang))
        assert trace.lang == lang
        again = "python -m model.training.honesty --images DIR --split TXT"
        assert trace.digest == digest_of(shipped), f"The weights are others now; run {again}"
        group = trace.groups["all"]
        assert group.photos <= trace.photos and group.difference.low <= group.difference.mean <= group.difference.high


def test_the_card_states_the_files_figures(root):
    shipped = root / "assets" / "captioner"
    card = (shipped / honesty_card.CARD).read_text(encoding="utf-8")
    traces = [load(file_of(shipped, lang)) for lang in LANGUAGES]
    assert f"{honesty_card.BEGIN}\n\n{honesty_card.table(traces)}\n\n{honesty_card.END}" in card
    for trace in traces:
        assert f"each of {trace.windows} places" in card and f"first {trace.photos} validation photos" in card
