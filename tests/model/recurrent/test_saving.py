"""Networks as files: what is saved comes back, and files from anyone do no harm."""

import contextlib
import json
import struct

import pytest
import safetensors.torch
import torch

from model.errors import UserError
from model.recurrent import CELLS, Network, Saved, Settings, load, make_task, save
from model.recurrent.saving import MAX_BYTES

TASKS = [
    make_task("text", text="hello, 世界 👩‍👩‍👧\n", length=7),
    make_task("recall", distractors=3),
    make_task("numbers", numbers=(1, 2, 4.5, -8)),
    make_task("reber", embedded=True),
    make_task("ten_numbers", reading="one_sequence"),
]


def saved(task=TASKS[0], cell: str = "gru") -> Saved:
    settings = Settings(cell=cell, hidden_size=5, optimizer="momentum", learning_rate=0.5, seed=9)
    network = Network(cell, task.input_size, 5, task.output_size, seed=3)
    return Saved(network, task, settings, steps=12, figures={"accuracy": [0.5, 1.0]})


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
@pytest.mark.parametrize("cell", CELLS)
def test_what_was_saved_comes_back(task, cell):
    first = saved(task, cell)
    again = load(save(first))
    assert (again.task, again.settings, again.steps, again.figures) == (task, first.settings, 12, first.figures)
    assert again.network.cell == cell
    for name, tensor in first.network.state_dict().items():
        assert torch.equal(again.network.state_dict()[name], tensor)


def test_it_is_a_plain_safetensors_file_and_always_the_same():
    data = save(saved())
    assert safetensors.torch.load(data).keys() == saved().network.state_dict().keys()
    assert save(saved()) == data


def rewritten(about=None, weights=None, **changes) -> bytes:
    """A file of which something was changed."""
    data = save(saved())
    (length,) = struct.unpack_from("<Q", data)
    original = json.loads(json.loads(data[8 : 8 + length])["__metadata__"]["afterimage"])
    tensors = safetensors.torch.load(data) if weights is None else weights
    text = json.dumps({**original, **changes}) if about is None else about
    return safetensors.torch.save(tensors, {"afterimage": text})


def settings_with(**changes) -> dict:
    return {**Settings(hidden_size=5).__dict__, **changes}


WHOLE = save(saved())
WEIGHTS = safetensors.torch.load(WHOLE)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04 no safetensors at all",
        b"\x80\x04\x95 a pickle",
        WHOLE[:7],
        WHOLE[:100],
        WHOLE[:-1],
        WHOLE + b"more",
        b"\xff" * 8 + WHOLE[8:],
        struct.pack("<Q", 2**62) + WHOLE[8:],
        struct.pack("<Q", 5) + b"[1,2]",
        struct.pack("<Q", 4) + b"null",
        struct.pack("<Q", 100_000) + b"[" * 100_000,
        struct.pack("<Q", 20) + b'{"__metadata__": 123}'[:20],
        struct.pack("<Q", 21) + b'{"__metadata__": [1]}',
        struct.pack("<Q", 3) + b"\xff\xfe\xfd",
        b"\0" * (MAX_BYTES + 1),
        safetensors.torch.save(WEIGHTS),
        safetensors.torch.save(WEIGHTS, {"afterimage": "not json"}),
        rewritten(about="[]"),
        rewritten(about="3"),
        rewritten(about="[" * 50_000),
        rewritten(format="recurrent/99"),
        rewritten(task="chess"),
        rewritten(task=["text"]),
        rewritten(task=None),
        rewritten(parameters={"text": "a"}),
        rewritten(parameters={"text": "hello", "length": 10**12}),
        rewritten(parameters={"text": "another text of other letters"}),
        rewritten(parameters={"text": "x", "__class__": 1}),
        rewritten(parameters=[]),
        rewritten(parameters=None),
        rewritten(settings=settings_with(hidden_size=6)),
        rewritten(settings=settings_with(hidden_size=10**9)),
        rewritten(settings=settings_with(cell="lstm")),
        rewritten(settings=settings_with(learning_rate=float("nan"))),
        rewritten(settings=settings_with(cell=[1])),
        rewritten(settings={}),
        rewritten(settings=settings_with(more=1)),
        rewritten(settings="gru"),
        rewritten(steps="many"),
        rewritten(steps=-1),
        rewritten(steps=True),
        rewritten(steps=10**4299),
        rewritten(steps=1.5),
        rewritten(figures={"note": "\ud800"}),
        rewritten(figures=[1]),
        rewritten(weights={}),
        rewritten(weights={**WEIGHTS, "more": torch.zeros(1)}),
        rewritten(weights={name: tensor.double() for name, tensor in WEIGHTS.items()}),
        rewritten(weights={name: tensor.flatten() for name, tensor in WEIGHTS.items()}),
        rewritten(weights={name: tensor * float("nan") for name, tensor in WEIGHTS.items()}),
    ],
)
def test_a_file_that_does_not_fit_gets_a_sentence(data):
    with pytest.raises(UserError) as error:
        load(data)
    assert len(str(error.value)) < 400


@pytest.mark.parametrize("place", range(0, len(WHOLE), 37))
def test_no_flipped_byte_does_more_than_change_a_number_or_get_a_sentence(place):
    data = bytearray(WHOLE)
    data[place] ^= 0x41
    with contextlib.suppress(UserError):
        load(bytes(data))
