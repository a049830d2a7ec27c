"""A server that is told to end while a page computes: it ends, quickly and without a word."""

import signal
import subprocess
import sys
import time

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PATIENCE, free_port, wait_until_healthy

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_a_server_ends_in_mid_work(chromium, root, tmp_path, told):
    port, log = free_port(), tmp_path / "log.txt"
    with log.open("w") as output:
        command = [sys.executable, "-m", "streamlit", "run", "app/streamlit_app.py", "--server.port", str(port)]
        server = subprocess.Popen(command, cwd=root, stdout=output, stderr=output)
    address = f"http://localhost:{port}"
    try:
        wait_until_healthy(server, address, log)
        context = chromium.new_context()
        context.set_default_timeout(PATIENCE * 1000)
        training, looking = context.new_page(), context.new_page()
        training.goto(f"{address}/sequence?lang=en&sequence_view=train&sequence_task=text&sequence_size=256")
        training.get_by_role("button", name="Run", exact=True).click()
        expect(training.get_by_role("button", name="Pause", exact=True)).to_be_visible()
        looking.goto(f"{address}/caption?lang=en&caption_part=experiments&caption_experiment=saliency")
        expect(looking.get_by_role("heading", name="“", exact=False).first).to_be_visible()
        time.sleep(1)  # into the middle of training, and of the gradients that saliency takes
        server.send_signal(told)
        assert server.wait(PATIENCE) == 0, log.read_text()
        context.close()
    finally:
        server.kill()
    said = log.read_text()
    assert "terminate called" not in said and "Traceback" not in said
