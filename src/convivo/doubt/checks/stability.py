"""Which objects come and go when the image is mirrored, turned, resized a little, softened, or given more noise?

None of these changes what there is to see. An object that is found in a picture and not in its mirror image was found
by accident.
"""

from __future__ import annotations

from collections.abc import Iterator

from convivo.doubt.case import Case
from convivo.doubt.check import Check, ImageCheck
from convivo.doubt.finding import NOTE, WARN, Finding, level_of
from convivo.ops.deviations import Usual
from convivo.run.steadiness import CHANGES

ID = "stability"
# where the model was never tried: half of the objects come and go
UNKNOWN = 0.5


def ask(case: Case) -> Iterator[Finding]:
    """The change under which most comes and goes."""
    if case.quick or not len(case.prediction.objects):
        return
    found = {name: case.traits[f"not_as_{name}"] for name in CHANGES}
    name = max(found, key=lambda each: found[each])
    known = case.fingerprint.traits.get(f"not_as_{name}") if case.fingerprint else None
    doubt = _against(known, found[name], case.doubt) if known else WARN * found[name] / UNKNOWN
    most = known.high if known else UNKNOWN
    yield Finding(
        image=case.name,
        id=ID,
        level=level_of(doubt),
        measured=round(found[name], 3),
        expected=(0.0, round(most, 3)),
        evidence=(
            f"{found[name]:.0%} of the objects come or go when the image is {name}; "
            f"{'of images that the model knows' if known else 'below'} {most:.0%}"
        ),
        advice="look at the objects that come and go before you count them (report.html shows them)"
        if doubt >= WARN
        else "",
        doubt=round(doubt, 3),
    )


def _against(known: Usual, share: float, doubt: float) -> float:
    """More than in any image that is known is worth a note, and a warning where the answer is doubtful anyway.

    What comes and goes alone does not tell whether the rest is right: it is too much in many good answers, and nothing
    in many bad ones.
    """
    beyond = known.beyond(share) if share > known.middle else 0.0
    return min(beyond, max(NOTE, doubt)) if beyond > 1 else NOTE * beyond * 0.99


CHECK: ImageCheck = Check(ID, "Which objects come and go when the image is changed a little?", ask)
