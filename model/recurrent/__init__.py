"""A sequence becomes a memory: recurrent cells step by step, small tasks, training, gradients through time.

>>> from model.recurrent import trace_sequence
>>> trace = trace_sequence(torch.nn.GRU(3, 5), inputs)          # any one-layer torch RNN, LSTM or GRU, or a ``Layer``
>>> trace.hidden, trace.gates["update_gate"]

>>> from model.recurrent import Settings, Training, make_task, trace_example
>>> task = make_task("parity", length=10)
>>> training = Training(task, Settings(cell="lstm", seed=1))
>>> for step in training.run(steps=200):
...     print(step.loss, step.accuracy)
>>> trace_example(training.network, task, task.read("0110"))

Loading torch takes seconds, so the names here are loaded when first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from model.cells import CELLS

if TYPE_CHECKING:
    from model.recurrent.equilibria import fixed_points
    from model.recurrent.gradients import gradients_through_time, output_gradients
    from model.recurrent.network import Network
    from model.recurrent.presets import PRESETS, load_preset
    from model.recurrent.reading import extrapolate, trace_example, write_on
    from model.recurrent.saving import Saved, load, save
    from model.recurrent.settings import OPTIMIZERS, Settings
    from model.recurrent.spectrum import jacobian_trace, scale_recurrence
    from model.recurrent.tasks import TASKS, make_task, parameters_of
    from model.recurrent.tracing import trace_sequence
    from model.recurrent.training import SOLVED, STAGES, Training, TrainingStopped, evaluate

#: Where each name is.
_HOMES = {
    "equilibria": ("fixed_points",),
    "gradients": ("gradients_through_time", "output_gradients"),
    "network": ("Network",),
    "presets": ("PRESETS", "load_preset"),
    "reading": ("extrapolate", "trace_example", "write_on"),
    "saving": ("Saved", "load", "save"),
    "settings": ("OPTIMIZERS", "Settings"),
    "spectrum": ("jacobian_trace", "scale_recurrence"),
    "tasks": ("TASKS", "make_task", "parameters_of"),
    "tracing": ("trace_sequence",),
    "training": ("SOLVED", "STAGES", "Training", "TrainingStopped", "evaluate"),
}

__all__ = [
    "CELLS",
    "OPTIMIZERS",
    "PRESETS",
    "SOLVED",
    "STAGES",
    "TASKS",
    "Network",
    "Saved",
    "Settings",
    "Training",
    "TrainingStopped",
    "evaluate",
    "extrapolate",
    "fixed_points",
    "gradients_through_time",
    "jacobian_trace",
    "load",
    "load_preset",
    "make_task",
    "output_gradients",
    "parameters_of",
    "save",
    "scale_recurrence",
    "trace_example",
    "trace_sequence",
    "write_on",
]


def __getattr__(name: str):
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"model.recurrent.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
