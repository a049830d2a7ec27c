"""Makers of files that look like photos and are built to stop a server: small to send, long or large to open.

Each is the real thing: opened by Pillow alone, it costs what its maker's line says.
"""

import base64
import struct
import zlib
from collections.abc import Callable
from io import BytesIO

import numpy as np
from PIL import Image

from tests import photos

MEGABYTE = 1_000_000

#: ``said_to_be_small`` of 9,000 x 9,000 pixels in one colour, which the encoders took 25 and 80 s for.
_LYING = {
    "AVIF": (
        "c-muNU{FXasVqn=%S>Yc0uY^>nP!-qnV9D5Xy^nKdYzkElE?r7iWw<6MNl?FL1uCZ0~+8f$SlbPvlxL`E;A=T8N_h`@fjhajKT~I"
        "Y{fvfMrLMS8eFXukdw*;<t3IG7&_<Y<b&<X$}A`<0Mg!>1<Cn9S|qc$AQft#0~8AsWL9K?1eiHEIDiySVws_HqdX5tNH{q^rzkHu"
        "rvhj)F9TZxP)IzpAQ$E*pu<=gnVMOEuBy&WNh}d!;Nq75o~+(8cM+2mFNe`X9^v!f+gnBN|NsB!{DB6B(DSD>g--1gQ!jolCHm}y"
        "!<zXykv+Z#PsujTwldU`Y5n=oa88uqoJYSDF2t*(vYg}m$sacDjP(k+sMB^q|17naZCWMaa8qrP;K?$<ww~vETn?V%>O3hBcK(!0"
        "nCkx%QkPqIR~`7u`qaa{E2UaCyz%kszSqqMLWKC%Jxcm_W)XYU{j%QAYs+`>W#2fkYtQrjnF)VB`_&!u>O359i0!1wgg);LJtpb4"
        "kJR`ALi{`$Xk~6ON#?FUzGUTx1swY{4W;<YjH5bLs;+346|(yLQ<}88i);CY%d0rE<i4!<##bfvIXA4Q$Hu27LGn+s#i`sLRVPoA"
        "?gb0~?>jKVVW<VtXyA_qK6L`WfCip<5xMwmz^XEXm6?4fOV{3c-O@Ps@Z2o1nP+aCnaU$E5^SVvOfK_xxqQCqgs-yjb1lQJZ*FB3"
        "U)L?D5(#o$0{~Ekf+P"
    ),
    "HEIF": (
        "c-rmQKWGzC90%~<%Qb1LN&lcV9Xd4rqf3!&ii3x(B6V}BDA>z2;U46YBSwu<B!!BC3PBeUhcvk8Vx813Mid9>)TxV@F0MK#q+qG<"
        "E~i7m`Td0NFE4rjewTdimv9LoqS1Wiy65DiO)6ZO&-i0kT6rQd<K`+BbtCP}70Th5JZV>GN9>n{Qt%{GCJA*@A?CY1(e$KxI3Q&)"
        "A58t#VKvD`!kKf`&iKQAPgdN&DeKZJd#ZmUJ-ej(8!By582(Z{NLu?&zqUFZq5)%89Wi2xgxKEp6AVAY@Y~u-#I)4r#7QA`>@?`~"
        "If{QeUwr!D@z-{`(W((8YW~(@RvpnhCEk^nv!;5XJ$9*3F4~2vT24|-<<MSv*~^9JZie?kPgbSBV8r8b)up88{wbiUNzX#W=uyQu"
        ">&{uKe$yw$#f#|RQ1fuMncmn~TC&nXjJ0*f*6~Bn-)?@WCoer){4w^^xiy<vxOn7VJ1m;E_N~^eeT*)@Kc*XEP=Dv)!0?EE2VH30"
        "W}q-gd||<$S2Y%nA&&*)K8tFI&kPi?Q3i;<Dg#8S&HypdV1PK)Vt}}2GC;g!aG?+>28O!~3=A%pk(>Gr#y$py75#?jLHz~}-=48m"
        "{f6Fo28Jj44SkM&!>&6F>cHR!UE-*I!)^wjhvXRs@5Ky*I*h{*7#_jU{jUlJ7+`?mABNX3zyJdbFu(u<3^2d|0}L?000Rs#zyJdb"
        "Fu(u<3^2d|0}L?000Rs#zyJdbFu(u<3^2d|0}L?000Rts4gYt$()taDw|{#"
    ),
}


