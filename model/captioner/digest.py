"""Which weights a file was made from: what speaks one language is the eye and that language's decoder.

>>> digest_of(Path("assets/captioner"), "en")
"""

import hashlib
from pathlib import Path

from safetensors import safe_open


def digest_of(directory: Path, lang: str) -> str:
    """The SHA-256 of the encoder's weights and of a language's decoder's, in hexadecimal digits.

    A language that is trained anew on the same eye leaves the others' digests as they are.
    """
    digest = hashlib.sha256()
    with safe_open(directory / "model.safetensors", "pt") as weights:
        for name in sorted(weights.keys()):
            if name.startswith(("encoder.", f"decoders.{lang}.")):
                tensor = weights.get_tensor(name).contiguous()
                digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}\n".encode())
                digest.update(tensor.view(-1).numpy().tobytes())
    return digest.hexdigest()
