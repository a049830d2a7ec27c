"""What the tests of the lessons share."""

from urllib.parse import parse_qsl

from streamlit.testing.v1 import AppTest

from app.ui.shell import SEE


def sound(test: AppTest) -> AppTest:
    assert not test.exception and not test.error
    return test


def said(test: AppTest) -> str:
    """All that the lesson says, and what stands under its figures."""
    return "\n".join(each.value for each in (*test.markdown, *test.caption))


def answer(test: AppTest, code: str, number: int) -> None:
    """Answer the question ``code``, by the number of the answer."""
    test.radio(key=f"lessons_answer_{code}").set_value(number).run()
    sound(test)


def feedback(test: AppTest) -> list[str]:
    """What the page says to the answers given so far."""
    return [box.value for box in (*test.success, *test.info)]


def explains_itself(test: AppTest, code: str, right: int, wrong: int) -> None:
    """Hold that the question answers a wrong and a right answer, the right one with a reason."""
    answer(test, code, wrong)
    assert feedback(test)[0].startswith("Not quite.")
    answer(test, code, right)
    assert feedback(test)[0].startswith("Right.") and len(feedback(test)[0]) > 40


def links(test: AppTest, app) -> list[AppTest]:
    """The pages that the lesson's links lead to, opened; each parameter of a link is one that its page knows, and what
    is to be in sight is there."""
    opened = []
    for link in test.get("page_link"):
        parameters = dict(parse_qsl(link.proto.query_string))
        page = app(**parameters, page=link.proto.page)
        sound(page)
        see = parameters.pop(SEE, "")
        assert not see or any(see in str(part.proto) for part in page.main), see
        assert all(name in page.session_state for name in parameters), parameters
        opened.append(page)
    return opened
