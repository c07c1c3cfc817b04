"""Numbers in each notation."""

import math

__all__ = ["c_number", "python_number", "r_number"]


def r_number(value: float) -> str:
    """Return a number as R's deparse does: 15 significant digits, fixed unless scientific is shorter.

    >>> [r_number(v) for v in (2.0, 100000.0, 123456.0, 0.1 + 0.2, 1e-5)]
    ['2', '1e+05', '123456', '0.3', '1e-05']
    """
    if -100_000 < value < 100_000 and value == int(value):
        return str(int(value))
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Inf" if value > 0 else "-Inf"
    digits, exponent = significant(value)
    power = int(exponent)
    sign = "-" if value < 0 else ""
    mantissa = digits if len(digits) == 1 else f"{digits[0]}.{digits[1:]}"
    scientific = f"{mantissa}e{'-' if power < 0 else '+'}{abs(power):02d}"
    if power >= len(digits) - 1:
        fixed_length = power + 1
    elif power >= 0:
        fixed_length = len(digits) + 1
    else:
        fixed_length = len(digits) - power + 1
    if fixed_length > len(scientific):
        return sign + scientific
    return sign + f"{abs(value):.{max(0, len(digits) - 1 - power)}f}"


def significant(value: float) -> tuple[str, str]:
    """Return the digits of `value` rounded to 15 digits, without trailing zeros, and the power of ten."""
    mantissa, _, exponent = f"{abs(value):.14e}".partition("e")
    return (mantissa.replace(".", "").rstrip("0") or "0"), exponent


def python_number(value: float) -> str:
    """Return the shortest text that Python reads as `value`; whole numbers without a point.

    >>> [python_number(v) for v in (2.0, 0.1, 1e22)]
    ['2', '0.1', '1e+22']
    """
    if not math.isfinite(value):
        return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
    return f"{value:.0f}" if value == int(value) and abs(value) < 1e16 else repr(value)


def c_number(value: float) -> str:
    """Return a double constant of C: 2.0, never the integer 2."""
    if not math.isfinite(value):
        return "NAN" if math.isnan(value) else "INFINITY" if value > 0 else "-INFINITY"
    return repr(value)
