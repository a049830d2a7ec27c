"""Share with class: a link that opens the page as it is now, without what would distract, and its QR code."""

import io
from urllib.parse import urlencode, urlsplit, urlunsplit

import segno
import streamlit as st
from segno.encoder import DataOverflowError

from app.i18n import _
from app.ui.groups import EVERYWHERE, OF_PAGES
from app.ui.shell import controls, groups_here, hidden_groups

#: Names of this computer for itself, which nobody else can open.
OWN_NAMES = ("localhost", "127.0.0.1", "::1")
#: What a link for others never has: what makes a window a room's teacher's, and the projector's large type.
TEACHERS = ("class_key", "class_teach", "projector")


def share_button(page: str) -> None:
    """The group ``share``: a button that opens the dialog; ``page`` is the page's name as in ``app_pages``."""
    with controls("share", width="content"):
        if st.button(_("Share with class"), key="share_open", icon=":material/qr_code_2:"):
            st.dialog(_("Share with class"), width="medium")(_dialog)(page)


def link_to(url: str, parameters: dict[str, str], hide: list[str]) -> str:
    """The page at ``url`` with its ``parameters``, and these groups hidden."""
    kept = {name: value for name, value in parameters.items() if name != "hide"}
    if hide:
        kept["hide"] = ",".join(hide)
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(kept, safe=","), ""))


def qr_code(link: str) -> bytes | None:
    """The link as a QR code, a PNG of black on white for any theme; None where it is too long for one."""
    try:
        code = segno.make_qr(link, error="l")
    except DataOverflowError:
        return None
    picture = io.BytesIO()
    code.save(picture, kind="png", scale=6, border=4)
    return picture.getvalue()


def _dialog(page: str) -> None:
    """Link and QR code first; what to hide is chosen below them, but read before."""
    first = st.container()
    groups = EVERYWHERE | OF_PAGES.get(page, {})
    here = groups_here()
    groups = {group: name for group, name in groups.items() if group in here or group in EVERYWHERE}
    now = [group for group in hidden_groups() if group in groups]
    with st.expander(_("Hide controls"), icon=":material/visibility_off:"):
        hide = st.pills(
            _("What would distract: the link opens the page without it"),
            list(groups),
            format_func=lambda group: _(groups[group]),
            selection_mode="multi",
            default=now or ["share"],
            key="share_hide",
        )
    shared = {name: value for name, value in st.query_params.to_dict().items() if name not in TEACHERS}
    with first:
        _show(link_to(st.context.url or "", shared, hide))


def _show(link: str) -> None:
    """The code to scan and, beside it where there is room, the link and what it is good for."""
    picture = qr_code(link)
    with st.container(horizontal=True, gap="medium"):
        if picture:
            st.image(picture, alt=_("QR code of the link"), width=320)
        with st.container(width=300 if picture else "stretch"):
            _tell(link, coded=picture is not None)


def _tell(link: str, coded: bool) -> None:
    st.code(link, language=None, wrap_lines=True)
    if not coded:
        st.caption(_("The link is too long for a QR code."))
    if urlsplit(link).hostname in OWN_NAMES:
        st.warning(
            _(
                "This address works on this computer alone. For a class, open the page by this computer's address in "
                "the network, and share from there."
            ),
            icon=":material/lan:",
        )
    st.caption(
        _(
            "Whoever opens this link sees the page as it is set now. Photos, drawn input and trained networks stay "
            "with you: they are not in a link."
        )
    )
