"""Numbers as a person writes them: few digits, and no exponent where it can be helped."""

from __future__ import annotations

from math import isfinite


def numeral(number: float, digits: int = 3) -> str:
    """So many significant digits: 3218 in two is "3,200"."""
    if not isfinite(number) or (number and not 1e-3 <= abs(number) < 1e7):
        said = f"{number:.{digits - 1}e}"
    else:
        rounded = float(f"{number:.{digits - 1}e}")
        said = f"{rounded:,.0f}" if abs(rounded) >= 10 ** (digits - 1) else f"{rounded:.{digits}g}"
    return f"−{said[1:]}" if said.startswith("-") else said
