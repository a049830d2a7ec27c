"""A server, started in each way that hosts do, that is told to end while a page computes: quickly, without a word."""

import signal
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PATIENCE, start_server

pytestmark = pytest.mark.browser


#: Twenty seconds of gradients that nobody computed beforehand.
SLOW_SALIENCY = "caption_saliency_method=gradients&caption_saliency_baseline=blurred"
STREAMLIT = str(Path(sys.executable).with_name("streamlit"))


@pytest.mark.parametrize(
    ("command", "told"),
    [((sys.executable, "-m", "streamlit", "run"), signal.SIGTERM), ((STREAMLIT, "run"), signal.SIGINT)],
)
def test_a_server_works_and_ends_in_mid_work(chromium, root, tmp_path, command, told):
    server, address = start_server(root, tmp_path, *command)
    log = tmp_path / "log.txt"
    try:
        context = chromium.new_context()
        context.set_default_timeout(PATIENCE * 1000)
        training, looking = context.new_page(), context.new_page()
        training.goto(f"{address}/sequence?lang=en&sequence_view=train&sequence_task=text&sequence_size=256")
        looking.goto(f"{address}/caption?lang=en&caption_part=experiments&caption_experiment=saliency&{SLOW_SALIENCY}")
        gradients = looking.get_by_text("Asking which pixels mattered")
        expect(gradients).to_be_visible()
        training.get_by_role("button", name="Run", exact=True).click()
        expect(training.get_by_role("button", name="Pause", exact=True)).to_be_visible()
        assert gradients.is_visible()
        server.send_signal(told)
        assert server.wait(PATIENCE) == 0, log.read_text()
        context.close()
    finally:
        server.kill()
    said = log.read_text()
    assert "terminate called" not in said and "Traceback" not in said
