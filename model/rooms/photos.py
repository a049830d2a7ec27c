"""A photo for a room: small, and nothing but its pixels."""

import io

from PIL import Image

#: No side is longer, in pixels.
STORED_SIDE = 512


def for_a_room(photo: Image.Image) -> bytes:
    """``photo``, already opened by ``open_photo``, as a small picture file (WebP) without any metadata."""
    small = photo.convert("RGB")
    small.thumbnail((STORED_SIDE, STORED_SIDE), Image.Resampling.LANCZOS)
    # Of its pixels alone: Pillow hands a picture's comments and profiles on to its copies.
    bare = Image.frombytes("RGB", small.size, small.tobytes())
    file = io.BytesIO()
    bare.save(file, "WEBP", quality=85, method=4)
    return file.getvalue()
