"""The photo as the CNN gets it: squashed to a square of pixels, laid out so that it keeps the shape it was taken in."""

import plotly.graph_objects as go
from PIL import Image

from app.charts.kit.photos import data_uri
from model.traces import Box


def lay_square(figure: go.Figure, photo: Image.Image, size: int, axis: str = "") -> None:
    """Stretch the photo over 0 to ``size`` in the axes x and y with the suffix ``axis``, the upper left at 0.

    Pixel (row, column) of what the CNN gets covers column to column + 1 and row to row + 1.
    """
    keep_shape(figure, photo, size, size, axis)
    place = {"xref": f"x{axis}", "yref": f"y{axis}", "x": 0, "y": 0, "sizex": size, "sizey": size}
    figure.add_layout_image(source=data_uri(photo, 700), sizing="stretch", layer="below", **place)


def keep_shape(figure: go.Figure, photo: Image.Image, columns: int, rows: int, axis: str = "") -> None:
    """Axes without lines for a grid of ``columns`` by ``rows`` over the photo, drawn in the photo's proportions."""
    bare = {"visible": False, "constrain": "domain", "fixedrange": True}
    figure.layout[f"xaxis{axis}"].update(range=[0, columns], **bare)
    ratio = (photo.height / rows) / (photo.width / columns)
    figure.layout[f"yaxis{axis}"].update(range=[rows, 0], scaleanchor=f"x{axis}", scaleratio=ratio, **bare)


def frame(figure: go.Figure, box: Box, colour: str, dash: str = "solid", **legend) -> None:
    """A box of pixels drawn on the photo: a dark line under the coloured one, so that it shows on any photo."""
    around = {"type": "rect", "x0": box.left, "x1": box.right + 1, "y0": box.top, "y1": box.bottom + 1}
    figure.add_shape(**around, line={"width": 5, "color": "black"})
    figure.add_shape(**around, line={"width": 3, "color": colour, "dash": dash}, **legend)
