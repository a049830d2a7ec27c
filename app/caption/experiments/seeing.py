"""How the CNN sees: what the channels of each of its stages answer to the photo, and what one region depends on."""

from functools import partial

import streamlit as st

from app.caption.code import show_code
from app.caption.photos import Photo
from app.caption.shown import Shown
from app.charts.caption import feature_maps as maps_chart
from app.charts.caption import receptive_field as field_chart
from app.export.seeing import fields_csv, maps_json
from app.i18n import _
from app.models import captioner
from app.scripts import caption as scripts
from app.ui.download import download
from app.ui.drawing import draw
from app.ui.lru_store import LruStore
from app.ui.settings import ANY, Code, Number
from model.captioner.image import to_pixels
from model.captioner.seeing import EncoderStage, feature_maps, receptive_fields, stages
from model.traces import FeatureMapsTrace, ReceptiveFieldTrace

#: Maps that are shown: with the photo before them they fill three rows.
MAPS = 17
ROW, COLUMN = Number("caption_eye_row", 1, ANY, 1), Number("caption_eye_column", 1, ANY, 1)

STAGE = Code("caption_eye_stage", "block3")
LOOK_AT = Code("caption_eye_show", "maps")


def show(shown: Shown) -> None:
    shown.introduce(
        _(
            "The CNN works in stages. Early ones see small patches in fine detail; late ones see large parts on a "
            "coarse grid. The last grid's regions are all that the network knows of the photo: attention chooses among "
            "them."
        )
    )
    every = stages(captioner().network.encoder, captioner().network.config.image_size)
    names = stage_names(every)
    code = STAGE.choose(st.pills, _("Stage"), names, label_visibility="collapsed")
    stage = next(one for one in every if one.code == code)
    part = LOOK_AT.choose(
        st.segmented_control,
        _("What to look at"),
        {"maps": _("Its feature maps"), "field": _("What one region sees")},
        label_visibility="collapsed",
    )
    if part == "maps":
        _show_maps(shown.photo, stage, names[code])
        show_code(shown, _("How the CNN sees"), scripts.eye_maps, stage=stage.code, most=MAPS)
    else:
        row, column = _show_field(shown.photo, stage, every, names)
        show_code(shown, _("How the CNN sees"), scripts.eye_field, row=row, column=column)


def stage_names(every: tuple[EncoderStage, ...]) -> dict[str, str]:
    """What the stages are called, by their codes."""
    special = {"stem": _("Stem"), "last": _("Last 1×1 convolution")}
    return {
        stage.code: special.get(stage.code) or _("Block {number}").format(number=stage.code.removeprefix("block"))
        for stage in every
    }


def _show_maps(photo: Photo, stage: EncoderStage, name: str) -> None:
    st.markdown(
        _(
            "**{stage}** answers with {channels} numbers, its channels, at each of {rows} × {columns} places. These "
            "are the channels that differ most from place to place, the strongest first: the number is the standard "
            "deviation of its answers. What does each seem to look for?"
        ).format(stage=name, channels=stage.channels, rows=stage.rows, columns=stage.columns)
    )
    trace = _maps(photo, stage.code)
    draw(partial(maps_chart.feature_maps, trace, photo.image), "caption_chart_eye_maps")
    with st.expander(_("Think! Why do late maps no longer look like the photo?"), icon=":material/help:"):
        st.markdown(
            _(
                "From stage to stage the grid gets coarser and the channels become more: the network gives up where "
                "things are, in exchange for what they are. Zeiler and Fergus (2014, figure 2) looked for the photos "
                "that a channel answers to most: edges and colours early, dogs' faces and keyboards late. Many a "
                "channel answers to nothing that has a name."
            )
        )
    download("caption", _("Feature maps (JSON)"), "caption-eye-maps.json", lambda: maps_json(trace))


