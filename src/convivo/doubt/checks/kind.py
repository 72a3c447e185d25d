"""Is this the kind of image that the model learned from at all?

Another modality, a photograph, text: the net's encoder answers with features that it never had in training, and what
the net then finds does not stand out of its background as objects do, and is found with hesitation.
"""

from __future__ import annotations

from collections.abc import Iterator

from convivo.doubt.case import Case
from convivo.doubt.check import Check, ImageCheck
from convivo.doubt.deviating import Side, Trait, deviating
from convivo.doubt.finding import WARN, Finding, level_of
from convivo.ops.deviations import Usual
from convivo.ops.traits.of_features import FEATURES

ID = "kind"
DEEPEST = 8  # levels that a net may have
OTHERWISE = "use a model for this kind of image, or train one: convivo train"
LEVELS = tuple(f"{FEATURES}{level}" for level in range(DEEPEST))
WORDS = {
    "unsure": Trait("the area where the net hesitates over that where it is sure is", powers=True),
    "outside": Trait("the probability that no object got over that within objects is", powers=True),
    "left_out": Trait("the brightest of what was left out over the noise beside objects is", powers=True),
    "contrast": Trait("objects are brighter than what lies beside them by this share of the range:"),
    "texture": Trait("grey values within an object vary, over that difference, by", powers=True),
    "on_edges": Trait("the share of pixels with weaker edges than the outlines have is", least=0),
    "as_bright": Trait("objects and what a threshold would take overlap by", least=0),
    **{
        name: Trait("the net's own features are off, in standard deviations, by", powers=True)
        for name in LEVELS
    },
}
SIDES = (
    Side("unsure", "+", "the net hesitates too much", OTHERWISE),
    Side("outside", "+", "much looks like objects and became none", OTHERWISE),
    Side(
        "left_out",
        "+",
        "the answer is not complete",
        "try --scale; or subtract the background, or cut out what outshines the rest",
    ),
    Side(
        "contrast",
        "-",
        "the objects are hardly brighter than what lies beside them, or darker",
        "if the objects are dark on bright, invert the image first (Fiji: Edit > Invert)",
    ),
    Side("contrast", "+", "the objects are far brighter than all else", OTHERWISE),
    Side("texture", "+", "what was found has structure inside that objects have not", OTHERWISE),
    Side("on_edges", "-", "outlines do not follow the edges of the image", OTHERWISE),
    Side("as_bright", "-", "what was found is not what is bright", OTHERWISE),
    *(Side(name, "+", "the net never saw anything like it", OTHERWISE) for name in LEVELS),
)


def ask(case: Case) -> Iterator[Finding]:
    """The trait of the answer, or of the net's features, that matters most; or that nothing was found."""
    known = case.fingerprint.traits.get("nothing_found") if case.fingerprint else None
    if known is not None and not case.prediction.labels.any():
        yield _nothing(case, known)
    elif (found := deviating(case, ID, SIDES, WORDS)) is not None:
        yield found


def _nothing(case: Case, known: Usual) -> Finding:
    """An empty field, and a field whose objects the net does not know, look alike to it: a person must look."""
    doubt = 0.0 if known.beyond(1.0) <= 1 else max(WARN, case.doubt)
    return Finding(
        image=case.name,
        id=ID,
        level=level_of(doubt),
        measured=0,
        expected=None,
        evidence="no object was found"
        + (
            "; in every image that the model knows there are some"
            if doubt
            else ", as in some images that are known"
        ),
        advice="look whether the field is empty; if you see objects, try --scale, or train on images like these"
        if doubt
        else "",
        doubt=round(doubt, 3),
    )


CHECK: ImageCheck = Check(
    ID,
    "Is this the kind of image that the model learned from at all?",
    ask,
    needs_fingerprint=True,
    quick=True,
)
