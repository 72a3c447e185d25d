"""Is this the kind of image that the model learned from at all?

Another modality, a photograph, text: what the net then finds does not stand out of its background as objects do, leaves
as much outside as it takes in, and is found with hesitation.
"""

from __future__ import annotations

from collections.abc import Iterator

from convivo.doubt.case import Case
from convivo.doubt.check import Check, ImageCheck
from convivo.doubt.deviating import Side, Trait, deviating
from convivo.doubt.finding import Finding

ID = "kind"
WORDS = {
    "unsure": Trait("the area where the net hesitates over that where it is sure is", powers=True),
    "contrast": Trait("objects are brighter than what lies beside them by this share of the range:"),
    "texture": Trait("grey values within an object vary, over that difference, by", powers=True),
    "left_out": Trait("what was left out stands out, over that difference, by", powers=True),
    "nothing_found": Trait("images without any object, of one:"),
    "edge": Trait("outlines are as sharp as (1 is an outline as wide as the object)", powers=True),
}
SIDES = (
    Side("unsure", "+", "the net hesitates nearly everywhere"),
    Side("contrast", "-", "the objects are hardly brighter than what lies beside them, or darker"),
    Side("contrast", "+", "the objects are far brighter than all else"),
    Side("texture", "+", "what was found has structure inside that objects have not"),
    Side("left_out", "+", "there is much outside that looks as if it belonged to objects"),
    Side("nothing_found", "+", "an empty field, or objects that the net does not know"),
    Side("edge", "+", "outlines are sharper than those of any object known, as in drawings and text"),
)
ADVICE = {
    "contrast-": "if the objects are dark on bright, invert the image first (Fiji: Edit > Invert)",
    "nothing_found+": "if you see objects, try --scale, or train on images like these",
}
OTHERWISE = "use a model for this kind of image, or train one: convivo train"


def ask(case: Case) -> Iterator[Finding]:
    """The trait of the answer that matters most."""
    advice = {side.trait + side.sign: OTHERWISE for side in SIDES} | ADVICE
    found = deviating(case, ID, SIDES, WORDS, advice)
    if found is not None:
        yield found


CHECK: ImageCheck = Check(
    ID,
    "Is this the kind of image that the model learned from at all?",
    ask,
    needs_fingerprint=True,
    quick=True,
)
