"""What ``make weights`` would run is what its commands understand."""

import importlib
import re
import subprocess

import pytest


@pytest.mark.parametrize("start", [[], ["FROM=assets/captioner"]], ids=["from nothing", "from a captioner"])
def test_each_command_knows_the_options_that_it_is_given(root, capsys, start):
    """By a dry run with captions of all kinds, in which everything has to be made anew."""
    said = subprocess.run(
        ["make", "-nB", "-f", "model/training/weights.mk", "DATA=flickr8k coco coco_more", *start, "weights"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.replace("\\\n", " ")
    commands = re.findall(r"-m (model\.training\.\w+)([^\n&]*)", said)
    asked = {(module, option) for module, rest in commands for option in re.findall(r"--[a-z][a-z-]*", rest)}
    assert {"model.training.fine_tune", "model.training.siblings"} <= {module for module, _rest in commands}
    assert ("model.training.fine_tune", "--as-people") in asked
    for module in {module for module, _option in asked}:
        with pytest.raises(SystemExit):
            importlib.import_module(module).main(["--help"])
        known = set(re.findall(r"--[a-z][a-z-]*", capsys.readouterr().out))
        assert {option for of, option in asked if of == module} <= known, module
