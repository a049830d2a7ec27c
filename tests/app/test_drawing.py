"""What stands under a figure: the words as they are, whatever signs are in them."""

import pytest

from app.drawing import literal, run_on


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("It costs $5, or $6.", r"It costs \$5, or \$6."),
        ("a * b * c, W_hh ~ `x`", r"a \* b \* c, W\_hh \~ \`x\`"),
        ("[here](https://example.org) <b>", r"\[here](https://example.org) \<b>"),
        ("so :red[it] is :smile:", r"so :red\[it] is \:smile:"),
        ("CIDEr: 51.8 at 12:30", "CIDEr: 51.8 at 12:30"),
        ("\\$", r"\\\$"),
    ],
)
def test_no_sign_means_anything_to_markdown(text, written):
    assert literal(text) == written


def test_chinese_sentences_stand_without_a_space():
    assert run_on("一句。 两句。") == "一句。两句。" and run_on("One. Two.") == "One. Two."


def test_typed_signs_stay_signs_under_the_figure(app, go):
    asked = {"sequence_view": "gradients", "sequence_network": "untrained", "sequence_task": "text"}
    test = go(app(**asked, sequence_text="$b$*"), "sequence")
    assert not test.exception
    assert any(r"“\*”" in caption.value or r"“\$”" in caption.value for caption in test.caption)
