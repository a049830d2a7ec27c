"""The app's entrance: navigation, language, shared state. The pages are in ``app_pages``."""

import gc
import os
import sys
from contextlib import nullcontext
from pathlib import Path

# A bare `streamlit run app/streamlit_app.py` puts app/ on the import path, not the root.
ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

# Each of torch's operations runs on one thread, and several visitors' operations side by side: the threads of one
# operation wait for each other. Alone on two cores a caption comes a third sooner with two; beside a busy neighbour it
# comes ten times later. This must stand before torch is loaded; whoever starts the server may say otherwise.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import streamlit as st  # noqa: E402

import app.ending  # noqa: E402, F401
from app import i18n, remembered  # noqa: E402
from app.i18n import _  # noqa: E402
from app.rooms.button import room_button  # noqa: E402
from app.ui import own_words, share, shell  # noqa: E402
from model.errors import UserError  # noqa: E402

# The browser tab's icon is a file, and is set before the pages are known: Streamlit would fetch a page's Material icon
# for the tab from the network.
st.set_page_config(page_icon=ROOT / "app" / "logo.svg")
i18n.language_from(shell.language)

# The address is read first and lies last in the page, where its fields disturb nothing until their style has loaded.
head, body, foot, unseen = (st.container() for _place in range(4))
i18n.speak("")  # This thread may have run for the session before, when it spoke another language.
with unseen:
    shell.begin()
i18n.speak(shell.language())
own_words.speak()

home = st.Page("app_pages/home.py", title=_("Home"), icon=":material/home:", default=True)
caption = st.Page("app_pages/caption.py", title=_("Caption"), icon=":material/image_search:")
sequence = st.Page("app_pages/sequence.py", title=_("Sequence"), icon=":material/timeline:")
neurons = st.Page("app_pages/neurons.py", title=_("Neurons"), icon=":material/neurology:")
lessons = st.Page("app_pages/lessons.py", title=_("Lessons"), icon=":material/school:")
class_room = st.Page("app_pages/class_room.py", title=_("Class"), icon=":material/co_present:", url_path="class")
about = st.Page("app_pages/about.py", title=_("About"), icon=":material/info:")
page = st.navigation(
    [home, caption, sequence, neurons, lessons, class_room, about],
    position="hidden" if shell.hidden("navigation") else "top",
)
shell.arrive(page.url_path or "home")
# The others show what a visitor may have typed or opened: they say when they do not.
remembered.of_all(page in (home, neurons, lessons, about))
with unseen:
    shell.from_the_top(page.url_path or "home")
# Pictures take the whole width of a projector, text the width of a book.
st.set_page_config(page_title=f"{page.title} · Afterimage", layout="centered" if page in (lessons, about) else "wide")

with head, st.container(horizontal=True, vertical_alignment="center", key="head"):
    st.title("Afterimage" if page is home else page.title)
    room_button(page.url_path or "home")
    share.share_button(page.url_path or "home")
    shell.projector_switch()
    shell.language_switch()


@st.cache_resource
def opened() -> set[str]:
    """The pages that somebody opened since the server started."""
    return set()


# The first to open a page waits for what it needs: torch alone takes seconds to load.
waking = _("Waking this page. Only the first visit takes so long.")
with body, nullcontext() if page.url_path in opened() else st.spinner(waking):
    try:
        page.run()
    except UserError as error:  # Such as weights that are missing or damaged.
        st.error(i18n.translate_error(error), icon=":material/error:")
if page.url_path not in opened():
    opened().add(page.url_path)
    # Modules and models stay as long as the server does: from here on no collection of garbage walks through them.
    gc.collect()
    gc.freeze()

with foot:
    st.space("medium")
    free = _("Afterimage is free software. A photo you open stays in this session and is stored nowhere.")
    room = _("Afterimage is free software. A photo you bring to a room is kept in it, and deleted with it.")
    st.caption(room if page is class_room else free)
