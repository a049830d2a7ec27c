"""The captioner's model card, as it is shown in the app."""

import re
from pathlib import Path

CARD = Path(__file__).parent.parent / "assets" / "captioner" / "README.md"


def model_card(path: Path = CARD) -> str:
    """The card's text without its YAML header and its comments, headings two levels down.

    ``""`` where no weights are installed.
    """
    if not path.exists():
        return ""
    text = path.read_text(encoding="utf-8")
    if text.startswith("---\n"):
        text = text.split("\n---\n", 1)[-1]
    text = re.sub(r"<!--.*?-->\n*", "", text, flags=re.DOTALL)
    lines = [f"##{line}" if line.startswith("#") else line for line in text.strip().splitlines()]
    return "\n".join(lines)
