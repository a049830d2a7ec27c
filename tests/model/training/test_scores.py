import math
import subprocess

import pytest
from pycocoevalcap.bleu.bleu import Bleu
from pycocoevalcap.cider.cider import Cider
from pycocoevalcap.meteor.meteor import Meteor
from pycocoevalcap.rouge.rouge import Rouge
from pycocoevalcap.tokenizer.ptbtokenizer import PTBTokenizer

from model.training import scores
from model.training.scores import Scorer, has_java

REFERENCES = {
    "dog": [
        'A brown dog runs, quickly, on the "grass".',
        "The dog's running (outside) ...",
        "dogs can't run so fast !",
    ],
    "café": ["Two people sit at a café - outside.", "A couple is drinking coffee at a table; it is sunny"],
    "boys": ["Three young boys play in the water .", "Kids splash around in a pool", "boys swimming"],
    "bike": ["A man rides a mountain-bike up a rocky trail .", "A cyclist on a path"],
}
CANDIDATES = {
    "bike": "a man is riding a bike on a trail",
    "dog": "The dog's running on the grass.",
    "café": "two people are sitting at a café",
    "boys": "a boy",
}


def score(candidates: dict[str, str], references: dict[str, list[str]], lang: str = "en") -> dict:
    return Scorer(references, lang).all(candidates)


needs_java = pytest.mark.skipif(not has_java(), reason="needs Java")


@pytest.fixture
def no_java(monkeypatch):
    monkeypatch.setattr(scores.shutil, "which", lambda name: None)


@pytest.fixture(scope="module")
def scored():
    """The scores of the captions above, made in a locale that knows no "é", and the processes this took."""
    started = []

    class Watched(subprocess.Popen):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            started.append(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subprocess, "Popen", Watched)
        patch.setenv("LC_ALL", "C")
        return score(CANDIDATES, REFERENCES), started


@needs_java
def test_english_scores_are_pycocoevalcaps(scored):
    references = PTBTokenizer().tokenize({name: [{"caption": c} for c in cs] for name, cs in REFERENCES.items()})
    candidates = PTBTokenizer().tokenize({name: [{"caption": c}] for name, c in CANDIDATES.items()})
    candidates = {name: candidates[name] for name in references}
    bleu = Bleu(4).compute_score(references, candidates, verbose=0)[0]
    expected = {
        **{f"bleu{n}": bleu[n - 1] for n in range(1, 5)},
        "meteor": Meteor().compute_score(references, candidates)[0],
        "rouge_l": Rouge().compute_score(references, candidates)[0],
        "cider": Cider().compute_score(references, candidates)[0],
    }
    assert all(value > 0 for value in expected.values())
    expected["tokenizer"] = "ptb"
    expected["unique"] = 1
    expected["vocabulary"] = len({word for (caption,) in candidates.values() for word in caption.split()})
    nouns = {name: scored[0].pop(name) for name in ("nouns_right", "nouns_found")}
    assert scored[0] == pytest.approx(expected, abs=1e-9)
    assert all(0 <= share <= 1 for share in nouns.values())


@needs_java
def test_no_process_is_left_behind(scored):
    _, started = scored
    assert sum("meteor-1.5.jar" in process.args for process in started) == 1
    assert all(process.returncode is not None for process in started)


@needs_java
def test_captions_without_a_word_keep_their_places():
    scorer = Scorer(REFERENCES)
    found = scorer.cider({**CANDIDATES, "dog": "", "bike": "."})
    assert 0 < found == pytest.approx(scorer.cider({**CANDIDATES, "dog": "zzz", "bike": "zzz"}))


@needs_java
def test_odd_white_space_starts_no_new_caption():
    odd = {name: caption.replace(" ", "\u2028\n\x0b\t") for name, caption in CANDIDATES.items()}
    scorer = Scorer(REFERENCES)
    assert scorer.cider(odd) == scorer.cider(CANDIDATES)


def test_without_java_english_is_cut_plainly(no_java):
    found = score({"a": "A DOG's ball, 2 metres!"}, {"a": ["a dog's ball 2 metres"]})
    assert found["tokenizer"] == "plain"
    assert found["meteor"] is None
    assert (found["bleu4"], found["rouge_l"]) == pytest.approx((1, 1))
    assert found["vocabulary"] == 5


def test_a_java_that_does_not_run_counts_as_none(monkeypatch, tmp_path):
    java = tmp_path / "java"
    java.write_text("#!/bin/sh\necho 'Unable to locate a Java Runtime.' >&2\nexit 1\n")
    java.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not has_java()


def test_bleu_and_rouge_by_hand(no_java):
    # 3 of 4 words fit, and 1 of 3 pairs; the lengths are equal. The longest common subsequence is "a b d" of 4.
    found = score({"x": "a b c d"}, {"x": ["a b e d"]})
    assert found["bleu1"] == pytest.approx(3 / 4)
    assert found["bleu2"] == pytest.approx(math.sqrt(3 / 4 * 1 / 3))
    assert found["rouge_l"] == pytest.approx(3 / 4)


def test_cider_by_hand(no_java):
    # Two photos: words of both weigh log 2 / 2 = 0, words of one log 2. One of the first photo's two telling words is
    # found, so single words have a cosine of 1 / sqrt(1 * 2), longer n-grams 0; the lengths differ by one pair
    # (sigma 6). The second photo's caption is perfect for 1-grams to 4-grams. The mean over n, times 10.
    references = {"x": ["the red dog"], "y": ["the very big blue bird"]}
    found = score({"x": "the dog", "y": "the very big blue bird"}, references)
    first = 10 / 4 * (1 / math.sqrt(2)) * math.exp(-1 / (2 * 6**2))
    assert found["cider"] == pytest.approx((first + 10) / 2)


def test_chinese_is_cut_into_characters():
    # 8 tokens: 一 个 穿 t 恤 的 人 2008, against 一 个 穿 红 t 恤 的 人.
    found = score({"x": "一个穿T恤的人，2008。"}, {"x": ["一个穿红T恤的人！"]}, lang="zh")
    assert found["tokenizer"] == "characters"
    assert found["meteor"] is None
    assert found["bleu1"] == pytest.approx(7 / 8)
    assert found["vocabulary"] == 8
    # Of 7 pairs, 一个 个穿 t恤 恤的 的人 fit.
    assert found["bleu2"] == pytest.approx(math.sqrt(7 / 8 * 5 / 7))


def test_references_serve_many_candidates(no_java):
    scorer = Scorer(REFERENCES)
    for candidates in (CANDIDATES, dict.fromkeys(REFERENCES, "a dog")):
        assert scorer.all(candidates) == score(candidates, REFERENCES)
        assert scorer.cider(candidates) == scorer.all(candidates)["cider"]


def test_variety(no_java):
    found = score({"dog": "a dog", "café": "a dog", "boys": "a boy", "bike": "a bike"}, REFERENCES)
    assert found["unique"] == 3 / 4
    assert found["vocabulary"] == 4


def test_captions_and_references_must_fit(no_java):
    with pytest.raises(ValueError, match="exactly one caption"):
        score({"dog": "a dog"}, REFERENCES)
    wrong: tuple[dict[str, list[str]], ...] = ({}, {"dog": []})
    for references in wrong:
        with pytest.raises(ValueError, match="at least one"):
            Scorer(references)
