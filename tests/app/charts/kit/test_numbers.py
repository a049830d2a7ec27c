"""Numbers are short, and have true minus signs."""

from app.charts.kit.numbers import minus, number, signed, size


def test_numbers():
    assert [number(x) for x in (0, -0.25, 1234567.0, float("inf"), -float("inf"), float("nan"))] == [
        *("0.000", "−0.250", "1.2e6", "∞", "−∞", "NaN")
    ]
    assert number(0.126, 2) == "0.13" and number(-0.001, 2) == "0.00"
    assert [size(x) for x in (0, 1, 320.4, 0.031, 0.00065, 4.13e-12, 12345.0, float("inf"))] == [
        *("0", "1", "320", "0.031", "0.00065", "4.1e−12", "1.2e4", "∞")
    ]
    assert [signed(x, 2) for x in (0.256, -0.256, -0.0)] == ["+0.26", "−0.26", "+0.00"]
    assert minus("-1 -> 2") == "−1 −> 2"