def _show_field(
    photo: Photo, stage: EncoderStage, every: tuple[EncoderStage, ...], names: dict[str, str]
) -> tuple[int, int]:
    """Draw it; give the region's row and column in the last grid, from 0."""
    st.markdown(
        _(
            "Click a place on the photo. The brighter a pixel, the more the answer of **{stage}** at that place would "
            "change with it. Compare the boxes: in theory it could see all that is inside the dotted one."
        ).format(stage=names[stage.code])
    )
    last = every[-1]
    figures = st.container()  # The sliders stand under the figures, but are read before these are drawn.
    with st.container(horizontal=True, gap="large"):
        row = ROW.slider(_("Row"), most=last.rows, default=(last.rows + 1) // 2, width=260)
        column = COLUMN.slider(_("Column"), most=last.columns, default=(last.columns + 1) // 2, width=260)

    def take() -> None:
        points = st.session_state["caption_chart_eye_field"].selection.points
        if points:
            for setting, number in zip((ROW, COLUMN), points[0]["customdata"], strict=False):
                setting.put(number)

    fields = _fields(photo, every, row - 1, column - 1)
    field = next(one for one in fields if one.stage == stage.code)
    with figures:
        left, right = st.columns([3, 2], gap="medium")
        with left:
            draw(
                partial(field_chart.field_on_photo, field, photo.image, (last.rows, last.columns)),
                "caption_chart_eye_field",
                on_select=take,
                selection_mode="points",
            )
        with right:
            draw(partial(field_chart.field_by_stage, fields, names, stage.code), "caption_chart_eye_growth")
    _explain_fields()
    download("caption", _("Receptive fields (CSV)"), "caption-eye-fields.csv", lambda: fields_csv(fields))
    return int(row) - 1, int(column) - 1


def _explain_fields() -> None:
    with st.expander(_("How this is measured"), icon=":material/info:"):
        st.markdown(
            _(
                "In colour is the gradient of the region's answer, the sum of its channels, with respect to each "
                "pixel, its size added up over the three colours: the **effective receptive field** (Luo et al. 2016), "
                "here for this one photo. The orange box is the smallest square around the theoretical field's centre "
                "that holds 95 % of it. The **theoretical field** follows from the sizes and strides of the "
                "convolutions alone: nothing outside it can matter. Rows and columns are those of the last grid; at "
                "earlier stages the region at the same place of the photo is taken."
            )
        )
    with st.expander(
        _("Think! Does a region in the corner look at the middle of its own cell?"), icon=":material/help:"
    ):
        st.markdown(
            _(
                "No. Choose row 1, column 1 at the last stage. The strides multiply to 32 pixels, so the centres of "
                "nine regions are 32 pixels apart: 3, 35, …, 259 of the 260 pixels that the CNN gets. The first one "
                "looks at the very corner. Maps of attention, here as elsewhere, share out the photo evenly, which is "
                "nearly right in the middle and more than a third of a region off at the edge."
            )
        )


def _maps(photo: Photo, stage: str) -> FeatureMapsTrace:
    kept: LruStore[FeatureMapsTrace] = LruStore.of_session("caption_seen_maps", 12)
    return kept.get((photo.key, stage), lambda: feature_maps(captioner().network.encoder, _pixels(photo), stage, MAPS))


def _fields(photo: Photo, every: tuple[EncoderStage, ...], row: int, column: int) -> tuple[ReceptiveFieldTrace, ...]:
    """The fields of all stages at the centre of a region of the last grid; all at once take half a second."""
    last = every[-1]
    places = {
        stage.code: (
            (2 * row + 1) * stage.rows // (2 * last.rows),
            (2 * column + 1) * stage.columns // (2 * last.columns),
        )
        for stage in every
    }
    kept: LruStore[tuple[ReceptiveFieldTrace, ...]] = LruStore.of_session("caption_seen_fields", 12)

    def compute() -> tuple[ReceptiveFieldTrace, ...]:
        with st.spinner(_("Following the gradient back …"), show_time=False):
            return receptive_fields(captioner().network.encoder, _pixels(photo), places)

    return kept.get((photo.key, row, column), compute)


def _pixels(photo: Photo):
    return to_pixels(photo.image, captioner().network.config.image_size)
