"""What can be taken away and brought back: traces, figures of training, networks, settings."""

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from app.export import landscape as places
from app.export import sequence as export
from app.i18n import _, translate_error
from app.sequence.networks import SOURCE
from app.sequence.run import TrainingRun
from app.sequence.settings import TrainingPlan, cell_names, put_settings
from app.sequence.state_file import put_settings_json, settings_json
from app.sequence.tasks import put_task
from app.ui.download import download
from app.ui.shell import controls
from model.errors import UserError
from model.recurrent import Saved, load, save
from model.recurrent.saving import MAX_BYTES
from model.traces import FixedPoint, GradientTrace, LandscapeTrace, SequenceTrace

_ERROR = "sequence_file_error"


def trace_files(trace: SequenceTrace, looked: Saved) -> None:
    """The group ``export``."""
    with controls("export", horizontal=True):
        download("sequence", _("Trace (CSV)"), "trace.csv", lambda: export.sequence_csv(trace))
        download("sequence", _("Trace (JSON)"), "trace.json", lambda: export.as_json(trace))
        download("sequence", _("Network (safetensors)"), "network.safetensors", lambda: save(looked))


def training_files(run: TrainingRun, networks: Mapping[str, Saved]) -> None:
    """The group ``export``."""
    traces = {cell_names()[cell]: training.trace() for cell, training in run.trainings.items()}
    with controls("export", horizontal=True):
        download("sequence", _("Training (CSV)"), "training.csv", lambda: export.training_csv(traces))
        download("sequence", _("Training (JSON)"), "training.json", lambda: export.as_json(traces))
        for cell, looked in networks.items():
            label = _("Network (safetensors)") if len(networks) == 1 else _("{cell} (safetensors)")
            name = cell_names()[cell]
            download("sequence", label.format(cell=name), f"{cell}.safetensors", partial(save, looked))


def gradient_files(named: Mapping[str, GradientTrace]) -> None:
    """The group ``export``."""
    with controls("export", horizontal=True):
        download("sequence", _("Gradients (CSV)"), "gradients.csv", lambda: export.gradients_csv(named))
        download("sequence", _("Gradients (JSON)"), "gradients.json", lambda: export.as_json(named))


def landscape_files(trace: LandscapeTrace) -> None:
    """The group ``export``."""
    with controls("export", horizontal=True):
        download("sequence", _("Landscape (CSV)"), "landscape.csv", lambda: places.landscape_csv(trace))
        download("sequence", _("Landscape (JSON)"), "landscape.json", lambda: places.landscape_json(trace))


def point_files(points: Sequence[FixedPoint]) -> None:
    """The group ``export``."""
    with controls("export", horizontal=True):
        download("sequence", _("Points (CSV)"), "points.csv", lambda: places.points_csv(points))
        download("sequence", _("Points (JSON)"), "points.json", lambda: places.points_json(points))


def settings_and_loading() -> None:
    """The group ``files``: the settings as a file, and a field for what this page saved."""
    if error := st.session_state.get(_ERROR):
        st.error(translate_error(error), icon=":material/broken_image:")
    with controls("files"), st.expander(_("Save and load"), icon=":material/folder_open:"):
        st.download_button(
            _("Save settings"),
            settings_json(),
            "afterimage-sequence-settings.json",
            "application/json",
            key="sequence_save_settings",
            icon=":material/download:",
            on_click="ignore",
            help=_("The address holds them too, but for texts over 500 characters."),
        )
        st.file_uploader(
            _("Load settings or a network that this page saved"),
            type=["json", "safetensors"],
            key="sequence_file",
            on_change=_load,
            max_upload_size=MAX_BYTES // 2**20,
        )


def _load() -> None:
    """Take what was uploaded: settings, or a network that becomes the session's own."""
    file = st.session_state["sequence_file"]
    st.session_state[_ERROR] = None
    if file is None:
        return
    try:
        if file.name.lower().endswith(".json"):
            put_settings_json(file.getvalue())
        else:
            _take(load(file.getvalue()))
    except UserError as error:
        st.session_state[_ERROR] = error


def _take(saved: Saved) -> None:
    """Make a loaded network the session's own, and set the widgets to what it was trained with."""
    plan = TrainingPlan(saved.task, saved.settings, (saved.settings.cell,), saved.task.steps)
    TrainingRun.begin(plan, saved.network, saved.steps)
    put_task(saved.task)
    put_settings(saved.settings)
    SOURCE.put("mine")
