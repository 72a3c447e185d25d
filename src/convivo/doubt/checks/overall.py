"""How accurate is this answer likely to be?

The sum of what all deviations cost, as altered images showed it. Images of the fingerprint that were good anyway stay
below the limit, all but a few.
"""

from __future__ import annotations

from collections.abc import Iterator

from convivo.doubt.case import Case
from convivo.doubt.check import Check, ImageCheck
from convivo.doubt.finding import Finding, level_of

ID = "overall"
SHOWN = 3  # deviations that are named


def ask(case: Case) -> Iterator[Finding]:
    """The accuracy that is to be expected, and what it suffers from."""
    expected = case.expectation
    if expected is None:
        return
    lost = expected.lost(case.deviations)
    doubt = lost / max(expected.limit, 1e-6)
    losses = sorted(expected.losses(case.deviations).items(), key=lambda each: -each[1])
    named = ", ".join(_words(name) for name, loss in losses[:SHOWN] if loss > 0.05)
    because = f", because of {named}" if named and doubt >= 1 else ""
    yield Finding(
        image=case.name,
        id=ID,
        level=level_of(doubt),
        measured=round(expected.best * (1 - lost), 3),
        expected=(round(expected.best * (1 - expected.limit), 3), 1.0),
        evidence=(
            f"an accuracy of about {expected.best * (1 - lost):.2f} is to be expected (images that chose the model: "
            f"{expected.best:.2f}){because}"
        ),
        advice="do what the other findings say; or correct some labels and train on: convivo train ... --from"
        if doubt >= 1
        else "",
        doubt=round(doubt, 3),
    )


def _words(name: str) -> str:
    return f"{name[:-1].replace('_', ' ')} too {'high' if name.endswith('+') else 'low'}"


CHECK: ImageCheck = Check(
    ID, "How accurate is this answer likely to be?", ask, needs_fingerprint=True, quick=True
)
