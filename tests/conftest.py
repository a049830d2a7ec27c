"""What all tests share, and which of them are slow.

``make check`` leaves out the slow ones (``-m "not slow"``): what takes more than about a second of one core, and what
is quick by itself but comes in hundreds. Beside every slow test a quick one looks at the same thing smaller: each page
once, one cell, one seed, a formula by hand.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest

# Side by side, tests share the processor, and threads of one operation would wait for each other: one each.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")

# What is trained comes out the same on every machine, whether its processor has bfloat16 or not.
os.environ.setdefault("AFTERIMAGE_PRECISION", "float32")

# Rooms of a class are kept where nobody else's are.
if "AFTERIMAGE_DATABASE" not in os.environ:
    _folder = tempfile.mkdtemp(prefix="afterimage-rooms-")
    os.environ["AFTERIMAGE_DATABASE"] = f"sqlite:///{_folder}/rooms.sqlite"
    atexit.register(shutil.rmtree, _folder, ignore_errors=True)

ROOT = Path(__file__).resolve().parent.parent

#: Tests that ask for these are slow: the whole app by AppTest, a browser, a run of brian2's, networks that are trained
#: first, a server. A test of these that is quick by itself can be marked ``quick``.
SLOW_FIXTURES = {"app", "visit", "chromium", "by_brian", "brians", "keras", "scored", "one_language_each", "address"}

#: Slow files and folders, and slow tests by how their names begin.
SLOW = (
    "tests/benchmarks/",
    "tests/browser/",
    # Every chart with every trace, in every language; the charts' own tests beside them are quick.
    "tests/app/charts/kit/test_style.py",
    "tests/app/charts/test_every_chart.py",
    # Processes that are started, and waited for.
    "tests/app/test_caption_transformer.py::test_starting_the_app",
    "tests/app/test_home.py::test_the_home_page_loads_no_network",
    "tests/app/test_turns.py::test_a_photo_opened_apart",
    "tests/app/test_turns.py::test_a_worker",
    "tests/model/captioner/test_cli.py::test_chinese_is_utf_8",
    "tests/model/captioner/test_cli.py::test_a_reader_that_leaves",
    "tests/model/captioner/test_image.py::test_nothing_is_decoded",
    "tests/model/captioner/test_image.py::test_opening_photos_needs",
    "tests/model/captioner/test_real_photos.py::test_the_largest_pictures",
    "tests/model/captioner/test_real_photos.py::test_a_png_of_high_compression",
    "tests/model/captioner/test_transformer.py::test_importing_it",
    "tests/model/training/test_processes.py",
    "tests/model/training/test_scores.py::test_captions_without_a_word",
    "tests/model/training/test_scores.py::test_odd_white_space",
    "tests/test_deploy.py::test_what_goes_into_the_image",
    "tests/test_hostile.py::test_a_server",
    "tests/test_load.py::test_a_class",
    "tests/test_hostile.py::test_the_library",
    # Shipped weights, asked about much.
    "tests/app/test_home.py::test_the_shipped_captions",
    "tests/app/test_figures.py::test_the_shipped_siblings",
    "tests/model/recurrent/test_presets.py::test_every_preset",
    # Training to an end.
    "tests/model/digits/test_contest.py::test_a_reading",
    "tests/model/digits/test_contest.py::test_a_shifted_digit",
    "tests/model/digits/test_contest.py::test_both_learn",
    "tests/model/digits/test_contest.py::test_the_answer_after_a_row",
    "tests/model/recurrent/test_first_exercise.py::test_on_random_targets",
    "tests/model/recurrent/test_first_exercise.py::test_with_something_to_learn",
    "tests/model/recurrent/test_recurrent_cli.py::test_it_stops",
    "tests/model/recurrent/test_recurrent_training.py::test_a_run_can_be_looked_at",
    "tests/model/recurrent/test_recurrent_training.py::test_runs_in_threads",
    "tests/model/recurrent/test_recurrent_training.py::test_snapshots_keep",
    "tests/model/recurrent/test_recurrent_training.py::test_the_default_gru",
    "tests/model/recurrent/test_starts.py::test_an_lstm",
    "tests/model/recurrent/test_ten_numbers.py::test_as_one_sequence",
    "tests/model/recurrent/test_ten_numbers.py::test_the_training_loss",
    "tests/model/training/test_cross_entropy.py",
    # Many neurons for long, brian2, and what every photo can be.
    "tests/model/captioner/test_bombs.py::test_a_bomb",
    "tests/model/captioner/test_real_photos.py::test_colours_are",
    "tests/model/captioner/test_saliency.py::test_by_region",
    "tests/model/captioner/test_saliency.py::test_integrated_gradients",
    "tests/model/captioner/test_saliency.py::test_occlusion",
    "tests/model/captioner/test_saliency.py::test_the_captioner_stays",
    "tests/model/neurons/test_adex.py::test_short_steps",
    "tests/model/neurons/test_adex.py::test_spikes_and_states",
    "tests/model/neurons/test_adex.py::test_patterns_do_not_hang",
    "tests/model/neurons/test_circuit.py::test_a_flash",
    "tests/model/neurons/test_circuit.py::test_it_remembers_which",
    "tests/model/neurons/test_circuit.py::test_smaller_steps",
    "tests/model/neurons/test_circuit.py::test_the_extremes",
    "tests/model/neurons/test_circuit.py::test_weaker_recurrence",
    "tests/model/neurons/test_circuit.py::test_without_a_stimulus",
    "tests/model/neurons/test_hodgkin_huxley.py::test_counts_settle",
    "tests/model/neurons/test_izhikevich.py::test_counts_settle",
    "tests/model/neurons/test_limits.py::test_random_settings",
    "tests/model/neurons/test_rates.py::test_excitability",
    "tests/model/neurons/test_synapse.py::test_brian2",
    "tests/model/training/test_honesty.py::test_a_network_that",
    "tests/model/training/test_honesty.py::test_the_command",
    "tests/model/training/test_honesty.py::test_the_costs",
    "tests/model/training/test_honesty.py::test_the_interval",
    "tests/model/training/test_honesty.py::test_the_same_seed",
)


@pytest.hookimpl(tryfirst=True)  # before pytest chooses by markers
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the slow tests."""
    for item in items:
        slow = SLOW_FIXTURES.intersection(getattr(item, "fixturenames", ())) or item.nodeid.startswith(SLOW)
        if slow and not item.get_closest_marker("quick"):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return ROOT
