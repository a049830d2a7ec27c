"""Reading numbers of any count of bits, as video streams store them."""

from __future__ import annotations


class Bits:
    """Bits from the first to the last; past the end they are zeros."""

    def __init__(self, content: bytes) -> None:
        self._value, self._left = int.from_bytes(content), 8 * len(content)

    def read(self, count: int) -> int:
        """The next ``count`` bits as a number."""
        self._left -= count
        value = self._value >> self._left if self._left >= 0 else self._value << -self._left
        return value & (1 << count) - 1

    def golomb(self) -> int:
        """An Exp-Golomb number, ue(v) (ITU-T H.265, 9.2); one of more than 32 bits reads as the largest."""
        zeros = 0
        while not self.read(1):
            if (zeros := zeros + 1) > 32:
                return (1 << 32) - 1
        return (1 << zeros) - 1 + self.read(zeros)
