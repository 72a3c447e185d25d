"""Parsons' problem: the lines of the solution, shuffled, among wrong ones; the learner brings them into order.

After D. Parsons and P. Haden, "Parson's programming puzzles", Australasian Computing Education 2006.
"""

from __future__ import annotations

import difflib
import io
import random
import tokenize
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from convivo.course.exercise.regions import Region, without_gap
from convivo.errors import BadInput

Laid = Callable[[tuple[tuple[str, ...], ...]], str]


@dataclass(frozen=True, slots=True)
class Piece:
    """A statement, or the head of one, in one or several lines; indented as within its region."""

    text: str
    region: int  # into which of the regions it is laid
    right: bool  # a wrong one is left out


@dataclass(frozen=True, slots=True)
class Parsons:
    """The pieces as they are first shown, and the program that an order of them makes."""

    pieces: tuple[Piece, ...]
    right: tuple[int, ...]  # an order that is right, as indices into `pieces`
    laid: Laid
    indents: tuple[str, ...]  # of the regions
    places: tuple[str, ...]  # what the regions write, such as "receptive_field"

    def program(self, order: Sequence[int]) -> str:
        """The program with these pieces, each in its region, in this order. Raises BadInput for an unfit index."""
        if len(set(order)) != len(order) or not set(order) <= set(range(len(self.pieces))):
            raise BadInput(
                f"{list(order)} is no order of {len(self.pieces)} lines", fix="name each line at most once"
            )
        chosen = [self.pieces[index] for index in order]
        return self.laid(
            tuple(
                tuple(
                    indent + line if line.strip() else line
                    for piece in chosen
                    if piece.region == number
                    for line in piece.text.split("\n")
                )
                for number, indent in enumerate(self.indents)
            )
        )


def puzzle(name: str, regions: tuple[Region, ...], distractors: tuple[str, ...], laid: Laid) -> Parsons:
    """Shuffled the same way each time. A wrong line lies in the region with the line that it resembles most."""
    ordered = [
        Piece(text, number, True)
        for number, region in enumerate(regions)
        for text in statements(region.dedented)
    ]
    wrong = [_distractor(line, regions, ordered) for line in distractors]
    pieces = [*ordered, *wrong]
    places = list(range(len(pieces)))
    chance = random.Random(name)  # noqa: S311  an order to look at, and no secret
    for _ in range(20):
        chance.shuffle(places)
        if [place for place in places if place < len(ordered)] != list(range(len(ordered))):
            break
    return Parsons(
        tuple(pieces[place] for place in places),
        tuple(places.index(number) for number in range(len(ordered))),
        laid,
        tuple(region.indent for region in regions),
        tuple(region.function or ", ".join(region.assigned) or "the program" for region in regions),
    )


def statements(lines: Sequence[str]) -> list[str]:
    """Lines in groups that belong together: a statement over several lines, and the comments before it."""
    found: list[str] = []
    held: list[str] = []
    whole = [without_gap(line) for line in lines]
    ends = _ends(whole)
    for number, line in enumerate(whole, start=1):
        if line.strip() or held:
            held.append(line)
        if number in ends:
            found.append("\n".join(held).rstrip())
            held = []
    return found


def _ends(lines: Sequence[str]) -> set[int]:
    """Numbers of the lines, from 1, with which a statement or the head of one ends."""
    ends = set()
    for token in tokenize.generate_tokens(io.StringIO("\n".join(lines) + "\n").readline):
        if token.type == tokenize.NEWLINE:
            ends.add(token.start[0])
    return ends


def _distractor(line: str, regions: tuple[Region, ...], ordered: Sequence[Piece]) -> Piece:
    def likeness(piece: Piece) -> float:
        return difflib.SequenceMatcher(None, line.strip(), piece.text.strip()).ratio()

    region = max(ordered, key=likeness).region
    return Piece(line.removeprefix(regions[region].indent), region, False)
