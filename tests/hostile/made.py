"""What a trial throws at the app, made from a seed: photos, texts, addresses, files, each with a name to find it by."""

import json
import random
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
from PIL import Image

from tests import photos

ROOT = Path(__file__).resolve().parents[2]
#: Numbers that formats' fields do not expect.
_EXTREMES = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
#: What begins a part in one of the formats: where mutations hurt most.
_MARKS = (
    *(
        b"\xff\xda",
        b"\xff\xc4",
        b"\xff\xc0",
        b"\xff\xe1",
        b"IHDR",
        b"IDAT",
        b"tRNS",
        b"ispe",
        b"iloc",
        b"ipma",
        b"VP8",
    ),
)

PIECES = (
    *("inf", "-inf", "1e999", "nan", "-0", "9" * 400, "0.5", "1_000", "0x10", "١٢٣", "½", "1,2,3", "true", "None"),
    *("![](//host/x)", "[a](javascript:alert(1))", "**b**", "$\\frac{1}{0}$", ":smile:", ":red[x]", "`x`", "| a | b |"),
    *("<script>alert(1)</script>", "<img src=//host/x onerror=alert(1)>", "&lt;", "]]>", "<!--"),
    *("{lang}", "{0}", "{", "%s", "%(a)s", "\\", "\\u0000", "'\"", "../../etc/passwd", "file:///etc/passwd"),
    *("\0", "\x1b[31m", "\u202e", "\u200b", "\ufeff", "\ufffd", "e\u0301" * 50, "👩‍👩‍👧", "𠮷", "ﷺ" * 20, "a" * 6000),
    *("a dog", "a man in a red", "狗", "一个人", "the the the", " ", "\t", "\n", ""),
)


def chance(seed: int, kind: str, number: int) -> random.Random:
    """The dice of one thing that is thrown: the same for the same seed, however many others there are."""
    return random.Random(f"{seed} {kind} {number}")


def sources(seed: int) -> list[bytes]:
    """Good photos of every format that is accepted, small ones, so that thousands can be tried."""
    noise = Image.fromarray(np.random.default_rng(seed).integers(0, 256, (96, 128, 3), np.uint8))
    grey = Image.fromarray(np.linspace(0, 65535, 96 * 128).reshape(96, 128).astype(np.uint16))
    exif = Image.Exif()
    exif[0x0112] = 6
    more = [
        photos.encoded(noise, "JPEG", progressive=True, exif=exif),
        photos.encoded(noise, "JPEG", quality=30, subsampling=2, restart_marker_blocks=4),
        photos.encoded(noise, "PNG", exif=exif),
        photos.encoded(grey, "PNG"),
        photos.encoded(noise.convert("RGBA"), "WEBP", quality=40),
        photos.encoded(noise.convert("P"), "BMP"),
        photos.encoded(noise, "TIFF", compression="jpeg"),
        photos.encoded(grey, "TIFF", compression="tiff_adobe_deflate"),
        photos.encoded(noise.convert("F"), "TIFF"),
        photos.encoded(noise.convert("1"), "TIFF", compression="group4"),
        photos.encoded(noise, "HEIF", quality=30),
        photos.encoded(noise, "AVIF", quality=30),
    ]
    return [*photos.good_files().values(), *more]


def mutated(content: bytes, dice: random.Random, other: bytes) -> bytes:
    """``content`` after one to six accidents; ``other`` may lend it a piece."""
    spoilt = bytearray(content)
    for _accident in range(dice.choice((1, 1, 1, 2, 3, 6))):
        if not spoilt:
            break
        at = _place(spoilt, dice)
        kind = dice.randrange(8)
        if kind == 0:
            spoilt[at] ^= 1 << dice.randrange(8)
        elif kind == 1:
            spoilt[at : at + 4] = struct.pack(dice.choice("<>") + "I", dice.choice(_EXTREMES))
        elif kind == 2:
            spoilt[at : at + 2] = struct.pack(dice.choice("<>") + "H", dice.choice(_EXTREMES) & 0xFFFF)
        elif kind == 3:
            del spoilt[at : at + dice.choice((1, 2, 4, 16, 200))]
        elif kind == 4:
            spoilt[at:at] = dice.randbytes(dice.choice((1, 4, 64, 2000)))
        elif kind == 5:
            piece = bytes(spoilt[at : at + dice.choice((2, 20, 400))])
            spoilt[at:at] = piece * dice.choice((1, 2, 50, 1000))
        elif kind == 6:
            del spoilt[at:]
        else:
            start = dice.randrange(len(other))
            spoilt[at : at + 200] = other[start : start + dice.choice((20, 200, 2000))]
    return bytes(spoilt)


def _place(content: bytearray, dice: random.Random) -> int:
    """Anywhere; often at the beginning, or just behind a mark."""
    if dice.random() < 0.3:
        return dice.randrange(min(len(content), 64))
    if dice.random() < 0.5:
        found = content.find(dice.choice(_MARKS), dice.randrange(len(content)))
        if found >= 0:
            return min(found + dice.randrange(24), len(content) - 1)
    return dice.randrange(len(content))


