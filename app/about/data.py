"""What the models learned from and the pages show, and under which terms."""

import streamlit as st

from app.caption.photos import name_of
from app.i18n import _
from model.captioner.gallery import samples


def data_table() -> None:
    """Data sets and weights: what each is for, on what terms, and where it is described."""
    rows = [
        (
            "[Flickr8k](https://doi.org/10.1613/jair.3994)",
            _("Photos and English captions, to train and to measure the captioner; Hodosh, Young and Hockenmaier 2013"),
            _("research and teaching"),
        ),
        (
            "[Flickr8k-CN](http://lixirong.net/datasets/flickr8kcn)",
            _("Chinese captions of the same photos; Li, Lan, Dong and Liu 2016"),
            _("see its page"),
        ),
        (
            "[MS-COCO](https://arxiv.org/abs/1504.00325)",
            _("Photos and captions of kitchens, streets, food and rooms; Chen and others 2015"),
            _("captions CC BY 4.0, photos under Flickr's terms of use"),
        ),
        (
            _("Chinese captions by a model"),
            _("For 6,074 photos of MS-COCO, written by a large vision-language model that looked at each"),
            _("the project's own"),
        ),
        (
            "[ImageNet](https://doi.org/10.1007/s11263-015-0816-y)",
            _("What the encoder, EfficientNet-Lite2, had learned before; Russakovsky and others 2015"),
            _("its weights are Google's, Apache-2.0"),
        ),
        (
            "[Digits](https://doi.org/10.24432/C50P49)",
            _("8 × 8 pictures of digits in a lesson, by scikit-learn; Alpaydin and Kaynak 1998"),
            "CC BY 4.0",
        ),
    ]
    st.table([{_("Data"): data, _("What for"): what, _("Terms"): terms} for data, what, terms in rows], hide_index=True)


def sample_photos() -> None:
    """The gallery's photos with their credits."""
    st.table(
        [
            {
                _("Photo"): name_of(sample),
                _("By"): sample.credit,
                _("Licence"): sample.licence,
                _("Package"): sample.package,
            }
            for sample in samples()
        ],
        hide_index=True,
    )
