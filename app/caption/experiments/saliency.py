"""Saliency beside attention: where the network looked for a word, and which pixels the word hung on, seen from outside.

What is computed is kept with the session by photo, caption, word, method and baseline.
"""

from collections.abc import Hashable
from functools import partial

import streamlit as st

from app import models
from app.caption.code import show_code
from app.caption.shown import Shown
from app.caption.word import choose_word
from app.charts.caption import saliency as chart
from app.charts.kit.numbers import number
from app.export.seeing import saliency_csv, saliency_json
from app.i18n import _
from app.models import captioner
from app.scripts import caption as scripts
from app.turns import costly_turn
from app.ui.cite import cite
from app.ui.download import download
from app.ui.drawing import draw
from app.ui.lru_store import LruStore
from app.ui.settings import Code, Flag
from app.ui.underway import underway
from model.captioner import kept_saliency, saliency
from model.captioner.image import to_pixels
from model.captioner.shuffled import SEEDS
from model.captioner.shuffled import control as compute_control
from model.traces import CaptionTrace, SaliencyControl, SaliencyTrace

#: What the texts rest on.
CITED = ("sundararajan", "zeiler", "adebayo", "jain")

WORD = Code("caption_saliency_word")
#: What was stopped, in the session.
_STOPPED = "caption_saliency_stopped"
CONTROL = Flag("caption_saliency_control")
#: By region it takes a second; the other ways ask the CNN dozens of times.
METHOD = Code("caption_saliency_method", "regions")
BASELINE = Code("caption_saliency_baseline", "grey")


def show(shown: Shown) -> None:
    shown.introduce(
        _(
            "Attention is a part of the network: the weights by which it mixes the regions before it says a word. That "
            "is no account of why it said the word: other weights can lead to the same word (Jain and Wallace 2019). "
            "**Saliency** asks from outside: which parts of the photo made this word more likely, and which less? Do "
            "the two point to the same place?"
        )
    )
    if not shown.trace.words:
        st.info(_("The caption is empty: there is no word to explain."))
        return
    place = choose_word(shown.trace, WORD)
    with st.container(horizontal=True, gap="large"):
        method = METHOD.choose(
            st.segmented_control,
            _("How saliency is measured"),
            {
                "regions": _("Integrated gradients, by region"),
                "gradients": _("Integrated gradients"),
                "occlusion": _("Occlusion"),
            },
            help=_(
                "Integrated gradients go from the other photo to this one and add up the gradient on the way: pixel by "
                "pixel, or by the vectors that the CNN gives for the regions, which is what attention chooses from. "
                "Occlusion hides one region after the other."
            ),
        )
        baseline = BASELINE.choose(
            st.segmented_control,
            _("Compared with"),
            {"grey": _("A grey photo"), "blurred": _("The photo, blurred")},
            help=_("“Nothing to be seen” can be many things. Does the answer depend on which?"),
        )
    method = {"gradients": "integrated_gradients"}.get(method, method)
    known = _kept(shown, place, method, baseline)
    trace = known or _explain(shown, place, method, baseline)
    if trace is None:
        return
    draw(partial(chart.beside_attention, trace, shown.photo.image), "caption_chart_saliency")
    if known:
        st.caption(_("A sample photo: this was computed beforehand, and is the same that asking now would give."))
    st.markdown(chart.verdict(trace))
    st.markdown(chart.what_the_photo_changed(trace))
    _explain_measure(trace)
    control = _control(shown, trace)
    cite(*CITED)
    with st.container(horizontal=True):
        download("caption", _("Regions (CSV)"), "caption-saliency.csv", lambda: saliency_csv(trace))
        download("caption", _("Saliency (JSON)"), "caption-saliency.json", lambda: saliency_json(trace, control))
    how = {"place": place, "method": trace.method, "baseline": trace.baseline}
    show_code(shown, _("Saliency beside attention"), scripts.saliency, **how)


def _explain(shown: Shown, place: int, method: str, baseline: str) -> SaliencyTrace | None:
    """The word's saliency; None where the computation was stopped, until it is asked for again."""
    photo, caption = shown.photo, shown.trace
    kept: LruStore[SaliencyTrace] = LruStore.of_session("caption_saliency", 40)
    key = (photo.key, caption.lang, caption.words, place, method, baseline)

    def stop(what: Hashable) -> None:
        st.session_state[_STOPPED] = what

    def compute() -> SaliencyTrace:
        pixels = to_pixels(photo.image, captioner().network.config.image_size)
        what = _("Asking which pixels mattered …")
        with costly_turn(), underway(what, _looks(caption, method), partial(stop, key)) as step:
            return saliency.explain(captioner(), pixels, caption, place, method, baseline, pulse=step)

    if st.session_state.get(_STOPPED) == key:
        st.info(_("This was stopped. By region it takes a second, the other ways take longer."))
        st.button(_("Compute it"), key="caption_saliency_again", on_click=stop, args=(None,))
        return None
    return kept.get(key, compute)