def jpeg_of_many_scans(scans: int = 1000, side: int = 2000) -> bytes:
    """A progressive JPEG that goes over its picture again and again: 8 s."""
    content = photos.encoded(Image.new("RGB", (side, side), "teal"), "JPEG", progressive=True)
    last = content.rindex(b"\xff\xda")
    return content[:last] + content[last:-2] * scans + b"\xff\xd9"


def jpeg_of_fill(size: int = 15 * MEGABYTE) -> bytes:
    """Fill bytes between two segments: 14 s."""
    content = photos.jpeg()
    return content[:2] + b"\xff" * size + content[2:]


def jpeg_of_comments(count: int = 3_000_000) -> bytes:
    """Empty comments: 7 s."""
    content = photos.jpeg()
    return content[:2] + b"\xff\xfe\x00\x02" * count + content[2:]


def png_of_empty_chunks(count: int = 1_500_000) -> bytes:
    """Nine seconds."""
    content = photos.encoded(photos.scene(), "PNG")
    empty = struct.pack(">I4sI", 0, b"IDAT", zlib.crc32(b"IDAT"))
    return content[:33] + empty * count + content[33:]


def bmp_of_run_lengths(size: int = 18 * MEGABYTE) -> bytes:
    """Runs of one pixel each, unpacked in Python: 7 s."""
    return _rle_bmp(3000, size // 2 // 3000, b"\x01\x07" * (size // 2))


def bmp_of_line_ends(width: int = 7000, height: int = 7000) -> bytes:
    """Empty lines, each filled pixel by pixel in Python: 5 s for 15 kB."""
    return _rle_bmp(width, height, (b"\x01\x07\0\0") * height)


def _rle_bmp(width: int, height: int, data: bytes) -> bytes:
    palette = bytes(value for grey in range(256) for value in (grey, grey, grey, 0))
    start = 14 + 40 + len(palette)
    header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, 1, len(data), 0, 0, 256, 0)
    return struct.pack("<2sIHHI", b"BM", start + len(data), 0, 0, start) + header + palette + data


def gif_of_comments(count: int = 8_000_000) -> bytes:
    """Sub-blocks of one byte, read in Python: 5 s."""
    content = photos.encoded(photos.scene().quantize(4), "GIF")
    start = 13 + (3 << (content[10] & 7) + 1)
    return content[:start] + b"!\xfe" + b"\x01x" * count + b"\0" + content[start:]


def float_tiff(side: int = 7071) -> bytes:
    """304 kB that peaked at 1.6 GB."""
    return photos.encoded(Image.new("F", (side, side)), "TIFF", compression="tiff_adobe_deflate")


def tiff_of_strips(count: int = 2_000_000) -> bytes:
    """An uncompressed TIFF cut into strips that all lie in the same place."""
    values = {256: (4, 64), 257: (4, 48), 258: (3, 8), 259: (3, 1), 262: (3, 1), 277: (3, 1), 278: (4, 1)}
    start = 8 + 2 + 12 * (len(values) + 2) + 4
    entries = [struct.pack("<HHII", tag, kind, 1, value) for tag, (kind, value) in values.items()]
    entries.insert(5, struct.pack("<HHII", 273, 4, count, start))
    entries.append(struct.pack("<HHII", 279, 4, count, start))
    directory = struct.pack("<H", len(entries)) + b"".join(entries) + struct.pack("<I", 0)
    return struct.pack("<2sHI", b"II", 42, 8) + directory + struct.pack("<I", 64) * count


