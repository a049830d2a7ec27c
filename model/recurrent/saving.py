"""A trained network as a file: safetensors, with task, settings and figures as JSON in its metadata.

The tensors have torch's names, ``recurrent.weight_ih_l0`` to ``readout.bias``, in float32. The metadata is one entry,
``afterimage``, a JSON object: ``format``, ``task``, ``parameters`` (of the task: a text is part of them), ``settings``,
``steps`` (of training), ``figures`` (whatever was measured).

A file may come from anyone. Nothing in it is run or unpickled; its size is limited before it is read, every value is
checked, and the tensors must have the names, shapes and type that the settings ask for.
"""

import json
import struct
from dataclasses import asdict, dataclass, field, fields
from typing import Any

import safetensors
import safetensors.torch
import torch

from model import checks
from model.errors import UserError
from model.recurrent.network import Network
from model.recurrent.settings import Settings
from model.recurrent.tasks import Task, make_task, parameters_of

FORMAT = "recurrent/1"
#: The largest file, in bytes: a network of the largest settings (512 units, 2,000 symbols) is smaller.
MAX_BYTES = 32 * 2**20
#: The most steps that a file may say it was trained.
MAX_TRAINED = 10**9
#: The largest header: the text (100,000 characters, each up to 12 bytes as JSON writes it), figures, names and shapes.
_MAX_HEADER = 4 * 2**20
_ENTRY = "afterimage"


@dataclass(frozen=True)
class Saved:
    """What a file holds."""

    network: Network
    task: Task
    settings: Settings
    #: How many steps it was trained.
    steps: int = 0
    #: What was measured, by name.
    figures: dict[str, Any] = field(default_factory=dict)


def save(saved: Saved) -> bytes:
    """The network and what it was trained with, as a safetensors file."""
    checks.kind("saved", saved, Saved, "a Saved")
    about = {
        "format": FORMAT,
        "task": saved.task.name,
        "parameters": parameters_of(saved.task),
        "settings": asdict(saved.settings),
        "steps": saved.steps,
        "figures": saved.figures,
    }
    weights = {name: tensor.contiguous() for name, tensor in saved.network.state_dict().items()}
    return safetensors.torch.save(weights, {_ENTRY: json.dumps(about, ensure_ascii=False)})


def load(data: bytes) -> Saved:
    """What ``save`` wrote.

    Raises:
        UserError: when the file is too large, no safetensors, not of this program, or does not fit together.
    """
    checks.kind("data", data, bytes, "the bytes of a file")
    if len(data) > MAX_BYTES:
        raise UserError(
            "The file has {given} MB; up to {most} MB are accepted. Please choose a network saved on this page.",
            given=len(data) // 2**20,
            most=MAX_BYTES // 2**20,
        )
    about = _metadata(data)
    task, settings = _task_and_settings(about)
    network = Network(settings.cell, task.input_size, settings.hidden_size, task.output_size)
    network.load_state_dict(_weights(data, network))
    steps, figures = about.get("steps", 0), about.get("figures", {})
    if type(steps) is not int or not 0 <= steps <= MAX_TRAINED or not isinstance(figures, dict):
        raise _damaged()
    return Saved(network, task, settings, steps, figures)


def _metadata(data: bytes) -> dict[str, Any]:
    """The JSON object in the header: 8 bytes of length, little-endian, then as many of JSON."""
    try:
        (length,) = struct.unpack_from("<Q", data)
        if length > min(_MAX_HEADER, len(data) - 8):
            raise ValueError("the header is longer than it may be")
        header = json.loads(data[8 : 8 + length])
        entry = header.get("__metadata__", {}).get(_ENTRY)
    except (ValueError, struct.error, AttributeError, RecursionError) as error:
        raise UserError("This is no safetensors file. Please choose a network saved on this page.") from error
    try:
        about = json.loads(entry)
        json.dumps(about, ensure_ascii=False).encode("utf-8")  # no half of a surrogate pair, which no page can show
        if about["format"] != FORMAT:
            raise ValueError("another format")
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise UserError(
            "This safetensors file was not saved by this page, or by another version of it. "
            "Please choose a network saved here."
        ) from error
    return about


def _task_and_settings(about: dict[str, Any]) -> tuple[Task, Settings]:
    try:
        settings = about["settings"]
        if settings.keys() != {each.name for each in fields(Settings)}:
            raise ValueError("other settings than there are")
        return make_task(about["task"], **about["parameters"]), Settings(**settings)
    except UserError:
        raise  # It says which setting is out of its range.
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise _damaged() from error


def _weights(data: bytes, network: Network) -> dict[str, torch.Tensor]:
    try:
        weights = safetensors.torch.load(data)
    except (safetensors.SafetensorError, KeyError, ValueError) as error:
        raise _damaged() from error
    wanted = network.state_dict()
    if {name: (tensor.shape, tensor.dtype) for name, tensor in weights.items()} != {
        name: (tensor.shape, tensor.dtype) for name, tensor in wanted.items()
    }:
        raise UserError(
            "The file's weights do not fit its own settings (cell {cell}, {units} units). "
            "Please choose another file, or save the network again.",
            cell=network.cell,
            units=network.recurrent.hidden_size,
        )
    if not all(tensor.isfinite().all() for tensor in weights.values()):
        raise UserError("The file's weights are not all finite numbers. Please choose another file.")
    return weights


def _damaged() -> UserError:
    return UserError("The file is damaged. Please choose another one, or save the network again.")
