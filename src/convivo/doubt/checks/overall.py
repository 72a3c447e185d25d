"""How accurate is this answer likely to be?

What images like it scored, of those that were tried: images that chose the model, and altered copies of them. Of an
image that is like none of them nothing is believed.
"""

from __future__ import annotations

from collections.abc import Iterator

from convivo.doubt.case import Case
from convivo.doubt.check import Check, ImageCheck
from convivo.doubt.finding import WARN, Finding, level_of

ID = "overall"


def ask(case: Case) -> Iterator[Finding]:
    """The accuracy that is to be expected."""
    expected = case.expectation
    if expected is None:
        return
    doubt = case.doubt
    yield Finding(
        image=case.name,
        id=ID,
        level=level_of(doubt),
        measured=round(expected.best * (1 - case.lost), 3),
        expected=(round(expected.best * (1 - expected.limit), 3), 1.0),
        evidence=(
            f"images like it have an accuracy of about {expected.best * (1 - case.lost):.2f} at IoU 0.5; "
            f"those that chose the model have {expected.best:.2f}"
        ),
        advice="do what the other findings say; or correct some labels and train on: convivo train ... --from"
        if doubt >= WARN
        else "",
        doubt=round(doubt, 3),
    )


CHECK: ImageCheck = Check(
    ID, "How accurate is this answer likely to be?", ask, needs_fingerprint=True, quick=True
)
