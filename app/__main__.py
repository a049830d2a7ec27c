"""The pages from a shell: ``afterimage``, or ``python -m app``; what follows goes to ``streamlit run``.

afterimage --server.port 8502
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main(argv: Sequence[str] | None = None) -> None:
    """Serve the pages; Streamlit takes the place of this process."""
    given = list(sys.argv[1:] if argv is None else argv)
    os.chdir(ROOT)  # where Streamlit finds its settings
    os.execv(sys.executable, [sys.executable, "-m", "streamlit", "run", "app/streamlit_app.py", *given])


if __name__ == "__main__":
    main()