def notes_of_shared_bytes(kind: str, entries: int = 4000, size: int = 10 * MEGABYTE) -> bytes:
    """EXIF whose entries all point to the same bytes: 40 GB to a reader that copies each."""
    start = 8 + 2 + 12 * entries + 4
    row = b"".join(struct.pack("<HHII", 40_000 + tag, 7, size, start) for tag in range(entries))
    notes = struct.pack("<2sHIH", b"II", 42, 8, entries) + row + bytes(4 + size)
    return photos.encoded(photos.scene(), kind, exif=b"Exif\0\0" + notes)


def tiff_of_shared_bytes(entries: int = 4000, size: int = 10 * MEGABYTE) -> bytes:
    """The same in a TIFF's own directory."""
    start = 8 + 2 + 12 * (entries + 2) + 4
    row = struct.pack("<HHII", 256, 4, 1, 64) + struct.pack("<HHII", 257, 4, 1, 48)
    row += b"".join(struct.pack("<HHII", 40_000 + tag, 7, size, start) for tag in range(entries))
    return struct.pack("<2sHIH", b"II", 42, 8, entries + 2) + row + bytes(4 + size)


def said_to_be_small(content: bytes, width: int, height: int) -> bytes:
    """The same HEIF or AVIF whose ``ispe`` says 64 x 64."""
    said = b"ispe" + struct.pack(">III", 0, width, height)
    assert said in content
    return content.replace(said, b"ispe" + struct.pack(">III", 0, 64, 64))


def lying(kind: str) -> bytes:
    """HEIF or AVIF that says 64 x 64 over a picture of 81 megapixels."""
    return zlib.decompress(base64.b85decode(_LYING[kind]))


def webp_of_50_megapixels() -> bytes:
    """Pillow takes 1 GB for it."""
    return photos.encoded(Image.new("RGB", (7071, 7071), "teal"), "WEBP", method=0)


def png_of_50_megapixels_in_16_bit() -> bytes:
    return photos.encoded(Image.fromarray(np.zeros((7071, 7071), np.uint16)), "PNG")


def progressive_jpeg_of_50_megapixels(colours: str = "RGB") -> bytes:
    """All its coefficients stand in memory: 300 MB, or 400 with four colours."""
    file = BytesIO()
    Image.new(colours, (7071, 7071)).save(file, "JPEG", progressive=True, subsampling=0)
    return file.getvalue()


def png_of_zeros(side: int = 15_000) -> bytes:
    """225 megapixels of one bit in 27 kB."""
    return photos.encoded(Image.new("1", (side, side)), "PNG")


#: Bombs by name, each with words of the sentence that refuses it.
BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "scans.jpg": (jpeg_of_many_scans, "scans"),
    "scans_of_little.jpg": (lambda: jpeg_of_many_scans(100_000, 16), "scans"),
    "fill.jpg": (jpeg_of_fill, "belong to nothing"),
    "comments.jpg": (jpeg_of_comments, "10000 parts"),
    "chunks.png": (png_of_empty_chunks, "10000 parts"),
    "zeros.png": (png_of_zeros, "50 megapixels"),
    "runs.bmp": (bmp_of_run_lengths, "RLE"),
    "line_ends.bmp": (bmp_of_line_ends, "RLE"),
    "comments.gif": (gif_of_comments, "10000 parts"),
    "strips.tiff": (tiff_of_strips, "10000 parts"),
    "notes.tiff": (tiff_of_shared_bytes, "notes"),
    "notes.webp": (lambda: notes_of_shared_bytes("WEBP"), "notes"),
    "notes.png": (lambda: notes_of_shared_bytes("PNG"), "notes"),
    "lying.avif": (lambda: lying("AVIF"), "50 megapixels"),
    "lying.heic": (lambda: lying("HEIF"), "50 megapixels"),
    "large.webp": (webp_of_50_megapixels, "memory"),
    "four_colours.jpg": (lambda: progressive_jpeg_of_50_megapixels("CMYK"), "scans"),
}
