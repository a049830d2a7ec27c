"""What one symbol of a text is, in any language.

A symbol here is what a reader takes for one character: an extended grapheme cluster (Unicode Standard Annex 29). A
code point would be too little: ``é`` may be two of them, a flag is two, a family emoji seven, and a network that writes
them one by one writes broken ones. Symbols are brought into Unicode's composed form (NFC), so that ``é`` is one symbol
however it was typed.
"""

import unicodedata

import regex

from model.errors import UserError

#: The longest text, in code points, and the most different symbols it may have.
MAX_TEXT = 100_000
MAX_ALPHABET = 2_000
#: Emoji families have 7 code points, stacked Tibetan or Zalgo more.
MAX_SYMBOL = 32

_LINE_ENDS = regex.compile(r"\r\n|[\r\u0085\u2028\u2029]")
#: Control characters, halves of surrogate pairs, and the marks that turn the direction of all text behind them.
_UNWANTED = regex.compile(r"(?![\n\t])\p{Cc}|\p{Cs}|[\u202a-\u202e\u2066-\u2069\ufeff]")
#: Flags (pairs of regional indicators) come first: \X alone takes a time that grows with the square of a run of them.
_SYMBOL = regex.compile(r"\p{GCB=Regional_Indicator}{2}[\p{GCB=Extend}\p{GCB=SpacingMark}\p{GCB=ZWJ}]*|\X")


def symbols_of(text: str) -> list[str]:
    """The symbols of a text, in its order.

    Line ends become ``\\n``. Control characters other than tab and line end, lone surrogates and marks that override
    the direction of writing are left out.

    Raises:
        UserError: when the text has more than ``MAX_TEXT`` code points, or a symbol more than ``MAX_SYMBOL``.
    """
    if len(text) > MAX_TEXT:
        raise UserError(
            "The text has {given} characters; up to {most} are accepted. Please give a part of it.",
            given=len(text),
            most=MAX_TEXT,
        )
    symbols = _SYMBOL.findall(_UNWANTED.sub("", _LINE_ENDS.sub("\n", text)))
    longest = max(map(len, symbols), default=0)
    if longest > MAX_SYMBOL:  # Before normalising, which takes long for very many marks on one letter.
        raise UserError(
            "One character of the text is made of {given} code points; up to {most} are accepted. "
            "Please take away the accents and marks piled up on it.",
            given=longest,
            most=MAX_SYMBOL,
        )
    return [unicodedata.normalize("NFC", symbol) for symbol in symbols]
