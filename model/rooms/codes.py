"""Codes that a class types, and secrets that only a browser knows."""

import hashlib
import re
import secrets
import unicodedata

#: No character looks like another one, on a projector or in a hurry: no 0 and O, 1 and I and L, 2 and Z, 5 and S, 8 and
#: B, U and V. And no vowel, so that no code is a word.
ALPHABET = "CDFGHJKMNPQRTWXY34679"
#: 21 ** 5, about four million codes.
LENGTH = 5
_CODE = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{22}")


def random_code() -> str:
    """A code for a room, such as ``K7F3M``, by the system's source of randomness."""
    return "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))


def read_code(typed: str) -> str | None:
    """The code that somebody typed: small letters, full-width ones and gaps are no matter. None where it is none."""
    plain = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", typed[:40])).upper()
    return plain if _CODE.fullmatch(plain) else None


def random_secret() -> str:
    """128 random bits as 22 characters: a teacher's key, or what makes a browser one participant."""
    return secrets.token_urlsafe(16)


def read_secret(given: str) -> str | None:
    """``given`` if it is built as ``random_secret`` builds them, else None."""
    return given if _SECRET.fullmatch(given) else None


def digest(code: str, secret: str) -> bytes:
    """SHA-256 of a secret in a room, which is all that is stored of it, (32 bytes).

    It differs from room to room: two rooms' participants cannot be matched. Secrets are random, so that a slow hash
    would protect nothing more.
    """
    return hashlib.sha256(f"{code}:{secret}".encode()).digest()
