"""What stands under a figure, and wherever something typed is quoted: the words as they are."""

import pytest

from app.ui.drawing import join_sentences
from app.ui.markdown import JOINER, literal


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("It costs $5, or $6.", r"It costs \$5, or \$6."),
        ("a * b * c, W_hh ~ `x`", r"a \* b \* c, W\_hh \~ \`x\`"),
        ("[here](//example.org) <b>", r"\[here\](//example.org) \<b>"),
        ("so :red[it] is :smile:", r"so :|red\[it\] is :|smile:"),
        ("CIDEr: 51.8 at 12:30", "CIDEr: 51.8 at 12:30"),
        ("\\$", r"\\\$"),
        ("# one\n\n- two", r"\# one  - two"),
        ("12. one", r"12\. one"),
        ("https://a.example www.a.example b@a.example", "https:|//a.example www|.a.example b|@a.example"),
        ("a -> b", "a -|> b"),
    ],
)
def test_no_sign_means_anything_to_markdown(text, written):
    """A bar stands here for the joiner, which cannot be seen. A browser test looks at what Streamlit makes of it."""
    assert literal(text).replace(JOINER, "|") == written
    assert literal(text).replace(JOINER, "").replace("\\", "") == " ".join(text.splitlines()).replace("\\", "")


def test_chinese_sentences_stand_without_a_space():
    assert join_sentences("一句。 两句。") == "一句。两句。" and join_sentences("One. Two.") == "One. Two."


def test_typed_signs_stay_signs_under_the_figure(app):
    asked = {"sequence_view": "gradients", "sequence_network": "untrained", "sequence_task": "text"}
    test = app(**asked, sequence_text="$b$*", page="sequence")
    assert not test.exception
    assert any(r"“\*”" in caption.value or r"“\$”" in caption.value for caption in test.caption)


def test_what_an_error_quotes_stays_as_it_is(app):
    series = "![](//host/x) $x$ <b>"
    test = app(sequence_view="train", sequence_task="numbers", sequence_series=series, page="sequence")
    assert [error.value for error in test.error] and r"\!" not in test.error[0].value
    assert r"!\[\](//host/x)" in test.error[0].value
