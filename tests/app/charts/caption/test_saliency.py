"""Saliency beside attention: one scale for both, signs kept, and sentences that fit the numbers."""

import dataclasses
from typing import Any

import numpy as np
import pytest
from PIL import Image

from app.charts.caption.saliency import (
    beside_attention,
    beside_shuffled,
    passed,
    shares,
    two_sided,
    verdict,
    what_the_photo_changed,
)
from model.traces import SaliencyControl, SaliencyTrace

PHOTO = Image.new("RGB", (120, 80), "grey")


def made(method: Any = "integrated_gradients", **changes) -> SaliencyTrace:
    rng = np.random.default_rng(0)
    attention = rng.dirichlet(np.ones(81)).reshape(9, 9).astype(np.float32)
    pixels = rng.normal(size=(260, 260)).astype(np.float32)
    regions = rng.normal(size=(9, 9)).astype(np.float32)
    trace = SaliencyTrace(method, "grey", "dog", 1, pixels, regions, attention, np.log(0.5), np.log(0.01), 0.27)
    return dataclasses.replace(trace, **changes)


def maps(figure) -> list[np.ndarray]:
    return [np.asarray(one.z) for one in figure.data]


@pytest.mark.parametrize(("method", "count"), [("integrated_gradients", 3), ("regions", 2), ("occlusion", 2)])
def test_attention_and_saliency_are_shares_on_one_scale(method, count):
    trace = made(method)
    figure = beside_attention(trace, PHOTO).figure
    drawn = maps(figure)
    assert len(drawn) == count == len(figure.layout.images)
    np.testing.assert_allclose(drawn[0], trace.attention)
    np.testing.assert_allclose(drawn[1], trace.regions / np.abs(trace.regions).sum(), rtol=1e-5)
    assert {one.coloraxis for one in figure.data} == {"coloraxis"}
    scale = figure.layout.coloraxis
    assert scale.cmax == -scale.cmin == pytest.approx(max(drawn[0].max(), np.abs(drawn[1]).max()))


def test_a_map_that_prefers_nothing_looks_pale():
    flat = made("occlusion", attention=np.full((9, 9), 1 / 81), regions=np.ones((9, 9)))
    assert beside_attention(flat, PHOTO).figure.layout.coloraxis.cmax == pytest.approx(4 / 81)


def test_the_fine_map_sums_pixels_and_keeps_their_signs():
    pixels = np.zeros((260, 260), np.float32)
    pixels[3, 4], pixels[255, 257] = 2, -1
    fine = maps(beside_attention(made(pixels=pixels), PHOTO).figure)[2]
    assert fine.shape == (52, 52)
    assert fine[0, 0] > 0 and fine[51, 51] == pytest.approx(-fine[0, 0] / 2) and np.count_nonzero(fine) == 2


def test_where_nothing_matters_nothing_is_coloured():
    figure = beside_attention(made(pixels=np.zeros((260, 260)), regions=np.zeros((9, 9))), PHOTO).figure
    assert not maps(figure)[1].any() and not maps(figure)[2].any()
    assert not shares(np.zeros(3)).any()


def test_the_scale_is_clear_in_the_middle_and_grows_to_both_sides():
    stops = two_sided()
    places = [at for at, _colour in stops]
    assert places == sorted(places) and places[0] == 0 and places[-1] == 1
    assert dict(stops)[0.5].endswith("0.000)")


def test_maps_lie_over_the_whole_photo():
    figure = beside_attention(made(), PHOTO).figure
    for one in figure.data:
        rows, columns = np.asarray(one.z).shape
        assert one.y0 - one.dy / 2 == pytest.approx(0) and one.y0 + (rows - 0.5) * one.dy == pytest.approx(260)
        assert one.x0 - one.dx / 2 == pytest.approx(0) and one.x0 + (columns - 0.5) * one.dx == pytest.approx(260)


def test_the_strongest_regions_are_named_whatever_their_sign():
    attention, regions = np.full((9, 9), 0.5 / 80), np.full((9, 9), 0.01)
    attention[2, 3], regions[7, 0] = 0.5, -2.0
    text = beside_attention(made(attention=attention, regions=regions), PHOTO).words
    assert "most attended region is row 3, column 4 (50% of the attention)" in text
    assert "row 8, column 1 (71% of the saliency)" in text


@pytest.mark.parametrize(
    ("agreement", "words"),
    [
        (0.85, "largely agree"),
        (0.6, "largely agree"),
        (0.45, "agree in part"),
        (0.0, "hardly agree"),
        (-0.2, "hardly agree"),
        (-0.7, "contradict"),
        (float("nan"), "the same everywhere"),
    ],
)
def test_the_verdict_fits_the_number(agreement, words):
    text = verdict(made(agreement=agreement))
    assert words in text
    if agreement == agreement:
        assert f"**{agreement:.2f}**".replace("-", "−") in text and "81 regions" in text


def test_what_the_photo_changed_is_told_in_chances():
    assert "chance of 50% with the photo and of 1.0%" in what_the_photo_changed(made())
    assert "hardly matters" not in what_the_photo_changed(made())
    same = what_the_photo_changed(made(baseline_log_prob=float(np.log(0.5)) + 0.05))
    assert "hardly matters" in same


def test_a_very_small_chance_is_not_rounded_to_nothing():
    assert "of 0.0002%" in what_the_photo_changed(made(baseline_log_prob=float(np.log(2e-6))))


def control(agreement) -> SaliencyControl:
    maps = np.random.default_rng(1).normal(size=(2, 3, 9, 9))
    return SaliencyControl(("decoder", "all"), (0, 1, 2), maps, np.array(agreement))


def test_the_control_stands_beside_the_map_on_its_scale():
    found, trace = control([[0.1, 0.2, 0.3], [0, 0, 0]]), made("regions")
    trained, decoder, both = maps(beside_shuffled(trace, found, PHOTO).figure)
    np.testing.assert_allclose(trained, shares(trace.regions), rtol=1e-5)
    np.testing.assert_allclose(decoder, shares(found.regions[0, 0]), rtol=1e-5)
    np.testing.assert_allclose(both, shares(found.regions[1, 0]), rtol=1e-5)
    assert "Decoder shuffled: rank correlation with the trained network's map 0.10, 0.20, 0.30." in (
        beside_shuffled(trace, found, PHOTO).words
    )


@pytest.mark.parametrize(
    ("agreement", "words"),
    [
        ([[0.1, 0.2, 0.3], [-0.1, 0, 0.1]], "does hang on what the network learned"),
        ([[0.1, 0.2, 0.3], [0.5, 0.4, 0.6]], "without anything learned"),
        ([[0.1, 0.2, np.nan], [0, 0, 0]], "no order to compare"),
    ],
)
def test_what_the_control_says_fits_its_numbers(agreement, words):
    assert words in passed(control(agreement))