def hostile_photos(seed: int, count: int) -> Iterator[tuple[str, bytes]]:
    """Photos that went through accidents."""
    good = sources(seed)
    for number in range(count):
        dice = chance(seed, "photo", number)
        yield f"photo {number}", mutated(dice.choice(good), dice, dice.choice(good))


def hostile_texts(seed: int, count: int) -> Iterator[tuple[str, str]]:
    """Texts of pieces that mean something to one reader or another, and of letters by chance."""
    for number in range(count):
        dice = chance(seed, "text", number)
        parts = [dice.choice(PIECES) for _part in range(dice.choice((1, 1, 2, 3, 10)))]
        if dice.random() < 0.2:
            letters = (dice.randrange(0x11_0000) for _letter in range(40))
            parts.append("".join(chr(letter) for letter in letters if not 0xD800 <= letter < 0xE000))
        yield f"text {number}", dice.choice(("", " ", "\n")).join(parts)


def hostile_address(keys: list[str], dice: random.Random, text: str) -> str:
    """A query that sets some of a page's parameters to ``text`` or to other pieces."""
    chosen = dice.sample(keys, min(len(keys), dice.choice((1, 2, 5)))) if keys else []
    return urlencode({key: dice.choice((text, dice.choice(PIECES)))[:4000] for key in chosen})


def hostile_files(seed: int, count: int) -> Iterator[tuple[str, bytes]]:
    """Networks, settings and progress as the pages save them, spoilt; the name's end tells what they are."""
    networks = [file.read_bytes() for file in sorted((ROOT / "assets" / "recurrent").glob("*.safetensors"))]
    for number in range(count):
        dice = chance(seed, "file", number)
        kind = dice.choice(("safetensors", "safetensors", "json", "course.json"))
        if kind == "safetensors":
            content = dice.choice(networks)
            content = _spoilt_network(content, dice) if dice.random() < 0.6 else mutated(content, dice, content)
        else:
            content = _spoilt_json(_SETTINGS if kind == "json" else _PROGRESS, dice)
        yield f"file {number}.{kind}", content


_SETTINGS = {
    "format": "afterimage sequence settings",
    "version": 1,
    "settings": {
        "sequence_text": "abcabc",
        "sequence_series": "1 2 3 4 5 6 7 8",
        "sequence_task": "text",
        "sequence_cell": "gru",
        "sequence_view": "train",
        "sequence_size": 32,
        "sequence_seed": 3,
        "sequence_learning_rate": 0.01,
        "sequence_clipping": True,
    },
}
_PROGRESS = {
    "format": "afterimage course",
    "version": 1,
    "questions": {"brain": ["brain-1", "brain-2"]},
    "answers": {"brain-1": {"answer": 0, "right": True}},
}
_VALUES: tuple[Any, ...] = (
    *(None, True, -1, 0, 2**80, -(2**80), 1e308, float("inf"), float("nan"), "", "x" * 200_000, "\ud800", "\0", [], {}),
    *("![](//host/x)", "text", [[[[]]]], {"a": {"b": {}}}, [0] * 1000),
)


def _spoilt_json(content: dict, dice: random.Random) -> bytes:
    """JSON in which a value is another, a name is another, or the text itself is broken."""
    content = json.loads(json.dumps(content))
    for _accident in range(dice.choice((1, 1, 2, 4))):
        _replace(content, dice)
    text = json.dumps(content)
    kind = dice.randrange(8)
    if kind == 0:
        text = text.replace("3", "9" * 4300, 1)
    elif kind == 1:
        text = "[" * 100_000 + text
    data = text.encode()
    return mutated(data, dice, data) if kind == 2 else data


def _replace(content: dict, dice: random.Random) -> None:
    holder = content
    while True:
        key = dice.choice(list(holder))
        if isinstance(holder[key], dict) and holder[key] and dice.random() < 0.8:
            holder = holder[key]
            continue
        if dice.random() < 0.15:
            holder[dice.choice(PIECES)[:100]] = holder.pop(key)
        else:
            holder[key] = dice.choice(_VALUES)
        return


def _spoilt_network(content: bytes, dice: random.Random) -> bytes:
    """A network whose description (safetensors' header) says something else, or whose weights are no numbers."""
    length = struct.unpack_from("<Q", content)[0]
    header, data = json.loads(content[8 : 8 + length]), bytearray(content[8 + length :])
    kind = dice.randrange(4)
    if kind == 0:
        about = json.loads(header["__metadata__"]["afterimage"])
        _replace(about, dice)
        header["__metadata__"]["afterimage"] = json.dumps(about)
    elif kind == 1:
        _replace(header, dice)
    elif kind == 2:
        at = 4 * dice.randrange(len(data) // 4)
        data[at : at + 4] = struct.pack("<f", dice.choice((float("nan"), float("inf"), 3e38, -3e38)))
    else:
        name = dice.choice([name for name in header if name != "__metadata__"])
        field = dice.choice(("dtype", "shape", "data_offsets"))
        header[name][field] = dice.choice(("F64", "I8", [0], [2**40, 2], [-1, 4], [0, 2**60], []))
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + bytes(data)
