"""A captioner with more words says what it said, and may learn the new ones."""

import pytest

from model.captioner import Captioner
from model.errors import WordError
from model.training import vocabulary
from tests.photos import scene


@pytest.fixture
def data(tmp_path):
    (tmp_path / "more" / "images").mkdir(parents=True)
    scene(64).save(tmp_path / "more" / "images" / "a.png")
    (tmp_path / "more" / "captions_en.tsv").write_text("a\ta zebra eats a lamp\na\ta zebra runs on a lamp\n")
    (tmp_path / "more" / "captions_zh.tsv").write_text("a\t斑马\na\t斑马\n", encoding="utf-8")
    (tmp_path / "more" / "val.txt").write_text("a\n")
    (tmp_path / "more" / "train.txt").write_text("a\n")
    return tmp_path / "more"


def test_known_words_keep_their_rows_and_captions(tiny_captioner_dir, tiny_captioner, data, tmp_path):
    files = ["--from", str(tiny_captioner_dir), "--data", str(data), "--out", str(tmp_path / "grown")]
    assert vocabulary.main([*files, "--min-frequency", "2"]) == 0
    grown = Captioner.from_pretrained(tmp_path / "grown")
    for lang, new in ("en", {"zebra", "lamp"}), ("zh", {"斑", "马"}):
        before, after = tiny_captioner.tokenizers[lang].get_vocab(), grown.tokenizers[lang].get_vocab()
        assert after.keys() - before.keys() == {*new, vocabulary.MODEL_START}
        assert grown.network.config.model_start_token_id == after[vocabulary.MODEL_START]
        assert grown.known_words(sorted(new), lang) == sorted(new)
        old = tiny_captioner.network.decoders[lang].embedding.weight
        rows = grown.network.decoders[lang].embedding.weight
        for word, place in before.items():
            assert rows[after[word]].tolist() == pytest.approx(old[place].tolist(), abs=1e-3)
    # No caption holds the token that starts a model's captions.
    trace = grown.caption(scene(64), beam=3)
    assert all(vocabulary.MODEL_START not in {node.word} for node in trace.beams)
    assert all(word != vocabulary.MODEL_START for options in trace.alternatives for word, _ in options)


def test_one_language_grows_alone_and_the_others_stay_bit_by_bit(tiny_captioner_dir, tiny_captioner, data, tmp_path):
    files = ["--from", str(tiny_captioner_dir), "--data", str(data), "--out", str(tmp_path / "grown"), "--lang", "zh"]
    assert vocabulary.main(files) == 2  # a start of their own would need all languages
    assert vocabulary.main([*files, "--min-frequency", "2", "--one-start"]) == 0
    grown = Captioner.from_pretrained(tmp_path / "grown")
    assert grown.network.config.model_start_token_id is None
    assert grown.known_words(["斑", "马"], "zh") == ["斑", "马"]
    with pytest.raises(WordError):
        grown.known_words(["zebra"], "en")
    before, after = tiny_captioner.network.state_dict(), grown.network.state_dict()
    kept = [name for name in before if not name.startswith("decoders.zh.")]
    assert kept and all((before[name].half() == after[name].half()).all() for name in kept)
    assert grown.caption(scene(64)).caption == tiny_captioner.caption(scene(64)).caption