def _kept(shown: Shown, place: int, method: str, baseline: str) -> SaliencyTrace | None:
    """What was computed beforehand, where the photo is a sample."""
    sample, caption = shown.photo.sample, shown.trace
    if sample is None or (method, baseline) != (kept_saliency.METHOD, kept_saliency.BASELINE):
        return None
    kept = models.kept_saliency(caption.lang)
    return kept.find(sample, caption, place) if kept else None


def _looks(caption: CaptionTrace, method: str) -> int:
    """How often the CNN is asked, a batch at a time."""
    photos = {"integrated_gradients": saliency.STEPS, "occlusion": caption.attention[0].size}.get(method, 2)
    return 1 + -(-photos // saliency.BATCH)


def _control(shown: Shown, trace: SaliencyTrace) -> SaliencyControl | None:
    """The control, where it is asked for: it takes some seconds."""
    wanted = CONTROL.toggle(
        _("Control: ask a network that has learned nothing"),
        help=_("The same map with the weights shuffled, in a copy of the network. It takes some seconds."),
    )
    if not wanted:
        return None
    photo, caption = shown.photo, shown.trace
    kept: LruStore[SaliencyControl] = LruStore.of_session("caption_saliency_controls", 20)
    # By region the CNN runs only twice for a map; the other ways are so slow that one shuffle of each must do.
    seeds = SEEDS if trace.method == "regions" else SEEDS[:1]

    def compute() -> SaliencyControl:
        pixels = to_pixels(photo.image, captioner().network.config.image_size)
        with st.spinner(_("Asking shuffled networks …"), show_time=True):
            return compute_control(captioner(), pixels, caption, trace, seeds)

    key = photo.key, caption.lang, caption.words, trace.place, trace.method, trace.baseline
    control = kept.get(key, compute)
    draw(chart.beside_shuffled(trace, control, photo.image), "caption_chart_saliency_control")
    st.markdown(chart.passed(control))
    st.caption(
        _(
            "A map that stays the same when everything learned is lost cannot tell what was learned (Adebayo et al. "
            "2018). Each tensor of weights is shuffled within itself."
        )
    )
    return control


def _explain_measure(trace: SaliencyTrace) -> None:
    with st.expander(_("How this is measured, and what it does not show"), icon=":material/info:"):
        st.markdown(
            _(
                "What is explained is log p(word | photo, words before): the caption's words are read to the network, "
                "and only the photo changes. The first two maps show each region's share of its map on one "
                "colour scale. The rank correlation (Spearman) compares the regions' order by attention with their "
                "order by saliency, signs aside: 1 is the same order, 0 no relation, and our words for it change at "
                "0.3 and 0.6. No significance is given: tests take regions for independent, and neighbours resemble "
                "each other."
            )
        )
        if trace.method == "integrated_gradients":
            st.markdown(
                _(
                    "The pixels' shares should add up to the difference that the photo made, {change} nats; they add "
                    "up to {sum}. The rest is the error of taking the integral at {steps} points."
                ).format(
                    change=number(trace.log_prob - trace.baseline_log_prob, 2),
                    sum=number(float(trace.regions.sum()), 2),
                    steps=saliency.STEPS,
                )
            )
        elif trace.method == "regions":
            st.markdown(
                _(
                    "The CNN turns each photo into {regions} vectors, one a region, and the way goes from the other "
                    "photo's to this one's. The regions' shares should add up to {change} nats; they add up to {sum}. "
                    "So all that the regions did counts, by attention and by the first memory, their mean. But each "
                    "vector has itself seen more of the photo than its own place."
                ).format(
                    regions=trace.regions.size,
                    change=number(trace.log_prob - trace.baseline_log_prob, 2),
                    sum=number(float(trace.regions.sum()), 2),
                )
            )
        else:
            st.markdown(
                _(
                    "Each region in turn is covered with the same place of the other photo, and the word loses or "
                    "gains so much log-probability. Things larger than a region are never hidden whole."
                )
            )
        st.markdown(
            _(
                "Neither is the truth. Attention says what was mixed into the word's context, not what that did. "
                "Integrated gradients depend on the photo compared with, and at single pixels they are noisy; "
                "occlusion shows the network photos that it never learned from."
            )
        )
    with st.expander(
        _("Think! Attention and saliency point to different places. Which is right?"), icon=":material/help:"
    ):
        st.markdown(
            _(
                "They answer different questions, so both can be. Each of the grid's regions has itself seen much of "
                "the photo (see “How the CNN sees”): the network can look at one region and get from there what stands "
                "in another. And the photo speaks through the memory, too, which starts with the mean of all regions."
            )
        )
