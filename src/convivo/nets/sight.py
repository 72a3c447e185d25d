"""Which input pixels the positions of a feature map see, along one axis: the arithmetic of receptive fields.

Behind a pooling the positions of a map do not all see alike: in a U-Net, the left pixel of a pooled pair
sees less far to the left than its neighbour, and further to the right. The pattern repeats, so one period
of it says all:

    image           0      1      2      3     each sees itself
    pool 2          0..1          2..3         each pair as one
    conv 3         -2..3          0..5         with the pairs on both sides
    upsample 2     -2..3  -2..3   0..5   0..5  0 sees 2 before and 3 after itself, 1 sees 3 before and 2 after
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor, lcm


@dataclass(frozen=True, slots=True)
class Sight:
    """Position i sees the pixels first[i] to last[i]; position i + len(first) the same, `period` on.

    So the map goes on forever in both directions. The default is the image itself.
    """

    period: int = 1
    first: tuple[int, ...] = (0,)
    last: tuple[int, ...] = (0,)

    @property
    def step(self) -> Fraction:
        """Pixels from one position to the next; position i has its place at pixel i x step, rounded down."""
        return Fraction(self.period, len(self.first))

    @property
    def field(self) -> int:
        """Most pixels that a position sees, counted from its first to its last."""
        return max(last - first + 1 for first, last in zip(self.first, self.last, strict=True))

    @property
    def before(self) -> int:
        """How far a position sees to the left of its place, at most."""
        return max(floor(i * self.step) - first for i, first in enumerate(self.first))

    @property
    def after(self) -> int:
        """How far a position sees to the right of its place, at most."""
        return max(last - floor(i * self.step) for i, last in enumerate(self.last))

    def at(self, position: int) -> tuple[int, int]:
        """First and last pixel that any position sees, also one outside the stored period."""
        periods, i = divmod(position, len(self.first))
        return self.first[i] + periods * self.period, self.last[i] + periods * self.period

    def window(self, kernel: int, stride: int, padding: int, dilation: int) -> Sight:
        """Behind a convolution or pooling: position i looks at positions from i x stride - padding on."""
        positions = lcm(len(self.first), stride)  # behind so many the pattern and the windows both begin anew
        starts = range(-padding, positions - padding, stride)
        windows = [range(start, start + kernel * dilation, dilation) for start in starts]
        return _union(
            self.period * positions // len(self.first),
            [[self.at(position) for position in window] for window in windows],
        )

    def repeat(self, factor: int) -> Sight:
        """Behind nearest-neighbour upsampling: each position `factor` times."""
        return _union(self.period, [[self.at(i // factor)] for i in range(factor * len(self.first))])

    def beside(self, other: Sight) -> Sight:
        """Behind a concatenation with a map of the same step: what either sees."""
        assert self.step == other.step, "maps of different step cannot lie beside each other"
        positions = range(lcm(len(self.first), len(other.first)))
        return _union(lcm(self.period, other.period), [[self.at(i), other.at(i)] for i in positions])


def _union(period: int, seen: Sequence[Sequence[tuple[int, int]]]) -> Sight:
    """Sight of positions each of which sees several stretches of pixels."""
    ends = [tuple(zip(*stretches, strict=True)) for stretches in seen]
    return Sight(period, tuple(min(first) for first, _ in ends), tuple(max(last) for _, last in ends))
