"""The server's end while somebody's page is still computing.

Streamlit runs pages in daemon threads. When Python ends, it throws such a thread out as soon as it comes back from
torch, by unwinding its C++ frames; torch does not allow that, and the process dies by ``terminate called without an
active exception``, with a core dump. So at the end, pages get a moment to come to theirs, and if one does not, the
process leaves without taking Python apart: nothing is left to do then, since all that was to be closed has been.
"""

import atexit
import os
import sys
import threading
import time

from streamlit import runtime

#: How Streamlit names the threads that run pages.
PAGES = "ScriptRunner"
#: Seconds that they may take.
PATIENCE = 3.0


def _leave() -> None:
    if not runtime.exists():  # no server: a test, or a script, whose exit status counts
        return
    deadline = time.monotonic() + PATIENCE
    pages = [thread for thread in threading.enumerate() if thread.daemon and thread.name.startswith(PAGES)]
    for thread in pages:
        thread.join(max(0.0, deadline - time.monotonic()))
    if any(thread.is_alive() for thread in pages):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


# What is registered first is called last: others' ends, of worker processes and the like, come before.
atexit.register(_leave)
